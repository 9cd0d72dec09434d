/**
 * What came in the way of earlier decisions: acts that a server refused for good, rooms in which something failed that
 * may work later, commands that were taken back while their acts waited, rules of ours that are not written yet.
 */
import { compileGlob, type Glob } from "../../kit/glob.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { Action, ActionOf } from "../../model/actions/action.ts";
import type { ServerAclContent } from "../../model/actions/server-acl.ts";
import { actKey, isNumbered, roomOf } from "../../model/actions/traits.ts";
import { occasionOf, type Cause, type Decision, type Outcome } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { PendingRules } from "../../policy/desired-bans.ts";
import { roomOfOurs } from "../../policy/own-people.ts";

export class Setbacks {
  readonly #world: WorldView;
  readonly #rulesInForce: RulesInForce;
  /** Acts that the server refused for good, by room: until something changes in the room. */
  readonly #blocked = new Map<string, RoomId | undefined>();
  readonly #failedRooms = new Set<RoomId>();
  /** Entities unbanned by command, and when: what commands decided before that is void. */
  readonly #takenBack = new Map<string, number>();
  /** Commands that were taken back, by their event, and by which command: what of them still waits is called off. */
  readonly #undone = new Map<string, { readonly by: Cause; readonly at: number }>();
  /** Entities of the rules of ours that are on their way, by list. */
  readonly #pendingRules = new Map<RoomId, { readonly entity: string; readonly names: Glob }[]>();
  /** Rooms in which lifts are held back until the list's rules are written. */
  readonly #heldBack = new Map<RoomId, Set<RoomId>>();
  /** Commands that write or remove a rule, by the rule's place: list, type and state key. */
  readonly #ruleCommands = new Map<string, Cause>();
  /** Commands whose rules were recorded only, as in a dry run: no echo will ever tell of them. */
  readonly #recordedRules = new Map<string, true>();
  /** What was recorded and is asked for anew under another name at every look, with what it was to bring about. */
  readonly #recorded = new Map<string, string>();

  constructor(world: WorldView, rulesInForce: RulesInForce) {
    this.#world = world;
    this.#rulesInForce = rulesInForce;
  }

  /**
   * Whether a rule of ours that names the person is on its way to a list: one for somebody else keeps no ban. Whoever
   * asks because of a room holds something back in it.
   */
  get pendingRules(): PendingRules {
    return {
      has: (list, user, room) => {
        const isPending = this.#isPending(list, user);
        if (isPending) this.#heldBack.set(list, (this.#heldBack.get(list) ?? new Set()).add(room));
        return isPending;
      },
    };
  }

