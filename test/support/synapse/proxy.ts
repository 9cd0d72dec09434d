// What may stand between Tyr and its homeserver: a reverse proxy that forwards, writes down what passed, and can be
// told to misbehave as real ones do.

import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** `performance.now()` when the request was here, and when its answer had come. */
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly status: number;
  /** What a 429 said. */
  readonly retryAfterMs: number | undefined;
}

export interface Proxy {
  readonly url: string;
  /** What was forwarded and answered, in the order of the answers. */
  readonly exchanges: readonly Exchange[];
  /** From now on the homeserver is not asked: every request gets the page of a proxy without an upstream. */
  breakDown(): void;
  /** Resolves when so many requests have got that page since. */
  refused(count: number): Promise<void>;
  /** Ends what `breakDown` began. */
  recover(): void;
  /**
   * Connections that are open now stay open, take requests, and never answer again, as after a cut that no packet
   * told of. New connections work. Answers how many there are.
   */
  muteOpenConnections(): number;
  close(): Promise<void>;
}

const page = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>";

export async function startProxy(upstream: string): Promise<Proxy> {
  const exchanges: Exchange[] = [];
  const open = new Set<Socket>();
  const muted = new WeakSet<Socket>();
  const agent = new Agent({ keepAlive: true });
  let isBroken = false;
  let refusals = 0;
  let refusalsAwaited: { readonly count: number; readonly resolve: () => void } | undefined;

  const server = createServer((incoming, answer) => {
    if (muted.has(incoming.socket)) return void incoming.resume();
    if (isBroken) return refuse(incoming, answer);
    forward(incoming, answer);
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });

  function refuse(incoming: IncomingMessage, answer: ServerResponse): void {
    incoming.resume();
    answer.writeHead(502, { "content-type": "text/html" }).end(page);
    refusals++;
    if (refusalsAwaited && refusals >= refusalsAwaited.count) refusalsAwaited.resolve();
  }

  function forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const askedAt = performance.now();
    const { method = "GET", url = "/", headers } = incoming;
    const outgoing = request(upstream + url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        exchanges.push({
          method,
          path: url.split("?")[0]!,
          askedAt,
          answeredAt: performance.now(),
          status,
          retryAfterMs: status === 429 ? retryAfterIn(body.toString()) : undefined,
        });
        if (muted.has(incoming.socket)) return;
        answer.writeHead(status, withoutFraming(response.headers)).end(body);
      });
    });
    outgoing.on("error", () => void incoming.socket.destroy());
    answer.on("close", () => void outgoing.destroy());
    incoming.pipe(outgoing);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    breakDown() {
      isBroken = true;
      refusals = 0;
    },
    refused: (count) => new Promise((resolve) => (refusalsAwaited = { count, resolve })),
    recover: () => void (isBroken = false),
    muteOpenConnections() {
      for (const socket of open) muted.add(socket);
      return open.size;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      agent.destroy();
      await closed;
    },
  };
}

/** The body is sent on in one piece. */
function withoutFraming(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const {
    "transfer-encoding": _encoding,
    "content-length": _length,
    connection: _connection,
    ...rest
  } = headers;
  return rest;
}

function retryAfterIn(body: string): number | undefined {
  const { retry_after_ms: wait } = JSON.parse(body) as { retry_after_ms?: unknown };
  return typeof wait === "number" ? wait : undefined;
}
