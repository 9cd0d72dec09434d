/** Encrypted protected rooms that are not read: whoever switches on a protection that looks at words is told of them. */
import type { Protection } from "../../automod/define.ts";
import { code, count, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import type { CommandFacts } from "../define.ts";
import { roomName } from "./room-names.ts";

/** Undefined where all of its rooms are read, or it needs no words. `room`: it is about this room alone. */
export function unreadNote(
  { rule }: Pick<Protection, "rule">,
  { room, world, config }: Pick<CommandFacts, "world" | "config"> & { readonly room: RoomId | undefined },
): Say | undefined {
  if (rule?.readsWords !== true || config.readsEncryptedRooms) return undefined;
  const rooms = room ? [room] : [...world.protectedIds()];
  const [first, ...more] = rooms.filter((id) => world.rooms.get(id)?.isEncrypted === true);
  if (first === undefined) return undefined;
  const where =
    more.length === 0
      ? say`${roomName(first, world)} is encrypted, and I do`
      : say`${count(more.length + 1, "protected room")} are encrypted, and I do`;
  return say`${where} not read there (${code("encryption.protectedRooms")}): it looks at words, and sees none.`;
}
