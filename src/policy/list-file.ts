/** A policy list as a file: a table that spreadsheets open, or JSON lines for programs. Newest rules first. */
import type { PolicyListView } from "../model/policy-list.ts";
import { contentOfRule, type Rule } from "../model/policy-rule.ts";

export type ListFormat = "csv" | "jsonl";

export interface ListFile {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly rules: number;
  /** Rules left out, the oldest, for want of space. */
  readonly leftOut: number;
}

const columns = ["kind", "entity", "sha256", "recommendation", "reason", "author", "written", "expires"];
/** Byte order mark: without it spreadsheets read the file in an old code page. */
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

/** One rule as the Matrix event that wrote it. */
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

/** A text that begins like a formula would be run by a spreadsheet, and strangers may have written it: an apostrophe comes first. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n|%]/.test(text.trimStart()) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The sender claims the time, and may claim a number that is none. */
function timeOf(ms: number | undefined): string {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function nameOf({ shortcode, room }: PolicyListView): string {
  const name = (shortcode ?? room).replace(/[^\p{L}\p{N}_-]+/gu, "-").replace(/^-+|-+$/g, "");
  return name === "" ? "list" : name.slice(0, 60);
}
