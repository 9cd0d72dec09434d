/**
 * A rule as it is typed in a room: in one line, `when author is newcomer and links then redact`, or as a document of a rule
 * file, in a code block or not. Either becomes a document, as which it is kept.
 */
import { parseDocument, stringify } from "yaml";

/** The clauses of a line are the fields of a document. */
export const clauses = ["when", "on", "then", "heat", "about", "warning", "reply"] as const;
type Clause = (typeof clauses)[number];

/** What is done where a line neither says it nor gives heat. */
export const presetLadder = "alert";

/** `before`: the document that is changed: of a line, only the clauses that it has. */
export function documentOf(name: string, written: string, before?: string): string {
  const text = withoutFence(written);
  if (isDocument(text)) return /^rule\s*:/m.test(text) ? text : `rule: ${name}\n${text}`;
  const said = clausesIn(text);
  if (before === undefined) {
    const then = said.has("heat") ? [] : [["then", presetLadder] as const];
    return stringify(new Map<string, string>([["rule", name], ["when", ""], ...then, ...said]), {
      lineWidth: 0,
    });
  }
  const document = parseDocument(before);
  for (const [clause, value] of said) document.set(clause, value);
  return String(document);
}

/** A code block, with or without the name of its language. */
function withoutFence(written: string): string {
  const text = written.replace(/\r\n?/g, "\n");
  const fenced = /^\s*```[a-z]*[ \t]*\n([\s\S]*?)\n?[ \t]*```\s*$/i.exec(text);
  return (fenced?.[1] ?? text).trim();
}

function isDocument(text: string): boolean {
  return /^(?:rule|when|on|then|about)\s*:/m.test(text);
}

/** Quoted texts and patterns are passed over whole: they may hold the words of clauses. */
const piece = /"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|\bmatches\s+\/(?:\\.|[^/\\])*\/|[^\s"“«„]+|\s+|./gsu;

/** What stands before the first clause word is the condition. */
function clausesIn(text: string): ReadonlyMap<Clause, string> {
  const found = new Map<Clause, string>();
  let clause: Clause = "when";
  for (const { 0: one, index } of text.matchAll(piece)) {
    const next = clauses.find((word) => word === one.toLowerCase());
    // Sentences may speak of heat.
    const isClause = next !== "heat" || /^heat\s+\d/i.test(text.slice(index, index + 100));
    if (next && isClause) clause = next;
    else found.set(clause, `${found.get(clause) ?? ""}${/^\s+$/.test(one) ? " " : one}`);
  }
  const trimmed = [...found].map(([key, value]) => {
    const isSentence = key === "about" || key === "warning" || key === "reply";
    return [key, isSentence ? unquoted(value.trim()) : value.trim()] as const;
  });
  return new Map(trimmed.filter(([, value]) => value !== ""));
}

function unquoted(text: string): string {
  return text.replace(/^["“„«](.*)["”“»]$/s, "$1");
}
