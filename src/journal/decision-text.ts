/**
 * The index of words over the decisions, so that a word is found among hundreds of thousands at once. Its rows are numbered by
 * time, so that the newest are found first and the oldest go first. What Tyr said is not in it, as it is not what was done.
 */
import type { ActionKind } from "../model/actions/action.ts";
import { roomOf, subjectOf, targetOf } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { Database } from "../store/database.ts";

/** Within one millisecond; beyond that the oldest of it can no longer be found by words. */
const perMs = 1_048_576;

/** What Tyr said, and described: it is not what was done. */
const left: ReadonlySet<ActionKind> = new Set(["tell", "ask", "react", "describe-command"]);

export class DecisionText {
  readonly #db: Database;
  #last = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The decision is in the journal under that id, new or once more. */
  note(id: string, { at, action, because }: Decision): void {
    if (left.has(action.kind)) return;
    this.#last = (this.#last + 1) % perMs;
    this.#db.run(
      "INSERT OR REPLACE INTO decision_text (rowid, id, who, author, room, kind, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
      firstAt(at) + BigInt(this.#last),
      id,
      `${targetOf(action)} ${subjectOf(action) ?? ""}`,
      "by" in because ? (because.by ?? null) : null,
      roomOf(action) ?? null,
      action.kind,
      [
        "reason" in action ? action.reason : undefined,
        "text" in because ? because.text : undefined,
        "sentence" in because ? because.sentence : undefined,
        "entity" in because ? because.entity : undefined,
      ]
        .filter((one) => one !== undefined)
        .join(" "),
    );
  }

  /** Deletes some of those from before that time; gives how many. */
  pruneSome(before: number, most: number): number {
    return this.#db.run(
      "DELETE FROM decision_text WHERE rowid IN (SELECT rowid FROM decision_text WHERE rowid < ? LIMIT ?)",
      firstAt(before),
      most,
    ).changes;
  }
}

/** The number of the first row of that time. */
export function firstAt(at: number): bigint {
  // Beyond what a row can be numbered there is none.
  return BigInt(Math.trunc(Math.min(Math.max(at, 0), 8.64e12))) * BigInt(perMs);
}
