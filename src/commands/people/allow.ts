/** `allow` and `unallow`: rules that keep lists from banning somebody (MSC4150), for us and for all who follow the list. */
import { code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { allowContent, isBan, writeAllow } from "../../policy/rule-writing.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  yesFirst,
  type CommandContext,
  type Entity,
} from "../define.ts";
import { globNeedsYes } from "../shared/people.ts";
import { unfitKind } from "../shared/unfit-kind.ts";
import { unknownServer } from "../shared/unknown-server.ts";
import { listName } from "../shared/room-names.ts";
import { removalOf, rulesToTakeOff } from "../shared/take-off.ts";
import { listChoices, listToWrite, whichList } from "../shared/target-list.ts";

export const allow = defineCommand({
  words: ["allow"],
  role: "admin",
  takesSeveral: true,
  about:
    "Write an allow rule on a list: bans of that list, and of those after it, do not apply to a user, server or room, for me and for all who follow the list. exempt spares somebody here alone.",
  takes: {
    kind: optional("kind", "user, room or server, where the entity could be mistaken"),
    who: needed("entity", "whom or what: @name:server, server.example, !room, or a glob of one"),
    list: optional("list", "the list that gets the rule; without it the default list"),
    reason: optional("rest", "why, for all who read the list"),
  },
  examples: ["allow @regular:example.org appeal accepted", "allow coc good.example.org"],
  reply({ who, list: named, reason = "" }, _flags, context) {
    const { list, left } = listToWrite(named, context);
    if (!list) return { ...problem(whichList(context)), ...listChoices(context) };
    if (left) return problem(left);
    const unfit = unfitKind(who);
    if (unfit) return problem(unfit);
    const content = allowContent(who, reason);
    const action = writeAllow(who, { list, rulesInForce: context.rulesInForce, content });
    return {
      say: lines(
        say`Allow rule for ${code(who.text)} on ${listName(list.room, context.world)}`,
        stillBanning(who, context.rulesInForce.rankOf(list.room), context),
      ),
      acts: [{ action }],
      waitsFor: yesFirst(globNeedsYes(who) ?? unknownServer(who, "allow", context)),
    };
  },
});

/** Bans of exactly this entity on lists that come before. */
function stillBanning(who: Entity, rank: number, context: CommandContext): Say | undefined {
  const { rulesInForce, world, prefix } = context;
  const isBefore = (rule: Rule) => isBan(rule) && rulesInForce.rankOf(rule.list) < rank;
  const { ours, foreign } = rulesToTakeOff(who, isBefore, context);
  const lists = [...new Set([...ours, ...foreign].map(({ list }) => list))].map((list) =>
    listName(list, world),
  );
  if (lists.length === 0) return undefined;
  const how =
    who.kind === "room" ? "." : say`: ${code(`${prefix} exempt add ${who.text}`)} spares whatever lists say.`;
  return say`${joined(lists)} ${lists.length === 1 ? "comes" : "come"} before it and still ${lists.length === 1 ? "bans" : "ban"}${how}`;
}

export const unallow = defineCommand({
  words: ["unallow"],
  role: "admin",
  takesSeveral: true,
  about: "Take the allow rules for a user, server or room off the lists: their bans apply again.",
  takes: {
    kind: optional("kind", "user, room or server, where the entity could be mistaken"),
    who: needed("entity", "whom or what; a glob takes back the rule with exactly that glob"),
    list: optional("list", "only this list; without it all lists that I may write to"),
  },
  examples: ["unallow @regular:example.org", "unallow coc good.example.org"],
  reply({ who, list }, _flags, context) {
    const isMeant = (rule: Rule) => rule.recommendation === "allow" && (!list || rule.list === list.room);
    const { ours, foreign } = rulesToTakeOff(who, isMeant, context);
    if (ours.length + foreign.length === 0) return problem(say`no list allows ${code(who.text)}`);
    return {
      say: lines(
        say`${count(ours.length, "allow rule")} for ${code(who.text)} to take back`,
        ...foreign.map(
          ({ list: id }) => say`I may not write to ${listName(id, context.world)}, which allows it.`,
        ),
      ),
      acts: ours.map(removalOf),
      isProblem: ours.length === 0,
    };
  },
});
