/** The page of a browser that nobody has let in yet: the code, and what to do with it. */
import { html, type Html } from "../html.ts";
import { bare } from "../layout.ts";

export function signInPage({
  code,
  prefix,
  leftMs,
}: {
  readonly code: string;
  readonly prefix: string;
  readonly leftMs: number;
}): Html {
  return bare({
    title: "Sign in",
    refresh: 4,
    body: html`<main>
      <h1>Sign in</h1>
      <p>Say this in the management room:</p>
      <p class="code"><code>${prefix} web ${code}</code></p>
      <p>
        It holds for ${Math.max(1, Math.ceil(leftMs / 60_000))} min. Say it only if you opened this page
        yourself. This page goes on by itself; if it does not, <a href="/">load it again</a>.
      </p>
    </main>`,
  });
}

/** What could not be shown or done, in a sentence. */
export function refusalPage(title: string, sentence: string): Html {
  return bare({
    title,
    body: html`<main>
      <h1>${title}</h1>
      <p>${sentence}</p>
      <p><a href="/">To the first page</a></p>
    </main>`,
  });
}
