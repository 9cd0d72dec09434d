/** One room as we believe it to be: the few state events that moderation depends on. */
import { asArray, asString, isObject } from "../kit/json.ts";
import type { RoomId, UserId } from "./ids.ts";
import { parseRoomId } from "./ids.ts";
import type { Membership, StateEvent } from "./event.ts";
import { isRuleType } from "./policy-rule.ts";
import { policyType, unstablePolicyType } from "./policy-server.ts";
import { sharedTypes } from "./rules-room.ts";
import { PowerLevels, roomVersionOf } from "./power-levels.ts";

/** Commands of bots, described for clients (MSC4391). */
export const descriptionType = "org.matrix.msc4391.command_description";

/** State that is kept and stored; all other state is dropped once it was looked at. Rules are kept by `PolicyList`. */
const keptTypes: ReadonlySet<string> = new Set([
  "m.room.create",
  "m.room.power_levels",
  "m.room.server_acl",
  "m.room.join_rules",
  "m.room.name",
  "m.room.canonical_alias",
  "m.room.tombstone",
  "m.room.encryption",
  "m.room.history_visibility",
  policyType,
  unstablePolicyType,
  "m.space.child",
  "org.matrix.mjolnir.shortcode",
  descriptionType,
]);

/** Types of which a room may have many events, each with a state key of its own. */
const keyedTypes: ReadonlySet<string> = new Set(["m.space.child", descriptionType]);

export function isKeptState(type: string): boolean {
  return keptTypes.has(type) || isRuleType(type);
}

/** What a sync filter has to let through as state, members included. */
export function watchedStateTypes(ruleTypes: readonly string[]): readonly string[] {
  return [...keptTypes, "m.room.member", ...ruleTypes, ...sharedTypes];
}

/** A room's name is hostile text of any length: so much of it is shown. */
const maxNameLength = 100;

/** Former power levels of a room that are told from new ones. */
const formerLevelsKept = 20;

/** A room, to read only. */
export type RoomView = Readonly<
  Pick<
    Room,
    | "id"
    | "ownMembership"
    | "trouble"
    | "wasRemoved"
    | "aclByHand"
    | "event"
    | "events"
    | "power"
    | "version"
    | "isKnown"
    | "isSpace"
    | "isPublic"
    | "isEncrypted"
    | "label"
    | "alias"
    | "tombstone"
    | "predecessor"
    | "children"
  >
>;

export class Room {
  readonly id: RoomId;
  ownMembership: Membership = "leave";
  /** Why we are not in the room or cannot read it, as the server says or the person who removed us. */
  trouble: string | undefined;
  /** Somebody removed us: we come back when invited, never by ourselves. */
  wasRemoved = false;
  /** Server ACL entries that people made by hand: our own writes keep them. */
  aclByHand: readonly string[] = [];
  readonly #mostState: number;
  /** Power levels that newer ones have replaced, the newest last: one that is in force again came by a state reset. */
  #formerLevels: readonly string[] = [];
  readonly #state = new Map<string, StateEvent>();
  #power: PowerLevels | undefined;

  /** `mostState`: the most state events that are kept. */
  constructor(id: RoomId, mostState: number) {
    this.id = id;
    this.#mostState = mostState;
  }

  event(type: string, stateKey = ""): StateEvent | undefined {
    return this.#state.get(`${type}\n${stateKey}`);
  }

  events(): Iterable<StateEvent> {
    return this.#state.values();
  }

