/** `rooms knock on` and `rooms knock off`: rooms that people have to knock at, for good. */
import { code, lines, say, type Say } from "../../kit/say.ts";
import type { RoomView } from "../../model/room.ts";
import { isForGood } from "../../policy/knock-gate.ts";
import { knockDoor, mayChangeDoor } from "../../policy/join-rule.ts";
import {
  defineCommand,
  needed,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
} from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { settingsChange } from "../shared/settings-change.ts";

type Room = ArgumentValues["room"];

const takes = { room: needed("room", "the room") };

export const roomsKnockOn = defineCommand({
  words: ["rooms", "knock", "on"],
  role: "admin",
  about:
    "Have people knock at a room for good, and answer them: whom I know from your other rooms, whom somebody trusted invited there, and who comes back within 30 days, is invited; the others are told to you in one list. Whoever may come in from a space still may.",
  takes,
  examples: ["rooms knock on #lobby:example.org"],
  reply({ room }, _flags, context) {
    const { world, by, at } = context;
    const there = roomIn(room, context);
    if ("text" in there) return problem(there);
    const isOn = world.settings.knockGates.has(room.id);
    const door = knockDoor(there);
    if (isOn && door === "already") return { say: say`So it is already at ${roomName(room.id, world)}.` };
    if (door === "impossible")
      return problem(
        say`${roomName(room.id, world)} has version ${code(there.version)}, in which nobody can knock${there.isPublic ? "" : say` where people may come in from another room`}: it has to be upgraded first`,
      );
    if (door !== "already" && !mayChangeDoor(there, world))
      return problem(
        say`to change the join rule of ${roomName(room.id, world)} I need level ${there.power.neededForState("m.room.join_rules")} and have ${String(there.power.of(world.self))}`,
      );
    const change = settingsChange({ kind: "knock-gate", room: room.id, gate: { by, at } });
    return {
      say: lines(
        say`People have to knock at ${roomName(room.id, world)} from now on, and I answer them.`,
        cannotInvite(there, context),
      ),
      acts: [...(isOn ? [] : [change]), ...(door === "already" ? [] : [closing(there, door)])],
    };
  },
});

export const roomsKnockOff = defineCommand({
  words: ["rooms", "knock", "off"],
  role: "admin",
  about: "Answer no more knocks at a room, and put its join rule back as it was, if I changed it.",
  takes,
  examples: ["rooms knock off #lobby:example.org"],
  reply({ room }, _flags, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const name = roomName(room.id, world);
    if (!world.settings.knockGates.has(room.id)) return { say: say`I answer no knocks at ${name} for good.` };
    const standing = world.stored.containments.in(room.id).find((one) => isForGood(one, world.settings));
    const change = settingsChange({ kind: "knock-gate", room: room.id, gate: null });
    const opens: readonly Proposal[] = standing
      ? [{ action: { kind: "release", room: room.id, key: "join-rule" }, replaces: String(standing.at) }]
      : [];
    return {
      say: standing
        ? say`I answer no more knocks at ${name}, and people can join as before.`
        : say`I answer no more knocks at ${name}; its join rule stays as it is, as I did not change it.`,
      acts: [change, ...opens],
    };
  },
});

function roomIn(room: Room, { world }: CommandContext): RoomView | Say {
  const objection = notProtected(room, world);
  if (objection) return objection;
  const there = world.rooms.get(room.id);
  if (!there?.isKnown) return say`I am not in ${code(room.text)}`;
  return there.isSpace ? say`${code(room.text)} is a space, and I answer knocks at rooms alone` : there;
}

function closing(room: RoomView, change: Exclude<ReturnType<typeof knockDoor>, string>): Proposal {
  return {
    action: { kind: "contain", room: room.id, key: "join-rule", changes: [change], stayMs: 0, waves: [] },
    replaces: room.event("m.room.join_rules")?.eventId ?? "",
  };
}

function cannotInvite(room: RoomView, { world }: CommandContext): Say | undefined {
  const [needed, own] = [room.power.needed("invite"), room.power.of(world.self)];
  return own >= needed
    ? undefined
    : say`I cannot let anybody in there: to invite I need level ${needed} and have ${String(own)}. Until then I only tell you who asks.`;
}
