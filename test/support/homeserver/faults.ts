/** Scripted failures: chosen requests answered wrongly, and the whole server gone. */
import type { HomeserverRequest } from "./homeserver.ts";
import { connectionError } from "./matrix-error.ts";

export interface Fault {
  /** A function in-process; across processes a method and a part of the path. */
  readonly match: ((request: HomeserverRequest) => boolean) | RequestPattern;
  /** 0 cuts the connection instead of answering. */
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly times?: number;
  /** The request takes effect and only the answer is lost. */
  readonly afterEffect?: boolean;
}

export interface RequestPattern {
  readonly method?: string;
  readonly path?: string;
}

export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];
  readonly #inFlight = new Set<(error: Error) => void>();
  #isDown = false;

  get isDown(): boolean {
    return this.#isDown;
  }

  failNext(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  goDown(): void {
    this.#isDown = true;
    for (const cut of this.#inFlight) cut(connectionError("ECONNRESET"));
    this.#inFlight.clear();
  }

  comeUp(): void {
    this.#isDown = false;
  }

  take(request: HomeserverRequest): Fault | undefined {
    const index = this.#faults.findIndex(({ fault }) => matches(fault, request));
    const found = this.#faults[index];
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#faults.splice(index, 1);
    return found.fault;
  }

  /** The client's end of a request: cut when the server goes down or the client gives up. */
  connection<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const cut = (error: Error): void => reject(error);
      const abort = (): void => reject(signal?.reason as Error);
      const close = (): void => {
        this.#inFlight.delete(cut);
        signal?.removeEventListener("abort", abort);
      };
      this.#inFlight.add(cut);
      signal?.addEventListener("abort", abort);
      work.then(resolve, reject).finally(close).catch(reject);
    });
  }
}

function matches(fault: Fault, request: HomeserverRequest): boolean {
  if (typeof fault.match === "function") return fault.match(request);
  const { method, path } = fault.match;
  if (method !== undefined && method !== request.method) return false;
  return path === undefined || request.path.includes(path);
}