  /** Keeps a state event and tells whether it was new. One beyond the bound, or with a meaningless state key, is dropped. */
  keep(event: StateEvent): boolean {
    if (event.stateKey !== "" && !keyedTypes.has(event.type)) return false;
    const key = `${event.type}\n${event.stateKey}`;
    const known = this.#state.get(key);
    // A redacted event has the same id and other content.
    if (known?.eventId === event.eventId && JSON.stringify(known.content) === JSON.stringify(event.content))
      return false;
    if (!known && this.#state.size >= this.#mostState && event.stateKey !== "") return false;
    if (known && event.type === "m.room.power_levels" && known.eventId !== event.eventId)
      this.#formerLevels = [...this.#formerLevels.slice(1 - formerLevelsKept), known.eventId];
    this.#state.set(key, event);
    this.#power = undefined;
    return true;
  }

  /** Whether these power levels were in force before and were replaced since. */
  hadLevels(eventId: string): boolean {
    return this.#formerLevels.includes(eventId);
  }

  /** A redaction strips a state event of its content but leaves it in force. */
  strip(eventId: string): StateEvent | undefined {
    for (const [key, event] of this.#state) {
      if (event.eventId !== eventId) continue;
      const stripped: StateEvent = { ...event, content: redactedContent(event, this.version) };
      this.#state.set(key, stripped);
      this.#power = undefined;
      return stripped;
    }
    return undefined;
  }

  get power(): PowerLevels {
    return (this.#power ??= new PowerLevels(this.event("m.room.create"), this.event("m.room.power_levels")));
  }

  get version(): string {
    return roomVersionOf(this.event("m.room.create"));
  }

  /** We are in it and have seen its create event, so what we believe can be acted on. */
  get isKnown(): boolean {
    return this.ownMembership === "join" && this.event("m.room.create") !== undefined;
  }

  get isSpace(): boolean {
    return this.event("m.room.create")?.content["type"] === "m.space";
  }

  get isPublic(): boolean {
    return this.event("m.room.join_rules")?.content["join_rule"] === "public";
  }

  /** For ever: whoever empties or redacts the event changes nothing. */
  get isEncrypted(): boolean {
    return this.event("m.room.encryption") !== undefined;
  }

  /** Name, alias or id of the room, the first that it has. Hostile text: clean it where it is shown. */
  get label(): string {
    const name = asString(this.event("m.room.name")?.content["name"])?.trim();
    return (name || this.alias || this.id).slice(0, maxNameLength);
  }

  get alias(): string | undefined {
    return asString(this.event("m.room.canonical_alias")?.content["alias"]);
  }

  /** The successor of an upgraded room, and who upgraded it. */
  get tombstone(): { replacement: RoomId; by: UserId } | undefined {
    const event = this.event("m.room.tombstone");
    const replacement = parseRoomId(event?.content["replacement_room"]);
    return event && replacement ? { replacement, by: event.sender } : undefined;
  }

  /** The room that this one claims to continue. */
  get predecessor(): RoomId | undefined {
    const predecessor = this.event("m.room.create")?.content["predecessor"];
    return isObject(predecessor) ? parseRoomId(predecessor["room_id"]) : undefined;
  }

  /** Children of a space, with servers to join through. A child without `via` has been removed. */
  children(): ReadonlyMap<RoomId, readonly string[]> {
    const found = new Map<RoomId, readonly string[]>();
    for (const event of this.#state.values()) {
      if (event.type !== "m.space.child") continue;
      const via = (asArray(event.content["via"]) ?? []).filter((server) => typeof server === "string");
      const child = parseRoomId(event.stateKey);
      if (child && via.length > 0) found.set(child, via.slice(0, 10));
    }
    return found;
  }
}

const keptByRedaction: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "m.room.power_levels",
    ["ban", "events", "events_default", "kick", "redact", "state_default", "users", "users_default"],
  ],
  ["m.room.join_rules", ["join_rule", "allow"]],
]);

/** What a redaction leaves of a state event (room versions, "Redactions"). */
function redactedContent({ type, content }: StateEvent, version: string): StateEvent["content"] {
  const isOld = /^\d+$/.test(version) && Number(version) < 11;
  if (type === "m.room.create" && !isOld) return content;
  const kept = type === "m.room.create" ? ["creator"] : (keptByRedaction.get(type) ?? []);
  const withInvite = type === "m.room.power_levels" && !isOld ? [...kept, "invite"] : kept;
  return Object.fromEntries(Object.entries(content).filter(([key]) => withInvite.includes(key)));
}
