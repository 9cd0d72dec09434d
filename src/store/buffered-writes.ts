/**
 * Writes to the store in one transaction: rows of the world, the sync token and journal entries. What cannot be written,
 * as on a full disk, is kept in memory, each row in its newest form, and written when there is room again: a full disk
 * must not stop the moderation.
 */
import type { Log } from "../kit/log.ts";
import { Wait } from "../kit/wait.ts";
import type { DiskNews } from "../model/health.ts";
import type { Row } from "../model/world/changes.ts";
import type { Database } from "./database.ts";
import type { Snapshot } from "./snapshot.ts";
import { reasonOf } from "./storage-errors.ts";

export interface Batch<T> {
  readonly rows: readonly Row[];
  /** The sync token: everything before it is in the rows. */
  readonly token: string | undefined;
  /** Writes journal entries and nothing else, as it is run again when the transaction failed. */
  readonly work: () => T;
  /** About how many rows `work` writes. */
  readonly size: number;
}

interface Work {
  readonly run: () => unknown;
  readonly size: number;
}

/**
 * Runs `work`, which writes journal entries and nothing else: it is run again when the transaction failed. Gives the result
 * of `work`, or undefined where it could not be written. `size`: about how many rows it writes.
 */
export type Write = <T extends object>(work: () => T, size: number) => T | undefined;

/** What is written last in a transaction. */
export type Remainder = Pick<Batch<unknown>, "rows" | "token">;

/** While the disk fails, each attempt writes everything that is kept, so attempts are this far apart. */
const tryAgainMs = 5_000;
/** A nearly full disk fails now and then: moderators are told that it is over only after this long without a failure. */
const quietMs = 60_000;

export class BufferedWrites {
  /** Why the data folder cannot be written, in words; undefined while it can. */
  trouble: string | undefined;
  readonly #db: Database;
  readonly #snapshot: Snapshot;
  readonly #log: Log;
  readonly #maxKept: number;
  readonly #rows = new Map<string, Row>();
  #work: Work[] = [];
  #size = 0;
  #token: string | undefined;
  readonly #rest = new Wait();
  #lost = 0;
  #wellSince = 0;
  #isTold = false;

  constructor({
    db,
    snapshot,
    log,
    maxKept,
  }: {
    db: Database;
    snapshot: Snapshot;
    log: Log;
    /** The most journal entries that are kept; beyond it the oldest are lost. Rows are bounded by what the world holds. */
    maxKept: number;
  }) {
    this.#maxKept = maxKept;
    this.#db = db;
    this.#snapshot = snapshot;
    this.#log = log;
  }

  /** Writes a batch. Gives the result of `work`, or undefined where it could not be written. Never throws. */
  write<T extends object>({ rows, token, work, size }: Batch<T>, at: number): T | undefined {
    let result: T | undefined;
    const body = (write: Write) => void (result = write(work, size));
    return this.inTransaction(at, body, () => ({ rows, token })) ? result : undefined;
  }

