/** The first page: what needs a person, what goes on, what is not well. */
import type { NowView, QuestionRow } from "../../../model/web-desk.ts";
import { button, buttons } from "../forms.ts";
import { ago, html, nothing, said, span, type Html } from "../html.ts";
import type { Content, Frame } from "../layout.ts";

export function nowPage(view: NowView, frame: Frame): Content {
  const { questions, more, goingOn, trouble, rooms, stop, status } = view;
  const isQuiet = questions.length === 0 && goingOn.length === 0 && !trouble;
  return {
    title: "Now",
    isLive: true,
    body: html`${
      isQuiet ? html`<p>Nothing needs you. Watching ${rooms} ${rooms === 1 ? "room" : "rooms"}.</p>` : nothing
    }
    ${
      questions.length > 0
        ? html`<section aria-labelledby="questions">
            <h2 id="questions">Needs a yes (${questions.length + more})</h2>
            ${questions.map((one) => question(one, frame))}
            ${more > 0 ? html`<p>… and ${more} more, once these are answered.</p>` : nothing}
          </section>`
        : nothing
    }
    ${part(
      "going-on",
      "Going on",
      goingOn.map((one) => html`<div class="said">${said(one)}</div>`),
    )}
    ${part("trouble", "Not well", trouble ? [html`<div class="said">${said(trouble)}</div>`] : [])}
    ${
      status
        ? html`<details>
            <summary>Status</summary>
            <div class="said">${said(status)}</div>
          </details>`
        : nothing
    }
    ${stop ? html`<section class="stop">${button(stop, frame.page)}</section>` : nothing}`,
  };
}

function part(id: string, title: string, all: readonly Html[]): Html {
  if (all.length === 0) return nothing;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${all}
  </section>`;
}

function question({ id, say, askedAt, expiresAt, buttons: answers }: QuestionRow, { page, at }: Frame): Html {
  return html`<article aria-label="Question ${id}">
    <div class="said">${said(say)}</div>
    <p class="note">Asked ${ago(askedAt, at)}, open for ${span(expiresAt - at)} more.</p>
    ${
      answers.length > 0
        ? buttons(answers, page)
        : html`<p class="note">
            Others have to answer this: your level in the management room is not enough.
          </p>`
    }
  </article>`;
}
