/** What is the same on every page: head, navigation, the box that any command can be typed into. */
import type { WebSession } from "../../model/settings/web.ts";
import { html, nothing, type Html } from "./html.ts";

export interface Frame {
  readonly session: WebSession;
  /** Names this page among those of the session. */
  readonly page: string;
  readonly prefix: string;
  readonly usages: readonly string[];
  readonly at: number;
}

export interface Content {
  readonly title: string;
  readonly body: Html;
  /** In seconds: without the script the page loads itself anew. */
  readonly refresh?: number | undefined;
  /** The script keeps it up to date. */
  readonly isLive?: boolean;
}

const places = [
  ["/", "Now"],
  ["/rooms", "Rooms"],
  ["/lists", "Lists"],
  ["/person", "Person"],
  ["/journal", "Journal"],
] as const;

export function framed(frame: Frame, { title, body, refresh, isLive = false }: Content): Html {
  const { session, page, prefix, usages } = frame;
  return bare({
    title,
    refresh,
    page,
    body: html`<header>
        <nav aria-label="Pages">${places.map(([href, name]) => html`<a href="${href}">${name}</a>`)}</nav>
        <form method="post" action="/do" class="box">
          <label for="line">${prefix}</label>
          <input
            id="line"
            name="line"
            list="commands"
            maxlength="500"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="any command, as in the room"
            aria-keyshortcuts="/"
            required
          />
          <input type="hidden" name="nonce" value="${page}.box" />
          <button>Say</button>
          <datalist id="commands">${usages.map(option)}</datalist>
        </form>
      </header>
      <main ${isLive ? "data-live" : ""}>
        <h1>${title}</h1>
        ${body}
      </main>
      <footer>
        In as ${session.user}.
        <form method="post" action="/sign-out">
          <input type="hidden" name="nonce" value="${page}.out" /><button>Sign out</button>
        </form>
      </footer>`,
  });
}

/** Of a usage the words that are typed as they are. */
function option(usage: string): Html {
  return html`<option value="${/^[^<[]*/.exec(usage)![0]}">${usage}</option>`;
}

/** A page without anybody being in. */
export function bare({ title, body, refresh, page = "" }: Content & { readonly page?: string }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · Tyr</title>
        <link rel="stylesheet" href="/tyr.css" />
        <script src="/tyr.js" defer></script>
        ${
          refresh === undefined
            ? nothing
            : html`<noscript><meta http-equiv="refresh" content="${refresh}" /></noscript>`
        }
      </head>
      <body data-page="${page}" ${refresh === undefined ? "" : "data-refresh"}>
        ${body}
      </body>
    </html>`;
}
