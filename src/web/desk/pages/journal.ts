/** What was done, to whom, why and how it ended; the newest first, and found by what one knows of it. */
import type { JournalFields, JournalRow, JournalView } from "../../../model/web-desk.ts";
import { html, nothing, personLink, said, time, type Html } from "../html.ts";
import type { Content } from "../layout.ts";

const fieldsShown: readonly (readonly [
  name: keyof Omit<JournalFields, "before">,
  label: string,
  type: string,
])[] = [
  ["text", "Words", "search"],
  ["who", "Whom", "search"],
  ["room", "Room", "search"],
  ["kind", "What", "search"],
  ["by", "Said by", "search"],
  ["since", "From", "date"],
  ["until", "To", "date"],
];

export function journalPage({ rows, problem, olderThan }: JournalView, fields: JournalFields): Content {
  return {
    title: "Journal",
    body: html`<form method="get" action="/journal" class="search" role="search">
        ${fieldsShown.map(
          ([name, label, type]) =>
            html`<label
              >${label} <input type="${type}" name="${name}" value="${fields[name]}" maxlength="255"
            /></label>`,
        )}
        <button>Search</button>
      </form>
      ${problem === undefined ? nothing : html`<p role="status">${problem}</p>`}
      ${problem === undefined && rows.length === 0 ? html`<p>Nothing of that kind is in the journal.</p>` : nothing}
      ${rows.length > 0 ? table(rows) : nothing}
      ${olderThan === undefined ? nothing : html`<p><a href="${addressOf(fields, olderThan)}">Older</a></p>`}`,
  };
}

function table(rows: readonly JournalRow[]): Html {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Whom</th>
          <th scope="col">Where</th>
          <th scope="col">Why</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ at, did, whom, where, why, outcome }) =>
            html`<tr>
              <td>${time(at)}</td>
              <th scope="row">${did}</th>
              <td>${/^@[^*?]+:[^*?]+$/.test(whom) ? personLink(whom) : whom}</td>
              <td>${where}</td>
              <td class="said">${said(why)}</td>
              <td>${outcome}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function addressOf(fields: JournalFields, before: number): string {
  const filled = fieldsShown.flatMap(([name]) =>
    fields[name] === "" ? [] : [[name, fields[name]] as [string, string]],
  );
  return `/journal?${new URLSearchParams([...filled, ["before", String(before)]]).toString()}`;
}
