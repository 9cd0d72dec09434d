/**
 * The last word before anything is done: Tyr never harms itself, its moderators or the community, whoever
 * asked. Runs on every decision, a moderator's command included. Every refusal is a sentence.
 */
import { asString, type JsonObject } from "../../kit/json.ts";
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { Action, ActionOf, LevelChange } from "../../model/actions/action.ts";
import type { ServerAclContent } from "../../model/actions/server-acl.ts";
import type { Decision } from "../../model/decision.ts";
import { serverOf, type UserId } from "../../model/ids.ts";
import { isBanContent } from "../../model/policy-rule.ts";
import type { RoomView } from "../../model/room.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";
import type { BlastRadius, HeldDecisions } from "./blast-radius.ts";
import { objectionToServerAct } from "./server-admin.ts";
import { objectionToRemoving, sparedAsModerator, type Objection } from "./spared-people.ts";

export interface Refusal {
  readonly decision: Decision;
  readonly why: Say;
  /** Refusals with the same key are one piece of news: told once. */
  readonly key: string;
}

export interface Guarded {
  readonly allowed: readonly Decision[];
  readonly refused: readonly Refusal[];
  /** What waits for a person's yes. */
  readonly held: readonly HeldDecisions[];
}

/** `blast` is left out where everything was weighed before: what an earlier run had decided. */
export function guard(
  proposed: readonly Decision[],
  {
    world,
    rulesInForce,
    blast,
    at,
  }: { world: WorldView; rulesInForce: RulesInForce; blast?: BlastRadius; at: number },
): Guarded {
  const allowed: Decision[] = [];
  const refused: Refusal[] = [];
  for (const decision of proposed) {
    const objection = objectionTo(decision.action, { world, rulesInForce });
    if (objection) refused.push({ decision, ...objection });
    else allowed.push(decision);
  }
  // What may go ahead one by one may be too much together.
  const weighed = blast?.weigh(allowed, { world, rulesInForce, at }) ?? { allowed, held: [] };
  return { allowed: weighed.allowed, refused, held: weighed.held };
}

function objectionTo(
  action: Action,
  { world, rulesInForce }: { world: WorldView; rulesInForce: RulesInForce },
): Objection | undefined {
  if (touchesPeople(action) && !world.knowsModerators) {
    return {
      why: say`I do not know yet who is in the management room, so I do not know whom to spare`,
      key: "moderators",
    };
  }
  switch (action.kind) {
    case "ban":
    case "kick":
    case "mute":
      return objectionToRemoving(action.user, { world, rulesInForce }) ?? lackOfPower(action, world);
    case "set-power-level":
      return (
        ownLevel(action, world) ?? silencing(action, { world, rulesInForce }) ?? lackOfPower(action, world)
      );
    case "warn":
      return lackOfPower(action, world);
    case "search-history":
    case "redact-by-server":
      return (
        objectionToRemoving(action.user, { world, rulesInForce }) ??
        (action.kind === "search-history" ? lackOfPower(action, world) : undefined)
      );
    case "redact":
      return protectedEvent(action, world) ?? lackOfPower(action, world);
    case "set-server-acl":
      return harmfulAcl(action.content, world) ?? lackOfPower(action, world);
    case "write-policy":
      return ruleAgainstUs(action.content, world) ?? lackOfPower(action, world);
    case "unban":
    case "unmute":
    case "invite":
    case "remove-policy":
      return lackOfPower(action, world);
    default:
      return objectionToServerAct(action, { world, rulesInForce });
  }
}

function touchesPeople(action: Action): boolean {
  return [
    "ban",
    "kick",
    "mute",
    "redact",
    "search-history",
    "redact-by-server",
    "set-server-acl",
    "suspend",
    "lock",
    "deactivate",
    "quarantine-media",
    "quarantine-media-of-user",
    "quarantine-media-of-room",
    "shutdown-room",
  ].includes(action.kind);
}

/** A rule that would hit a moderator or Tyr is refused as a whole: others may follow our list and apply it. */
function ruleAgainstUs(content: JsonObject, world: WorldView): Objection | undefined {
  const entity = asString(content["entity"]);
  if (entity === undefined || !isBanContent(content)) return undefined;
  const hit = hitAmongUs(entity, world);
  if (hit === undefined) return undefined;
  const who = hit === world.self ? say`me` : say`the moderator ${code(hit)}`;
  return { why: say`a rule for ${code(entity)} would hit ${who}`, key: `rule ${entity}` };
}

/** Redacting one of these would break the room for everybody (an ACL without content denies every server). */
function protectedEvent(
  action: Extract<Action, { kind: "redact" }>,
  world: WorldView,
): Objection | undefined {
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
      why: say`that is a policy rule; take it back with ${code("unban")}`,
      key: `event ${action.event}`,
    };
  return undefined;
}

function harmfulAcl(content: ServerAclContent, world: WorldView): Objection | undefined {
  if (content.allow.length === 0)
    return { why: say`a server ACL that allows nobody would close the room for ever`, key: "acl-empty" };
  if (!isServerAllowed(content, serverOf(world.self)))
    return { why: say`this server ACL would deny our own server`, key: "acl-own" };
  return undefined;
}

