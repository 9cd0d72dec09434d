/** What follows when the server skipped events of a room: its history is read, and its state, but not at every gap. */
import { decide, type Decision } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { ObservationOf } from "../../model/observation.ts";
import type { WorldView } from "../../model/world/view.ts";

/** When the state of each room was last read to heal a gap. In a raid every sync may have one, and rooms may be large. */
export class GapHealing {
  readonly #everyMs: number;
  readonly #lastAt = new Map<RoomId, number>();
  /** Rooms with another gap too soon after a read: that read may be stale, so they are read again as soon as they may be. */
  readonly #owed = new Set<RoomId>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Answers whether the room may be read now, and if so notes that it was. */
  takes(room: RoomId, at: number): boolean {
    const sinceMs = at - (this.#lastAt.get(room) ?? -Infinity);
    // Negative: the clock was set back.
    if (sinceMs >= 0 && sinceMs < this.#everyMs) {
      this.#owed.add(room);
      return false;
    }
    this.#owed.delete(room);
    this.#lastAt.set(room, at);
    return true;
  }

  /** Rooms whose read was put off and may happen now. Notes that it does. */
  takeOwed(at: number): readonly RoomId[] {
    return [...this.#owed].filter((room) => this.takes(room, at));
  }
}

/** Fills the gap from the room's history and, where it may be read again already, reads the room's state. */
export function fillGap(
  { room, from, to, at }: ObservationOf<"gap">,
  { world, gapHealing }: { world: WorldView; gapHealing: GapHealing },
): readonly Decision[] {
  if (!world.isWanted(room)) return [];
  const action = { kind: "fill-gap", room, from, to, readState: gapHealing.takes(room, at) } as const;
  return [decide(action, { kind: "self", what: "gap" }, { at, replaces: from })];
}

/** Reads the state of a room that had a gap before its state might be read again. */
export function readPutOff(room: RoomId, world: WorldView, at: number): readonly Decision[] {
  if (!world.isWanted(room) || world.rooms.get(room)?.ownMembership !== "join") return [];
  const action = { kind: "read-room", room, state: true, members: false } as const;
  return [decide(action, { kind: "self", what: "gap" }, { at, replaces: String(at) })];
}
