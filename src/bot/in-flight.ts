/**
 * Parts that follow acts on their way: each hands what happens to one of the memories that judging and planning ask.
 */
import type { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import type { Watchdog } from "../decisions/judge/watchdog.ts";
import type { CoalescedActs } from "../decisions/in-flight/coalesced-acts.ts";
import type { BlockedActs } from "../decisions/in-flight/blocked-acts.ts";
import type { PendingRules } from "../decisions/in-flight/pending-rules.ts";
import type { Pruning } from "../journal/pruning.ts";
import type { ActsInFlight } from "../model/acts-in-flight.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import type { Action } from "../model/actions/action.ts";
import type { RoomId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";
import type { World } from "../model/world/world.ts";
import type { MemberPlace, Part } from "./part.ts";

/** Acts that the homeserver refused, and rooms in which something failed that is tried again with the others. */
export function blockedActsPart(blocked: BlockedActs): Part {
  return {
    name: "blocked acts",
    roomsToReconsider(seen) {
      return seen.some((one) => one.kind === "tick" && one.retryRooms) ? blocked.takeFailedRooms() : [];
    },
    seen({ changes }) {
      blocked.roomsChanged(changes.rooms);
    },
    ended(outcome) {
      blocked.ended(outcome);
    },
  };
}

/** What is decided and has not ended. */
export function actsInFlightPart(acts: ActsInFlight): Part {
  return {
    name: "acts in flight",
    peopleToReconsider: (seen) => seen.flatMap(leftToTheLists),
    // Before anything is decided: the world shows by now how they ended.
    seen({ seen }) {
      for (const one of seen) if (one.kind === "outcome") acts.ended(one.outcome.decision);
    },
    handedOver(decision) {
      acts.began(decision);
    },
    resume({ open }) {
      for (const decision of open) acts.began(decision);
    },
  };
}

/**
 * The person and the room of a ban or its lift that was called off, or was not wanted any more when its turn came: what
 * lists ask for may have been left out as it was under way, or as this one was the newer. What lists asked for themselves
 * and ask for no more leaves nothing out.
 */
function leftToTheLists(one: Observation): readonly MemberPlace[] {
  if (one.kind !== "outcome" || one.outcome.result.kind !== "superseded") return [];
  const { action, because } = one.outcome.decision;
  if (action.kind !== "ban" && action.kind !== "unban") return [];
  return because.kind === "rule" || because.kind === "rule-removed" ? [] : [action];
}

/** Rules of ours that are on their way to a list, and the rooms in which something waited for them. */
export function pendingRulesPart(pending: PendingRules): Part {
  /** Lists to which a rule of ours was written since rooms were last judged again. */
  const written = new Set<RoomId>();
  return {
    name: "pending rules",
    roomsToReconsider() {
      const rooms = [...written].flatMap((list) => pending.takeHeldBack(list));
      written.clear();
      return rooms;
    },
    handedOver(decision) {
      pending.handedOver(decision);
    },
    ended(outcome) {
      pending.ended(outcome);
      const { action } = outcome.decision;
      if (action.kind === "write-policy") written.add(action.list);
    },
    resume({ open }) {
      for (const decision of open) if (decision.action.kind === "write-policy") pending.handedOver(decision);
    },
  };
}

/** One act that several commands asked for. `counts` and `ended` tell each of those commands about it. */
export function coalescedActsPart(
  acts: CoalescedActs,
  {
    isUnderWay,
    isReplaced,
    counts,
    ended,
  }: {
    isUnderWay: (key: string) => boolean;
    /** A newer act on what it sets is in flight. */
    isReplaced: (action: Action) => boolean;
    counts: (decision: Decision) => void;
    ended: (outcome: Outcome, at: number) => void;
  },
): Part {
  return {
    name: "coalesced acts",
    proposes({ seen }) {
      return seen
        .flatMap((one) => (one.kind === "outcome" ? acts.leftBehind(one.outcome) : []))
        .filter(({ action }) => !isReplaced(action));
    },
    handedOver(decision) {
      acts.handedOver(decision);
    },
    allowed(decisions) {
      for (const decision of acts.follow(decisions, isUnderWay)) counts(decision);
    },
    ended(outcome, at) {
      const { result } = outcome;
      for (const decision of acts.ended(outcome)) ended({ decision, result }, at);
    },
    resume({ open }) {
      for (const decision of open) acts.handedOver(decision);
    },
  };
}

/** Searches under way: what they find is redacted or quarantined for their cause. */
export class Searches implements Part {
  readonly name = "searches";
  readonly #underWay = new Map<string, Decision>();

  /** The search with this decision id. */
  get(id: string): Decision | undefined {
    return this.#underWay.get(id);
  }

  handedOver(decision: Decision): void {
    const { kind } = decision.action;
    if (kind === "search-history" || kind === "find-media") this.#underWay.set(decision.id, decision);
  }

  ended({ decision }: Outcome): void {
    this.#underWay.delete(decision.id);
  }

  resume({ open }: { readonly open: readonly Decision[] }): void {
    for (const decision of open) this.handedOver(decision);
  }
}

/** How far server ACLs are written, and when the next round is due. */
export function aclDebouncePart(debounce: AclDebounce): Part {
  return {
    name: "server ACLs",
    handedOver({ action }) {
      if (action.kind === "set-server-acl") debounce.began();
    },
    ended({ decision }, at) {
      if (decision.action.kind === "set-server-acl") debounce.ended(at);
    },
    nextAt: () => debounce.dueAt(),
  };
}

/** When there is nothing else to do, a room is read anew. */
export function watchdogPart(
  watchdog: Watchdog,
  { world, pending }: { world: World; pending: () => number },
): Part {
  return {
    name: "watchdog",
    proposes({ seen, at }) {
      if (pending() > 0 || !seen.some((one) => one.kind === "tick")) return [];
      const decision = watchdog.next(world, at);
      return decision ? [decision] : [];
    },
  };
}

/** Old journal entries go at every tick. */
export function pruningPart(pruning: Pruning): Part {
  return {
    name: "pruning",
    seen({ seen, at }) {
      if (seen.some((one) => one.kind === "tick")) pruning.pruneSome(at);
    },
  };
}
