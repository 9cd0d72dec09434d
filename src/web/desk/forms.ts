/**
 * Pages of a session and the forms on them: each form has words of its own that only this session was given, so that nobody
 * else can have it sent, and that say the same line only once.
 */
import { keepNewest } from "../../kit/bounded.ts";
import { stableId } from "../../kit/hash.ts";
import type { Button } from "../../model/web-desk.ts";
import { html, type Html } from "./html.ts";

/** Tabs that somebody has open, several times over. */
const mostPages = 64;
const mostSessions = 64;

export class Pages {
  readonly #secret: () => string;
  readonly #ofSession = new Map<string, Set<string>>();

  constructor(secret: () => string) {
    this.#secret = secret;
  }

  /** `shown`: the page that is in the browser already, of which a part is asked for anew. */
  begin(session: string, shown?: string): string {
    const known = this.#ofSession.get(session) ?? new Set();
    if (shown !== undefined && known.has(shown)) return shown;
    const page = this.#secret();
    known.add(page);
    keepNewest(known, mostPages);
    // Set anew, so that those who are there longest without a page are the first to go.
    this.#ofSession.delete(session);
    this.#ofSession.set(session, known);
    keepNewest(this.#ofSession, mostSessions);
    return page;
  }

  isOf(session: string, nonce: string): boolean {
    return this.#ofSession.get(session)?.has(nonce.split(".")[0]!) ?? false;
  }
}

/** A button that says a line, and shows which. */
export function button({ label, line }: Button, page: string): Html {
  return html`<form method="post" action="/do" class="act">
    <input type="hidden" name="nonce" value="${page}.${stableId(line)}" /><button name="line" value="${line}">
      ${label}
    </button>
    <code>${line}</code>
  </form>`;
}

export function buttons(all: readonly Button[], page: string): Html {
  return html`<div class="acts">${all.map((one) => button(one, page))}</div>`;
}
