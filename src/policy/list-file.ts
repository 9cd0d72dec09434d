/** A policy list as a file: a table that spreadsheets open, or JSON lines for programs. Newest rules first. */
import type { PolicyListView } from "../model/policy-list.ts";
import { contentOfRule, type Rule } from "../model/policy-rule.ts";

export type ListFormat = "csv" | "jsonl";

export interface ListFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly rules: number;
  /** The oldest, for which there was no room. */
  readonly leftOut: number;
}

const columns = ["kind", "entity", "sha256", "recommendation", "reason", "author", "written", "expires"];
/** Without it spreadsheets take the file for one of the old code pages. */
const byteOrderMark = "\ufeff";

export function listAsFile(
  list: PolicyListView,
  { format, maxBytes }: { format: ListFormat; maxBytes: number },
): ListFile {
  const rules = [...list.rules()].sort((a, b) => b.sentAt - a.sentAt);
  const parts = format === "csv" ? [`${byteOrderMark}${row(columns)}`] : [];
  let bytes = Buffer.byteLength(parts.join(""));
  let written = 0;
  for (const rule of rules) {
    const line = format === "csv" ? row(cellsOf(rule)) : `${JSON.stringify(objectOf(rule))}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > maxBytes) break;
    parts.push(line);
    written++;
  }
  return {
    name: `${nameOf(list)}.${format}`,
    type: format === "csv" ? "text/csv" : "application/jsonl",
    text: parts.join(""),
    rules: written,
    leftOut: rules.length - written,
  };
}

function cellsOf(rule: Rule): readonly string[] {
  const { kind, entity = "", hash = "", recommendationText, reason, sender, sentAt, expiresAt } = rule;
  return [kind, entity, hash, recommendationText, reason, sender, timeOf(sentAt), timeOf(expiresAt)];
}

/** As an event, so that whoever knows policy lists knows it. */
function objectOf(rule: Rule): object {
  const { eventType, stateKey, sender, sentAt, eventId } = rule;
  return {
    type: eventType,
    state_key: stateKey,
    content: contentOfRule(rule),
    sender,
    origin_server_ts: sentAt,
    event_id: eventId,
  };
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** What begins like a formula would be run as one by a spreadsheet, and anybody may have written it: it gets a mark before it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n|%]/.test(text.trimStart()) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** What a time claims to be may be no time at all. */
function timeOf(ms: number | undefined): string {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function nameOf({ shortcode, room }: PolicyListView): string {
  const name = (shortcode ?? room).replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "");
  return name === "" ? "list" : name.slice(0, 60);
}
