/** `rules reason` and `rules remove`: the reason of a rule written anew, and one recommendation of several taken off. */
import { code, count, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import { contentOfRule, type Rule } from "../../model/policy-rule.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type CommandContext,
  type Entity,
  type Proposal,
} from "../define.ts";
import { notAppliedNote } from "../shared/describe-rule.ts";
import { listWord } from "../shared/list-word.ts";
import { listName } from "../shared/room-names.ts";
import { removalOf, rulesToTakeOff } from "../shared/take-off.ts";

const onList = needed("list", "a list that I may write to");
const kind = optional("kind", "user, room or server, where the entity could be mistaken");
const whose = needed("entity", "whom or what the rule names, exactly");

export const rulesReason = defineCommand({
  words: ["rules", "reason"],
  role: "moderator",
  about:
    "Write another reason into the rules for a user, server or room on one list. Whom they hit and until when stays; the text is read by everybody who follows the list.",
  takes: { list: onList, kind, who: whose, reason: needed("rest", "the new reason") },
  examples: ["rules reason coc @rude:example.org insults, after two warnings"],
  reply({ list, who, reason }, _flags, context) {
    const { ours, problem: why } = rulesOn(list, who, context);
    if (why) return problem(why);
    // Written anew it is another rule, which no answer of yours is about.
    const [waiting] = ours.filter((rule) => notAppliedNote(rule, context) !== "");
    if (waiting)
      return problem(
        say`the rule for ${code(who.text)} is not applied${notAppliedNote(waiting, context)}; written anew it would be: answer that first`,
      );
    const { reasonLength } = context.world.limits;
    const text = reason.slice(0, reasonLength).toWellFormed();
    const changed = ours.filter((rule) => rule.reason !== text);
    const name = listName(list.room, context.world);
    if (changed.length === 0) return { say: say`${name} gives that reason for ${code(who.text)} already.` };
    const others = [...new Set(changed.map(({ sender }) => sender))].filter(
      (one) => one !== context.world.self,
    );
    return {
      say: lines(
        say`New reason for ${code(who.text)} on ${name}: ${plain(text, 200)}`,
        say`Before: ${joined(changed.slice(0, 3).map((rule) => plain(rule.reason === "" ? "none" : rule.reason, 120)))}.`,
        others.length > 0
          ? say`It was written by ${joined(others.slice(0, 3).map((one) => code(one, 80)))}, and is by me from now on.`
          : undefined,
      ),
      acts: changed.map((rule) => rewritten(rule, text)),
    };
  },
});

function rewritten(rule: Rule, reason: string): Proposal {
  const { list, eventType, stateKey, eventId } = rule;
  const before = contentOfRule(rule);
  return {
    action: { kind: "write-policy", list, eventType, stateKey, content: { ...before, reason }, before },
    replaces: eventId,
  };
}

export const rulesRemove = defineCommand({
  words: ["rules", "remove"],
  role: "moderator",
  about:
    "Take one recommendation of several off a list: the ban, the takedown or the allow rule for a user, server or room, and leave the others.",
  takes: {
    list: onList,
    kind,
    who: whose,
    what: optional("word", "ban, takedown, allow, or the recommendation as it is written"),
  },
  examples: ["rules remove coc @rude:example.org takedown"],
  reply({ list, who, what }, _flags, context) {
    const { ours, problem: why } = rulesOn(list, who, context);
    if (why) return problem(why);
    const { world, prefix } = context;
    const there = [...new Set(ours.map(shortOf))];
    const wanted = what?.toLowerCase() ?? (there.length === 1 ? there[0] : undefined);
    const choose = say`${listName(list.room, world)} has for ${code(who.text)}: ${joined(there.map((one) => code(one, 80)))}`;
    const removed = ours.filter(
      (rule) => shortOf(rule) === wanted || rule.recommendationText.toLowerCase() === wanted,
    );
    if (wanted === undefined || removed.length === 0)
      return problem(
        say`${choose}. ${code(`${prefix} rules remove ${listWord(list, world)} ${who.text} ${there[0] ?? "ban"}`)} takes that one off`,
      );
    const left = there.filter((one) => !removed.some((rule) => shortOf(rule) === one));
    return {
      say: lines(
        say`${count(removed.length, "rule")} for ${code(who.text)} off ${listName(list.room, world)} (${plain(wanted, 80)})`,
        left.length > 0 ? say`Left: ${joined(left.map((one) => code(one, 80)))}.` : undefined,
      ),
      acts: removed.map(removalOf),
      // Whoever may not write an allow rule may not take one off.
      ...(removed.some(({ recommendation }) => recommendation === "allow") ? { role: "admin" as const } : {}),
    };
  },
});

function shortOf({ recommendation, recommendationText }: Rule): string {
  return recommendation === "other" ? recommendationText.toLowerCase() : recommendation;
}

/** The list's rules for exactly this entity, in every dialect; or why none of them can be changed. */
function rulesOn(
  list: PolicyListView,
  who: Entity,
  context: CommandContext,
): { readonly ours: readonly Rule[]; readonly problem?: Say } {
  const { ours, foreign } = rulesToTakeOff(who, (rule) => rule.list === list.room, context);
  const name = listName(list.room, context.world);
  if (ours.length > 0) return { ours };
  if (foreign.length > 0)
    return { ours, problem: say`I may not write to ${name}: its editors have to do that` };
  return {
    ours,
    problem: say`${name} has no rule for ${code(who.text)}: ${code(`${context.prefix} rules matching ${who.text}`)} shows what speaks of it`,
  };
}
