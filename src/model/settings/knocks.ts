/** Rooms that people have to knock at, for good: the knock gate answers there. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

/** Who wanted it, and when, ms since the epoch. */
export interface KnockGate {
  readonly by: UserId;
  readonly at: number;
}

export interface KnockSettings {
  readonly knockGates: ReadonlyMap<RoomId, KnockGate>;
}

/** `gate` null: none. */
export type KnockChange = {
  readonly kind: "knock-gate";
  readonly room: RoomId;
  readonly gate: KnockGate | null;
};

export const knockChanges: ChangeRows<KnockSettings, KnockChange> = {
  "knock-gate": {
    apply: ({ knockGates }, { room, gate }) => ({
      knockGates: gate ? withEntry(knockGates, room, gate) : withoutEntry(knockGates, room),
    }),
    inverse: (change, { knockGates }) => ({ ...change, gate: knockGates.get(change.room) ?? null }),
    holds: ({ room, gate }, { knockGates }) => (knockGates.get(room)?.at ?? null) === (gate?.at ?? null),
    subject: ({ room }) => room,
  },
};
