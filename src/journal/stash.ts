/**
 * The stash: what Tyr removes is kept before it is removed, sealed, for some days. Written in the transaction that writes
 * the redaction's intent, so that a crash loses neither or both. Bounded by age, number and size, the oldest go first.
 */
import { dayMs } from "../kit/duration.ts";
import { Sealer } from "../kit/seal.ts";
import type { ActionOf } from "../model/actions/action.ts";
import { occasionOf, type Decision, type Outcome } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import { RecentWords } from "../model/recent-words.ts";
import type { KeptEvent, Removed, RemovedEvent, StashQuery, StashView } from "../model/stash.ts";
import type { Database, Value } from "../store/database.ts";
import type { StashKey } from "../store/stash-key.ts";

export interface StashOptions {
  readonly db: Database;
  readonly key: StashKey;
  readonly limits: StashLimits;
  /** Nothing is removed, so nothing is kept either: a dry run. */
  readonly isDryRun: boolean;
}

export interface StashLimits {
  /** Otherwise nothing is kept, and what was kept goes. */
  readonly enabled: boolean;
  readonly days: number;
  readonly maxEvents: number;
  readonly maxMegabytes: number;
}

/** Rows deleted at once: each lies at a random place of five B-trees. */
const rowsAtOnce = 100;
/** Beyond a bound so much more is deleted, so that it is not looked at for every event. */
const slack = 0.02;

/** Rows as they are written; sealed once, however often the transaction has to be tried. */
interface SealedRow {
  readonly columns: readonly Value[];
  readonly size: number;
}

export class Stash implements StashView {
  readonly #db: Database;
  readonly #sealer: Sealer | undefined;
  readonly #unusable: string | undefined;
  readonly #limits: StashLimits;
  readonly #isKeeping: boolean;
  readonly #words = new RecentWords();
  /** About how much there is: counted exactly when it seems to be too much. */
  #events: number;
  #bytes: number;

  constructor({ db, key, limits, isDryRun }: StashOptions) {
    this.#db = db;
    this.#sealer = key.kind === "key" ? new Sealer(key.key) : undefined;
    this.#unusable = key.kind === "unusable" ? key.reason : undefined;
    this.#limits = limits;
    this.#isKeeping = limits.enabled && !isDryRun && this.#sealer !== undefined;
    [this.#events, this.#bytes] = this.#counted();
  }

  get days(): number | undefined {
    return this.#limits.enabled ? this.#limits.days : undefined;
  }

  get trouble(): string | undefined {
    if (this.#unusable !== undefined) return `What I remove is not kept for you to read: ${this.#unusable}.`;
    if (!this.#sealer) return undefined;
    const [row] = this.#db.all("SELECT count(*) FROM stash WHERE key <> ?", this.#sealer.keyId);
    const others = Number(row?.[0] ?? 0);
    return others === 0
      ? undefined
      : `${others.toLocaleString("en")} removed ${others === 1 ? "message is" : "messages are"} kept under a key that is gone, and cannot be read. Put the old tyr-stash.key back into the data folder and start again; without it they go within ${this.#limits.days} days.`;
  }

  /** What is said, in memory alone: what is removed later can be kept then. */
  heard(room: RoomId, event: RoomEvent, at: number): void {
    if (this.#isKeeping) this.#words.heard(room, event, at);
  }

  /** It was removed: by its author, perhaps, which is nobody else's affair. */
  gone(event: EventId): void {
    this.#words.forget(event);
  }

  /** What the decisions are about to remove, as far as we have seen it. To be written by `keep`. */
  sealedOf(decisions: readonly Decision[]): readonly SealedRow[] {
    const sealer = this.#isKeeping ? this.#sealer : undefined;
    if (!sealer) return [];
    return decisions.flatMap((decision) =>
      this.#removedBy(decision).map((event) => sealedRow(event, sealer)),
    );
  }

  /** In the transaction that writes the intents. May be run again, where that failed. */
  keep(rows: readonly SealedRow[]): void {
    for (const { columns, size } of rows) {
      const { changes } = this.#db.run(
        "INSERT OR IGNORE INTO stash VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ...columns,
      );
      this.#events += changes;
      this.#bytes += changes * size;
    }
    if (rows.length > 0) this.#shrink();
  }

  /** What was not removed after all is not kept; what is to be forgotten is forgotten. */
  ended({ decision: { action }, result }: Outcome): void {
    if (action.kind === "forget-removed" && result.kind === "done") {
      this.#db.run("DELETE FROM stash WHERE user = ?", action.user);
      this.#words.forgetPerson(action.user);
    }
    const isCalledOff = result.kind === "superseded" || (result.kind === "failed" && result.lasting);
    if (isCalledOff && (action.kind === "redact" || action.kind === "hold"))
      this.#db.run("DELETE FROM stash WHERE event = ?", action.event);
  }

  /** Deletes some of what is too old; returns how many. */
  pruneSome(now: number): number {
    const { enabled, days } = this.#limits;
    return this.#db.run(
      `DELETE FROM stash WHERE event IN (SELECT event FROM stash WHERE removed_at < ? ORDER BY removed_at LIMIT ${rowsAtOnce})`,
      enabled ? now - days * dayMs : Infinity,
    ).changes;
  }

  of(query: StashQuery, limit: number): Removed {
    const [column, value] = "user" in query ? ["user", query.user] : ["occasion", query.occasion];
    const counted = (more: string, ...values: readonly Value[]) =>
      Number(
        this.#db.all(`SELECT count(*) FROM stash WHERE ${column} = ? ${more}`, value, ...values)[0]?.[0],
      );
    const sealer = this.#sealer;
    const all = counted("");
    if (!sealer) return { events: [], all, unreadable: all };
    const rows = this.#db.all(
      `SELECT event, sealed FROM stash WHERE ${column} = ? AND key = ? ORDER BY removed_at DESC, rowid DESC LIMIT ?`,
      value,
      sealer.keyId,
      limit,
    );
    const events = rows.flatMap(
      ([event, sealed]) => opened(event as EventId, sealed as Uint8Array, sealer) ?? [],
    );
    return { events, all, unreadable: counted("AND key <> ?", sealer.keyId) + rows.length - events.length };
  }

  get(event: EventId): RemovedEvent | undefined {
    const sealer = this.#sealer;
    if (!sealer) return undefined;
    const [row] = this.#db.all("SELECT sealed FROM stash WHERE event = ? AND key = ?", event, sealer.keyId);
    return row && opened(event, row[0] as Uint8Array, sealer);
  }

  /** All that was removed since then and can be read, oldest first. */
  *since(at: number): Iterable<RemovedEvent> {
    const sealer = this.#sealer;
    if (!sealer) return;
    const rows = this.#db.each(
      "SELECT event, sealed FROM stash WHERE removed_at >= ? AND key = ? ORDER BY removed_at",
      at,
      sealer.keyId,
    );
    for (const [event, sealed] of rows) {
      const one = opened(event as EventId, sealed as Uint8Array, sealer);
      if (one) yield one;
    }
  }

