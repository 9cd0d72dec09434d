/** The web desk behind the server that probes share: so many at once, and nobody for long. */
import { getRequestListener } from "@hono/node-server";
import type * as http from "node:http";
import type { Clock } from "../../kit/clock.ts";
import { secretBytes } from "../../kit/random.ts";
import { deskApp, type AppOptions } from "./app.ts";

export interface DeskListenerOptions extends Omit<AppOptions, "secret"> {
  readonly clock: Clock;
  /** How long a request and its answer may take together: a slower reader would keep a connection that a probe needs. */
  readonly patienceMs?: number;
}

const usualPatienceMs = 20_000;
const mostAtOnce = 64;

export function deskListener(options: DeskListenerOptions): http.RequestListener {
  const { clock, patienceMs = usualPatienceMs } = options;
  const app = deskApp({ ...options, secret: secretBytes });
  const listen = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  let open = 0;
  return (request, response) => {
    const end = new AbortController();
    open++;
    response.once("close", () => {
      open--;
      end.abort();
    });
    void clock.sleep(patienceMs, end.signal).then(() => {
      if (!end.signal.aborted) request.socket.destroy();
    });
    // An idle connection would be one less for probes and callbacks.
    response.setHeader("connection", "close");
    if (open > mostAtOnce) {
      response.writeHead(503, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
      response.end("Too many ask at once. Nothing was done.\n");
      request.resume();
      return;
    }
    void listen(request, response);
  };
}