  /** Once no rule of ours is on its way to the list any more: the rooms to judge again. */
  takeHeldBack(list: RoomId): readonly RoomId[] {
    if ((this.#pendingRules.get(list) ?? []).length > 0) return [];
    const rooms = [...(this.#heldBack.get(list) ?? [])];
    this.#heldBack.delete(list);
    return rooms;
  }

  #isPending(list: RoomId, user: UserId): boolean {
    return (this.#pendingRules.get(list) ?? []).some(({ names }) => names.matches(user));
  }

  /** The command behind a rule that came or went, where it was one of ours. */
  commandBehind({
    list,
    eventType,
    stateKey,
  }: Pick<Rule, "list" | "eventType" | "stateKey">): Cause | undefined {
    return this.#ruleCommands.get(`${list}\n${eventType}\n${stateKey}`);
  }

  handedOver({ action, because }: Decision): void {
    if (action.kind === "write-policy") {
      this.#ruleBegan(action);
      // It was decided after whatever was taken back, even where a clock that was set back says otherwise.
      this.#takenBack.delete(String(action.content["entity"]).toLowerCase());
    }
    if (action.kind !== "write-policy" && action.kind !== "remove-policy") return;
    const place = `${action.list}\n${action.eventType}\n${action.stateKey}`;
    if (because.kind === "command") this.#remember(this.#ruleCommands, place, because);
  }

  ended({ decision, result }: Outcome): void {
    const { action } = decision;
    if (result.kind === "recorded") this.#noteRecorded(decision);
    if (action.kind === "write-policy") this.#ruleEnded(action);
    if (action.kind === "write-policy" || action.kind === "remove-policy") {
      this.#ruleCommands.delete(`${action.list}\n${action.eventType}\n${action.stateKey}`);
    }
    if (result.kind !== "failed" || result.code === "REFUSED") return;
    const room = roomOf(action);
    if (result.lasting) this.#remember(this.#blocked, actKey(action), room);
    else if (room) this.#failedRooms.add(room);
  }

  /** A command took back whatever commands before it wanted for the entity. */
  tookBack(entity: string, at: number): void {
    this.#remember(this.#takenBack, entity.toLowerCase(), at);
  }

  /** A command takes back others. */
  undone(occasions: readonly string[], by: Cause, at: number): void {
    for (const occasion of occasions) this.#remember(this.#undone, occasion, { by, at });
  }

  /** Somebody took it back. */
  isUndone(occasion: string): boolean {
    return this.#undone.has(occasion);
  }

  /** The command that took back what led to this decision, after it was made. */
  undoOf({ because, at }: Decision): Cause | undefined {
    const undone = this.#undone.get(occasionOf(because));
    return undone && at <= undone.at ? undone.by : undefined;
  }

  /** Something changed in the rooms (our power, our membership): what was refused there may be granted now. */
  roomsChanged(rooms: ReadonlySet<RoomId>): void {
    if (rooms.size === 0) return;
    for (const [key, room] of this.#blocked) if (room && rooms.has(room)) this.#blocked.delete(key);
  }

  #noteRecorded({ action, because }: Decision): void {
    if (action.kind === "write-policy") this.#remember(this.#recordedRules, occasionOf(because), true);
    const effect = effectOf(action);
    if (effect !== undefined) this.#remember(this.#recorded, actKey(action), effect);
  }

  #isRecorded(action: Action): boolean {
    const before = this.#recorded.size > 0 ? this.#recorded.get(actKey(action)) : undefined;
    return before !== undefined && before === effectOf(action);
  }

  /** What the server has refused for good is not asked again by itself, nor what was recorded and would change nothing. */
  isBlocked({ action, because }: Decision): boolean {
    if (because.kind === "command") return false;
    if (this.#isRecorded(action)) return true;
    if (action.kind === "join" || action.kind === "read-room") return false;
    return this.#blocked.has(actKey(action));
  }

  /** Asked right before an act: what it was decided for may have gone while it waited. */
  stillHolds(decision: Decision): boolean {
    const { action, because, at } = decision;
    if (this.undoOf(decision) && isNumbered(action)) return false;
    if (because.kind !== "command" && isForProtected(action) && !this.#world.isProtected(action.room))
      return false;
    if (action.kind === "write-policy")
      return at >= (this.#takenBack.get(String(action.content["entity"]).toLowerCase()) ?? 0);
    if (action.kind === "shutdown-room") return roomOfOurs(action.room, this.#world) === undefined;
    if (action.kind === "set-server-acl") return !this.#hasAcl(action.room, action.content);
    if (action.kind === "remove-policy" && because.kind === "expiry") {
      // Under the same key there may be a newer rule by now.
      const there = this.#world.lists.get(action.list)?.ruleAt(action.eventType, action.stateKey);
      return there === undefined || there.eventId === because.event;
    }
    if (!("user" in action) || !action.user) return true;
    if ((action.kind === "unban" || action.kind === "kick") && !this.#isThere(action, because)) return false;
    const verdict = () => this.#rulesInForce.verdict(action.user!)?.kind;
    if (because.kind === "rule-removed") return verdict() !== "ban";
    if (action.kind === "unmute" && because.kind === "expiry") {
      // Somebody may have given it another end meanwhile.
      const mute = this.#world.mutes.get(action.room, action.user);
      return mute !== undefined && mute.level === action.before && mute.until === action.until;
    }
    if (takesNothing(action)) return true;
    // Somebody may have become a moderator or exempt meanwhile.
    if (this.#world.isSpared(action.user) || this.#rulesInForce.exemptionOf(action.user)) return false;
    if (because.kind === "rule") return verdict() === "ban";
    if (action.kind !== "ban" && action.kind !== "mute") return true;
    if (because.kind !== "command" && because.kind !== "finding") return true;
    // Whoever was given power there is nobody's to find any more.
    if (because.kind === "finding" && this.#world.rooms.get(action.room)?.power.isAboveUsual(action.user))
      return false;
    if (at < (this.#takenBack.get(action.user.toLowerCase()) ?? 0)) return false;
    // Once its rule is written, a command's ban needs it to be there still.
    if (because.kind === "command" && this.#recordedRules.has(because.event)) return true;
    return (
      !because.list ||
      action.kind === "mute" ||
      this.#isPending(because.list, action.user) ||
      verdict() === "ban"
    );
  }

  /**
   * Whether what a lift or a removal would end is still so. Both write that the person is outside: a lift would throw
   * out who was let in again meanwhile, a removal would lift the ban that a person has made.
   */
  #isThere({ kind, room, user }: ActionOf<"unban"> | ActionOf<"kick">, because: Cause): boolean {
    if (!this.#world.membersKnown.has(room)) return true;
    const record = this.#world.members.get(room, user);
    const membership = this.#world.members.membershipOf(room, user);
    if (kind === "kick") return membership !== "leave" && membership !== "ban";
    const needsOurs = because.kind !== "command" || because.undoes !== undefined;
    return membership === "ban" && (!needsOurs || record?.isOurs === true);
  }

  /** While it waited, an earlier one with the same content may have been written. */
  #hasAcl(room: RoomId, { allow, deny, allow_ip_literals }: ServerAclContent): boolean {
    const current = readServerAcl(this.#world.rooms.get(room)?.event("m.room.server_acl")?.content);
    return (
      current?.allow_ip_literals === allow_ip_literals &&
      current.allow.join("\n") === allow.join("\n") &&
      current.deny.join("\n") === deny.join("\n")
    );
  }

  /** Rooms to be judged again, as what failed in them may work now. */
  takeFailedRooms(): readonly RoomId[] {
    const rooms = [...this.#failedRooms];
    this.#failedRooms.clear();
    return rooms;
  }

  #ruleBegan({ list, content }: ActionOf<"write-policy">): void {
    const entity = String(content["entity"]);
    const names = compileGlob(entity, { ignoreCase: true });
    const pending = this.#pendingRules.get(list) ?? [];
    pending.push({ entity, names });
    this.#pendingRules.set(list, pending);
  }

  #ruleEnded({ list, content }: ActionOf<"write-policy">): void {
    const pending = this.#pendingRules.get(list) ?? [];
    const index = pending.findIndex((one) => one.entity === String(content["entity"]));
    if (index >= 0) pending.splice(index, 1);
    if (pending.length === 0) this.#pendingRules.delete(list);
  }

  /** The oldest are forgotten first. */
  #remember<K, V>(map: Map<K, V>, key: K, value: V): void {
    map.set(key, value);
    keepNewest(map, this.#world.limits.setbacksRemembered);
  }
}

/** Acts that take nothing from anybody. */
function takesNothing({ kind }: Action): boolean {
  return [
    "unban",
    "invite",
    "unmute",
    "set-power-level",
    "warn",
    "unsuspend",
    "unlock",
    "unquarantine-media",
    "make-room-admin",
  ].includes(kind);
}

/**
 * What those acts bring about that get a new name with every look, so that their names do not tell that they are the
 * same; undefined for the others.
 */
function effectOf(action: Action): string | undefined {
  if (action.kind === "set-server-acl") return JSON.stringify(action.content);
  return action.kind === "join" ? "joined" : undefined;
}

/** What lists ask for in protected rooms alone. Lifts are not among it: a room may be left as it was found. */
function isForProtected(
  action: Action,
): action is ActionOf<"ban"> | ActionOf<"redact"> | ActionOf<"search-history"> | ActionOf<"set-server-acl"> {
  return ["ban", "redact", "search-history", "set-server-acl"].includes(action.kind);
}
