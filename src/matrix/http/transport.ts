/**
 * HTTP to the homeserver: one pool of kept connections, bodies parsed once, passing faults retried with the
 * same URL (so with the same transaction id). A 429 is waited out for reads; for writes it is handed to the
 * executor, which stops its whole lane.
 */
import type { Clock } from "../../kit/clock.ts";
import type { Random } from "../../kit/random.ts";
import { faultFrom, MatrixFault, unreachable } from "./errors.ts";
import { ServerTime } from "./server-time.ts";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or undefined for none; text as it is where `contentType` says what it is. */
  readonly body: unknown;
  readonly contentType?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The parsed JSON, or the text where it is none. */
  readonly body: unknown;
}

/** Sends one request once. Rejects where no answer came. The seam at which tests put a scripted homeserver. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** The body is text of this type, not JSON. */
  readonly contentType?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Writes do not wait out a 429. */
  readonly isWrite?: boolean;
  /** Attempts after the first at a passing fault. */
  readonly retries?: number;
}

export class Transport {
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: { readonly timeoutMs: number; readonly retries: number };
  accessToken: string | undefined;
  /** Requests sent since the start, by method and kind, for `status` and the benchmarks. */
  readonly counts = new Map<string, number>();
  readonly serverTime = new ServerTime();

  constructor(options: {
    send: Send;
    clock: Clock;
    random: Random;
    limits: { timeoutMs: number; retries: number };
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#limits = options.limits;
  }

  /** The parsed body of a good answer; rejects with a `MatrixFault` otherwise. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const retries = options.retries ?? this.#limits.retries;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once(method, path, options);
      } catch (fault) {
        if (!(fault instanceof MatrixFault) || options.signal?.aborted) throw fault;
        const waitMs = this.#waitBefore(attempt, fault, options);
        if (waitMs === undefined || (attempt >= retries && !fault.isLimited)) throw fault;
        await this.#clock.sleep(waitMs, options.signal);
        if (options.signal?.aborted) throw fault;
      }
    }
  }

  #waitBefore(attempt: number, fault: MatrixFault, options: RequestOptions): number | undefined {
    if (fault.isLimited) return options.isWrite ? undefined : (fault.retryAfterMs ?? 1_000);
    // 0.1, 0.2, 0.4 ... 5 s, spread so that many lanes do not come back in step.
    return fault.isPassing
      ? Math.min(5_000, 100 * 2 ** attempt) * (0.75 + this.#random.next() / 2)
      : undefined;
  }

  async #once(method: string, path: string, options: RequestOptions): Promise<unknown> {
    const kind = `${method} ${kindOf(path)}`;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const askedAt = this.#clock.now();
    let response: HttpResponse;
    try {
      response = await this.#send({
        method,
        path,
        query: defined(options.query ?? {}),
        headers: this.accessToken === undefined ? {} : { authorization: `Bearer ${this.accessToken}` },
        body: options.body,
        ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
        timeoutMs: options.timeoutMs ?? this.#limits.timeoutMs,
        signal: options.signal,
      });
    } catch (error) {
      throw unreachable(error);
    }
    this.serverTime.answered(response.headers["date"], askedAt);
    if (response.status < 200 || response.status > 299)
      throw faultFrom(response.status, response.headers, response.body);
    // A proxy's page with status 200 is no answer of the homeserver.
    if (typeof response.body === "string")
      throw new MatrixFault(
        502,
        "NOT_JSON",
        "something answered that is not a homeserver (not JSON); is a proxy in between?",
      );
    return response.body;
  }
}

/** `/rooms/!a:b/state/m.room.member/@c:d` becomes `rooms/state/m.room.member`: what is counted, without whom it is about. */
function kindOf(path: string): string {
  const parts = path
    .split("/")
    .filter((part) => part !== "" && part !== "_matrix" && part !== "client" && !/^v\d+$/.test(part));
  return parts.filter((part, i) => i < 4 && !/^(%21|%40|%23|%24|[!@#$])/.test(part)).join("/");
}

function defined(
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(query).filter(
      (entry): entry is [string, string | readonly string[]] => entry[1] !== undefined,
    ),
  );
}
