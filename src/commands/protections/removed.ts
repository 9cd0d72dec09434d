/** `protections show-removed` and `forget-removed`: reads what I removed, as long as that is kept, and forgets it. */
import { code, count, lines, say, type Say } from "../../kit/say.ts";
import { occasionOf } from "../../model/decision.ts";
import { parseUserId } from "../../model/ids.ts";
import type { StashQuery } from "../../model/stash.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Reply,
} from "../define.ts";

/** In one message. */
const shown = 20;

export const protectionsShowRemoved = defineCommand({
  words: ["protections", "show-removed"],
  role: "moderator",
  about:
    "Show what I removed of somebody, or in an incident, as long as it is kept: text only, folded away. Who looks is noted.",
  takes: {
    who: optional("person", "everything removed of this person", "who"),
    what: optional("word", "the number of an incident or command", "incident"),
  },
  examples: ["protections show-removed @regular:example.org", "protections show-removed 12"],
  reply({ who, what }, _flags, context): Reply {
    const room = context.world.settings.managementRoom;
    const about = queryOf(who, what, context);
    if ("problem" in about) return problem(about.problem);
    const { all, events, unreadable } = context.past.stash.of(about.of, 1);
    if (all === 0 || !room) return problem(say`Of ${about.named} I keep nothing. ${whatIsKept(context)}`);
    if (events.length === 0)
      return problem(
        say`${count(unreadable, "message")} of ${about.named} cannot be read: the key is another one now. ${code(`${context.prefix} status`)} says more.`,
      );
    return {
      say: say`What I removed of ${about.named} comes as a message of its own, for everybody in this room to read.`,
      acts: [{ action: { kind: "show-removed", room, of: about.of, limit: shown }, replaces: context.event }],
    };
  },
});

export const protectionsForgetRemoved = defineCommand({
  words: ["protections", "forget-removed"],
  role: "admin",
  about: "No longer keep what I removed of somebody, as when they ask for it. This cannot be undone.",
  takes: { who: needed("person", "a user id") },
  examples: ["protections forget-removed @regular:example.org"],
  reply({ who }, _flags, context): Reply {
    const user = parseUserId(who.text);
    if (!user) return problem(say`Name one person by their id`);
    const { all } = context.past.stash.of({ user }, 0);
    if (all === 0) return problem(say`Of ${code(user)} I keep nothing.`);
    return {
      say: say`${count(all, "removed message")} of ${code(user)} ${all === 1 ? "is" : "are"} no longer kept.`,
      acts: [{ action: { kind: "forget-removed", user }, replaces: context.event }],
    };
  },
});

function queryOf(
  who: Entity | undefined,
  what: string | undefined,
  { past }: CommandContext,
): { readonly of: StashQuery; readonly named: Say } | { readonly problem: Say } {
  if (who) {
    const user = parseUserId(who.text);
    return user ? { of: { user }, named: code(user) } : { problem: say`Name one person by their id` };
  }
  if (what === undefined) return { problem: say`Of whom? Name a person, or the number of an incident` };
  const found = /^#?\d{1,12}$/.test(what) ? past.ofNumber(Number(what.replace("#", ""))) : undefined;
  return found
    ? { of: { occasion: occasionOf(found.because) }, named: say`${code(what)}` }
    : { problem: say`I know nothing under ${code(what)}` };
}

function whatIsKept({
  past: {
    stash: { days },
  },
}: CommandContext): Say {
  return days === undefined
    ? say`Nothing is kept of what I remove: that is switched off in the config (${code("stash.enabled")}).`
    : lines(
        say`What I remove is kept for ${count(days, "day")}, as far as I have seen it; what people remove themselves is not, and pictures are not.`,
      );
}
