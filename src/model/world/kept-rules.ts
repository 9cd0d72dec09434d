/** What becomes of rules that were kept in force although their list had lost them. */
import type { Rule } from "../policy-rule.ts";
import type { Beliefs } from "./beliefs.ts";

/** From now on they are gone here, too. */
export function letGoOfKept({ stored, changes }: Beliefs, rules: Iterable<Rule>): void {
  for (const { eventId } of [...rules]) {
    const before = stored.keptRules.delete(eventId);
    if (!before) continue;
    changes.rule({
      list: before.list,
      before,
      after: undefined,
      event: eventId,
      by: undefined,
      wasKept: true,
    });
  }
}
