/** Everything that can come in the way of what was decided, as one thing to ask: for the tests beside. */
import { Setbacks } from "../../../src/decisions/in-flight/still-holds.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../../src/model/decision.ts";
import type { World } from "../../../src/model/world/world.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { event, listB, user } from "../../support/make.ts";

export type Flight = ReturnType<typeof aFlight>;

export function aFlight(world: World) {
  const setbacks = new Setbacks(world, new RulesInForce(world));
  return {
    handedOver: (decision: Decision) => setbacks.handedOver(decision),
    ended: (outcome: Outcome) => setbacks.ended(outcome),
    tookBack: (entity: string, at: number) => setbacks.tookBack(entity, at),
    undone: (occasions: readonly string[], by: Cause, at: number) => setbacks.undone(occasions, by, at),
    isUndone: (occasion: string) => setbacks.isUndone(occasion),
    undoOf: (decision: Decision) => setbacks.undoOf(decision),
    roomsChanged: (...rooms: Parameters<Setbacks["takeHeldBack"]>[0][]) =>
      setbacks.roomsChanged(new Set(rooms)),
    isBlocked: (decision: Decision) => setbacks.isBlocked(decision),
    takeFailedRooms: () => setbacks.takeFailedRooms(),
    takeHeldBack: (list: Parameters<Setbacks["takeHeldBack"]>[0]) => setbacks.takeHeldBack(list),
    commandBehind: (rule: Parameters<Setbacks["commandBehind"]>[0]) => setbacks.commandBehind(rule),
    isPending: (...args: Parameters<Setbacks["pendingRules"]["has"]>) => setbacks.pendingRules.has(...args),
    stillHolds: (decision: Decision) => setbacks.stillHolds(decision),
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
