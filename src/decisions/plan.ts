/**
 * From what may be done to steps in order: containment first, the room where the person spoke last first,
 * and nothing that is already true or already under way.
 */
import { isSameJson } from "../kit/json.ts";
import type { Action, ActionOf, LevelChange } from "../model/actions/action.ts";
import { placeSetBy } from "../model/actions/places.ts";
import {
  actKey,
  isLocal,
  placeOf,
  roomOf,
  traitsOf,
  urgencyOf,
  type SeenKind,
} from "../model/actions/traits.ts";
import type { ActsInFlight } from "../model/acts-in-flight.ts";
import type { Decision, Step } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import { isAnythingToPutBack } from "../model/world/content-after.ts";
import { eventTypeOf, isStillOurs, isTable } from "../model/path-changes.ts";
import { showsPolicyServer } from "../model/policy-server.ts";
import type { WorldView } from "../model/world/view.ts";

/** The lane of acts that belong to no room. */
const accountLane = "account";
/** The lane of changes of our own settings, which wait for nothing. */
const settingsLane = "settings";

export interface PlanView {
  readonly world: WorldView;
  /** Whether an act with the key waits or is being performed. */
  readonly isUnderWay: (key: string) => boolean;
  readonly inFlight?: Pick<ActsInFlight, "newestOn" | "lastWordOn">;
}

export function plan(
  decisions: readonly Decision[],
  { world, isUnderWay, inFlight }: PlanView,
): readonly Step[] {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const steps: Step[] = [];
  for (const decision of decisions) {
    const key = actKey(decision.action);
    if (seen.has(key)) continue;
    const { rank, sameUnderWay } = traitsOf(decision.action).turn;
    const newest = inFlight?.newestOn(placeSetBy(decision.action));
    if (newest) {
      // What the world shows now is about to change.
      const last = inFlight?.lastWordOn(placeSetBy(decision.action));
      if (sameUnderWay === "drop" && last && hasSameEffect(last.action, decision.action)) continue;
    } else {
      if (isAlreadyTrue(decision.action, world)) continue;
      if (sameUnderWay === "drop" && isUnderWay(key)) continue;
    }
    seen.add(key);
    const step = stepOf(decision, world);
    steps.push(
      rank === "in-turn" ? { ...step, rank: countUp(counts, step.lane) - seenIn(step.lane, world) } : step,
    );
  }
  return steps.sort((a, b) => a.priority - b.priority || a.rank - b.rank);
}

/** Two mutes with the same key may end at different times. */
function hasSameEffect(one: Action, other: Action): boolean {
  if (actKey(one) !== actKey(other)) return false;
  return one.kind !== "mute" || other.kind !== "mute" || one.until === other.until;
}

/** How many were counted in the lane before. As a rank it lets rooms take turns, so that none is cleaned last. */
function countUp(counts: Map<string, number>, lane: string): number {
  const n = counts.get(lane) ?? 0;
  counts.set(lane, n + 1);
  return n;
}

/** Of the newest messages of all rooms, those that most people see go first: below one, and more for a fuller room. */
function seenIn(lane: string, world: WorldView): number {
  return Math.min(world.members.joinedCount(lane as RoomId), 999_999) / 1e6;
}

export function stepOf(decision: Decision, world: WorldView): Step {
  const { action } = decision;
  return {
    decision,
    lane: laneOf(action),
    priority: urgencyOf(action, isPresent(action, world)),
    rank: rankOf(action, world),
  };
}

function laneOf(action: Action): string {
  // While the policy server does not answer, every other write to the room hangs, and holds up its lane.
  if (action.kind === "set-policy-server" || action.kind === "clear-policy-server")
    return `policy server ${action.room}`;
  return isLocal(action) ? settingsLane : (placeOf(action) ?? roomOf(action) ?? accountLane);
}

function isPresent(action: Action, world: WorldView): boolean {
  const room = roomOf(action);
  if (room === undefined || !("user" in action) || action.user === undefined) return false;
  return world.members.membershipOf(room, action.user) === "join";
}

/** Whether the world shows the effect of the act. */
export function isAlreadyTrue(action: Action, world: WorldView): boolean {
  return isSeen(action) && isTrueNow(action, world);
}

function isSeen(action: Action): action is ActionOf<SeenKind> {
  return traitsOf(action).turn.effect === "seen";
}

/** Whether the world shows the effect already: a row for every kind whose effect is seen, as its traits say. */
const alreadyTrue: {
  readonly [K in SeenKind]: (action: ActionOf<K>, world: WorldView) => boolean;
} = {
  // A ban that hides what the person wrote is written over one that does not.
  ban: ({ room, user, redacts }, world) => world.members.membershipOf(room, user) === "ban" && !redacts,
  unban: ({ room, user }, world) =>
    world.membersKnown.has(room) && world.members.membershipOf(room, user) !== "ban",
  kick: ({ room, user }, world) =>
    world.membersKnown.has(room) && world.members.membershipOf(room, user) === "leave",
  "refuse-knock": ({ room, user }, world) => world.members.membershipOf(room, user) !== "knock",
  invite: ({ room, user }, world) => ["join", "invite"].includes(world.members.membershipOf(room, user)),
  mute: (action, world) =>
    hasLevel(action, world) && world.mutes.get(action.room, action.user)?.until === action.until,
  unmute: hasLevel,
  "set-power-level": hasLevel,
  contain: isContained,
  release: ({ room, key }, world) => {
    const one = world.stored.containments.get(room, key);
    return !one || one.endedAt !== undefined;
  },
  "put-back": (action, world) => !isAnythingToPutBack(action, world),
  "set-policy-server": ({ room: id, server }, { rooms }) => {
    const room = rooms.get(id);
    return room !== undefined && showsPolicyServer(room, server);
  },
  "clear-policy-server": ({ room: id }, { rooms }) => {
    const room = rooms.get(id);
    return room !== undefined && showsPolicyServer(room, undefined);
  },
  join: ({ room }, world) => world.rooms.get(room)?.ownMembership === "join",
};

function isTrueNow<K extends SeenKind>(action: ActionOf<K>, world: WorldView): boolean {
  return alreadyTrue[action.kind](action, world);
}

/** Whom it names may differ by now. */
function isContained(
  { room, key, changes, waves, isRepair }: ActionOf<"contain">,
  world: WorldView,
): boolean {
  const one = world.stored.containments.get(room, key);
  if (!one || one.endedAt !== undefined || one.pending) return false;
  const content = world.rooms.get(room)?.event(eventTypeOf[key])?.content ?? {};
  const what = changes.filter((change) => change.path[0] !== "users" && !isTable(change));
  return (
    waves.every((wave) => one.waves.includes(wave)) &&
    (!isRepair || what.every((change) => isStillOurs(content, change))) &&
    what.every(({ path, ours }) =>
      one.changes.some((known) => isSameJson(known.path, path) && isSameJson(known.ours, ours)),
    )
  );
}

function hasLevel({ room, user, level }: LevelChange, world: WorldView): boolean {
  return world.rooms.get(room)?.power.entryOf(user) === level;
}

/** Smaller is sooner: first the room where the person spoke last, then the busiest, then the fullest. */
function rankOf(action: Action, world: WorldView): number {
  const room = roomOf(action);
  if (!room) return 0;
  const spoke = "user" in action && action.user ? world.recentEvents.lastSpoke(action.user, room) : 0;
  if (spoke > 0) return -spoke * 2;
  return -world.recentEvents.lastActivity(room) - world.members.joinedCount(room) / 1e6;
}
