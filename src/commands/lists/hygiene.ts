/** `lists check` and `lists tidy`: what is wrong with the rules of a list, and taking off those that say nothing. */
import { bullets, code, count, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { serverOf } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { findingsOf, type ListFindings } from "../../policy/hygiene/list-findings.ts";
import { rulesToTidy, tidyings, type RuleToGo, type Tidying } from "../../policy/hygiene/tidy.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import { defineCommand, needed, problem, type CommandContext } from "../define.ts";
import { describeRule } from "../shared/describe-rule.ts";
import { listWord } from "../shared/list-word.ts";
import { listName } from "../shared/room-names.ts";
import { removalOf } from "../shared/take-off.ts";
import type { Rule } from "../../model/policy-rule.ts";

/** Examples of each finding; the others are counted. */
const named = 3;
/** Rules that a question shows. */
const shown = 50;
/** Each is a request: with the usual rate limits more would keep the list busy for hours. */
const mostAtOnce = 1_000;

export const listsCheck = defineCommand({
  words: ["lists", "check"],
  role: "moderator",
  about:
    "Say what is wrong with the rules of a list, yours or another's: needless, against your own people, too wide, without a reason, of writers who are gone. Changes nothing.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  examples: ["lists check coc"],
  reply({ list }, _flags, context) {
    const { world } = context;
    const name = listName(list.room, world);
    if (list.size + list.expired.size === 0) return { say: say`${name} has no rules.` };
    const items = described(findingsOf(list, context), context);
    if (items.length === 0)
      return {
        say: say`${name}: ${count(list.size, "rule")}, and nothing is wrong with them that I can see from here.`,
      };
    return {
      say: lines(
        say`${name}: ${count(list.size, "rule")}. What I see from here:`,
        bullets(items),
        tidyHint(list, context),
      ),
    };
  },
});

function described(found: ListFindings, { world }: CommandContext): readonly Say[] {
  const { needless, withoutReason, oneWord, against, wide, unmet, writersGone, copies } = found;
  const of = (is: Tidying) => needless.filter((one) => one.is === is).map(({ rule }) => rule);
  const items: readonly (Say | undefined)[] = [
    finding(
      against,
      "against people of ours",
      (one) =>
        say`${entityOf(one.rule)} (${one.who === "our server" ? code(serverOf(world.self)) : code(one.user, 80)}, ${whoWords[one.who]})`,
    ),
    finding(
      wide,
      "very wide",
      ({ rule, people, servers }) =>
        say`${entityOf(rule)} (${count(people, "person", "people")} of ${count(servers, "server")} here)`,
    ),
    finding(of("duplicates"), "twice on the list", entityOf),
    finding(of("subsumed"), "covered by a wider rule of the list", entityOf),
    finding(of("expired"), "over for a day or more", entityOf),
    finding(withoutReason, "without a reason", entityOf),
    oneWord > 0 ? say`${oneWord.toLocaleString("en")} with a reason of one word.` : undefined,
    writersGone.size > 0
      ? say`${count(sumOf(writersGone), "rule")} by ${count(writersGone.size, "account")} that may no longer write there: ${someOf(
          [...writersGone.keys()].slice(0, named).map((user) => code(user, 80)),
          named,
          writersGone.size,
        )}.`
      : undefined,
    copies.size > 0
      ? say`Four fifths of it or more are on ${joined([...copies].slice(0, named).map(([list, shared]) => say`${listName(list, world)} (${shared.toLocaleString("en")})`))}, too: one may be a copy of the other.`
      : undefined,
    unmet > 0
      ? say`${count(unmet, "rule")} older than 90 days ${unmet === 1 ? "names" : "name"} nobody whom I know here. That says nothing about other communities.`
      : undefined,
  ];
  return items.filter((one) => one !== undefined);
}

const whoWords = {
  me: "me",
  moderator: "a moderator",
  staff: "with a power level above the usual",
  regular: "a regular",
  exempt: "exempt",
  exception: "an exception",
  "our server": "our own server",
} as const;

function finding<One>(those: readonly One[], what: string, describe: (one: One) => Say): Say | undefined {
  if (those.length === 0) return undefined;
  return say`${those.length.toLocaleString("en")} ${plain(what)}: ${someOf(those.slice(0, named).map(describe), named, those.length)}.`;
}

function entityOf({ kind, entity }: Rule): Say {
  return say`${kind} ${code(entity ?? "(hashed)", 80)}`;
}

function sumOf(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, one) => sum + one, 0);
}

