/** One person: where they are, why something was or is done about them, and what can be done. No word of theirs is shown. */
import type { PersonView } from "../../../model/web-desk.ts";
import { buttons } from "../forms.ts";
import { html, nothing, said, time } from "../html.ts";
import type { Content, Frame } from "../layout.ts";
import { searchBox } from "./search-box.ts";

export function personPage(view: PersonView | undefined, search: string, { page }: Frame): Content {
  const box = searchBox("/person", search, "User id", "user");
  if (!view)
    return {
      title: "Person",
      body: html`${box}${search === "" ? nothing : html`<p>That is no user id: they look like <code>@name:server</code>.</p>`}`,
    };
  const { user, isStaff, places, speech, why } = view;
  return {
    title: user,
    body: html`${box} ${isStaff ? html`<p>One of you: nothing is ever done against them.</p>` : nothing}
      <h2>Where</h2>
      ${
        places.length === 0
          ? html`<p>In none of the protected rooms.</p>`
          : html`<div class="wide">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Room</th>
                    <th scope="col">Membership</th>
                    <th scope="col">Level</th>
                  </tr>
                </thead>
                <tbody>
                  ${places.map(
                    ({ room, membership, level }) =>
                      html`<tr>
                        <th scope="row">${room}</th>
                        <td data-label="Membership">${membership}</td>
                        <td data-label="Level">${level ?? "–"}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
      ${
        speech
          ? html`<p>
              Spoke on ${speech.days} ${speech.days === 1 ? "day" : "days"}, first ${time(speech.first)}, last
              ${time(speech.last)}.
            </p>`
          : html`<p>Has not spoken here, as far as Tyr remembers.</p>`
      }
      ${
        why
          ? html`<h2>Why</h2>
              <div class="said">${said(why)}</div>`
          : nothing
      }
      ${
        view.buttons.length > 0
          ? html`<h2>Do</h2>
              ${buttons(view.buttons, page)}`
          : nothing
      }`,
  };
}
