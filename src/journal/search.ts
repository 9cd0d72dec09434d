/** Finds decisions by words, people, rooms, kinds and time. Every question is answered from an index. */
import type { JournalFound, JournalQuestion } from "../model/journal-search.ts";
import type { Database } from "../store/database.ts";
import { firstAt } from "./decision-text.ts";
import { columns, entryOf } from "./journal.ts";

const shown = 50;
const mostWords = 12;

export function searchJournal(db: Pick<Database, "all">, question: JournalQuestion): JournalFound {
  const match = matchOf(question);
  const { since = 0, until = Infinity } = question;
  const rows =
    match === undefined
      ? db.all(
          `SELECT ${columns} FROM decision WHERE id IN
             (SELECT id FROM decision INDEXED BY decision_kind WHERE at >= ? AND at < ?
              AND kind NOT IN ('tell', 'ask', 'react', 'describe-command') ORDER BY at DESC LIMIT ?)
           ORDER BY at DESC`,
          since,
          until,
          shown + 1,
        )
      : db.all(
          `SELECT ${columns
            .split(", ")
            .map((name) => `decision.${name}`)
            .join(", ")}
           FROM (SELECT rowid AS number, id FROM decision_text
                 WHERE decision_text MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?) AS found
           CROSS JOIN decision ON decision.id = found.id ORDER BY found.number DESC`,
          match,
          firstAt(since),
          firstAt(until),
          shown + 1,
        );
  const acts = rows.map(entryOf);
  // One that failed and was decided again stands in the index twice.
  const once = [...new Map(acts.toReversed().map((one) => [one.decision.id, one])).values()].toReversed();
  return { acts: once.slice(0, shown), isMore: rows.length > shown };
}

/** Undefined where nothing but the time is asked for. Whatever was typed is words: nothing of it is syntax. */
function matchOf({ text = "", who = "", by = "", rooms, kind = "" }: JournalQuestion): string | undefined {
  const parts = [
    ...wordsOf(text).map((word, i, all) => phrase(word) + (i === all.length - 1 ? "*" : "")),
    ...wordsOf(who).map((word) => `who : ${phrase(word)}`),
    ...wordsOf(by).map((word) => `author : ${phrase(word)}`),
    ...(rooms
      ? [rooms.length === 0 ? nowhere : `(${rooms.map((room) => `room : ${phrase(room)}`).join(" OR ")})`]
      : []),
    ...wordsOf(kind).map((word) => `kind : ${phrase(word)}`),
  ];
  return parts.length === 0 ? undefined : parts.join(" AND ");
}

/** Of no room at all. */
const nowhere = 'room : "!nowhere"';

/** Those with a letter or a digit: a phrase without any would match nothing. */
function wordsOf(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, mostWords);
}

function phrase(word: string): string {
  return `"${word.slice(0, 255).replaceAll('"', " ").replaceAll("\0", " ")}"`;
}
