/** The protections that there are: the rules that ship, and those of the community. They share one store of what they count. */
import type { Protection } from "./define.ts";
import { Rates } from "./rates.ts";
import { noRules, type OwnRules } from "./rule-files.ts";
import { checkRule, type RuleText } from "./rule.ts";
import { ruleProtection } from "./rule-protection.ts";

/** Enough to look at the protections, as docs and tests do, without counting much. */
const fewEvents = 1_000;

export interface RegistryOptions {
  /** So many events are kept to count by, over all rules. */
  readonly countedEvents?: number;
  /** Rules of the community: switched on, they only tell until somebody lets them act. */
  readonly own?: OwnRules;
}

/** A shipped rule with a mistake is a defect of ours and throws. */
export function protectionsOf(
  shipped: readonly RuleText[],
  { countedEvents = fewEvents, own = noRules }: RegistryOptions = {},
): readonly Protection[] {
  const rates = new Rates({ events: countedEvents });
  const ours = shipped.map((text) => {
    const { rule, mistakes } = checkRule(text, new Map());
    if (!rule) throw new Error(`the shipped rule ${text.name} has a mistake: ${mistakes[0]?.message}`);
    return ruleProtection(rule, { rates, lists: new Map(), isUntried: false });
  });
  const theirs = own.rules.map((rule) => ruleProtection(rule, { rates, lists: own.lists, isUntried: true }));
  return [...ours, ...theirs];
}