  /**
   * One transaction around `body`. `body` runs exactly once, whether it can be written or not, as its decisions hold either
   * way. `remainder` is called after it. Tells whether all was written. What `body` throws is thrown again at the end.
   */
  inTransaction(at: number, body: (write: Write) => void, remainder: () => Remainder): boolean {
    const works: Work[] = [];
    const fault = new FirstFault();
    let hasRun = false;
    const run = (write: Write) => {
      hasRun = true;
      fault.during(() => body(write));
    };
    let rest: Remainder | undefined;
    const isWritten = this.#isWritten(at, works, (attempt) => {
      run((work, size) => {
        works.push({ run: work, size });
        return attempt(work);
      });
      rest = remainder();
      return rest;
    });
    if (!hasRun) {
      run((work, size) => void works.push({ run: work, size }));
      rest = remainder();
    }
    if (!isWritten) this.#keep({ ...rest!, works });
    fault.throwAny();
    return isWritten;
  }

  /** Tries to write what is kept and what `body` adds. `body` is not called where no transaction can begin. */
  #isWritten(at: number, works: Work[], body: (attempt: FirstFault["during"]) => Remainder): boolean {
    if (this.trouble !== undefined && this.#rest.left(at) > 0) return false;
    const fault = new FirstFault();
    try {
      this.#db.transaction(() => {
        fault.during(() => this.#writeKept());
        const rest = body((work) => (fault.isAny ? undefined : fault.during(work)));
        if (!fault.isAny) fault.during(() => this.#writeRemainder(rest));
        fault.throwAny();
      });
      this.#nothingKept(at);
      return true;
    } catch (error) {
      this.#failed(works, { error, at });
      return false;
    }
  }

  /** Before the process ends: what cannot be written now is lost. */
  lastTry(at: number): void {
    if (this.trouble === undefined) return;
    this.#rest.end();
    this.write({ rows: [], token: undefined, work: () => ({}), size: 0 }, at);
  }

  /** What moderators are to be told now: once that writing fails, and once that it works again. */
  news(at: number): DiskNews | undefined {
    if (this.trouble !== undefined && !this.#isTold) {
      this.#isTold = true;
      return { kind: "began", reason: this.trouble };
    }
    if (this.trouble !== undefined || !this.#isTold || at - this.#wellSince < quietMs) return undefined;
    this.#isTold = false;
    const lost = this.#lost;
    this.#lost = 0;
    return { kind: "over", lost };
  }

  #writeKept(): void {
    this.#snapshot.write([...this.#rows.values()]);
    for (const kept of this.#work) kept.run();
  }

  #writeRemainder({ rows, token }: Remainder): void {
    this.#snapshot.write(rows);
    const newest = token ?? this.#token;
    if (newest !== undefined) this.#snapshot.keep("token", newest);
  }

  /** Empties `works` where trying them again would fail again. */
  #failed(works: Work[], { error, at }: { error: unknown; at: number }): void {
    const reason = reasonOf(error);
    if (reason === undefined) {
      // A bug of ours would break every later attempt, too, and everything that is written with it.
      this.#log.error({ err: error }, "a fault of ours while writing down; these journal entries are lost");
      this.#lost += this.#size + sizeOf(works);
      this.#work = [];
      this.#size = 0;
      works.length = 0;
      return;
    }
    if (this.trouble === undefined)
      this.#log.error({ err: error, reason }, "the data folder cannot be written; going on without it");
    this.trouble = reason;
    this.#rest.begin(at, tryAgainMs);
  }

  #keep({ rows, token, works }: Remainder & { readonly works: readonly Work[] }): void {
    for (const row of rows) this.#keepRow(row);
    this.#token = token ?? this.#token;
    for (const work of works) {
      if (work.size === 0) continue;
      this.#work.push(work);
      this.#size += work.size;
    }
    while (this.#size > this.#maxKept && this.#work.length > 1) {
      const oldest = this.#work.shift()!;
      this.#size -= oldest.size;
      this.#lost += oldest.size;
    }
  }

  #keepRow(row: Row): void {
    if (row.kind === "room-forgotten" || row.kind === "room-gone") {
      const starts = [memberKey(row.room, ""), ...(row.kind === "room-gone" ? [stateKey(row.room)] : [])];
      for (const key of this.#rows.keys())
        if (starts.some((start) => key.startsWith(start))) this.#rows.delete(key);
    }
    if (row.kind === "room-gone") this.#rows.delete(`room ${row.room}`);
    const key = keyOf(row);
    // Moved to the end: rows of members that are seen after a room was forgotten must come after that.
    this.#rows.delete(key);
    this.#rows.set(key, row);
  }

  #nothingKept(at: number): void {
    if (this.trouble !== undefined) {
      const kept = { rows: this.#rows.size, entries: this.#size, lost: this.#lost };
      this.#log.info(kept, "the data folder can be written again; what was kept is written");
      this.trouble = undefined;
      this.#wellSince = at;
    }
    if (this.#rows.size > 0) this.#rows.clear();
    this.#work = [];
    this.#size = 0;
    this.#token = undefined;
  }
}

/** Holds the first error back until it may be thrown. */
class FirstFault {
  #fault: { readonly error: unknown } | undefined;

  get isAny(): boolean {
    return this.#fault !== undefined;
  }

  readonly during = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      this.#fault ??= { error };
      return undefined;
    }
  };

  throwAny(): void {
    if (this.#fault) throw this.#fault.error;
  }
}

function sizeOf(works: readonly Work[]): number {
  return works.reduce((sum, { size }) => sum + size, 0);
}

/** Equal for rows about the same thing, of which only the newest counts. */
function keyOf(row: Row): string {
  switch (row.kind) {
    case "state":
      return `${stateKey(row.room)}${JSON.stringify([row.type, row.stateKey])}`;
    case "member":
      return memberKey(row.room, row.user);
    case "room":
    case "room-forgotten":
    case "room-gone":
      return `${row.kind} ${row.room}`;
    case "settings":
      return row.kind;
    case "item":
      return `item ${row.collection} ${row.key}`;
  }
}

function stateKey(room: string): string {
  return `state ${room} `;
}

function memberKey(room: string, user: string): string {
  return `member ${room} ${user}`;
}
