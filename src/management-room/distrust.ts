/** Words that are not obeyed although their sender may command: they were not encrypted as the room is, or not by their sender. */
import type { RoomEvent } from "../model/event.ts";
import type { EncryptionHealth } from "../model/health.ts";
import type { RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";

export interface TrustSettings {
  /** Devices whose words are obeyed in an encrypted room: those that their owner has signed, or any. */
  readonly commandsFrom: "signed" | "any";
  /** `words`: a reaction answers nothing in an encrypted room, as it is not encrypted itself. */
  readonly answersBy: "reactions" | "words";
  /** Encrypted protected rooms are read, as the management room always is. */
  readonly protectedRooms: boolean;
}

/**
 * `clear`: it was not encrypted. `reaction`: it cannot be encrypted. `device`: its owner has not signed the device. `forged`: the
 * key is somebody else's. `repeated`: the same cipher came before as another event.
 */
export type Distrust = "clear" | "reaction" | "device" | "forged" | "repeated";

/** Of words in any room, whoever said them; undefined where they may be obeyed. */
export type Distrusting = (said: {
  readonly room: RoomId;
  readonly event: RoomEvent;
}) => Distrust | undefined;

export interface DistrustOptions extends TrustSettings {
  readonly world: WorldView;
  readonly encryption: () => EncryptionHealth;
}

/**
 * Undefined where the words may be obeyed. Where encryption cannot be had, what is said in clear is obeyed as ever; not while
 * it begins, as the homeserver decides how long that takes.
 */
export function distrustOf(
  { room, event }: { readonly room: RoomId; readonly event: RoomEvent },
  { world, encryption, commandsFrom, answersBy, protectedRooms }: DistrustOptions,
): Distrust | undefined {
  const { sealed } = event;
  if (sealed === undefined) {
    const isRead = room === world.settings.managementRoom || protectedRooms;
    const isSealing = isRead && world.rooms.get(room)?.isEncrypted === true && encryption().kind !== "off";
    if (!isSealing || event.type === "m.room.encrypted") return undefined;
    if (event.type === "m.reaction") return answersBy === "words" ? "reaction" : undefined;
    return "clear";
  }
  if ("closed" in sealed) return undefined;
  if (sealed.by === "forged") return "forged";
  if (sealed.by !== "signed" && commandsFrom === "signed") return "device";
  return world.stored.openedWords.isRepeated(sealed.place, event.eventId) ? "repeated" : undefined;
}
