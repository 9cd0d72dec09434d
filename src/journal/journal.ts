/**
 * The journal: every decision with its cause, written before it is performed, and how it ended. Ids are stable, so that a
 * decision that is open is not opened again, however often a sync is replayed. One that is done is opened again only where
 * its effect can get lost.
 */
import type { ActionKind, ActionOf } from "../model/actions/action.ts";
import { kindsDoneAgain, roomOf, subjectOf, targetOf } from "../model/actions/traits.ts";
import { occasionOf, type Cause, type Decision, type Outcome } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import { occasionOfConfig } from "../model/offered-command.ts";
import type { Database } from "../store/database.ts";
import { DecisionText } from "./decision-text.ts";

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

/** The kinds that are done again, as a list of SQL. */
const doneAgain = kindsDoneAgain.map((kind) => `'${kind}'`).join(", ");

/** The stored result of an act that a dry run recorded instead of performing it. */
const recorded = JSON.stringify({ kind: "recorded" } satisfies Outcome["result"]);
/** Condition for the decisions of dry runs: their ids have a prefix, and those of others, being digests, have no space. */
const rehearsed = "id LIKE 'dry %'";

/** The name of a dry run, which keeps its decisions apart from all others. */
export function dryRunAt(startedAt: number): string {
  return `dry ${startedAt}`;
}

export const columns = "id, at, action, cause, state, result, ended_at";

/**
 * `dryRun`: the name of one. The ids of its decisions begin with it, so that nothing counts as done when the same is
 * decided in earnest. What a run in earnest left open is not resumed in a dry run, but by the next run in earnest.
 */
export class Journal {
  readonly #db: Database;
  readonly #dryRun: string | undefined;
  readonly #text: DecisionText;

  constructor(db: Database, dryRun?: string) {
    this.#db = db;
    this.#dryRun = dryRun;
    this.#text = new DecisionText(db);
  }

