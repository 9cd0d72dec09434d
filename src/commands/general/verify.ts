/** `verify`: rights that Tyr lacks in protected rooms, and people there whose power level is not below its own. */
import { code, count, say, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { defineCommand, type CommandContext } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { roomName } from "../shared/room-names.ts";
import { powersMissing, troubleOf } from "../shared/room-trouble.ts";

export const verify = defineCommand({
  words: ["verify"],
  about: "Check my rights in every protected room, and who there stands as high as I do.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["verify"],
  reply(_args, { page }, context) {
    const findings = [...context.world.protectedIds()].flatMap((room) => checked(room, context) ?? []);
    const total = [...context.world.protectedIds()].length;
    if (findings.length === 0) return { say: say`I have every right I need in all ${count(total, "room")}.` };
    return {
      say: pagesOf(
        say`${count(findings.length, "room")} of ${total} ${findings.length === 1 ? "needs" : "need"} a look`,
        findings,
        { page, again: `${context.prefix} verify` },
      ),
    };
  },
});

function checked(id: RoomId, { world }: CommandContext): Say | undefined {
  const trouble = troubleOf(id, world);
  if (trouble) return say`${roomName(id, world)}: ${trouble}`;
  const room = world.rooms.get(id);
  if (!room || powersMissing(room, world.self).length > 0) return undefined;
  const equals = room.power
    .named()
    .filter(
      (user) =>
        user !== world.self && room.power.of(user) >= room.power.of(world.self) && !world.isSpared(user),
    );
  return equals.length === 0
    ? undefined
    : say`${roomName(id, world)}: I could do nothing against ${code(equals.slice(0, 5).join(", "))}, whose level is not below mine.`;
}
