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
  /** Nothing is ever answered: the client waits until it gives up. */
  readonly hangs?: boolean;
}

export interface RequestPattern {
  readonly method?: string;
  readonly path?: string;
}

/** What becomes of every request to a room: torn, never answered, or answered into the void. */
export type Loss = "requests" | "silence" | "answers";

const faultOfLoss: Readonly<Record<Loss, Omit<Fault, "match">>> = {
  requests: { status: 0 },
  silence: { status: 0, hangs: true },
  answers: { status: 0, afterEffect: true },
};

/** Asked about each request that no script has taken: trouble as random as the test wants it. */
export type Weather = (request: HomeserverRequest) => Omit<Fault, "match"> | undefined;

export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];
  readonly #inFlight = new Set<(error: Error) => void>();
  readonly #lossy = new Map<string, Loss>();
  #weather: Weather | undefined;
  #isDown = false;

  get isDown(): boolean {
    return this.#isDown;
  }

  failNext(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  goDown(): void {
    this.#isDown = true;
    this.cutAll();
  }

  cutAll(): void {
    for (const cut of this.#inFlight) cut(connectionError("ECONNRESET"));
    this.#inFlight.clear();
  }

  setRoomLoss(roomId: string, loss: Loss | undefined): void {
    if (loss === undefined) this.#lossy.delete(roomId);
    else this.#lossy.set(roomId, loss);
  }

  setWeather(weather: Weather | undefined): void {
    this.#weather = weather;
  }

  clear(): void {
    this.#faults.length = 0;
    this.#lossy.clear();
    this.#weather = undefined;
  }

  comeUp(): void {
    this.#isDown = false;
  }

  take(request: HomeserverRequest): Omit<Fault, "match"> | undefined {
    const index = this.#faults.findIndex(({ fault }) => matches(fault, request));
    const found = this.#faults[index];
    if (found === undefined) return this.#lossOf(request) ?? this.#weather?.(request);
    found.left -= 1;
    if (found.left <= 0) this.#faults.splice(index, 1);
    return found.fault;
  }

  #lossOf({ path }: HomeserverRequest): Omit<Fault, "match"> | undefined {
    for (const [roomId, loss] of this.#lossy) {
      if (path.includes(encodeURIComponent(roomId))) return faultOfLoss[loss];
    }
    return undefined;
  }

  /** The client's end of a request: cut when the server goes down or the client gives up. */
  connection<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const cut = (error: Error): void => reject(error);
      const abort = (): void => {
        // Work that never ends would keep the connection for ever.
        close();
        reject(signal?.reason as Error);
      };
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
