/** `quarantine-media` and `unquarantine-media`: the homeserver stops or resumes serving files. */
import { dayMs, describeDuration } from "../../kit/duration.ts";
import { code, count, say } from "../../kit/say.ts";
import { isSameServer, serverOf, type ServerName, type UserId } from "../../model/ids.ts";
import { eventNamed } from "../../model/named.ts";
import { defineCommand, needed, optional, problem, type CommandContext, type Reply } from "../define.ts";

const reason = optional("rest", "why, for those who ask later");
const usualMs = 7 * dayMs;
const sinceFlag = {
  type: "duration",
  about: "For other servers: only what was sent within this time. Without it a week.",
} as const;

export const quarantineFile = defineCommand({
  words: ["quarantine-media"],
  role: "admin",
  needs: "admin",
  about: "Have my homeserver no longer hand out one file, and copies of it. It is kept, and can be released.",
  takes: { media: needed("media", "the address of the file: mxc://server/id"), reason },
  examples: ["quarantine-media mxc://example.org/SEsfnsuifSDFSSEF gore"],
  reply({ media, reason: why = "" }) {
    const action = { kind: "find-media", in: { media }, reason: why } as const;
    return { say: say`Quarantine of ${code(media)}`, acts: [{ action }] };
  },
});

export const quarantineEvent = defineCommand({
  words: ["quarantine-media"],
  role: "admin",
  needs: "admin",
  about:
    "Have my homeserver no longer hand out the files of a message: picture, preview, sticker, avatar. Of an encrypted message I see them only where I can read it.",
  takes: { event: needed("event", "a link to the message (in most clients: share message)"), reason },
  examples: ["quarantine-media https://matrix.to/#/!room:example.org/$event?via=example.org gore"],
  reply({ event, reason: why = "" }) {
    const action = { kind: "find-media", in: event, reason: why } as const;
    return { say: say`Quarantine of the files of ${eventNamed(event)}`, acts: [{ action }] };
  },
});

export const quarantineOfPerson = defineCommand({
  words: ["quarantine-media"],
  role: "admin",
  needs: "admin",
  about:
    "Have my homeserver no longer hand out anything that an account of it has uploaded; asks first. Of an account of another server: the files that it sent to protected rooms, as far as I can see them.",
  takes: { who: needed("person", "@name:server"), reason },
  flags: { since: sinceFlag },
  examples: [
    "quarantine-media @spammer:example.org gore",
    "quarantine-media @spammer:evil.example --since 2d gore",
  ],
  reply({ who, reason: why = "" }, { since }, context) {
    if (who.isGlob)
      return problem(say`I do that to one account at a time, and ${code(who.text)} may be many`);
    const user = who.text as UserId;
    if (!isSameServer(user, context.world.self)) return sentBy(user, { since, why, context });
    return {
      say: say`Quarantine of everything that ${code(user)} has uploaded`,
      acts: [{ action: { kind: "quarantine-media-of-user", user, reason: why } }],
      waitsFor: { kind: "yes", why: say`the files can be released one by one only` },
    };
  },
});

export const quarantineOfServer = defineCommand({
  words: ["quarantine-media"],
  role: "admin",
  needs: "admin",
  about:
    "Have my homeserver no longer hand out the files that people of another server sent to protected rooms. Asks first.",
  takes: { who: needed("entity", "server.example"), reason },
  flags: { since: sinceFlag },
  examples: ["quarantine-media evil.example gore"],
  reply({ who, reason: why = "" }, { since }, context) {
    const { world } = context;
    if (who.kind !== "server" || who.isGlob) return problem(say`${code(who.text)} is no single server`);
    const server = who.text as ServerName;
    if (server === serverOf(world.self))
      return problem(say`that is my own homeserver, and I do that to one of its accounts at a time`);
    if (world.members.usersOfServer(server)[Symbol.iterator]().next().done === true)
      return problem(say`I know nobody of ${code(server)}`);
    return {
      ...sentBy(server, { since, why, context }),
      waitsFor: { kind: "yes", why: say`it means the files of everybody of that server` },
    };
  },
});

/** What was sent is found in the past of the rooms: the homeserver itself knows files of other servers by their address alone. */
function sentBy(
  by: UserId | ServerName,
  { since = usualMs, why, context }: { since: number | undefined; why: string; context: CommandContext },
): Reply {
  const { world } = context;
  const rooms = [...world.protectedRooms()].flatMap(({ id, isSpace }) => (isSpace ? [] : [id]));
  if (rooms.length === 0) return problem(say`I am in no protected room`);
  const action = { kind: "find-media", in: { by, rooms, since: context.at - since }, reason: why } as const;
  return {
    say: say`Quarantine of the files that ${code(by)} sent to ${count(rooms.length, "protected room")} in the last ${describeDuration(since)}`,
    acts: [{ action }],
  };
}

export const quarantineOfRoom = defineCommand({
  words: ["quarantine-media"],
  role: "admin",
  needs: "admin",
  about:
    "Have my homeserver no longer hand out any file that was sent to a room, whoever sent it. What is encrypted it cannot see. Asks first.",
  takes: { room: needed("room", "the room: !id, #alias or a link"), reason },
  examples: ["quarantine-media #raided:example.org gore"],
  reply({ room, reason: why = "" }) {
    return {
      say: say`Quarantine of all files that were sent to ${code(room.text)}`,
      acts: [{ action: { kind: "quarantine-media-of-room", room: room.id, reason: why } }],
      waitsFor: {
        kind: "yes",
        why: say`it means the files of everybody there, moderators too, and they can be released one by one only`,
      },
    };
  },
});

export const unquarantine = defineCommand({
  words: ["unquarantine-media"],
  role: "admin",
  needs: "admin",
  about: "Have my homeserver hand out a file again, whoever quarantined it.",
  takes: { media: needed("media", "the address of the file: mxc://server/id"), reason },
  examples: ["unquarantine-media mxc://example.org/SEsfnsuifSDFSSEF"],
  reply({ media, reason: why = "" }) {
    const action = { kind: "unquarantine-media", media, user: undefined, reason: why } as const;
    return { say: say`Release of ${code(media)}`, acts: [{ action }] };
  },
});
