/** Answers questions about the past from the journal's tables. */
import { compileGlob } from "../kit/glob.ts";
import type { Action } from "../model/actions/action.ts";
import type { Cause } from "../model/decision.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import type { Limits } from "../model/limits.ts";
import type { Past, PastAct, PastOccasion, PastRefusal, PastRule } from "../model/past-acts.ts";
import type { Rule, RuleChange } from "../model/policy-rule.ts";
import { emptyStash, type StashView } from "../model/stash.ts";
import type { Database } from "../store/database.ts";
import { columns, entryOf } from "./journal.ts";

/** The newest acts in a room, among which a message of ours is looked for. */
const messagesLookedAt = 5_000;

export class JournalPast implements Past {
  readonly stash: StashView;
  readonly #db: Database;
  readonly #limits: Pick<Limits, "pastGlobs">;

  constructor(db: Database, limits: Pick<Limits, "pastGlobs">, stash: StashView = emptyStash) {
    this.#db = db;
    this.stash = stash;
    this.#limits = limits;
  }

  /** Gives the occasion (a command's event, an incident) its number, if it has none yet. */
  number(occasion: string): number {
    const known = this.numberOf(occasion);
    if (known !== undefined) return known;
    // Asked first: an insert that is ignored would use up a number all the same.
    this.#db.run("INSERT INTO incident (occasion) VALUES (?)", occasion);
    return this.numberOf(occasion)!;
  }

  /** The newest number that was given; 0 before the first. */
  get newestNumber(): number {
    return Number(this.#db.all("SELECT max(id) FROM incident")[0]?.[0] ?? 0);
  }

  /** Numbers from now on are above this one. */
  countAfter(number: number): void {
    this.#db.run("INSERT INTO incident (id, occasion) VALUES (?, ?)", number, `numbers after ${number}`);
  }

  /** Notes rules that went or were changed. */
  rulesEnded(changes: readonly RuleChange[], at: number): void {
    for (const { before, after, by } of changes) {
      if (!before || before.eventId === after?.eventId) continue;
      this.#db.run(
        "INSERT INTO past_rule (list, kind, entity, rule, ended_at, ended_by) VALUES (?, ?, ?, ?, ?, ?)",
        before.list,
        before.kind,
        before.entity?.toLowerCase() ?? `sha256:${before.hash}`,
        JSON.stringify(before),
        at,
        by ?? null,
      );
    }
  }

  ofNumber(number: number): PastOccasion | undefined {
    return this.#occasionsWhere("incident.id = ?", number, 1)[0];
  }

  numberOf(occasion: string): number | undefined {
    const rows = this.#db.all("SELECT id FROM incident WHERE occasion = ?", occasion);
    return rows[0]?.[0] as number | undefined;
  }

  occasions(limit: number): readonly PastOccasion[] {
    return this.#occasionsWhere("incident.id > ?", 0, limit);
  }

  ofOccasion(occasion: string): readonly PastAct[] {
    return this.#db
      .all(`SELECT ${columns} FROM decision WHERE occasion = ? ORDER BY at`, occasion)
      .map(entryOf);
  }

  about(subject: string, limit: number): readonly PastAct[] {
    return this.#db
      .all(
        `SELECT ${columns} FROM decision WHERE subject = ? ORDER BY at DESC LIMIT ?`,
        subject.toLowerCase(),
        limit,
      )
      .map(entryOf);
  }

  inRoom(room: RoomId, limit: number): readonly PastAct[] {
    return this.#db
      .all(`SELECT ${columns} FROM decision WHERE room = ? ORDER BY at DESC LIMIT ?`, room, limit)
      .map(entryOf);
  }

  ofMessage(message: EventId, room: RoomId): Action | undefined {
    const [row] = this.#db.all(
      `SELECT action FROM (SELECT action, result FROM decision WHERE room = ? ORDER BY at DESC LIMIT ?)
       WHERE json_extract(result, '$.eventId') = ? LIMIT 1`,
      room,
      messagesLookedAt,
      message,
    );
    return row && (JSON.parse(row[0] as string) as Action);
  }

  refusalsOf(target: string, limit: number): readonly PastRefusal[] {
    const rows = this.#db.all(
      "SELECT at, kind, room, why, cause FROM refusal WHERE target = ? ORDER BY at DESC LIMIT ?",
      target,
      limit,
    );
    return rows.map(([at, kind, room, why, cause]) => ({
      at: at as number,
      kind: kind as string,
      room: (room as RoomId | null) ?? undefined,
      why: why as string,
      because: JSON.parse(cause as string) as Cause,
    }));
  }

  rulesOnce(entity: string, limit: number): readonly PastRule[] {
    const folded = entity.toLowerCase();
    const exact = this.#db.all(
      "SELECT rule, ended_at, ended_by FROM past_rule WHERE entity = ? ORDER BY ended_at DESC LIMIT ?",
      folded,
      limit,
    );
    const globs = this.#db
      .all(
        `SELECT rule, ended_at, ended_by, entity FROM past_rule
         WHERE entity <> ? AND (instr(entity, '*') OR instr(entity, '?')) ORDER BY ended_at DESC LIMIT ?`,
        folded,
        this.#limits.pastGlobs,
      )
      .filter(([, , , glob]) => compileGlob(glob as string, { ignoreCase: true }).matches(folded));
    return [...exact, ...globs]
      .map(pastRuleOf)
      .sort((a, b) => b.endedAt - a.endedAt)
      .slice(0, limit);
  }

  rulesGoneFrom(list: RoomId, since: number, limit: number): readonly PastRule[] {
    return this.#db
      .all(
        `SELECT rule, ended_at, ended_by FROM past_rule
         WHERE list = ? AND ended_at >= ? ORDER BY ended_at DESC LIMIT ?`,
        list,
        since,
        limit,
      )
      .map(pastRuleOf);
  }

  #occasionsWhere(condition: string, value: number, limit: number): readonly PastOccasion[] {
    const rows = this.#db.all(
      `SELECT id, (SELECT cause FROM decision
         WHERE decision.occasion = incident.occasion AND json_extract(cause, '$.via') IS NULL LIMIT 1)
       FROM incident WHERE ${condition} ORDER BY id DESC LIMIT ?`,
      value,
      limit,
    );
    return rows.flatMap(([number, json]) => {
      // Once its acts are pruned, nothing tells what the number stood for.
      const because = json === null ? undefined : (JSON.parse(json as string) as Cause);
      return because?.kind === "command" || because?.kind === "finding"
        ? [{ number: number as number, because }]
        : [];
    });
  }
}

function pastRuleOf([rule, endedAt, endedBy]: readonly unknown[]): PastRule {
  return {
    rule: JSON.parse(rule as string) as Rule,
    endedAt: endedAt as number,
    endedBy: (endedBy as string | null) ?? undefined,
  };
}