  /** Writes decisions as open. Returns the ids of those to perform: new, failed before, or done with an effect that was lost. */
  open(decisions: readonly Decision[]): ReadonlySet<string> {
    const opened = new Set<string>();
    for (const decision of decisions) {
      const { id, at, action, because } = decision;
      const { changes } = this.#db.run(
        `INSERT INTO decision (id, at, kind, room, target, subject, action, cause, occasion, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')
         ON CONFLICT (id) DO UPDATE SET state = 'open', at = excluded.at, result = NULL, ended_at = NULL
         WHERE state = 'failed' OR (state = 'superseded' AND result IS NOT ?)
         OR (state = 'done' AND kind IN (${doneAgain}))`,
        this.#keyOf(decision),
        at,
        action.kind,
        roomOf(action) ?? null,
        targetOf(action),
        subjectOf(action) ?? null,
        JSON.stringify(action),
        JSON.stringify(because),
        occasionOf(because),
        recorded,
      );
      if (changes === 0) continue;
      opened.add(id);
      this.#text.note(this.#keyOf(decision), decision);
    }
    return opened;
  }

  close({ decision, result }: Outcome, at: number): void {
    this.#db.run(
      "UPDATE decision SET state = ?, result = ?, ended_at = ? WHERE id = ?",
      // The first schema knows four states: `recorded` is written as superseded, and told apart by its result.
      result.kind === "recorded" ? "superseded" : result.kind,
      JSON.stringify(result),
      at,
      this.#keyOf(decision),
    );
  }

  #keyOf({ id }: Decision): string {
    return this.#dryRun === undefined ? id : `${this.#dryRun} ${id}`;
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

  /** Decisions without an outcome: what a crash left open. */
  unfinished(): readonly JournalEntry[] {
    if (this.#dryRun !== undefined) return [];
    return this.#db
      .all(
        // Of commands in one batch the numbers tell the order: the last one counts.
        `SELECT ${columns} FROM decision WHERE state = 'open' AND NOT ${rehearsed}
         ORDER BY at, (SELECT incident.id FROM incident WHERE incident.occasion = decision.occasion)`,
      )
      .map(entryOf);
  }

  /** The undos since `since`: what each takes back, and when it was said; the oldest first. */
  undone(since: number): readonly { by: Extract<Cause, { kind: "command" }>; at: number }[] {
    if (this.#dryRun !== undefined) return [];
    const rows = this.#db.all(
      `SELECT cause, MIN(at) FROM decision
       WHERE at >= ? AND NOT ${rehearsed} AND json_extract(cause, '$.undoes') IS NOT NULL
       GROUP BY occasion ORDER BY 2`,
      since,
    );
    return rows.map(([by, at]) => ({
      by: JSON.parse(by as string) as Extract<Cause, { kind: "command" }>,
      at: at as number,
    }));
  }

  /** Commands since `since` that have acts and no reaction: their reply was never completed. */
  unanswered(since: number): readonly Extract<Cause, { kind: "command" }>[] {
    if (this.#dryRun !== undefined) return [];
    const rows = this.#db.all(
      // The reaction is looked for once for each command: one command may have a hundred thousand acts.
      `SELECT occasion, cause FROM decision AS act
       WHERE at >= ? AND NOT ${rehearsed} AND kind NOT IN ('ask', 'react') AND json_extract(cause, '$.kind') = 'command'
       AND json_extract(cause, '$.via') IS NULL AND occasion != '${occasionOfConfig}'
       GROUP BY occasion
       HAVING NOT EXISTS (SELECT 1 FROM decision AS mark WHERE mark.occasion = act.occasion AND mark.kind = 'react')`,
      since,
    );
    return rows.map(([, cause]) => JSON.parse(cause as string) as Extract<Cause, { kind: "command" }>);
  }

  /** People whom rules of lists have had banned since then: for each list and person the newest time. */
  bannedForLists(since: number): readonly { list: RoomId; user: UserId; at: number }[] {
    const rows = this.#db.all(
      `SELECT json_extract(cause, '$.list'), target, MAX(at) FROM decision
       WHERE at >= ? AND NOT ${rehearsed} AND kind = 'ban' AND json_extract(cause, '$.kind') = 'rule' GROUP BY 1, 2`,
      since,
    );
    return rows.map(([list, user, at]) => ({ list: list as RoomId, user: user as UserId, at: at as number }));
  }

  /** Whom commands have removed since then, and when; also what had a yes of its own, which is the careful side. */
  removedByCommands(since: number): readonly { user: UserId; at: number }[] {
    const rows = this.#db.all(
      `SELECT target, MAX(at) FROM decision
       WHERE at >= ? AND NOT ${rehearsed} AND kind IN ('ban', 'kick')
       AND json_extract(cause, '$.kind') = 'command' GROUP BY 1`,
      since,
    );
    return rows.map(([user, at]) => ({ user: user as UserId, at: at as number }));
  }

  /** What each moderator has removed, lifted or taken off lists by commands since then; the newest of each. */
  spentByCommands(since: number): readonly { by: UserId; kind: ActionKind; target: string; at: number }[] {
    const rows = this.#db.all(
      `SELECT json_extract(cause, '$.by'), kind, target, MAX(at) FROM decision
       WHERE at >= ? AND NOT ${rehearsed} AND kind IN ('ban', 'kick', 'unban', 'remove-policy')
       AND json_extract(cause, '$.kind') = 'command' GROUP BY 1, 2, 3`,
      since,
    );
    return rows.map(([by, kind, target, at]) => ({
      by: by as UserId,
      kind: kind as ActionKind,
      target: target as string,
      at: at as number,
    }));
  }

  /** Server ACLs that lists have had written since then, oldest first. */
  aclsForLists(since: number): readonly { action: ActionOf<"set-server-acl">; at: number }[] {
    const rows = this.#db.all(
      `SELECT action, at FROM decision
       WHERE at >= ? AND NOT ${rehearsed} AND kind = 'set-server-acl' AND state != 'superseded'
       AND json_extract(cause, '$.kind') IN ('lists', 'rule') ORDER BY at`,
      since,
    );
    return rows.map(([action, at]) => ({
      action: JSON.parse(action as string) as ActionOf<"set-server-acl">,
      at: at as number,
    }));
  }
}

export function entryOf(row: readonly unknown[]): JournalEntry {
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
