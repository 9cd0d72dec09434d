/** A policy rule for tests: say what matters, the rest is ordinary. */
import type { EventId, RoomId, UserId } from "../../src/model/ids.ts";
import type { Rule } from "../../src/model/policy-rule.ts";

let made = 0;

/** Each call makes another event, unless `eventId` is given. */
export function aRule(parts: Partial<Rule> & Pick<Rule, "kind">): Rule {
  made++;
  return {
    list: "!list:good.tld" as RoomId,
    eventType: `m.policy.rule.${parts.kind}`,
    stateKey: `rule ${made}`,
    eventId: `$rule${made}` as EventId,
    sender: "@moderator:good.tld" as UserId,
    sentAt: 1_000_000 + made,
    entity: undefined,
    hash: undefined,
    recommendation: "ban",
    recommendationText: "m.ban",
    reason: "spam",
    expiresAt: undefined,
    ...parts,
  };
}
