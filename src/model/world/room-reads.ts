/** Rooms that are being read, and what sync has told of them since: that is newer than what the read brings. */
import type { RoomId } from "../ids.ts";

export class RoomReads {
  readonly #rooms = new Map<RoomId, { readonly newer: Set<string>; readers: number }>();

  begin(room: RoomId): void {
    const reading = this.#rooms.get(room) ?? { newer: new Set(), readers: 0 };
    reading.readers++;
    this.#rooms.set(room, reading);
  }

  /** `what`: a user id for a member event, `placeOfState` for other state. */
  cameFor(room: RoomId, what: string): void {
    this.#rooms.get(room)?.newer.add(what);
  }

  /** State that sync brought since the read began. Reads of one room that overlap share it, from the start of the first. */
  end(room: RoomId): ReadonlySet<string> {
    const reading = this.#rooms.get(room);
    if (!reading) return new Set();
    if (--reading.readers <= 0) this.#rooms.delete(room);
    return reading.newer;
  }
}

export function placeOfState(type: string, stateKey: string): string {
  return `${type}\n${stateKey}`;
}
