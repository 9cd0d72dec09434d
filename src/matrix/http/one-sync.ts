/**
 * One /sync for a look at an account in use. A second one with the token of the first would take away what the homeserver
 * keeps for the program that the token belongs to (messages to its device), before that has seen it.
 */
import { asObject, asString } from "../../kit/json.ts";
import type { HttpResponse, Send } from "./transport.ts";

/** After the first answer there is no news: at once where nothing is waited for, never in a long poll. */
export function oneSync(send: Send): Send {
  let token: string | undefined;
  return async (request) => {
    if (request.path !== "/_matrix/client/v3/sync") return send(request);
    if (token === undefined) {
      const answer = await send(request);
      if (answer.status === 200) token = asString(asObject(answer.body)?.["next_batch"]);
      return answer;
    }
    if (request.query["timeout"] !== "0") await ended(request.signal);
    return noNews(token);
  };
}

function ended(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}

function noNews(token: string): HttpResponse {
  return { status: 200, headers: {}, body: { next_batch: token } };
}
