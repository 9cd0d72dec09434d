/** The protected rooms: whether Tyr can act there, and what to do where it cannot. */
import type { RoomsView } from "../../../model/web-desk.ts";
import { button } from "../forms.ts";
import { html, nothing, said } from "../html.ts";
import type { Content, Frame } from "../layout.ts";
import { searchBox } from "./search-box.ts";

export function roomsPage({ rows, found }: RoomsView, search: string, { page }: Frame): Content {
  return {
    title: "Rooms",
    body: html`${searchBox("/rooms", search, "Name or id")}
      <p>
        ${found} protected
        ${found === 1 ? "room" : "rooms"}${found > rows.length ? html`, the first ${rows.length} shown` : nothing}.
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Room</th>
              <th scope="col">Members</th>
              <th scope="col">Tyr's level</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ name, id, members, level, trouble, isContained }) =>
                html`<tr>
                  <th scope="row">${name}<br /><code>${id}</code></th>
                  <td data-label="Members">${members.toLocaleString("en")}</td>
                  <td data-label="Tyr's level">${level ?? "–"}</td>
                  <td>
                    ${trouble ? html`<span class="said">${said(trouble)}</span>` : isContained ? "closed for now" : "well"}
                    ${isContained ? button({ label: "Open", line: `calm ${id}` }, page) : nothing}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
  };
}
