/**
 * The memory: every decision with its cause, written before it is performed, and how it ended. Ids are stable,
 * so a decision that is already open or done is not opened again, however often a sync is replayed.
 */
import { roomOf, targetOf } from "../model/action.ts";
import { occasionOf, type Cause, type Decision, type Outcome } from "../model/decision.ts";
import type { Database } from "../store/database.ts";

export interface JournalEntry {
  readonly decision: Decision;
  readonly state: "open" | "done" | "failed" | "superseded";
  readonly result: Outcome["result"] | undefined;
  readonly endedAt: number | undefined;
}

export interface RefusalEntry {
  readonly decision: Decision;
  /** The sentence that moderators were told. */
  readonly why: string;
}

const columns = "id, at, action, cause, state, result, ended_at";

export class Journal {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Writes intents; returns those that are new (or failed before and may be tried again). */
  open(decisions: readonly Decision[]): ReadonlySet<string> {
    const opened = new Set<string>();
    for (const decision of decisions) {
      const { id, at, action, because } = decision;
      const { changes } = this.#db.run(
        `INSERT INTO decision (id, at, kind, room, target, action, cause, occasion, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open')
         ON CONFLICT (id) DO UPDATE SET state = 'open', at = excluded.at, result = NULL, ended_at = NULL WHERE state IN ('failed', 'superseded')`,
        id,
        at,
        action.kind,
        roomOf(action) ?? null,
        targetOf(action),
        JSON.stringify(action),
        JSON.stringify(because),
        occasionOf(because),
      );
      if (changes > 0) opened.add(id);
    }
    return opened;
  }

  close({ decision, result }: Outcome, at: number): void {
    this.#db.run(
      "UPDATE decision SET state = ?, result = ?, ended_at = ? WHERE id = ?",
      result.kind,
      JSON.stringify(result),
      at,
      decision.id,
    );
  }

  refuse({ decision, why }: RefusalEntry): void {
    const { action, because, at } = decision;
    this.#db.run(
      "INSERT INTO refusal (at, kind, room, target, why, cause) VALUES (?, ?, ?, ?, ?, ?)",
      at,
      action.kind,
      roomOf(action) ?? null,
      targetOf(action),
      why,
      JSON.stringify(because),
    );
  }

  /** Intents without an outcome: what a crash left behind. */
  unfinished(): readonly JournalEntry[] {
    return this.#db.all(`SELECT ${columns} FROM decision WHERE state = 'open' ORDER BY at`).map(entryOf);
  }

  /** Everything ever decided about a user, server, event or rule, newest first. */
  about(target: string, limit = 50): readonly JournalEntry[] {
    return this.#db
      .all(`SELECT ${columns} FROM decision WHERE target = ? ORDER BY at DESC LIMIT ?`, target, limit)
      .map(entryOf);
  }

  /** Everything that one event (a command, a rule) led to. */
  ofOccasion(occasion: string): readonly JournalEntry[] {
    return this.#db
      .all(`SELECT ${columns} FROM decision WHERE occasion = ? ORDER BY at`, occasion)
      .map(entryOf);
  }
}

function entryOf(row: readonly unknown[]): JournalEntry {
  const [id, at, action, cause, state, result, endedAt] = row as [
    string,
    number,
    string,
    string,
    JournalEntry["state"],
    string | null,
    number | null,
  ];
  return {
    decision: {
      id,
      at,
      action: JSON.parse(action) as Decision["action"],
      because: JSON.parse(cause) as Cause,
    },
    state,
    result: result === null ? undefined : (JSON.parse(result) as Outcome["result"]),
    endedAt: endedAt ?? undefined,
  };
}
