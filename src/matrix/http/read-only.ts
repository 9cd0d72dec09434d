/** A way to the homeserver on which nothing can be written: for looking without touching. */
import type { HttpRequest, HttpResponse, Send } from "./transport.ts";

/** A login makes no event in any room, and whoever logged in to look logs out again. */
const allowed: ReadonlySet<string> = new Set(["/_matrix/client/v3/login", "/_matrix/client/v3/logout"]);

export function readOnly(send: Send): Send {
  return (request: HttpRequest): Promise<HttpResponse> =>
    request.method === "GET" || allowed.has(request.path) ? send(request) : Promise.resolve(refusal);
}

const refusal: HttpResponse = {
  status: 403,
  headers: {},
  body: { errcode: "READ_ONLY", error: "nothing is written while only looking" },
};
