/** Deletes old journal entries, a few at a time: the data folder does not grow for ever, and no batch has to wait for it. */
import { dayMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import type { Database } from "../store/database.ts";
import { reasonOf } from "../store/storage-errors.ts";
import { DecisionText } from "./decision-text.ts";
import type { Stash } from "./stash.ts";

/** Rows deleted at once, which makes 72,000 a day. Each lies at a random place of five B-trees, so more would wait for the disk. */
const rowsAtOnce = 25;

export interface PruningOptions {
  readonly db: Database;
  readonly log: Log;
  readonly keepDays: number;
  /** What was removed goes with the journal's entries, after a time of its own. */
  readonly stash: Pick<Stash, "pruneSome">;
}

export class Pruning {
  readonly #db: Database;
  readonly #text: DecisionText;
  readonly #log: Log;
  readonly #keepMs: number;
  readonly #stash: Pick<Stash, "pruneSome">;

  constructor({ db, log, keepDays, stash }: PruningOptions) {
    this.#db = db;
    this.#text = new DecisionText(db);
    this.#stash = stash;
    this.#log = log;
    this.#keepMs = keepDays * dayMs;
  }

  /** Deletes some; returns how many. Open decisions stay, however old they are. */
  pruneSome(now: number): number {
    const before = now - this.#keepMs;
    try {
      return this.#db.transaction(() => {
        // As many at most as decisions, which are counted.
        this.#text.pruneSome(before, rowsAtOnce);
        return (
          this.#decisions(before) +
          this.#inOrder("refusal", "at", before) +
          this.#inOrder("past_rule", "ended_at", before) +
          this.#numbers() +
          this.#stash.pruneSome(now)
        );
      });
    } catch (error) {
      // Trouble with the disk is told where new entries are written.
      if (reasonOf(error) === undefined) this.#log.error({ err: error }, "old journal entries not removed");
      return 0;
    }
  }

  #decisions(before: number): number {
    return this.#db.run(
      `DELETE FROM decision WHERE id IN
       (SELECT id FROM decision WHERE at < ? AND state <> 'open' ORDER BY at LIMIT ${rowsAtOnce})`,
      before,
    ).changes;
  }

  /** Tables whose rows are stored in order of time: only the first rows need to be looked at. */
  #inOrder(table: "refusal" | "past_rule", at: "at" | "ended_at", before: number): number {
    return this.#db.run(
      `DELETE FROM ${table} WHERE rowid IN
       (SELECT id FROM (SELECT rowid AS id, ${at} AS at FROM ${table} ORDER BY rowid LIMIT ${rowsAtOnce}) WHERE at < ?)`,
      before,
    ).changes;
  }

  /** Undo numbers of occasions of which no decision is left. */
  #numbers(): number {
    return this.#db.run(
      `DELETE FROM incident WHERE id IN (SELECT id FROM incident ORDER BY id LIMIT ${rowsAtOnce})
       AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.occasion = incident.occasion)`,
    ).changes;
  }
}
