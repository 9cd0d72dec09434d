/** `mute` and `unmute`: lower somebody's power level so that they cannot send messages, and restore exactly what was there before. */
import { hourMs } from "../../kit/duration.ts";
import { code, count, lines, say } from "../../kit/say.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type CommandContext,
  type CommandFacts,
  type Proposal,
  yesFirst,
} from "../define.ts";
import {
  globNeedsYes,
  nobodyThere,
  notProtected,
  peopleMeant,
  placesOf,
  roomsMeant,
  sparedNote,
  type PersonInRoom,
} from "../shared/people.ts";
import { stillStanding } from "../shared/still-standing.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";

export const mute = defineCommand({
  words: ["mute"],
  role: "moderator",
  takesSeveral: true,
  about:
    "Take the voice of a person, or of all who match a glob, in one or all protected rooms: they may stay and read. It is done by their power level, which unmute puts back as it was. Where they have left again and wrote or joined within a day they are muted too, for when they come back.",
  takes: {
    who: needed("person", "@name:server, or a glob"),
    room: optional(
      "room",
      "only this room, or a space with its rooms; without it all protected rooms they are in",
    ),
    reason: optional("rest", "why, for those who ask later; the room does not see it"),
  },
  flags: {
    for: { type: "duration", about: "For how long, such as 30m, 12h or 7d. Without it until unmute." },
  },
  examples: [
    "mute @loud:example.org calm down",
    "mute @loud:example.org #lobby:example.org --for 1d",
    "mute @*:evil.example --for 2h",
  ],
  reply({ who, room, reason = "" }, { for: forMs }, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const { there: present, spared } = placesOf(who, { room, context });
    const left = who.isGlob ? [] : roomsLeft(who.text as UserId, { rooms: roomsMeant(room, world), context });
    const there = [...present, ...left];
    if (there.length === 0) return problem(nobodyThere(who, { room, spared }));
    const end = expiryOf(forMs, context);
    const acts = there.flatMap((one) => muting(one, { reason, end, context }) ?? []);
    if (acts.length === 0)
      return { say: say`${code(who.text)} is muted already in ${count(there.length, "room")}` };
    return {
      say: lines(
        say`Mute of ${code(who.text)}${untilText(end)}${sparedNote(spared)}`,
        left.length > 0
          ? say`They are not in ${count(left.length, "room")} of these now: there it holds when they come back.`
          : undefined,
      ),
      acts,
      waitsFor: yesFirst(globNeedsYes(who)),
    };
  },
});

/** Who wrote in a room or joined it within this time and has left is muted there, so that they cannot go on when they return. */
const lastSeenMs = 24 * hourMs;

/** Rooms, among those meant, that the person has left, and was heard in a short while ago. */
function roomsLeft(
  user: UserId,
  { rooms, context: { world, at } }: { rooms: ReadonlySet<RoomId> | undefined; context: CommandContext },
): readonly PersonInRoom[] {
  return [...world.protectedRooms()]
    .filter(({ id }) => rooms?.has(id) ?? true)
    .filter(({ id }) => world.members.membershipOf(id, user) === "leave")
    .filter(({ id }) => at - world.recentEvents.lastSpoke(user, id) < lastSeenMs)
    .map(({ id }) => ({ room: id, user }));
}

/** Undefined where nothing would change: muted by us with the same end, or silenced by somebody else. */
export function muting(
  { room, user }: PersonInRoom,
  { reason, end, context }: { reason: string; end: number | undefined; context: CommandFacts },
): Proposal | undefined {
  const { world, expected } = context;
  const power = expected.powerFor(room, user);
  const ours = expected.muteOf(room, user);
  if (!power || (!ours && power.isSilenced(user))) return undefined;
  if (ours && ours.until === end) return undefined;
  const before = ours ? ours.before : power.entryOf(user);
  const level = ours ? ours.level : power.silence;
  const action = { kind: "mute", room, user, reason, level, before } as const;
  return {
    action: end === undefined ? action : { ...action, until: end },
    replaces: `${levelsOf(room, world)} ${end ?? ""}`,
  };
}

export const unmute = defineCommand({
  words: ["unmute"],
  role: "moderator",
  takesSeveral: true,
  about: "Give somebody their voice back: the power level they had before, in one or all protected rooms.",
  takes: {
    who: needed("person", "@name:server, or a glob"),
    room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
    reason: optional("rest", "why, for those who ask later"),
  },
  examples: ["unmute @loud:example.org", "unmute @loud:example.org #lobby:example.org"],
  reply({ who, room, reason = "" }, _flags, context) {
    const { world } = context;
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const acts = peopleMeant(who, world).flatMap((user) =>
      unmuting(user, { rooms: roomsMeant(room, world), reason, context }),
    );
    const headline =
      acts.length === 0
        ? say`${code(who.text)} is muted in no protected room`
        : say`Unmute of ${code(who.text)}`;
    const others = who.isGlob ? [] : stillStanding(who.text as UserId, context, ["mute", "server"]);
    return { say: lines(headline, ...others), acts };
  },
});

/** Restores the level from before our mute. A mute that a person made by hand ends by removing the entry: the room's default applies then. */
export function unmuting(
  user: UserId,
  {
    rooms,
    reason,
    context,
  }: { rooms: ReadonlySet<RoomId> | undefined; reason: string; context: CommandFacts },
): readonly Proposal[] {
  const { world, expected } = context;
  const acts: Proposal[] = [];
  for (const { id: room } of world.protectedRooms()) {
    if (rooms && !rooms.has(room)) continue;
    const ours = expected.muteOf(room, user);
    const power = expected.powerFor(room, user);
    const entry = power?.entryOf(user);
    if (!power || (!ours && (typeof entry !== "number" || !power.isSilenced(user)))) continue;
    const end = ours?.until === undefined ? {} : { until: ours.until };
    acts.push({
      action: { kind: "unmute", room, user, reason, level: ours?.before, before: entry, ...end },
      replaces: levelsOf(room, world),
    });
  }
  return acts;
}

/** The room's power levels event, which the act replaces; empty where there is none. */
function levelsOf(room: RoomId, world: WorldView): string {
  return world.rooms.get(room)?.event("m.room.power_levels")?.eventId ?? "";
}