  #removedBy({ action, because, at }: Decision): readonly RemovedEvent[] {
    if (action.kind !== "redact" && action.kind !== "hold" && action.kind !== "redact-by-server") return [];
    const { reason } = action;
    const occasion = occasionOf(because);
    return this.#wordsOf(action).map((kept) => ({ ...kept, removedAt: at, occasion, reason }));
  }

  #wordsOf(action: ActionOf<"redact" | "hold" | "redact-by-server">): readonly KeptEvent[] {
    if (action.kind === "redact-by-server") return this.#words.of(action.user, new Set(action.rooms));
    const kept = this.#words.get(action.event);
    return kept ? [kept] : [];
  }

  #shrink(): void {
    const { maxEvents, maxMegabytes } = this.#limits;
    const maxBytes = maxMegabytes * 1_000_000;
    if (this.#events <= maxEvents && this.#bytes <= maxBytes) return;
    [this.#events, this.#bytes] = this.#counted();
    const tooMany = this.#events - maxEvents;
    const tooLarge = this.#bytes - maxBytes;
    if (tooMany <= 0 && tooLarge <= 0) return;
    let [events, bytes] = [0, 0];
    const going: Value[] = [];
    for (const [event, size] of this.#db.each("SELECT event, size FROM stash ORDER BY removed_at, rowid")) {
      const isEnough =
        (tooMany <= 0 || events >= tooMany + slack * maxEvents) &&
        (tooLarge <= 0 || bytes >= tooLarge + slack * maxBytes);
      if (isEnough) break;
      going.push(event!);
      events++;
      bytes += Number(size);
    }
    for (const event of going) this.#db.run("DELETE FROM stash WHERE event = ?", event);
    this.#events -= events;
    this.#bytes -= bytes;
  }

  #counted(): readonly [events: number, bytes: number] {
    const [row] = this.#db.all("SELECT count(*), coalesce(sum(size), 0) FROM stash");
    return [Number(row?.[0]), Number(row?.[1])];
  }
}

function sealedRow(removed: RemovedEvent, sealer: Sealer): SealedRow {
  const { event, room, user, occasion, removedAt } = removed;
  const sealed = sealer.seal(JSON.stringify(removed), event);
  const columns = [event, room, user, occasion, removedAt, sealer.keyId, sealed.length, sealed];
  return { columns, size: sealed.length };
}

function opened(event: EventId, sealed: Uint8Array, sealer: Sealer): RemovedEvent | undefined {
  const text = sealer.open(sealed, event);
  return text === undefined ? undefined : (JSON.parse(text) as RemovedEvent);
}
