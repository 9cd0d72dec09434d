/** The lists that are followed, and the rules of one. */
import type { ListRow, ListsView, ListView, RuleRow } from "../../../model/web-desk.ts";
import { html, nothing, personLink, said, time, type Html } from "../html.ts";
import type { Content } from "../layout.ts";
import { searchBox } from "./search-box.ts";

export function listsPage({ rows, how }: ListsView): Content {
  if (rows.length === 0)
    return {
      title: "Lists",
      body: html`<p>No list is followed yet. Type: <code>lists create coc</code></p>`,
    };
  return {
    title: "Lists",
    body: html`<p>${rows.length} ${rows.length === 1 ? "list" : "lists"}: ${how}.</p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">List</th>
              <th scope="col">Users</th>
              <th scope="col">Servers</th>
              <th scope="col">Rooms</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <th scope="row"><a href="${addressOf(row)}">${row.name}</a></th>
                  <td data-label="Users">${row.users.toLocaleString("en")}</td>
                  <td data-label="Servers">${row.servers.toLocaleString("en")}</td>
                  <td data-label="Rooms">${row.rooms.toLocaleString("en")}</td>
                  <td>${stateOf(row)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
  };
}

export function listPage({ list, rules, found }: ListView, search: string): Content {
  return {
    title: `List ${list.name}`,
    body: html`<p><code>${list.id}</code>: ${stateOf(list)}</p>
      ${searchBox(addressOf(list), search, "Whom, why or by whom")}
      <p>
        ${found.toLocaleString("en")}
        ${found === 1 ? "rule" : "rules"}${found > rules.length ? html`, the newest ${rules.length} shown` : nothing}.
      </p>
      <div class="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">Whom</th>
              <th scope="col">What</th>
              <th scope="col">Why</th>
              <th scope="col">By</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            ${rules.map(rule)}
          </tbody>
        </table>
      </div>`,
  };
}

function rule({ kind, entity, recommendation, reason, by, at, expiresAt }: RuleRow): Html {
  const isPerson = kind === "user" && /^@[^*?]+:[^*?]+$/.test(entity);
  return html`<tr>
    <th scope="row">${kind} ${isPerson ? personLink(entity) : entity}</th>
    <td data-label="What">${recommendation}</td>
    <td data-label="Why">${reason}</td>
    <td data-label="By">${personLink(by)}</td>
    <td data-label="Since">
      ${dated(at)}${expiresAt === undefined ? nothing : html`, until ${dated(expiresAt)}`}
    </td>
  </tr>`;
}

/** By the clock of whoever wrote it, which may say anything. */
function dated(at: number): Html {
  return Math.abs(at) <= 8.64e15 ? time(Math.trunc(at)) : html`unknown`;
}

function addressOf({ id }: ListRow): string {
  return `/lists/${encodeURIComponent(id)}`;
}

function stateOf({ notes, trouble }: ListRow): Html {
  return html`${notes.join(", ")}${trouble ? html`. <span class="said">${said(trouble)}</span>` : nothing}`;
}
