/** A homeserver that answers as told, one answer after the other, and a transport that talks to it. */
import type { Clock } from "../../src/kit/clock.ts";
import {
  Transport,
  type HttpRequest,
  type HttpResponse,
  type Send,
} from "../../src/matrix/http/transport.ts";
import { FakeClock } from "../support/fake-clock.ts";

export type Scripted = Partial<HttpResponse> | Error | "silence";

export class ScriptedServer {
  readonly fake = new FakeClock(1_000_000);
  readonly requests: (HttpRequest & { readonly at: number })[] = [];
  readonly transport: Transport;
  readonly clock: Clock;
  /** Answers still to come; the last one is given for ever. */
  readonly #answers: Scripted[];

  constructor(...answers: readonly Scripted[]) {
    this.#answers = [...answers];
    // As kit/clock.ts promises: a sleep that is cut short is over, not broken.
    this.clock = {
      now: () => this.fake.now(),
      sleep: (ms, signal) => this.fake.sleep(ms, signal).catch(() => {}),
    };
    this.transport = new Transport({
      send: this.#send,
      clock: this.clock,
      random: { next: () => 0.5 },
      limits: { timeoutMs: 30_000, retries: 3 },
    });
  }

  /** Milliseconds after the start at which each request came. */
  get times(): readonly number[] {
    return this.requests.map(({ at }) => at - 1_000_000);
  }

  readonly #send: Send = (request) => {
    this.requests.push({ ...request, at: this.fake.now() });
    const answer = this.#answers.length > 1 ? this.#answers.shift()! : this.#answers[0]!;
    if (request.signal?.aborted) return Promise.reject(new Error("aborted"));
    if (answer instanceof Error) return Promise.reject(answer);
    if (answer !== "silence") return Promise.resolve({ status: 200, headers: {}, body: {}, ...answer });
    return new Promise((_resolve, reject) => {
      request.signal?.addEventListener("abort", () => reject(new Error("aborted")));
    });
  };
}

export const limited = (retryAfterMs: number): Scripted => ({
  status: 429,
  body: { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: retryAfterMs },
});
export const broken: Scripted = { status: 502, body: "<h1>Bad Gateway</h1>" };
export const forbidden: Scripted = { status: 403, body: { errcode: "M_FORBIDDEN", error: "no" } };
export const revoked: Scripted = { status: 401, body: { errcode: "M_UNKNOWN_TOKEN", error: "gone" } };
