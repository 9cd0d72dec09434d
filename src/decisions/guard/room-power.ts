/** Whether Tyr is in the room of an act and its power level allows the act; if it does not, a sentence that says so. */
import { code, say, type Say } from "../../kit/say.ts";
import type { RoomNeed, RoomNeedKind } from "../../model/actions/family.ts";
import type { UserId } from "../../model/ids.ts";
import { roomNamed } from "../../model/named.ts";
import { eventTypeOf } from "../../model/path-changes.ts";
import { isBeyond } from "../../model/staff/state-change.ts";
import { policyType } from "../../model/policy-server.ts";
import { readLevel } from "../../model/power-levels.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import { quoted } from "../../model/quoted.ts";
import type { Objection } from "./spared-people.ts";

export function lackOfRoomPower(need: RoomNeed, world: WorldView): Objection | undefined {
  const room = world.rooms.get(need.room);
  if (!room?.isKnown)
    return {
      why: say`I am not in ${code(need.room)}${room?.trouble ? say`: ${quoted(room.trouble)}` : ""}`,
      key: `absent ${need.room}`,
    };
  const why = missingPower(need, room, world.self);
  return why && { why, key: `power ${need.room} ${why.text}` };
}

type Check<K extends RoomNeedKind> = (need: RoomNeed<K>, room: RoomView, self: UserId) => Say | undefined;

/** What is missing for each thing that asks for power in a room; undefined where nothing is. */
const missing: { readonly [K in RoomNeedKind]: Check<K> } = {
  ban: ({ user }, room, self) =>
    room.power.canBan(self, user)
      ? undefined
      : (outranks(user, room, self) ?? needs(room, "ban", room.power.needed("ban"), self)),
  kick: ({ user }, room, self) =>
    room.power.canKick(self, user)
      ? undefined
      : (outranks(user, room, self) ?? needs(room, "kick", room.power.needed("kick"), self)),
  unban: ({ user }, room, self) =>
    room.power.canUnban(self, user)
      ? undefined
      : (outranks(user, room, self) ??
        needs(room, "unban", Math.max(room.power.needed("ban"), room.power.needed("kick")), self)),
  levels: missingForLevel,
  invite: (_need, room, self) => atLeast(room.power.needed("invite"), "invite", room, self),
  message: (_need, room, self) => atLeast(room.power.neededForMessage("m.room.message"), "speak", room, self),
  redact: (_need, room, self) =>
    atLeast(
      Math.max(room.power.needed("redact"), room.power.neededForMessage("m.room.redaction")),
      "redact",
      room,
      self,
    ),
  "server-acl": (_need, room, self) =>
    atLeast(room.power.neededForState("m.room.server_acl"), "set the server ACL", room, self),
  "policy-server": (_need, room, self) =>
    atLeast(room.power.neededForState(policyType), "set the policy server", room, self),
  containment: missingForContainment,
  "put-back": missingToPutBack,
  "policy-rules": ({ eventType }, room, self) =>
    atLeast(room.power.neededForState(eventType), "write rules", room, self),
};

function missingPower<K extends RoomNeedKind>(
  need: RoomNeed<K>,
  room: RoomView,
  self: UserId,
): Say | undefined {
  return missing[need.of](need, room, self);
}

/**
 * Room versions, authorization rules for `m.room.power_levels`: nobody changes the entry of somebody at their own level or
 * above it, nor gives a higher level than their own.
 */
function missingForLevel(need: RoomNeed<"levels">, room: RoomView, self: UserId): Say | undefined {
  const { power } = room;
  if (!room.event("m.room.power_levels"))
    return say`${roomNamed(room, { self })} has no power levels to change`;
  if (power.isCreator(need.user))
    return say`${code(need.user)} is a creator of ${roomNamed(room, { self })}; creators stand above all levels`;
  if (!power.canSendState(self, "m.room.power_levels"))
    return needs(room, "change power levels", power.neededForState("m.room.power_levels"), self);
  if (need.user !== self && power.of(need.user) >= power.of(self)) return outranks(need.user, room, self);
  const given = need.level ?? 0;
  return given > power.of(self)
    ? say`I cannot give level ${given} in ${roomNamed(room, { self })}, as mine is ${String(power.of(self))}`
    : undefined;
}

/** Nobody changes a level that is above their own, nor to one that is. */
function missingForContainment(
  { key, changes }: RoomNeed<"containment">,
  room: RoomView,
  self: UserId,
): Say | undefined {
  const type = eventTypeOf[key];
  const what = key === "levels" ? "power levels" : "join rule";
  if (!room.event(type)) return say`${roomNamed(room, { self })} has no ${what} to change`;
  const lack = atLeast(room.power.neededForState(type), `change the ${what}`, room, self);
  const highest = Math.max(...changes.map(({ ours }) => readLevel(ours) ?? -Infinity));
  if (lack || highest <= room.power.of(self)) return lack;
  return say`I cannot ask for level ${highest} in ${roomNamed(room, { self })}, as mine is ${String(room.power.of(self))}`;
}

/** Nobody changes a level that is above their own, nor to one that is, nor that of somebody at their own. */
function missingToPutBack({ change }: RoomNeed<"put-back">, room: RoomView, self: UserId): Say | undefined {
  const lack = atLeast(room.power.neededForState(change.type), "change that", room, self);
  if (lack || change.type !== "m.room.power_levels") return lack;
  const levels = room.event(change.type)?.content ?? {};
  const own = room.power.of(self);
  return change.changes.some((one) => isBeyond(one, levels, own))
    ? say`some of these levels in ${roomNamed(room, { self })} are above mine, which is ${String(own)}`
    : undefined;
}

function atLeast(level: number, what: string, room: RoomView, self: UserId): Say | undefined {
  return room.power.of(self) >= level ? undefined : needs(room, what, level, self);
}

function outranks(user: UserId, room: RoomView, self: UserId): Say | undefined {
  if (room.power.isCreator(user))
    return say`${code(user)} is a creator of ${roomNamed(room, { self })}; nobody can act against a creator`;
  const [theirs, ours] = [room.power.of(user), room.power.of(self)];
  return theirs >= ours && theirs > 0
    ? say`${code(user)} has level ${theirs} in ${roomNamed(room, { self })}, as high as mine (${ours}) or higher`
    : undefined;
}

function needs(room: RoomView, what: string, level: number, self: UserId): Say {
  return say`to ${what} in ${roomNamed(room, { self })} I need level ${level} and have ${String(room.power.of(self))}`;
}
