/**
 * Callbacks of synapse-http-antispam: who asks is checked, the question read, the answer written. The module takes every
 * JSON that comes with another status than 2xx for a refusal, and leaves what is no JSON to its `fail_open`: so JSON is
 * answered only where something is meant to be allowed or refused.
 */
import type * as http from "node:http";
import { isSameSecret } from "../kit/hash.ts";
import { asObject, asString, type JsonObject } from "../kit/json.ts";
import type { Log } from "../kit/log.ts";
import { callbackPath, type Callbacks } from "../model/callbacks.ts";

/** In bytes. An invitation with the stripped state of its room, a dozen events of 64 KB, is smaller. */
const largestBody = 1_048_576;

const refusal = { errcode: "M_FORBIDDEN", error: "Not allowed by the server's rules" };

export interface CallbackOptions {
  /** Undefined where none is answered. */
  readonly callbacks: Callbacks | undefined;
  readonly log: Log;
}

export function isCallback(path: string): boolean {
  return path.startsWith("/antispam/");
}

/** What answers never rejects. */
export function answeringCallbacks({ callbacks, log }: CallbackOptions) {
  // A homeserver that has another secret asks many times a second.
  let isTold = false;
  const objected = (problem: Objection) => {
    if (problem.isTold && !isTold)
      log.warn({}, "whoever asks for callbacks has another secret than antispam.secret; none is answered");
    isTold ||= problem.isTold === true;
  };
  return async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    try {
      await answer(request, response, { callbacks, objected });
    } catch (error) {
      log.error({ err: error }, "a callback could not be answered");
      if (!response.headersSent) inWords(response, 500, "this could not be answered");
    }
  };
}

async function answer(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { callbacks, objected }: { callbacks: Callbacks | undefined; objected: (problem: Objection) => void },
): Promise<void> {
  const path = (request.url ?? "").split("?")[0]!;
  const problem = objectionTo(request, path, callbacks);
  if (problem) {
    request.resume();
    objected(problem);
    return inWords(response, problem.status, problem.words);
  }
  const callback = path.slice(callbackPath.length);
  const read = await bodyOf(request);
  if (read === "cut") return;
  const body = read === "too large" ? undefined : parsed(read);
  if (body === "no JSON") return inWords(response, 400, "a JSON object is what can be read here");
  if (callback === "ping") return inJson(response, 200, { id: asString(body?.["id"]) ?? "", status: "ok" });
  const isRefused = callbacks!.answer({ callback, body }) === "refused";
  inJson(response, isRefused ? 403 : 200, isRefused ? refusal : {}, { isLast: read === "too large" });
}

interface Objection {
  readonly status: number;
  readonly words: string;
  readonly isTold?: boolean;
}

function objectionTo(
  { method, headers }: http.IncomingMessage,
  path: string,
  callbacks: Callbacks | undefined,
): Objection | undefined {
  if (!callbacks) return { status: 404, words: "no callbacks are answered: antispam.secret is not set" };
  if (!path.startsWith(callbackPath)) return { status: 404, words: `callbacks are at ${callbackPath}` };
  if (method !== "POST") return { status: 405, words: "callbacks are asked by POST" };
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  if (!isSameSecret(given, callbacks.secret))
    return { status: 401, words: "this is not the secret of antispam.secret", isTold: true };
  return undefined;
}

/** `cut`: whoever asked has hung up. */
function bodyOf(request: http.IncomingMessage): Promise<Buffer | "too large" | "cut"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) return void chunks.push(chunk);
      // The rest is thrown away as it comes: a connection that is cut gives no answer.
      chunks.length = 0;
    });
    request.once("end", () => resolve(size > largestBody ? "too large" : Buffer.concat(chunks)));
    request.once("error", () => resolve("cut"));
    request.once("close", () => resolve("cut"));
  });
}

function parsed(body: Buffer): JsonObject | "no JSON" {
  try {
    return asObject(JSON.parse(body.toString("utf8"))) ?? "no JSON";
  } catch {
    return "no JSON";
  }
}

function inJson(
  response: http.ServerResponse,
  status: number,
  body: object,
  { isLast = false }: { isLast?: boolean } = {},
): void {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(status, isLast ? { ...headers, connection: "close" } : headers);
  response.end(JSON.stringify(body));
}

/** No JSON, so that the module's `fail_open` decides. */
function inWords(response: http.ServerResponse, status: number, words: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${words}\n`);
}
