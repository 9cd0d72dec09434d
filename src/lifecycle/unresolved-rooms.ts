/** Rooms and lists of an earlier bot that could not be found, kept over restarts, as no config names them. */
import type { Clock } from "../kit/clock.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { ListAddress } from "../takeover/earlier-bot.ts";

export interface UnresolvedRoom {
  readonly address: ListAddress;
  readonly as: "room" | "list";
}

const keptAs = "sought of a takeover";
/** Then we stop looking: they stand in no config from which a person could remove them. */
const lookForMs = 14 * 24 * 3_600_000;

interface Kept {
  readonly until: number;
  readonly rooms: readonly UnresolvedRoom[];
}

export class UnresolvedRooms {
  readonly #snapshot: Snapshot;
  readonly #clock: Clock;

  constructor(options: { snapshot: Snapshot; clock: Clock }) {
    this.#snapshot = options.snapshot;
    this.#clock = options.clock;
  }

  get rooms(): readonly UnresolvedRoom[] {
    const kept = this.#kept();
    return kept && this.#clock.now() < kept.until ? kept.rooms : [];
  }

  /** Writes only where something has changed, as a start must be possible on a full disk. */
  keep(rooms: readonly UnresolvedRoom[]): void {
    const before = this.#kept();
    if (rooms.length === 0) {
      if (before) this.#snapshot.forget(keptAs);
      return;
    }
    const until = before?.until ?? this.#clock.now() + lookForMs;
    const kept = JSON.stringify({ until, rooms: rooms.map(({ address, as }) => ({ address, as })) });
    if (kept !== this.#snapshot.kept(keptAs)) this.#snapshot.keep(keptAs, kept);
  }

  #kept(): Kept | undefined {
    const kept = this.#snapshot.kept(keptAs);
    return kept === undefined ? undefined : (JSON.parse(kept) as Kept);
  }
}
