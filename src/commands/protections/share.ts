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
import { mayTravel } from "../../model/rule-lists.ts";
import { block, bytesOf, code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import { defineCommand, needed, problem } from "../define.ts";
import { knownIn, withProtection } from "./named.ts";

/** Of the code block as HTML. A message has 16 kB of it, and the rest of the reply has to fit, too. */
const mostBytes = 12_000;

export const protectionsShare = defineCommand({
  words: ["protections", "share"],
  about:
    "Show a protection of your own as a message that other communities take by a reply to it, with the lists that it looks into.",
  takes: { name: needed("word", "its name") },
  examples: ["protections share scam-links"],
  reply: ({ name }, _flags, context) =>
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
      const { text, without } = fitting(documentOfRule(rule), looked);
      const shown = block(marked(text, version), "yaml");
      if (bytesOf(shown.html) > mostBytes)
        return problem(
          say`${code(rule.name)} is too long for one message. ${code(`${prefix} protections publish`)} writes it into a rules room.`,
        );
      return {
        say: lines(
          say`${code(rule.name)}, version ${version}, digest ${code(shortDigest(digestOf(text)))}:`,
          shown,
          ...leftOutOf(left, without),
          say`Another Tyr takes it by ${code(`${prefix} protections add`)}, as a reply to this message or to one with the same block.`,
        ),
      };
    }),
});

/** Without the lists that do not travel, and then without the longest until it fits. */
function fitting(
  rule: string,
  lists: readonly NamedList[],
): { readonly text: string; readonly without: readonly NamedList[] } {
  let within = lists
    .filter(({ kind }) => mayTravel(kind))
    .toSorted((a, b) => a.entries.length - b.entries.length);
  const textOf = (all: readonly NamedList[]) => fileOf([rule, ...all.map(documentOfList)]);
  while (within.length > 0 && bytesOf(block(marked(textOf(within), 1), "yaml").html) > mostBytes)
    within = within.slice(0, -1);
  return { text: textOf(within), without: lists.filter((one) => !within.includes(one)) };
}

export function leftOutOf(
  left: readonly LeftOut[],
  without: readonly NamedList[],
): readonly (Say | undefined)[] {
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