type Powered = Extract<
  Action,
  {
    kind:
      | "ban"
      | "kick"
      | "invite"
      | "unban"
      | "mute"
      | "unmute"
      | "set-power-level"
      | "warn"
      | "redact"
      | "search-history"
      | "set-server-acl"
      | "write-policy"
      | "remove-policy";
  }
>;

function lackOfPower(action: Powered, world: WorldView): Objection | undefined {
  const id = action.kind === "write-policy" || action.kind === "remove-policy" ? action.list : action.room;
  const room = world.rooms.get(id);
  if (!room?.isKnown)
    return {
      why: say`I am not in ${code(id)}${room?.trouble ? say`: ${plain(room.trouble)}` : ""}`,
      key: `absent ${id}`,
    };
  const why = powerMissing(action, room, world.self);
  return why && { why, key: `power ${id} ${why.text}` };
}

function powerMissing(action: Powered, room: RoomView, self: UserId): Say | undefined {
  const { power } = room;
  switch (action.kind) {
    case "ban":
      return power.canBan(self, action.user)
        ? undefined
        : (outranks(action.user, room, self) ?? needs(room, "ban", power.needed("ban"), self));
    case "kick":
      return power.canKick(self, action.user)
        ? undefined
        : (outranks(action.user, room, self) ?? needs(room, "kick", power.needed("kick"), self));
    case "unban":
      return power.canUnban(self, action.user)
        ? undefined
        : (outranks(action.user, room, self) ??
            needs(room, "unban", Math.max(power.needed("ban"), power.needed("kick")), self));
    case "invite":
      return power.of(self) >= power.needed("invite")
        ? undefined
        : needs(room, "invite", power.needed("invite"), self);
    case "mute":
    case "unmute":
    case "set-power-level":
      return levelMissing(action, room, self);
    case "warn":
      return power.of(self) >= power.neededForMessage("m.room.message")
        ? undefined
        : needs(room, "speak", power.neededForMessage("m.room.message"), self);
    case "redact":
    case "search-history":
      return power.canRedactOthers(self)
        ? undefined
        : needs(
            room,
            "redact",
            Math.max(power.needed("redact"), power.neededForMessage("m.room.redaction")),
            self,
          );
    case "set-server-acl":
      return power.canSendState(self, "m.room.server_acl")
        ? undefined
        : needs(room, "set the server ACL", power.neededForState("m.room.server_acl"), self);
    case "write-policy":
    case "remove-policy":
      return power.canSendState(self, action.eventType)
        ? undefined
        : needs(room, "write rules", power.neededForState(action.eventType), self);
  }
}

/** Who lowers their own level cannot raise it again. */
function ownLevel(
  { user, room, level }: ActionOf<"set-power-level">,
  world: WorldView,
): Objection | undefined {
  if (user !== world.self) return undefined;
  const now = world.rooms.get(room)?.power.of(user) ?? 0;
  return Number(level ?? 0) >= now
    ? undefined
    : { why: say`I do not lower my own level: I could not raise it again`, key: `own level ${room}` };
}

/** A level with which nothing can be said is a mute, whatever it is called. */
function silencing(
  action: ActionOf<"set-power-level">,
  view: { world: WorldView; rulesInForce: RulesInForce },
): Objection | undefined {
  const silence = view.world.rooms.get(action.room)?.power.silence ?? -Infinity;
  return Number(action.level ?? 0) <= silence ? objectionToRemoving(action.user, view) : undefined;
}

/** Room versions, authorization rules for `m.room.power_levels`: entries at or above ours are not ours to change, nor to give. */
function levelMissing(action: LevelChange, room: RoomView, self: UserId): Say | undefined {
  const { power } = room;
  if (!room.event("m.room.power_levels")) return say`${plain(room.label)} has no power levels to change`;
  if (power.isCreator(action.user))
    return say`${code(action.user)} is a creator of ${plain(room.label)}; creators stand above all levels`;
  if (!power.canSendState(self, "m.room.power_levels"))
    return needs(room, "change power levels", power.neededForState("m.room.power_levels"), self);
  if (action.user !== self && power.of(action.user) >= power.of(self))
    return outranks(action.user, room, self);
  const given = Number(action.level ?? 0);
  return given > power.of(self)
    ? say`I cannot give level ${given} in ${plain(room.label)}, as mine is ${String(power.of(self))}`
    : undefined;
}

function outranks(user: UserId, room: RoomView, self: UserId): Say | undefined {
  if (room.power.isCreator(user))
    return say`${code(user)} is a creator of ${plain(room.label)}; nobody can act against a creator`;
  const [theirs, ours] = [room.power.of(user), room.power.of(self)];
  return theirs >= ours && theirs > 0
    ? say`${code(user)} has level ${theirs} in ${plain(room.label)}, as high as mine (${ours}) or higher`
    : undefined;
}

function needs(room: RoomView, what: string, level: number, self: UserId): Say {
  return say`to ${what} in ${plain(room.label)} I need level ${level} and have ${String(room.power.of(self))}`;
}
