/**
 * The last check before anything is done: Tyr never harms itself, its moderators or the community, not even for a moderator.
 * Runs on every decision, a moderator's command included. Every refusal is a sentence.
 */
import { stableId } from "../../kit/hash.ts";
import { asString } from "../../kit/json.ts";
import { code, say, type Say } from "../../kit/say.ts";
import type { Action, ActionKind, ActionOf } from "../../model/actions/action.ts";
import { actKey, powerNeededFor, traitsOf } from "../../model/actions/traits.ts";
import type { Decision } from "../../model/decision.ts";
import { serverOf, type UserId } from "../../model/ids.ts";
import { isBanContent } from "../../model/policy-rule.ts";
import { PowerLevels } from "../../model/power-levels.ts";
import { contentPutBack } from "../../model/world/content-after.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import { hasServerPower } from "../../model/server-powers.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";
import { isStopped } from "../../model/stopped.ts";
import type { BlastRadius } from "./blast-radius.ts";
import type { HeldDecisions } from "./held.ts";
import { fitsIntoAnEvent, keepsOurServers, keepsVoices } from "./containment.ts";
import { lackOfRoomPower } from "./room-power.ts";
import {
  isAliasOfOurServer,
  isNoRoomOfOurs,
  isNotSpelledAsUs,
  isOnOurServer,
  sparesManagementRoom,
} from "./server-admin.ts";
import { objectionToRemoving, sparedAsModerator, type Objection } from "./spared-people.ts";

export interface Refusal {
  readonly decision: Decision;
  readonly why: Say;
  /** Refusals with the same key are told once. */
  readonly key: string;
  /** It was meant for a person who is never touched. */
  readonly isSparing?: boolean;
  /** Nothing is wrong with it, but everything is stopped. */
  readonly isStopped?: boolean;
}

export interface Guarded {
  readonly allowed: readonly Decision[];
  readonly refused: readonly Refusal[];
  /** Decisions that wait for a person's yes. */
  readonly held: readonly HeldDecisions[];
}

/** `blast`: left out for what an earlier run had decided, which was weighed then. */
export function guard(
  proposed: readonly Decision[],
  { world, rulesInForce, blast, at, prefix }: View & { blast?: BlastRadius; at: number },
): Guarded {
  const allowed: Decision[] = [];
  const refused: Refusal[] = [];
  for (const decision of proposed) {
    const objection =
      objectionTo(decision.action, { world, rulesInForce, prefix }) ?? stopOf(decision, world);
    if (objection) refused.push({ decision, ...objection });
    else allowed.push(decision);
  }
  // Acts that are allowed one by one may be too much together.
  const weighed = blast?.weigh(allowed, { world, rulesInForce, at }) ?? { allowed, held: [] };
  return { allowed: weighed.allowed, refused, held: weighed.held };
}

interface View {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  /** The command prefix, for commands that a refusal suggests. */
  readonly prefix: string;
}

type Check<A> = (action: A, view: View) => Objection | undefined;

/**
 * What is asked of every kind of act, in this order; the first objection is told. The moderators have to be known before
 * any of it, where the traits say that the act harms somebody. No check: words, reads and what is ours alone.
 */
const checks: { readonly [K in ActionKind]: readonly Check<ActionOf<K>>[] } = {
  ban: [sparesPerson, hasPower],
  unban: [hasPower],
  kick: [sparesPerson, hasPower],
  invite: [hasPower],
  "refuse-knock": [sparesPerson, hasPower],
  mute: [sparesPerson, hasPower],
  unmute: [hasPower],
  "set-power-level": [keepsOwnLevel, silencesNobodySpared, hasPower],
  tell: [],
  ask: [],
  warn: [hasPower],
  react: [],
  "send-file": [],
  "show-removed": [],
  "show-reported": [],
  "forget-removed": [],
  "describe-command": [],
  redact: [keepsRoomWhole, hasPower],
  hold: [keepsRoomWhole, hasPower],
  post: [hasPower],
  "search-history": [sparesPerson, hasPower],
  "redact-by-server": [sparesPerson],
  "set-server-acl": [keepsRoomOpen, hasPower],
  "set-policy-server": [leavesUsTheDesk, hasPower],
  "clear-policy-server": [hasPower],
  contain: [fitsIntoAnEvent, hasPower, keepsVoices],
  release: [hasPower],
  "put-back": [hasPower, keepsOurPower],
  "deny-servers": [keepsOurServers, hasPower],
  "readmit-servers": [],
  "set-room-mode": [],
  "write-policy": [hitsNoneOfUs, hasPower],
  "remove-policy": [hasPower],
  "create-list": [],
  join: [],
  leave: [],
  "read-room": [],
  "read-bans": [],
  "fill-gap": [],
  "try-protection": [],
  "change-settings": [],
  "answer-question": [],
  suspend: [hasPower, isOnOurServer, sparesPerson, isNotSpelledAsUs],
  unsuspend: [hasPower, isOnOurServer],
  lock: [hasPower, isOnOurServer, sparesPerson, isNotSpelledAsUs],
  unlock: [hasPower, isOnOurServer],
  deactivate: [hasPower, isOnOurServer, sparesPerson, isNotSpelledAsUs],
  "find-media": [hasPower],
  "quarantine-media": [hasPower, sparesPerson],
  "unquarantine-media": [hasPower],
  "quarantine-media-of-user": [hasPower, isOnOurServer, sparesPerson, isNotSpelledAsUs],
  "quarantine-media-of-room": [hasPower, sparesManagementRoom],
  "shutdown-room": [hasPower, isNoRoomOfOurs],
  "block-room": [hasPower, isNoRoomOfOurs],
  "unblock-room": [hasPower],
  "set-profile": [],
  "make-room-admin": [hasPower],
  "add-alias": [isAliasOfOurServer],
  "remove-alias": [isAliasOfOurServer],
  "list-publicly": [],
  "unlist-publicly": [],
};

