/** `redact`: redacts what a person wrote, or one event. */
import { code, count, say } from "../../kit/say.ts";
import { describeDuration } from "../../kit/duration.ts";
import { compileGlob } from "../../kit/glob.ts";
import type { EventId, RoomId, UserId } from "../../model/ids.ts";
import { eventNamed } from "../../model/named.ts";
import type { WorldView } from "../../model/world/view.ts";
import { cleaningOf } from "../../policy/redactions.ts";
import { isLeftAlone } from "../../policy/own-people.ts";
import { defineCommand, needed, optional, problem, type Reply, yesFirst } from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { globNeedsYes, roomsMeant, sparedNote } from "../shared/people.ts";

export const redactEvent = defineCommand({
  words: ["redact"],
  role: "moderator",
  about: "Remove one event, given by its link.",
  takes: {
    event: needed("event", "a link to the event (in most clients: share message)"),
    reason: optional("rest", "why"),
  },
  examples: ["redact https://matrix.to/#/!room:example.org/$event?via=example.org off topic"],
  reply({ event, reason = "" }, _flags, { world }) {
    if (!world.isProtected(event.room)) return problem(say`that event is in a room that is not protected`);
    const there = roomOf(event.event, world);
    if (there !== undefined && there !== event.room)
      return problem(
        say`${eventNamed(event)} is in another room than the link says: ${roomName(there, world)}`,
      );
    return {
      say: say`Redaction of ${eventNamed(event)}`,
      acts: [{ action: { kind: "redact", room: event.room, event: event.event, user: undefined, reason } }],
    };
  },
});

/** The room of the event, if it is known. A redaction in a wrong room does nothing, and homeservers answer it as done. */
function roomOf(event: EventId, world: WorldView): RoomId | undefined {
  for (const room of world.rooms.values())
    for (const one of room.events()) if (one.eventId === event) return room.id;
  return world.recentEvents.roomOf(event);
}

export const redact = defineCommand({
  words: ["redact"],
  role: "moderator",
  takesSeveral: true,
  about: "Remove what a person, or all who match a glob, wrote in one or all protected rooms, newest first.",
  takes: {
    who: needed("person", "@name:server, or a glob"),
    room: optional("room", "only this room, or a space with its rooms; without it all protected rooms"),
    reason: optional("rest", "why, shown where the messages were"),
  },
  flags: {
    limit: {
      type: "number",
      about: "At most this many events of a person in a room; without it the limit of the config.",
    },
    since: {
      type: "duration",
      about: "Only what was written within this time, such as 30m, 12h or 7d. Without it all of it.",
    },
  },
  examples: [
    "redact @spammer:example.org spam",
    "redact @spammer:example.org --since 1h",
    "redact @spammer:example.org #lobby:example.org --limit 20",
  ],
  reply({ who, room, reason = "" }, flags, context): Reply {
    const { world } = context;
    if (room && !world.isProtected(room.id)) return problem(say`${code(room.text)} is not a protected room`);
    const since = flags.since === undefined ? undefined : context.at - flags.since;
    const limit = flags.limit ?? context.config.redactionLimit;
    const glob = who.isGlob ? compileGlob(who.text, { ignoreCase: true }) : undefined;
    // People who have left are included: their messages are still there.
    const meant = glob
      ? [...new Set([...world.members.users(), ...world.recentEvents.people()])].filter(
          (user) => glob.matches(user) && user !== world.self,
        )
      : [who.text as UserId];
    const people = glob ? meant.filter((user) => !isLeftAlone(user, context)) : meant;
    const rooms = [...(roomsMeant(room, world) ?? [...world.protectedRooms()].map((one) => one.id))];
    // A person given by id is searched for in all rooms, as they may have left before we joined.
    const wasIn = (user: UserId) => (id: RoomId) =>
      !who.isGlob ||
      world.members.membershipOf(id, user) !== "leave" ||
      world.recentEvents.lastSpoke(user, id) > 0;
    const spared = meant.filter((user) => !people.includes(user) && rooms.some(wasIn(user))).length;
    const acts = people.flatMap((user) =>
      cleaningOf(
        { user, rooms: rooms.filter(wasIn(user)), limit, reason, since, isThorough: true },
        world,
      ).map((action) => ({
        action,
      })),
    );
    if (acts.length === 0)
      return problem(
        spared > 0
          ? say`nobody whom I may touch matches ${code(who.text)}${sparedNote(spared)}`
          : say`nobody I know matches ${code(who.text)}`,
      );
    return {
      say: say`Redaction of what ${code(who.text)} wrote in ${count(rooms.length, "room")}${flags.since === undefined ? "" : say` in the last ${describeDuration(flags.since)}`}${sparedNote(spared)}`,
      acts,
      waitsFor: yesFirst(globNeedsYes(who)),
    };
  },
});
