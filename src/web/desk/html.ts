/** HTML of the pages: everything dynamic is escaped by the template; what Tyr says is HTML already, and escaped where it was made. */
import { html, raw } from "hono/html";
import type { Say } from "../../kit/say.ts";

export { html };

export type Html = ReturnType<typeof html>;

export function said(text: Say): Html {
  return raw(text.html);
}

export const nothing: Html = raw("");

/** In UTC; the script turns it into the reader's own time. */
export function time(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

/** "3 min ago", with the exact time behind it. */
export function ago(at: number, now: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${iso}" data-relative>${span(now - at)} ago</time>`;
}

export function span(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 1_440 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
}

export function personLink(user: string): Html {
  return html`<a href="/person?user=${encodeURIComponent(user)}">${user}</a>`;
}
