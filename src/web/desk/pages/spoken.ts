/** What became of a line that was typed or pressed. */
import type { Spoken } from "../../../model/web-desk.ts";
import { html, nothing, said, type Html } from "../html.ts";
import type { Content, Frame } from "../layout.ts";

export function spokenPage(spoken: Spoken, { prefix }: Frame): Content {
  const line = html`<p class="line"><code>${prefix} ${spoken.line}</code></p>`;
  switch (spoken.kind) {
    case "shown":
      return {
        title: spoken.isProblem ? "Not said" : "Answer",
        body: html`${line}${answer(said(spoken.answer))}
          <p class="note">Nobody was told: it changes nothing.</p>`,
      };
    case "refused":
      return { title: "Not done", body: html`${line}${answer(said(spoken.why))}` };
    case "answered":
      return {
        title: "Said",
        body: html`${line}${answer(said(spoken.answer))}
          <p class="note">It stands in the management room, in your name.</p>`,
      };
    case "waiting":
      return {
        title: "On its way",
        refresh: 2,
        isLive: true,
        body: html`${line}
          <p>
            ${spoken.isSaid ? "Said in the management room; waiting for the answer." : "Being said in the management room. Nothing is done before it stands there."}
          </p>
          ${spoken.answer ? answer(said(spoken.answer)) : nothing}`,
      };
  }
}

function answer(text: Html): Html {
  return html`<div class="said" role="status">${text}</div>`;
}
