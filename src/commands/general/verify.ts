/** `verify`: rights that Tyr lacks in protected rooms, and people there whose power level is not below its own. */
import { code, count, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, type CommandContext } from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { roomName } from "../shared/room-names.ts";
import { powersMissing, troubleOf } from "../shared/room-trouble.ts";

/** People named of one room. */
const namedInRoom = 20;

export const verify = defineCommand({
  words: ["verify"],
  role: "viewer",
  about: "Check my rights in every protected room, and who there stands as high as I do.",
  takes: {},
  flags: {
    page: pageFlag,
    levels: {
      type: "boolean",
      about: "Show instead who stands as high as I do or higher, by room, moderators and creators as well.",
    },
  },
  examples: ["verify", "verify --levels"],
  reply(_args, { page, levels }, context) {
    if (levels) return { say: allLevels(page, context) };
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

/** Nobody can be muted, banned or given a level by Tyr who stands as high: room by room, who that is. */
function allLevels(page: number, { world, prefix }: CommandContext): Say {
  const found = [...world.protectedRooms()].flatMap((room) => {
    const equals = asHigh(room, world);
    const areAll = room.power.usualLevel >= room.power.of(world.self);
    return equals.length === 0 && !areAll ? [] : [{ room, equals, areAll }];
  });
  if (found.length === 0) return say`Nobody stands as high as I do in any protected room.`;
  return pagesOf(
    say`As high as I or higher, in ${count(found.length, "room")}`,
    found.map(({ room, equals, areAll }) => () => {
      const named = equals.slice(0, namedInRoom).map((user) => described(user, room, world));
      const own = room.power.isCreator(world.self) ? "I am a creator" : `I have ${room.power.of(world.self)}`;
      return say`${roomName(room.id, world)} (${own}): ${areAll ? say`everybody without a level of their own; ` : ""}${someOf(named, namedInRoom, equals.length)}`;
    }),
    { page, again: `${prefix} verify --levels` },
  );
}

function described(user: UserId, { power }: RoomView, world: WorldView): Say {
  const level = power.isCreator(user) ? "creator" : String(power.of(user));
  return say`${code(user)} ${level}${world.isSpared(user) ? ", moderator" : ""}`;
}

function asHigh({ power }: RoomView, world: WorldView): readonly UserId[] {
  return power.named().filter((user) => user !== world.self && power.of(user) >= power.of(world.self));
}

function checked(id: RoomId, { world }: CommandContext): Say | undefined {
  const trouble = troubleOf(id, world);
  if (trouble) return say`${roomName(id, world)}: ${trouble}`;
  const room = world.rooms.get(id);
  if (!room || powersMissing(room, world.self).length > 0) return undefined;
  const equals = asHigh(room, world).filter((user) => !world.isSpared(user));
  return equals.length === 0
    ? undefined
    : say`${roomName(id, world)}: I could do nothing against ${code(equals.slice(0, 5).join(", "))}, whose level is not below mine.`;
}
