/** The protections that there are: made of the rules that ship. They share one store of what they count. */
import type { Protection } from "./define.ts";
import { checkRule, type RuleText } from "./rule.ts";
import { ruleProtection } from "./rule-protection.ts";
import { Rates } from "./rates.ts";

/** Enough to look at the protections, as docs and tests do, without counting much. */
const fewEvents = 1_000;

/** `countedEvents`: so many events are kept to count by, over all rules. A rule with a mistake is a defect of ours and throws. */
export function shippedProtections(
  texts: readonly RuleText[],
  { countedEvents = fewEvents }: { readonly countedEvents?: number } = {},
): readonly Protection[] {
  const surroundings = { rates: new Rates({ events: countedEvents }), lists: new Map() };
  return texts.map((text) => {
    const { rule, mistakes } = checkRule(text, new Map());
    if (!rule) throw new Error(`the shipped rule ${text.name} has a mistake: ${mistakes[0]?.message}`);
    return ruleProtection(rule, surroundings);
  });
}
