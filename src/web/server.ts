/**
 * The HTTP server: answers health probes, monitoring, the homeserver's callbacks and, where it is switched on, whoever opens
 * the web desk. Small on purpose (docs/adr/0011): all but the desk come from the same machine.
 */
import type * as http from "node:http";
import { createRequire } from "node:module";
import type { Log } from "../kit/log.ts";
import type { Callbacks } from "../model/callbacks.ts";
import type { Pulse } from "../model/health.ts";
import { answeringCallbacks, isCallback } from "./antispam.ts";
import { health, readiness, type ProbeResult } from "./probes.ts";

export interface WebOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly stuckAfterMs: number;
  readonly pulse: () => Pulse;
  /** What `/metrics` answers; undefined where that is switched off. */
  readonly scrape?: (() => Promise<Scraped>) | undefined;
  /** Who answers the callbacks of a homeserver; undefined where nobody does. */
  readonly callbacks?: Callbacks | undefined;
  /** The web desk: all that is asked for besides; undefined where there is none. */
  readonly desk?: http.RequestListener | undefined;
  readonly log: Log;
  /** How long a request may take to arrive: a slower one would keep a connection that a probe needs. */
  readonly patienceMs?: number;
}

export interface Scraped {
  readonly text: string;
  readonly contentType: string;
}

export interface Web {
  /** The port that is listened on; undefined where it could not be opened. */
  readonly port: number | undefined;
  close(): Promise<void>;
}

/** In bytes. A probe's request is a line or two. */
const largestHeader = 8_192;
const usualPatienceMs = 5_000;
const mostConnections = 32;
/** A browser opens six. */
const connectionsWithDesk = 256;
/**
 * Synapse opens one for each question that is open, and keeps a hundred for two minutes. It has to be the one that closes
 * them: of a question that meets a closing one nobody knows the answer.
 */
const withCallbacks = { mostConnections: 512, keepAliveMs: 150_000 } as const;
const plainly = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

// An `import` of a built-in module reads all its exports, and reading this one's WebSocket loads the whole of fetch.
const { createServer } = createRequire(import.meta.url)("node:http") as typeof http;

/** A port that cannot be opened is only a warning: protecting rooms must not depend on probes. */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { host, port, log, callbacks, patienceMs = usualPatienceMs } = options;
  const server = createServer(
    {
      maxHeaderSize: largestHeader,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      // By default Node looks for slow requests only every 30 seconds, during which they could hold all connections.
      connectionsCheckingInterval: Math.ceil(patienceMs / 5),
    },
    answering(options),
  );
  server.maxConnections = callbacks
    ? withCallbacks.mostConnections
    : options.desk
      ? connectionsWithDesk
      : mostConnections;
  server.keepAliveTimeout = callbacks ? withCallbacks.keepAliveMs : patienceMs;
  try {
    await listening(server, { host, port });
  } catch (error) {
    log.warn(
      { host, port, reason: (error as Error).message },
      "health cannot be asked for: the address is taken or not ours; set web.port or web.host, or web.enabled to false",
    );
    return { port: undefined, close: () => Promise.resolve() };
  }
  server.on("error", (error) => log.warn({ err: error }, "the health server is in trouble"));
  const address = server.address();
  const opened = typeof address === "object" && address !== null ? address.port : port;
  log.info({ host, port: opened }, "health can be asked for");
  if (callbacks) log.info({ host, port: opened }, "callbacks of the homeserver are answered");
  if (options.desk) log.info({ host, port: opened }, "the web desk is open");
  return { port: opened, close: () => closed(server) };
}

function answering({ pulse, stuckAfterMs, scrape, callbacks, desk, log }: WebOptions): http.RequestListener {
  const probes: Readonly<Record<string, () => ProbeResult>> = {
    "/healthz": () => health(pulse(), stuckAfterMs),
    "/readyz": () => readiness(pulse(), stuckAfterMs),
  };
  const answerCallback = answeringCallbacks({ callbacks, log });
  return (request, response) => {
    const path = (request.url ?? "").split("?")[0]!;
    if (isCallback(path)) return void answerCallback(request, response);
    const probe = Object.hasOwn(probes, path) ? probes[path] : undefined;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (path === "/metrics" && scrape && isRead) {
      request.resume();
      return void scraped(scrape, response, log);
    }
    if (!probe && desk && path !== "/metrics") return desk(request, response);
    const { status, body } =
      probe && isRead
        ? probe()
        : probe
          ? { status: 405, body: { error: "GET is all there is" } }
          : {
              status: 404,
              body: { error: `there are /healthz${scrape ? ", /readyz and /metrics" : " and /readyz"}` },
            };
    response.writeHead(status, {
      ...plainly,
      "content-type": "application/json",
      ...(status === 405 ? { allow: "GET, HEAD" } : {}),
    });
    response.end(request.method === "HEAD" ? undefined : `${JSON.stringify(body)}\n`);
    // A body is discarded unread.
    request.resume();
  };
}

async function scraped(
  scrape: () => Promise<Scraped>,
  response: http.ServerResponse,
  log: Log,
): Promise<void> {
  try {
    const { text, contentType } = await scrape();
    response.writeHead(200, { ...plainly, "content-type": contentType });
    response.end(text);
  } catch (error) {
    log.error({ err: error }, "the metrics could not be read");
    response.writeHead(500, plainly);
    response.end();
  }
}

function listening(server: http.Server, where: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closed(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
