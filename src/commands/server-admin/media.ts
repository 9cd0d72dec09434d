/** `quarantine-media` and `unquarantine-media`: the homeserver stops or resumes serving files. */
import { code, say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { eventNamed } from "../../model/named.ts";
import { defineCommand, needed, optional, problem } from "../define.ts";

const reason = optional("rest", "why, for those who ask later");

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
  about: "Have my homeserver no longer hand out anything that an account of it has uploaded. Asks first.",
  takes: { who: needed("person", "@name:server, an account of my own homeserver"), reason },
  examples: ["quarantine-media @spammer:example.org gore"],
  reply({ who, reason: why = "" }) {
    if (who.isGlob)
      return problem(say`I do that to one account at a time, and ${code(who.text)} may be many`);
    const user = who.text as UserId;
    return {
      say: say`Quarantine of everything that ${code(user)} has uploaded`,
      acts: [{ action: { kind: "quarantine-media-of-user", user, reason: why } }],
      waitsFor: { kind: "yes", why: say`the files can be released one by one only` },
    };
  },
});

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
