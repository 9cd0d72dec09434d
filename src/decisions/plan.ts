/**
 * From what may be done to steps in order: containment first, the room where the person spoke last first,
 * and nothing that is already true or already under way.
 */
import type { Action, LevelChange } from "../model/actions/action.ts";
import { actKey, isLocal, placeOf, roomOf } from "../model/actions/traits.ts";
import { priority, type Decision, type Step } from "../model/decision.ts";
import type { WorldView } from "../model/world/view.ts";

/** The lane of acts that belong to no room. */
const accountLane = "account";
/** Our own settings go past all lanes. */
const settingsLane = "settings";

export function plan(
  decisions: readonly Decision[],
  { world, isUnderWay }: { world: WorldView; isUnderWay: (key: string) => boolean },
): readonly Step[] {
  const seen = new Set<string>();
  const redactions = new Map<string, number>();
  const steps: Step[] = [];
  for (const decision of decisions) {
    const key = actKey(decision.action);
    if (seen.has(key) || isAlreadyTrue(decision.action, world)) continue;
    // A newer ACL replaces the one that waits, a newer rule the one before; anything else under way is left to finish.
    if (!isReplacing(decision.action) && isUnderWay(key)) continue;
    seen.add(key);
    const step = stepOf(decision, world);
    steps.push(decision.action.kind === "redact" ? { ...step, rank: nth(redactions, step.lane) } : step);
  }
  return steps.sort((a, b) => a.priority - b.priority || a.rank - b.rank);
}

/** A ban for a week and one for ever write to the same place, and the last word counts. */
function isReplacing({ kind }: Action): boolean {
  return kind === "set-server-acl" || kind === "write-policy";
}

/** Rooms are cleaned side by side, the newest of each first: so no room is left for the end with its own pace. */
function nth(counts: Map<string, number>, lane: string): number {
  const n = counts.get(lane) ?? 0;
  counts.set(lane, n + 1);
  return n;
}

export function stepOf(decision: Decision, world: WorldView): Step {
  const { action } = decision;
  return {
    decision,
    lane: laneOf(action),
    priority: priorityOf(action, world),
    rank: rankOf(action, world),
  };
}

function laneOf(action: Action): string {
  return isLocal(action) ? settingsLane : (placeOf(action) ?? roomOf(action) ?? accountLane);
}

function isAlreadyTrue(action: Action, world: WorldView): boolean {
  switch (action.kind) {
    case "ban":
      return world.members.membershipOf(action.room, action.user) === "ban" && !action.redacts;
    case "unban":
      return (
        world.membersKnown.has(action.room) && world.members.membershipOf(action.room, action.user) !== "ban"
      );
    case "kick":
      return (
        world.membersKnown.has(action.room) &&
        world.members.membershipOf(action.room, action.user) === "leave"
      );
    case "mute":
      return isLevel(action, world) && world.mutes.get(action.room, action.user)?.until === action.until;
    case "unmute":
    case "set-power-level":
      return isLevel(action, world);
    case "invite":
      return ["join", "invite"].includes(world.members.membershipOf(action.room, action.user));
    case "join":
      return world.rooms.get(action.room)?.ownMembership === "join";
    default:
      return false;
  }
}

function isLevel({ room, user, level }: LevelChange, world: WorldView): boolean {
  return world.rooms.get(room)?.power.entryOf(user) === level;
}

function priorityOf(action: Action, world: WorldView): number {
  switch (action.kind) {
    case "set-server-acl":
    // The rule before the bans of the same command: one write, and everybody else who follows the list acts on it.
    case "write-policy":
    case "remove-policy":
      return priority.containment;
    case "ban":
      return world.members.membershipOf(action.room, action.user) === "join"
        ? priority.banPresent
        : priority.banAbsent;
    case "kick":
    case "mute":
    case "suspend":
    case "lock":
    case "deactivate":
    case "quarantine-media":
    case "quarantine-media-of-user":
    case "quarantine-media-of-room":
      return priority.banPresent;
    case "unban":
    case "unmute":
    case "set-power-level":
    case "unsuspend":
    case "unlock":
    case "unquarantine-media":
    // Before the alias is given to another room.
    case "remove-alias":
      return priority.lift;
    case "redact":
    case "search-history":
    case "redact-by-server":
      return priority.redact;
    // After the lift of the ban before it, as both are writes to one room.
    case "invite":
    case "warn":
    case "ask":
    case "find-media":
    case "shutdown-room":
    case "make-room-admin":
    case "add-alias":
    case "list-publicly":
    case "unlist-publicly":
    case "send-file":
      return priority.answer;
    case "tell":
      return action.revision === 0 ? priority.answer : priority.notice;
    case "react":
      return priority.notice;
    case "join":
      return priority.answer;
    case "create-list":
    case "describe-command":
    case "leave":
    case "change-settings":
    case "answer-question":
    case "read-room":
    case "read-bans":
    case "fill-gap":
      return priority.housekeeping;
  }
}

/** Where the person spoke last comes first, then the busiest, then the fullest room. */
function rankOf(action: Action, world: WorldView): number {
  const room = roomOf(action);
  if (!room) return 0;
  const spoke = "user" in action && action.user ? world.history.lastSpoke(action.user, room) : 0;
  if (spoke > 0) return -spoke * 2;
  return -world.history.lastActivity(room) - world.members.joinedCount(room) / 1e6;
}
