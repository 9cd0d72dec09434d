/** Rules that a command takes off the lists: all for exactly one entity, as far as Tyr may write there. */
import { sha256Base64 } from "../../kit/hash.ts";
import { contentOfRule, namesExactly, type Rule } from "../../model/policy-rule.ts";
import { isWritable } from "../../policy/rule-writing.ts";
import type { CommandContext, Entity, Proposal } from "../define.ts";

/**
 * Those that fit, under whatever state key and event type, in clear or hashed (MSC4205). `foreign`: on lists that Tyr may
 * not write to.
 */
export function rulesToTakeOff(
  who: Entity,
  fits: (rule: Rule) => boolean,
  { world, expected }: Pick<CommandContext, "world" | "expected">,
): { readonly ours: readonly Rule[]; readonly foreign: readonly Rule[] } {
  const hash = who.isGlob ? undefined : sha256Base64(who.text);
  const isMeant = (rule: Rule) => rule.kind === who.kind && fits(rule) && namesExactly(rule, who.text, hash);
  const rules = world.watchedLists().flatMap((list) => expected.rulesOn(list.room, isMeant));
  const mayWrite = (rule: Rule) => isWritable(rule.list, world, rule.eventType);
  return { ours: rules.filter(mayWrite), foreign: rules.filter((rule) => !mayWrite(rule)) };
}

export function removalOf(rule: Rule): Proposal {
  const { list, eventType, stateKey, eventId } = rule;
  return {
    action: { kind: "remove-policy", list, eventType, stateKey, before: contentOfRule(rule) },
    replaces: eventId,
  };
}
