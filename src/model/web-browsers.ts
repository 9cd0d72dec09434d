/**
 * Browsers that want to be let in at the web desk: each shows a code, and waits for somebody to say it in the management
 * room. The code only names the browser; what gets in is what the browser alone holds.
 */
import { keepNewest } from "../kit/bounded.ts";

export interface WaitingBrowser {
  /** SHA-256 of what it holds. */
  readonly key: string;
  readonly address: string;
  /** The part of the address that stays the same for somebody for a while. */
  readonly network: string;
  readonly browser: string;
  readonly askedAt: number;
}

export interface WithBrowsers {
  /** Browsers that want to be let in at the web desk; undefined where there is none. */
  readonly browsers: Browsers | undefined;
}

/** So long a code holds: to read it, change over to Matrix and type it. */
export const codeMs = 3 * 60_000;
/** Nobody opens more at once; who asks for codes all the time pushes out only those of their own network. */
const mostOfNetwork = 8;
const mostWaiting = 512;

export class Browsers {
  /** How long a session lasts whatever happens. */
  readonly sessionMs: number;
  readonly #byCode = new Map<string, WaitingBrowser>();

  constructor(sessionMs: number) {
    this.sessionMs = sessionMs;
  }

  /** The code that the browser has been given and that still holds. */
  codeOf(key: string, at: number): { readonly code: string; readonly askedAt: number } | undefined {
    for (const [code, browser] of this.#byCode)
      if (browser.key === key && holds(browser, at)) return { code, askedAt: browser.askedAt };
    return undefined;
  }

  /** `make`: words that nobody can foresee. False: too many wait as it is. */
  add(make: () => string, browser: WaitingBrowser): boolean {
    for (const [code, one] of this.#byCode) if (!holds(one, browser.askedAt)) this.#byCode.delete(code);
    const neighbours = [...this.#byCode].filter(([, { network }]) => network === browser.network);
    if (neighbours.length >= mostOfNetwork) this.#byCode.delete(neighbours[0]![0]);
    if (this.#byCode.size >= mostWaiting) return false;
    let code = make();
    while (this.#byCode.has(code)) code = make();
    this.#byCode.set(code, browser);
    keepNewest(this.#byCode, mostWaiting);
    return true;
  }

  named(code: string, at: number): WaitingBrowser | undefined {
    const browser = this.#byCode.get(code.toLowerCase());
    return browser && holds(browser, at) ? browser : undefined;
  }
}

function holds({ askedAt }: WaitingBrowser, at: number): boolean {
  return Math.abs(at - askedAt) <= codeMs;
}
