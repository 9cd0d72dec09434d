/** `protections share`: one message with a rule of the community and its lists, which others take by a reply to it. */
import type { NamedList } from "../../automod/list-document.ts";
import { documentOfList, documentOfRule, fileOf } from "../../automod/rule-document.ts";
import {
  digestOf,
  forElsewhere,
  listsOfRule,
  marked,
  shortDigest,
  type LeftOut,
} from "../../automod/shared-rule.ts";
import type { Rule } from "../../automod/rule.ts";
import { sharedListType, sharedRuleType } from "../../model/rules-room.ts";
import { mayTravel } from "../../model/rule-lists.ts";
import { block, bytesOf, code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { knownIn, withProtection } from "./named.ts";

/** Of the code block as HTML. A message has 16 kB of it, and the rest of the reply has to fit, too. */
const mostBytes = 12_000;

export const protectionsShare = defineCommand({
  words: ["protections", "share"],
  role: "admin",
  about:
    "Show a protection of your own as a message that other communities take by a reply to it, with the lists that it looks into.",
  takes: { name: needed("word", "its name") },
  flags: {
    state: {
      type: "boolean",
      about:
        "As the state events of a rules room, to be sent there with a client, for everybody who follows it.",
    },
  },
  examples: ["protections share scam-links", "protections share scam-links --state"],
  reply: ({ name }, { state }, context) =>
    withProtection(name, context, (protection) => {
      const { registry, world, prefix } = context;
      const found = registry.ruleOf(protection.name, world.settings);
      if (!found)
        return problem(say`${code(protection.name)} comes with every Tyr: there is nothing to share.`);
      const { rule, left } = forElsewhere(found.rule);
      const version = protection.version ?? 1;
      const looked = listsOfRule(rule).flatMap((list) => {
        const known = found.lists.get(list) ?? knownIn(context).lists.get(list);
        return known && known.entries.length > 0 ? [{ ...known, name: list }] : [];
      });
      const { text, without, within: travelling } = fitting(documentOfRule(rule), looked);
      const shown = state ? stateEvents(rule, version, travelling) : [block(marked(text, version), "yaml")];
      if (shown.reduce((sum, { html }) => sum + bytesOf(html), 0) > mostBytes)
        return problem(say`${code(rule.name)} is too long for one message.`);
      return {
        say: lines(
          say`${code(rule.name)}, version ${version}, digest ${code(shortDigest(digestOf(text)))}:`,
          ...shown,
          ...leftOutOf(left, without),
          state
            ? say`Sent as state events of a room, each with the type and state key above it, they reach all who follow that room. To change one, send it again with a higher version.`
            : say`Another Tyr takes it by ${code(`${prefix} protections add`)}, as a reply to this message or to one with the same block.`,
        ),
      };
    }),
});

/** Without the lists that do not travel, and then without the longest until it fits. */
function fitting(
  rule: string,
  lists: readonly NamedList[],
): {
  readonly text: string;
  readonly within: readonly NamedList[];
  readonly without: readonly NamedList[];
} {
  let within = lists
    .filter(({ kind }) => mayTravel(kind))
    .toSorted((a, b) => a.entries.length - b.entries.length);
  const textOf = (all: readonly NamedList[]) => fileOf([rule, ...all.map(documentOfList)]);
  while (within.length > 0 && bytesOf(block(marked(textOf(within), 1), "yaml").html) > mostBytes)
    within = within.slice(0, -1);
  return { text: textOf(within), within, without: lists.filter((one) => !within.includes(one)) };
}

/** One for the rule and one for each of its lists, in the words of the specification: type, state key, content. */
function stateEvents(rule: Rule, version: number, lists: readonly NamedList[]): readonly Say[] {
  const text = documentOfRule(rule);
  const event = (type: string, key: string, content: object) => [
    say`${code(type)}, state key ${code(key)}:`,
    block(JSON.stringify(content), "json"),
  ];
  return [
    ...event(sharedRuleType, rule.name, { rule: text, version, digest: digestOf(text) }),
    ...lists.flatMap(({ name, kind, entries }) => event(sharedListType, name, { kind, entries })),
  ];
}

function leftOutOf(left: readonly LeftOut[], without: readonly NamedList[]): readonly (Say | undefined)[] {
  const own = left.map((one) => code(one));
  const why = (one: NamedList) =>
    mayTravel(one.kind) ? "too long for a message" : "they may be about people";
  return [
    own.length === 0 ? undefined : say`Left out, as every community has its own: ${joined(own)}.`,
    ...without.map(
      (one) =>
        say`Left out: ${count(one.entries.length, "entry", "entries")} of the list ${code(one.name)} of ${one.kind}, ${why(one)}.`,
    ),
  ];
}
