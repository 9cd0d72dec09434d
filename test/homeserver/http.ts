/** The scripted homeserver on a loopback port, for bots in another process. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Homeserver, HomeserverRequest } from "./homeserver.ts";

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Takes a request before Matrix sees it; true when it answered. */
export type Interceptor = (request: HomeserverRequest, response: ServerResponse) => Promise<boolean>;

export async function serveHttp(
  homeserver: Homeserver,
  options: { readonly port?: number; readonly intercept?: Interceptor } = {},
): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 65_000 }, (message, response) => {
    serveOne(homeserver, message, response, options.intercept).catch(() => message.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serveOne(
  homeserver: Homeserver,
  message: IncomingMessage,
  response: ServerResponse,
  intercept: Interceptor | undefined,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const bytes = await readAll(message);
  const body = isJson(message) ? parse(bytes.toString("utf8")) : bytes;
  if (body === notJson) {
    reply(response, 400, {}, { errcode: "M_NOT_JSON", error: "Content not JSON." });
    return;
  }
  const request = { ...requestOf(message, body), signal: gone.signal };
  if (intercept !== undefined && (await intercept(request, response))) return;
  try {
    const answer = await homeserver.handle(request);
    reply(response, answer.status, answer.headers, answer.body);
  } catch (error) {
    // A refused or cut connection, or the client itself went away: no HTTP answer either way.
    if (isConnectionError(error) || gone.signal.aborted) message.socket.destroy();
    else reply(response, 500, {}, { errcode: "M_UNKNOWN", error: String(error) });
  }
}

function requestOf(message: IncomingMessage, body: unknown): HomeserverRequest {
  const target = message.url ?? "/";
  const mark = target.indexOf("?");
  const query: Record<string, string | string[]> = {};
  const search = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (typeof value === "string") headers[name] = value;
  }
  const path = mark < 0 ? target : target.slice(0, mark);
  return { method: message.method ?? "GET", path, query, headers, body };
}

export function reply(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): void {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const content = isRaw ? body : (JSON.stringify(body) ?? "");
  response.writeHead(status, {
    "content-type": "application/json",
    ...headers,
    "content-length": Buffer.byteLength(content),
  });
  response.end(content);
}

/** Uploads are what they are, also where they are JSON. */
function isJson(message: IncomingMessage): boolean {
  return !(message.url ?? "").startsWith("/_matrix/media/");
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const notJson = Symbol("not JSON");

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return notJson;
  }
}

function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" || code === "ECONNRESET";
}
