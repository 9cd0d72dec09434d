/** How careful a room is at present: what rules can ask for by `during`. Who changes it is no matter of this file. */
import type { RoomId } from "./ids.ts";

/** From the calmest. */
export const roomModes = ["calm", "guarded", "raid", "shut"] as const;
export type RoomMode = (typeof roomModes)[number];

/** The modes that are known of rooms; of the others there is none to tell. */
export interface RoomModesView {
  of(room: RoomId): RoomMode | undefined;
}

/** `stored`: what the world remembers, with `roomModes` among it as soon as anything keeps them. */
export function roomModeOf({ stored }: { readonly stored: object }, room: RoomId): RoomMode {
  const { roomModes: modes } = stored as { readonly roomModes?: RoomModesView };
  return modes?.of(room) ?? "calm";
}
