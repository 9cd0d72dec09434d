/** Which of several rules that match somebody comes first (docs/adr/0004). */
import { hasWildcard } from "../kit/glob.ts";
import type { RoomId } from "../model/ids.ts";
import type { Rule } from "../model/policy-rule.ts";

/** By list, then allow rules before others, the exact before the wide, the newest first. */
export function byPrecedence(rules: readonly Rule[], rankOf: (list: RoomId) => number): readonly Rule[] {
  return [...rules].sort(
    (a, b) =>
      rankOf(a.list) - rankOf(b.list) ||
      Number(b.recommendation === "allow") - Number(a.recommendation === "allow") ||
      exactness(a) - exactness(b) ||
      b.sentAt - a.sentAt,
  );
}

/** Whoever wrote such a rule did not mean a bridge's bot, with which all who come by the bridge would go. */
export function isWide({ entity }: Rule): boolean {
  return entity !== undefined && hasWildcard(entity);
}

function exactness(rule: Rule): number {
  if (rule.entity === undefined) return 1;
  return hasWildcard(rule.entity) ? 2 : 0;
}
