/** `suspend`, `unsuspend`, `lock`, `unlock` and `deactivate`: acts on accounts, as an administrator of the homeserver. */
import { code, lines, say, type Say } from "../../kit/say.ts";
import type { UserId } from "../../model/ids.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";
import { defineCommand, needed, optional, problem, type Entity, type Reply } from "../define.ts";

const who = needed("person", "@name:server, an account of my own homeserver");
const reason = optional("rest", "why, for those who ask later; the person does not see it");

export const suspend = defineCommand({
  words: ["suspend"],
  role: "admin",
  needs: "suspend",
  about:
    "Suspend an account of my own homeserver: it can read and leave rooms, and can neither write, invite nor join anywhere, until unsuspend.",
  takes: { who, reason },
  flags: { for: { type: "duration", about: "For how long, such as 12h or 7d. Without it until unsuspend." } },
  examples: [
    "suspend @spammer:example.org spam in private messages",
    "suspend @loud:example.org --for 7d insults",
  ],
  reply: ({ who: one, reason: why = "" }, { for: forMs }, context) => {
    const until = expiryOf(forMs, context);
    const said = (user: UserId) => say`Suspension of ${code(user)}${untilText(until)}`;
    return onAccount("suspend", one, { reason: why, said, until });
  },
});

export const unsuspend = defineCommand({
  words: ["unsuspend"],
  role: "admin",
  needs: "suspend",
  about: "Lift the suspension of an account, whoever made it.",
  takes: { who, reason },
  examples: ["unsuspend @spammer:example.org"],
  reply: ({ who: one, reason: why = "" }) =>
    onAccount("unsuspend", one, { reason: why, said: (user) => say`End of the suspension of ${code(user)}` }),
});

export const lock = defineCommand({
  words: ["lock"],
  role: "admin",
  needs: "lock",
  about:
    "Lock an account of my own homeserver: nothing can be done with it, in any client, until unlock. It stays in its rooms, and nothing of it is lost.",
  takes: { who, reason },
  flags: { for: { type: "duration", about: "For how long, such as 12h or 7d. Without it until unlock." } },
  examples: ["lock @stolen:example.org taken over by somebody else", "lock @stolen:example.org --for 1d"],
  reply: ({ who: one, reason: why = "" }, { for: forMs }, context) => {
    const until = expiryOf(forMs, context);
    const said = (user: UserId) => say`Lock of the account ${code(user)}${untilText(until)}`;
    return onAccount("lock", one, { reason: why, said, until });
  },
});

export const unlock = defineCommand({
  words: ["unlock"],
  role: "admin",
  needs: "lock",
  about: "Unlock an account, whoever locked it.",
  takes: { who, reason },
  examples: ["unlock @stolen:example.org"],
  reply: ({ who: one, reason: why = "" }) =>
    onAccount("unlock", one, { reason: why, said: (user) => say`Unlocking of the account ${code(user)}` }),
});

export const deactivate = defineCommand({
  words: ["deactivate"],
  role: "admin",
  needs: "admin",
  about:
    "Close an account of my own homeserver for good: it leaves all rooms, its sessions end, and nobody can log in to it or make it again. Asks first.",
  takes: { who, reason },
  flags: {
    erase: {
      type: "boolean",
      about:
        "Also hide what the person wrote from everybody who was not in the room then, as far as my homeserver serves it.",
    },
  },
  examples: ["deactivate @spammer:example.org spam", "deactivate @leaving:example.org --erase asked for it"],
  reply({ who: one, reason: why = "" }, { erase }, { prefix }) {
    if (one.isGlob) return problem(oneAtATime(one));
    const user = one.text as UserId;
    return {
      say: lines(
        say`Deactivation of ${code(user)}`,
        say`The account is closed: it is logged out everywhere, leaves every room, loses its addresses and keys, and its name stays taken.`,
        erase
          ? say`What the person wrote is hidden from everybody who was not there when it was written.`
          : say`Messages and files stay; ${code(`${prefix} redact`)} and ${code(`${prefix} quarantine-media`)} are for those.`,
      ),
      acts: [{ action: { kind: "deactivate", user, erase, reason: why } }],
      waitsFor: {
        kind: "yes",
        why: say`nobody can take it back; ${code(`${prefix} lock`)} and ${code(`${prefix} suspend`)} can be taken back`,
      },
    };
  },
});

function onAccount(
  kind: "suspend" | "unsuspend" | "lock" | "unlock",
  one: Entity,
  { reason: why, said, until }: { reason: string; said: (user: UserId) => Say; until?: number | undefined },
): Reply {
  if (one.isGlob) return problem(oneAtATime(one));
  const user = one.text as UserId;
  const end = until === undefined ? {} : { until };
  return { say: said(user), acts: [{ action: { kind, user, reason: why, ...end } }] };
}

function oneAtATime({ text }: Entity): Say {
  return say`I do that to one account at a time, and ${code(text)} may be many`;
}
