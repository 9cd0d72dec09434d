/** Asked right before each act that has waited: whether what it was decided for still holds. */
import type { Action, ActionOf, LevelChange } from "../../model/actions/action.ts";
import { isNumbered, roomOf, traitsOf, type RecheckedKind } from "../../model/actions/traits.ts";
import { placeSetBy } from "../../model/actions/places.ts";
import type { ActsInFlight } from "../../model/acts-in-flight.ts";
import type { Cause, Decision } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import { isSameAcl, readServerAcl } from "../../model/server-acl.ts";
import { isAnythingToPutBack } from "../../model/world/content-after.ts";
import type { WorldView } from "../../model/world/view.ts";
import { wishFor } from "../../policy/policy-servers.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { isAlreadyTrue } from "../plan.ts";
import type { PendingRules } from "./pending-rules.ts";
import type { Revocations } from "./revocations.ts";
import { isDroppedByStop, isStopped } from "../../model/stopped.ts";

export interface HoldingView {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly pendingRules: PendingRules;
  readonly revocations: Revocations;
  readonly inFlight: Pick<ActsInFlight, "newestOn">;
  /** An attempt of it got no answer: it is tried again until it is known whether it is done, and taken back then. */
  readonly mayBeDone: boolean;
}

export function stillHolds(decision: Decision, view: HoldingView): "yes" | "no" | "done already" {
  if (view.mayBeDone && isDone(decision, view.world)) return "done already";
  return isStillToBeDone(decision, view) ? "yes" : "no";
}

/**
 * Whether something else than the act is to stand in the end: an undo came after it, or a newer act on the same that no
 * stop keeps from being done.
 */
export function isTakenBack(
  decision: Decision,
  { revocations, inFlight }: Pick<HoldingView, "revocations" | "inFlight">,
): boolean {
  if (isCalledOff(decision, revocations)) return true;
  const newest = inFlight.newestOn(placeSetBy(decision.action));
  return newest !== undefined && newest.id !== decision.id && !isDroppedByStop(newest);
}

/** Whether an undo came after it that takes it back, as far as that is possible. */
export function isCalledOff(decision: Decision, revocations: Revocations): boolean {
  return isNumbered(decision.action) && revocations.undoOf(decision) !== undefined;
}

/**
 * Whether the world shows the effect of an act whose answer was lost. A ban is written again: that changes nothing, and
 * tells which event is ours.
 */
function isDone({ action, because }: Decision, world: WorldView): boolean {
  if (action.kind !== "remove-policy") return action.kind !== "ban" && isAlreadyTrue(action, world);
  // A rule whose time is over counts as gone while its event is still there.
  return because.kind !== "expiry" && isRuleGone(action, world);
}

function isStillToBeDone(decision: Decision, view: HoldingView): boolean {
  const { action, because } = decision;
  if (!view.mayBeDone && isCalledOff(decision, view.revocations)) return false;
  const isKept = view.mayBeDone && isTakenBack(decision, view);
  if (!isKept && isStopped(decision, view.world.settings.stopping.stop)) return false;
  if (!view.mayBeDone && isLetThroughSince(decision, view.world)) return false;
  if (because.kind !== "command" && isOutOfProtection(action, view.world)) return false;
  if (isRechecked(action) && !recheck(action, decision, view)) return false;
  const user = "user" in action ? action.user : undefined;
  return user === undefined || stillConcerns(user, decision, view);
}

/** A moderator let the person through while it waited. */
function isLetThroughSince({ action, because, at }: Decision, world: WorldView): boolean {
  if (because.kind !== "finding" || because.by || !("user" in action) || !action.user) return false;
  return world.stored.letThroughs.isSince(because.protection, action.user, at);
}

/** Lists ask for it in protected rooms alone, and its room is protected no longer. */
function isOutOfProtection(action: Action, world: WorldView): boolean {
  const room = roomOf(action);
  return traitsOf(action).recheck.onlyWhileProtected && room !== undefined && !world.isProtected(room);
}

function isRechecked(action: Action): action is ActionOf<RecheckedKind> {
  return traitsOf(action).recheck.effect === "looked-at";
}

/** Whether the rules and the moderators still leave it to be done to the person. */
function stillConcerns(
  user: UserId,
  { action, because }: Decision,
  { world, rulesInForce }: HoldingView,
): boolean {
  const asked = action.kind === "mute" || action.kind === "unmute" ? "mute" : "ban";
  if (because.kind === "rule-removed") return rulesInForce.verdict(user)?.kind !== asked;
  if (traitsOf(action).harm.whom === "nobody") return true;
  // The person may have become a moderator or exempt meanwhile.
  if (world.isSpared(user) || rulesInForce.exemptionOf(user)) return false;
  return because.kind !== "rule" || rulesInForce.verdict(user)?.kind === asked;
}

