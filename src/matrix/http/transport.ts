/**
 * HTTP to the homeserver: every request is sent here, and every failure becomes a `MatrixFault`. Passing faults are
 * retried with the same URL, thus with the same transaction id. Who sends the bytes is handed in (`undici-send.ts`).
 */
import type { Clock } from "../../kit/clock.ts";
import type { Random } from "../../kit/random.ts";
import { faultFrom, MatrixFault, unreachable } from "./errors.ts";
import { ServerTime } from "./server-time.ts";

export interface HttpRequest {
  /** Another server than the homeserver (`https://server.example`): it gets no access token. */
  readonly origin?: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value; with `contentType`, text or bytes that are sent as they are; undefined for no body. */
  readonly body: unknown;
  readonly contentType?: string;
  /** A good answer is bytes (media), not JSON. */
  readonly wantsBytes?: boolean;
  /** A longer answer is not read to its end: the request rejects. */
  readonly mostBytes?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The parsed JSON, or the text where it does not parse; a Buffer where bytes were wanted and the status is good. */
  readonly body: unknown;
}

/** Sends one request once. Rejects where no answer came. Tests put a scripted homeserver here. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface RequestOptions {
  /** Another server than the homeserver (`https://server.example`): it gets no access token. */
  readonly origin?: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** The body is text or bytes of this media type, not JSON. */
  readonly contentType?: string;
  readonly wantsBytes?: boolean;
  readonly mostBytes?: number;
  /** For one attempt; the limit of the config unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** `wait` (unless given): sleep for as long as a 429 asks, however often. `fail`: reject, for callers that pace. */
  readonly on429?: "wait" | "fail";
  /** Attempts after the first at a passing fault; the limit of the config unless given. */
  readonly retries?: number;
}

/** Where a 429 does not say how long to wait. */
const usualWaitMs = 1_000;
const firstRetryMs = 100;
const longestRetryMs = 5_000;

export class Transport {
  readonly #send: Send;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limits: { readonly timeoutMs: number; readonly retries: number };
  accessToken: string | undefined;
  /** Requests sent since the start, by method and endpoint, for the benchmarks. */
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

  /** The parsed body of a good answer. Rejects with a `MatrixFault` otherwise. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    return (await this.exchange(method, path, options)).body;
  }

  /** A good answer whole, with status and headers. Rejects with a `MatrixFault` otherwise. */
  async exchange(method: string, path: string, options: RequestOptions = {}): Promise<HttpResponse> {
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

  /** Undefined: not tried again. */
  #waitBefore(attempt: number, fault: MatrixFault, options: RequestOptions): number | undefined {
    if (fault.isLimited) return options.on429 === "fail" ? undefined : (fault.retryAfterMs ?? usualWaitMs);
    if (!fault.isPassing) return undefined;
    // Spread by a quarter, so that many lanes do not come back in step.
    return Math.min(longestRetryMs, firstRetryMs * 2 ** attempt) * (0.75 + this.#random.next() / 2);
  }

  async #once(method: string, path: string, options: RequestOptions): Promise<HttpResponse> {
    const kind = `${method} ${endpointOf(path)}`;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const askedAt = this.#clock.now();
    let response: HttpResponse;
    try {
      response = await this.#send(this.#requestOf(method, path, options));
    } catch (error) {
      throw unreachable(error);
    }
    if (options.origin === undefined) this.serverTime.answered(response.headers["date"], askedAt);
    if (response.status < 200 || response.status > 299)
      throw faultFrom(response.status, response.headers, response.body);
    if (typeof response.body === "string")
      throw new MatrixFault(
        502,
        "NOT_JSON",
        "something answered that is not a homeserver (not JSON); is a proxy in between?",
      );
    return response;
  }

  #requestOf(method: string, path: string, options: RequestOptions): HttpRequest {
    const { origin } = options;
    const isOurs = origin === undefined && this.accessToken !== undefined;
    return {
      ...(origin === undefined ? {} : { origin }),
      method,
      path,
      query: defined(options.query ?? {}),
      headers: isOurs ? { authorization: `Bearer ${this.accessToken}` } : {},
      body: options.body,
      ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
      ...(options.wantsBytes === true ? { wantsBytes: true } : {}),
      ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
      timeoutMs: options.timeoutMs ?? this.#limits.timeoutMs,
      signal: options.signal,
    };
  }
}

/** `/rooms/!a:b/state/m.room.member/@c:d` becomes `rooms/state/m.room.member`: requests are counted without ids. */
function endpointOf(path: string): string {
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