function checksOf<K extends ActionKind>(action: ActionOf<K>): readonly Check<ActionOf<K>>[] {
  return checks[action.kind];
}

function objectionTo(action: Action, view: View): Objection | undefined {
  if (traitsOf(action).harm.whom !== "nobody" && !view.world.knowsModerators) {
    return {
      why: say`I do not know yet who is in the management room, so I do not know whom to spare`,
      key: "moderators",
    };
  }
  for (const check of checksOf(action)) {
    const objection = check(action, view);
    if (objection) return objection;
  }
  return undefined;
}

/** Last, so that what is told of it as stopped is what would have been done. */
function stopOf(
  decision: Decision,
  {
    settings: {
      stopping: { stop },
    },
  }: WorldView,
): Omit<Refusal, "decision"> | undefined {
  if (!stop || !isStopped(decision, stop)) return undefined;
  const key = `stopped ${stop.at} ${stableId(actKey(decision.action))}`;
  return { why: say`stopped by ${code(stop.by)}`, key, isStopped: true };
}

function sparesPerson({ user }: { readonly user: UserId | undefined }, view: View): Objection | undefined {
  return user === undefined ? undefined : objectionToRemoving(user, view);
}

function hasPower(action: Action, { world }: View): Objection | undefined {
  const need = powerNeededFor(action);
  if (need.of === "nothing") return undefined;
  if (need.of !== "server") return lackOfRoomPower(need, world);
  return hasServerPower(world.serverPowers, need.power)
    ? undefined
    : { why: say`the homeserver does not let me: I am no administrator of it`, key: `power ${need.power}` };
}

/** A rule that would hit a moderator or Tyr is refused as a whole: others may follow our list and apply it. */
function hitsNoneOfUs({ content }: ActionOf<"write-policy">, { world }: View): Objection | undefined {
  const entity = asString(content["entity"]);
  if (entity === undefined || !isBanContent(content)) return undefined;
  const hit = hitAmongUs(entity, world);
  if (hit === undefined) return undefined;
  const who = hit === world.self ? say`me` : say`the moderator ${code(hit)}`;
  return { why: say`a rule for ${code(entity)} would hit ${who}`, key: `rule ${entity}` };
}

/** Redacting what a room stands on would break it for everybody (an ACL without content denies every server). */
function keepsRoomWhole(action: ActionOf<"redact" | "hold">, { world, prefix }: View): Objection | undefined {
  if (action.user && world.isSpared(action.user)) return sparedAsModerator(action.user);
  for (const event of world.rooms.get(action.room)?.events() ?? []) {
    if (event.eventId === action.event)
      return {
        why: say`that is the room's ${code(event.type)} event; redacting it would break the room`,
        key: `event ${action.event}`,
      };
  }
  const rules = world.lists.get(action.room)?.variantsFor((rule) => rule.eventId === action.event);
  if (rules?.length)
    return {
      why: say`that is a policy rule; take it back with ${code(`${prefix} unban`)}`,
      key: `event ${action.event}`,
    };
  return undefined;
}

function keepsRoomOpen(
  { content }: Pick<ActionOf<"set-server-acl">, "content">,
  { world }: View,
): Objection | undefined {
  if (content.allow.length === 0)
    return { why: say`a server ACL that allows nobody would close the room for ever`, key: "acl-empty" };
  if (!isServerAllowed(content, serverOf(world.self)))
    return { why: say`this server ACL would deny our own server`, key: "acl-own" };
  return undefined;
}

/** Moderators have to be heard when the policy server does not answer. */
function leavesUsTheDesk({ room }: ActionOf<"set-policy-server">, { world }: View): Objection | undefined {
  return room === world.settings.managementRoom
    ? { why: say`the management room gets no policy server: it has to go on without one`, key: "policy-desk" }
    : undefined;
}

/** What was changed may have given us the power that we have, or let our server in. */
function keepsOurPower(action: ActionOf<"put-back">, view: View): Objection | undefined {
  const { world } = view;
  const content = contentPutBack(world, action);
  if (!content || action.stateKey !== "") return undefined;
  if (action.eventType === "m.room.server_acl") {
    const acl = readServerAcl(content);
    return acl && keepsRoomOpen({ content: acl }, view);
  }
  if (action.eventType !== "m.room.power_levels") return undefined;
  const room = world.rooms.get(action.room);
  const after = new PowerLevels(room?.event("m.room.create"), { content });
  return after.of(world.self) >= (room?.power.of(world.self) ?? 0)
    ? undefined
    : { why: say`I do not lower my own level: I could not raise it again`, key: `own level ${action.room}` };
}

/** Who lowers their own level cannot raise it again. */
function keepsOwnLevel(
  { user, room, level }: ActionOf<"set-power-level">,
  { world }: View,
): Objection | undefined {
  if (user !== world.self) return undefined;
  const now = world.rooms.get(room)?.power.of(user) ?? 0;
  return (level ?? 0) >= now
    ? undefined
    : { why: say`I do not lower my own level: I could not raise it again`, key: `own level ${room}` };
}

/** A level with which nothing can be said is a mute, whatever it is called. */
function silencesNobodySpared(action: ActionOf<"set-power-level">, view: View): Objection | undefined {
  const silence = view.world.rooms.get(action.room)?.power.silence ?? -Infinity;
  return (action.level ?? 0) <= silence ? objectionToRemoving(action.user, view) : undefined;
}
