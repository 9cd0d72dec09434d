/** Forgets old journal entries in small bites, so that the data folder does not grow for ever and no step has to wait. */
import { dayMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import type { Database } from "../store/database.ts";
import { reasonOf } from "../store/storage-errors.ts";

/** Each row lies at a random place of five trees: a bite must not wait long for the disk. At every tick: 72,000 a day. */
const rowsInBite = 25;

export class Pruning {
  readonly #db: Database;
  readonly #log: Log;
  readonly #keepMs: number;

  constructor({ db, log, keepDays }: { db: Database; log: Log; keepDays: number }) {
    this.#db = db;
    this.#log = log;
    this.#keepMs = keepDays * dayMs;
  }

  /** One bite; returns how many entries went. What is still open stays, however old it is. */
  pruneSome(now: number): number {
    const before = now - this.#keepMs;
    try {
      return this.#db.transaction(
        () =>
          this.#decisions(before) +
          this.#inOrder("refusal", "at", before) +
          this.#inOrder("past_rule", "ended_at", before) +
          this.#numbers(),
      );
    } catch (error) {
      // That the disk cannot be written is told by whoever writes what is new.
      if (reasonOf(error) === undefined) this.#log.error({ err: error }, "old journal entries not removed");
      return 0;
    }
  }

  #decisions(before: number): number {
    return this.#db.run(
      `DELETE FROM decision WHERE id IN
       (SELECT id FROM decision WHERE at < ? AND state <> 'open' ORDER BY at LIMIT ${rowsInBite})`,
      before,
    ).changes;
  }

  /** Rows that are stored in the order in which they came: only the first ones need be looked at. */
  #inOrder(table: "refusal" | "past_rule", at: "at" | "ended_at", before: number): number {
    return this.#db.run(
      `DELETE FROM ${table} WHERE rowid IN
       (SELECT id FROM (SELECT rowid AS id, ${at} AS at FROM ${table} ORDER BY rowid LIMIT ${rowsInBite}) WHERE at < ?)`,
      before,
    ).changes;
  }

  /** Numbers of commands of which nothing is left. */
  #numbers(): number {
    return this.#db.run(
      `DELETE FROM incident WHERE id IN (SELECT id FROM incident ORDER BY id LIMIT ${rowsInBite})
       AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.occasion = incident.occasion)`,
    ).changes;
  }
}