function tidyHint(list: PolicyListView, { world, prefix, rulesInForce }: CommandContext): Say | undefined {
  const view = { rulesInForce, dueBy: world.dueBy };
  const mayWrite = (rule: Rule) => isWritable(list.room, world, rule.eventType);
  const some = rulesToTidy(list, new Set(tidyings), view).filter(({ rule }) => mayWrite(rule));
  if (some.length === 0) return undefined;
  return say`${code(`${prefix} lists tidy ${listWord(list, world)}`)} shows the ${count(some.length, "rule")} that can go without any change, and asks.`;
}

export const listsTidy = defineCommand({
  words: ["lists", "tidy"],
  role: "admin",
  about:
    "Take rules off a list that I may write to and that say nothing: twice there, covered by a wider one, or over. Shows them and asks; nobody is let in by it. Without a flag all three.",
  takes: { list: needed("list", "shortcode, room id or alias") },
  flags: {
    duplicates: { type: "boolean", about: "Those that are on the list twice." },
    subsumed: { type: "boolean", about: "Those that a wider rule of the list covers." },
    expired: { type: "boolean", about: "Those whose time is over for a day or more." },
  },
  examples: ["lists tidy coc", "lists tidy coc --duplicates --expired"],
  reply({ list }, flags, context) {
    const { world, rulesInForce } = context;
    const name = listName(list.room, world);
    const chosen = tidyings.filter((one) => flags[one]);
    const which = new Set<Tidying>(chosen.length > 0 ? chosen : tidyings);
    const all = rulesToTidy(list, which, { rulesInForce, dueBy: world.dueBy });
    const ours = all.filter(({ rule }) => isWritable(list.room, world, rule.eventType));
    if (all.length > 0 && ours.length === 0)
      return problem(
        say`I may not write to ${name}: its editors have to do that. ${code(`${context.prefix} lists check ${listWord(list, world)}`)} shows what`,
      );
    if (ours.length === 0)
      return { say: say`${name} is tidy: there is no rule that could go without any change.` };
    const now = ours.slice(0, mostAtOnce);
    const more = ours.length - now.length;
    return {
      say: lines(
        say`${name}: ${count(now.length, "rule")} can go, and what it asks for stays the same (${counted(now)}).`,
        folded(
          say`Which`,
          bullets([
            ...now.slice(0, shown).map(toGo),
            ...(now.length > shown ? [say`... and ${now.length - shown} more`] : []),
          ]),
        ),
        more > 0 ? say`${more.toLocaleString("en")} more are left for the next time.` : undefined,
        say`Shall I take them off?`,
      ),
      acts: now.map(({ rule }) => removalOf(rule)),
      waitsFor: { kind: "own-question" },
    };
  },
});

const tidyWords: Readonly<Record<Tidying, string>> = {
  duplicates: "twice there",
  subsumed: "covered",
  expired: "over",
};

function counted(those: readonly RuleToGo[]): Say {
  return joined(
    tidyings.flatMap((is) => {
      const some = those.filter((one) => one.is === is).length;
      return some > 0 ? [say`${some.toLocaleString("en")} ${tidyWords[is]}`] : [];
    }),
  );
}

function toGo({ rule, is, because }: RuleToGo): Say {
  const why = because ? say`${tidyWords[is]}, by ${describeRule(because)}` : say`over`;
  return say`${describeRule(rule)}: ${why}`;
}
