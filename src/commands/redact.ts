/** `redact`: removes what somebody wrote, or one event. */
import { code, count, say } from "../kit/say.ts";
import { compileGlob } from "../kit/glob.ts";
import type { UserId } from "../model/ids.ts";
import { defineCommand, needed, optional, problem, type Asked, type Proposal, type Reply } from "./define.ts";

export const redactEvent = defineCommand({
  words: ["redact"],
  about: "Remove one event, given by its link.",
  takes: {
    event: needed("event", "a link to the event (in most clients: share message)"),
    reason: optional("rest", "why"),
  },
  examples: ["redact https://matrix.to/#/!room:example.org/$event?via=example.org off topic"],
  answer({ event, reason = "" }) {
    return {
      say: say`Redaction of ${code(event.event)}`,
      acts: [{ action: { kind: "redact", room: event.room, event: event.event, user: undefined, reason } }],
    };
  },
});

export const redact = defineCommand({
  words: ["redact"],
  about: "Remove what a person, or all who match a glob, wrote in one or all protected rooms, newest first.",
  takes: {
    who: needed("person", "@name:server, or a glob"),
    room: optional("room", "only this room; without it all protected rooms"),
    reason: optional("rest", "why, shown where the messages were"),
  },
  flags: {
    limit: {
      type: "number",
      about: "At most this many events of a person in a room; without it the limit of the config.",
    },
  },
  examples: ["redact @spammer:example.org spam", "redact @spammer:example.org #lobby:example.org --limit 20"],
  answer({ who, room, reason = "" }, flags, asked): Reply {
    const { world } = asked;
    if (room && !world.isProtected(room.id)) return problem(say`${code(room.text)} is not a protected room`);
    const limit = flags.limit ?? asked.redactionLimit;
    const glob = who.isGlob ? compileGlob(who.text, { ignoreCase: true }) : undefined;
    const people = glob
      ? [...world.members.users()].filter((user) => glob.matches(user) && user !== world.self)
      : [who.text as UserId];
    const rooms = room ? [room.id] : [...world.protectedRooms()].map((one) => one.id);
    const acts = people.flatMap((user) =>
      searches(user, { rooms, limit, reason, asked, isGlob: who.isGlob }),
    );
    if (acts.length === 0) return problem(say`nobody I know matches ${code(who.text)}`);
    return { say: say`Redaction of what ${code(who.text)} wrote in ${count(rooms.length, "room")}`, acts };
  },
});

/** What we saw ourselves goes at once; a search finds the rest. A person named in full is searched everywhere, even if long gone. */
function searches(
  user: UserId,
  {
    rooms,
    limit,
    reason,
    asked,
    isGlob,
  }: {
    rooms: readonly Parameters<typeof asked.world.isProtected>[0][];
    limit: number;
    reason: string;
    asked: Asked;
    isGlob: boolean;
  },
): readonly Proposal[] {
  const { world } = asked;
  const where = isGlob
    ? rooms.filter(
        (room) =>
          world.members.membershipOf(room, user) !== "leave" || world.history.lastSpoke(user, room) > 0,
      )
    : rooms;
  const known = where.flatMap((room) =>
    world.history
      .eventsOf(user, room)
      .slice(0, limit)
      .map((event): Proposal => ({ action: { kind: "redact", room, event, user, reason } })),
  );
  const unseen = where.filter((room) => !world.history.isComplete(user, room));
  if (unseen.length > 0 && world.isServerAdmin)
    return [...known, { action: { kind: "redact-by-server", user, rooms: unseen, limit, reason } }];
  return [
    ...known,
    ...unseen.map((room): Proposal => ({ action: { kind: "search-history", room, user, limit, reason } })),
  ];
}