/** A row for every kind that is looked at once more, as its traits say: whether it still makes sense. */
const rechecks: {
  readonly [K in RecheckedKind]: (action: ActionOf<K>, decision: Decision, view: HoldingView) => boolean;
} = {
  ban: isStillWanted,
  mute: isStillWanted,
  unban: isBanThere,
  kick: isPersonThere,
  // They may have been let in meanwhile, or have gone away.
  "refuse-knock": ({ room, user }, _decision, { world }) =>
    world.members.membershipOf(room, user) === "knock",
  unmute: isMuteThere,
  "set-power-level": (action, _decision, { world }) => isLevelOther(action, world),
  "remove-policy": isRuleThere,
  "set-server-acl": isAclOther,
  contain: isStillToContain,
  // A later wish is in its place. Its own may not have been noted yet; what an undo puts back follows none.
  "set-policy-server": ({ room, wishAt }, _decision, { world }) =>
    wishAt === undefined || (wishFor(room, world.settings)?.at ?? wishAt) <= wishAt,
  release: ({ room, key }, _decision, { world }) => {
    const one = world.stored.containments.get(room, key);
    return one !== undefined && one.endedAt === undefined;
  },
  "put-back": (action, _decision, { world }) => isAnythingToPutBack(action, world),
  "shutdown-room": ({ room }, _decision, { world }) => roomOfOurs(room, world) === undefined,
};

function recheck<K extends RecheckedKind>(
  action: ActionOf<K>,
  decision: Decision,
  view: HoldingView,
): boolean {
  return rechecks[action.kind](action, decision, view);
}

function isStillWanted(
  { kind, room, user }: ActionOf<"ban" | "mute">,
  { because }: Decision,
  { world, rulesInForce, pendingRules, mayBeDone }: HoldingView,
): boolean {
  if (mayBeDone || (because.kind !== "command" && because.kind !== "finding")) return true;
  // Who was given power in the room is spared by protections from then on.
  if (because.kind === "finding" && world.rooms.get(room)?.power.isAboveUsual(user)) return false;
  if (because.kind === "command" && pendingRules.wasRecorded(because.event)) return true;
  if (kind === "mute" || because.list === undefined) return true;
  // Once the rule of the ban is written, the rule has to be there still.
  return pendingRules.names(because.list, user) || rulesInForce.verdict(user)?.kind === "ban";
}

/** The lift of a ban is written as a membership of `leave`: it would throw out who was let in again meanwhile. */
function isBanThere(
  { room, user }: ActionOf<"unban">,
  { because }: Decision,
  { world }: HoldingView,
): boolean {
  if (!world.membersKnown.has(room)) return true;
  const record = world.members.get(room, user);
  // Somebody else's ban is lifted by a person's command alone, and an undo takes back only what is ours.
  const mayLiftAny = because.kind === "command" && because.undoes === undefined;
  return record?.membership === "ban" && (mayLiftAny || record.isOurs);
}

/** A removal is written as a membership of `leave`: it would lift the ban that a person has made meanwhile. */
function isPersonThere(
  { room, user }: ActionOf<"kick">,
  _decision: Decision,
  { world }: HoldingView,
): boolean {
  if (!world.membersKnown.has(room)) return true;
  return !["leave", "ban"].includes(world.members.membershipOf(room, user));
}

/** Somebody may have given the mute another end meanwhile, or it was called off before it was done. */
function isMuteThere(action: ActionOf<"unmute">, { because }: Decision, { world }: HoldingView): boolean {
  const { room, user, before, until } = action;
  if (because.kind !== "expiry") return isLevelOther(action, world);
  const mute = world.mutes.get(room, user);
  return mute !== undefined && mute.level === before && mute.until === until;
}

/** Whether the level is not what it is to be, or counts as a mute that is to end. */
function isLevelOther({ room, user, level }: LevelChange, world: WorldView): boolean {
  return world.rooms.get(room)?.power.entryOf(user) !== level || world.mutes.get(room, user) !== undefined;
}

/** What was called off before it was written needs no removal. Under the key of a rule whose time is over there may be a newer rule by now. */
function isRuleThere(
  action: ActionOf<"remove-policy">,
  { because }: { readonly because: Cause },
  { world }: HoldingView,
): boolean {
  const { list, eventType, stateKey } = action;
  if (because.kind !== "expiry") return !isRuleGone(action, world);
  const there = world.lists.get(list)?.ruleAt(eventType, stateKey);
  return there === undefined || there.eventId === because.event;
}

function isRuleGone({ list, eventType, stateKey }: ActionOf<"remove-policy">, world: WorldView): boolean {
  const known = world.lists.get(list);
  if (known === undefined || known.ruleAt(eventType, stateKey) !== undefined) return false;
  return !known.expired.has(`${eventType}\n${stateKey}`);
}

/** The room has shown it already where it no longer waits to be written; what became of it since is not to be written over. */
function isStillToContain(
  { room, key }: ActionOf<"contain">,
  { id }: Decision,
  { world }: HoldingView,
): boolean {
  return world.stored.containments.get(room, key)?.pending?.by === id;
}

/** While it waited, an earlier ACL with the same content may have been written. */
function isAclOther(
  { room, content }: ActionOf<"set-server-acl">,
  _decision: Decision,
  { world }: HoldingView,
): boolean {
  const current = readServerAcl(world.rooms.get(room)?.event("m.room.server_acl")?.content);
  return !current || !isSameAcl(current, content);
}
