/** Requests that cannot write: for `tyr check` and other looks at an account in use. */
import type { HttpRequest, HttpResponse, Send } from "./transport.ts";

/** Logging in and out writes to no room; what keys an account has is asked by a request that looks like a write. */
const allowed: ReadonlySet<string> = new Set([
  "/_matrix/client/v3/login",
  "/_matrix/client/v3/logout",
  "/_matrix/client/v3/keys/query",
]);

export function readOnly(send: Send): Send {
  return (request: HttpRequest): Promise<HttpResponse> =>
    request.method === "GET" || allowed.has(request.path) ? send(request) : Promise.resolve(refusal);
}

const refusal: HttpResponse = {
  status: 403,
  headers: {},
  body: { errcode: "READ_ONLY", error: "nothing is written while only looking" },
};
