/** Which rules can be taken off a list without any change of what it asks for. */
import { dayMs } from "../../kit/duration.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { isOver, ruleTypeOf, type Rule } from "../../model/policy-rule.ts";
import type { RulesInForce } from "../rules-in-force.ts";
import { coveredAmong, duplicatesAmong } from "./needless-rules.ts";

export const tidyings = ["duplicates", "subsumed", "expired"] as const;
export type Tidying = (typeof tidyings)[number];

/** `because`: what stays in its place; undefined where its time is over. */
export interface RuleToGo {
  readonly rule: Rule;
  readonly is: Tidying;
  readonly because?: Rule;
}

export interface TidyView {
  readonly rulesInForce: Pick<RulesInForce, "isOff" | "index">;
  /** What ends at or before this is over. */
  readonly dueBy: number;
}

/** In the order in which they are found; each rule once. */
export function rulesToTidy(
  list: PolicyListView,
  which: ReadonlySet<Tidying>,
  { rulesInForce, dueBy }: TidyView,
): readonly RuleToGo[] {
  const notIndexed = new Set(rulesInForce.index.unindexed());
  const inForce = new Set(list.rules());
  const isApplied = (rule: Rule) => inForce.has(rule) && !notIndexed.has(rule) && !rulesInForce.isOff(rule);
  const found = new Map<Rule, RuleToGo>();
  const add = (one: RuleToGo) => void (found.has(one.rule) || found.set(one.rule, one));
  if (which.has("expired"))
    // Ours are taken off at once; others may be about to write theirs anew.
    for (const rule of list.expired.values()) if (isOver(rule, dueBy - dayMs)) add({ rule, is: "expired" });
  if (which.has("duplicates"))
    for (const one of duplicatesAmong(
      list.variantsFor(() => true),
      isApplied,
    ))
      add({ ...one, is: "duplicates" });
  if (which.has("subsumed"))
    // What goes already takes the place of nothing.
    for (const one of coveredAmong(
      [...inForce].filter((rule) => !found.has(rule)),
      isApplied,
    ))
      add({ ...one, is: "subsumed" });
  return [...found.values()].filter(({ rule }) => !revealsAnother(rule, { list, inForce, found }));
}

/** Under the key of a rule of a newer dialect there may be an older one for somebody else, which would come into force. */
function revealsAnother(
  rule: Rule,
  {
    list,
    inForce,
    found,
  }: {
    readonly list: PolicyListView;
    readonly inForce: ReadonlySet<Rule>;
    readonly found: ReadonlyMap<Rule, unknown>;
  },
): boolean {
  if (!inForce.has(rule)) return false;
  return olderTypesOf(rule).some((type) => {
    const hidden = list.ruleAt(type, rule.stateKey);
    return hidden !== undefined && hidden !== rule && !found.has(hidden);
  });
}

function olderTypesOf({ kind }: Rule): readonly string[] {
  return ["m.room.rule.", "org.matrix.mjolnir.rule."]
    .map((prefix) => prefix + kind)
    .filter((type) => ruleTypeOf(type) !== undefined);
}
