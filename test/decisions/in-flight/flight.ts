/** Everything that can come in the way of what was decided, as one thing to ask: for the tests beside. */
import { BlockedActs } from "../../../src/decisions/in-flight/blocked-acts.ts";
import { PendingRules } from "../../../src/decisions/in-flight/pending-rules.ts";
import { Revocations } from "../../../src/decisions/in-flight/revocations.ts";
import { stillHolds } from "../../../src/decisions/in-flight/still-holds.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { ActsInFlight } from "../../../src/model/acts-in-flight.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../../src/model/decision.ts";
import type { RoomId } from "../../../src/model/ids.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { event, listB, user } from "../../support/make.ts";

export type Flight = ReturnType<typeof aFlight>;

export function aFlight(world: World) {
  const blocked = new BlockedActs(100);
  const pendingRules = new PendingRules(100);
  const revocations = new Revocations(100);
  const rulesInForce = new RulesInForce(world);
  const inFlight = new ActsInFlight((decision) => revocations.undoOf(decision) !== undefined);
  const view = { world, rulesInForce, pendingRules, revocations, inFlight };
  return {
    handedOver: (decision: Decision) => {
      pendingRules.handedOver(decision);
      inFlight.began(decision);
    },
    ended: (outcome: Outcome) => {
      blocked.ended(outcome);
      pendingRules.ended(outcome);
    },
    undone: (occasions: readonly string[], by: Cause, at: number) => revocations.undone(occasions, by, at),
    isUndone: (occasion: string) => revocations.isUndone(occasion),
    undoOf: (decision: Decision) => revocations.undoOf(decision),
    roomsChanged: (...rooms: readonly RoomId[]) => blocked.roomsChanged(new Set(rooms)),
    isBlocked: (decision: Decision) => blocked.isBlocked(decision),
    takeFailedRooms: () => blocked.takeFailedRooms(),
    takeHeldBack: (list: RoomId) => pendingRules.takeHeldBack(list),
    commandBehind: (...args: Parameters<PendingRules["commandBehind"]>) =>
      pendingRules.commandBehind(...args),
    isPending: (...args: Parameters<PendingRules["has"]>) => pendingRules.has(...args),
    stillHolds: (decision: Decision, mayBeDone = false) =>
      stillHolds(decision, { ...view, mayBeDone }) === "yes",
    isDoneAlready: (decision: Decision) =>
      stillHolds(decision, { ...view, mayBeDone: true }) === "done already",
  };
}

export const mod = user("@mod:example.org");

export const byCommand = (id = "$command"): Extract<Cause, { kind: "command" }> => ({
  kind: "command",
  event: event(id),
  by: mod,
  text: "ban",
});

export const byRule: Cause = {
  kind: "rule",
  list: listB,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: "@ann:example.org",
};

export const byFinding: Cause = {
  kind: "finding",
  protection: "flood",
  incident: "flood 1",
  user: user("@ann:example.org"),
  sentence: "wrote 20 messages in 5 seconds",
};

export const decided = (action: Action, because: Cause = byCommand(), at = 100): Decision =>
  decide(action, because, { at, replaces: "" });

export const refusedForGood: Extract<Outcome["result"], { kind: "failed" }> = {
  kind: "failed",
  lasting: true,
  code: "M_FORBIDDEN",
  message: "no",
};
export const failedForNow: Outcome["result"] = { ...refusedForGood, lasting: false, code: "M_UNKNOWN" };
