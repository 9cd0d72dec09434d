/**
 * Our own acts on their way through the server: which have come back through sync, which have not, and which list the
 * bans were made for.
 */
import type { JsonObject } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { Action } from "../actions/action.ts";
import type { Cause } from "../decision.ts";
import type { StateEvent } from "../event.ts";
import type { Limits } from "../limits.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import { descriptionType } from "../room.ts";

/** An echo that takes longer than this is not waited for. */
const awaitEchoMs = 60_000;

export interface AwaitedLevels {
  readonly event: EventId;
  readonly since: number;
  /** Whose levels stood before, as far as we knew by then. */
  readonly after: UserId | undefined;
}

export class OwnEchoes {
  readonly #self: UserId;
  readonly #limits: Pick<Limits, "ownEventsRemembered" | "ownBansRemembered">;
  readonly #echoes = new Set<EventId>();
  /** Since when the echo of a member event of ours is waited for, by room and person. */
  readonly #awaited = new Map<string, number>();
  /** The newest levels of ours that sync has not told of yet, and since when, by room. */
  readonly #awaitedLevels = new Map<RoomId, AwaitedLevels>();
  /** List by room, person and stamp of the ban, or by room and person for one that we gave up. */
  readonly #kept = new Map<string, RoomId>();

  constructor(self: UserId, limits: Pick<Limits, "ownEventsRemembered" | "ownBansRemembered">) {
    this.#self = self;
    this.#limits = limits;
  }

  echoed(event: EventId): void {
    this.#echoes.add(event);
    keepNewest(this.#echoes, this.#limits.ownEventsRemembered);
  }

  isEchoed(event: EventId): boolean {
    return this.#echoes.has(event);
  }

  awaitEcho(room: RoomId, user: string, now: number): void {
    this.#awaited.set(`${room} ${user}`, now);
  }

  /**
   * Between our write and its echo, sync may still tell what came before it: a join, a new display name. The server has
   * put our event after those, so they are no news. Any act of somebody else ends the wait: the echo may never come.
   */
  isOlder(room: RoomId, user: UserId, { sender, now }: { sender: UserId; now: number }): boolean {
    const place = `${room} ${user}`;
    const since = this.#awaited.get(place);
    if (since === undefined) return false;
    if (sender === user && user !== this.#self && now - since <= awaitEchoMs) return true;
    this.#awaited.delete(place);
    return false;
  }

  awaitLevels(room: RoomId, awaited: AwaitedLevels): void {
    this.#awaitedLevels.set(room, awaited);
  }

  awaitedLevels(room: RoomId): AwaitedLevels | undefined {
    return this.#awaitedLevels.get(room);
  }

  /**
   * Sync tells what happened in order: until it tells of our newest levels, all levels that come are older, our own earlier
   * ones among them. Believed, they would take back what we have written since, and the next write would make that true.
   */
  areOlderLevels(room: RoomId, event: EventId, now: number): boolean {
    const awaited = this.#awaitedLevels.get(room);
    if (!awaited) return false;
    const isOlder = event !== awaited.event && Math.abs(now - awaited.since) <= awaitEchoMs;
    if (!isOlder) this.#awaitedLevels.delete(room);
    return isOlder;
  }

  /** Called now and then: ends what has been waited for long enough. */
  forgetOld(now: number): void {
    for (const [place, since] of this.#awaited) {
      if (now - since > awaitEchoMs) this.#awaited.delete(place);
      // The clock was set back: the wait begins anew, or it would last as long as that.
      else if (since > now) this.#awaited.set(place, now);
    }
    for (const [room, { since }] of this.#awaitedLevels)
      if (Math.abs(now - since) > awaitEchoMs) this.#awaitedLevels.delete(room);
  }

  /** Events of the room were skipped, our echo perhaps among them: what comes now may be newer than our act. */
  forgetRoom(room: RoomId): void {
    for (const place of this.#awaited.keys()) if (place.startsWith(`${room} `)) this.#awaited.delete(place);
    this.#awaitedLevels.delete(room);
  }

  /** Remembers for which list a ban was made, while we cannot see its room or its echo. */
  keepList(room: RoomId, user: UserId, { stamp, list }: { stamp: number; list: RoomId }): void {
    this.#keep(`${room} ${user} ${stamp}`, list);
  }

  /** A ban for the list was given up. Perhaps only its answer was lost, and sync tells of it in the end. */
  noteBan(room: RoomId, user: UserId, list: RoomId | undefined): void {
    if (list) this.#keep(`${room} ${user}`, list);
    else this.#kept.delete(`${room} ${user}`);
  }

  /** The list of this ban of ours: sync may tell of it more than once. */
  listOf(room: RoomId, user: UserId, stamp: number): RoomId | undefined {
    return this.#kept.get(`${room} ${user} ${stamp}`) ?? this.#kept.get(`${room} ${user}`);
  }

  #keep(key: string, list: RoomId): void {
    this.#kept.set(key, list);
    keepNewest(this.#kept, this.#limits.ownBansRemembered);
  }
}

/** The list by whose rule a ban stands: it is lifted with the rule. */
export function listBehind(because: Cause): RoomId | undefined {
  const isOf = because.kind === "rule" || because.kind === "command" || because.kind === "finding";
  return isOf ? because.list : undefined;
}

/** The state event that a successful act has put into the room. */
export function asStateEvent(
  action: Action,
  eventId: EventId,
  { sender, at, levels }: { sender: UserId; at: number; levels?: JsonObject },
): StateEvent | undefined {
  const base = { sender, eventId, sentAt: at };
  switch (action.kind) {
    case "ban":
      return { ...base, type: "m.room.member", stateKey: action.user, content: { membership: "ban" } };
    case "unban":
    case "kick":
      return { ...base, type: "m.room.member", stateKey: action.user, content: { membership: "leave" } };
    case "invite":
      return { ...base, type: "m.room.member", stateKey: action.user, content: { membership: "invite" } };
    case "mute":
    case "unmute":
    case "set-power-level":
      return levels && { ...base, type: "m.room.power_levels", stateKey: "", content: levels };
    case "set-server-acl":
      return { ...base, type: "m.room.server_acl", stateKey: "", content: { ...action.content } };
    case "write-policy":
      return { ...base, type: action.eventType, stateKey: action.stateKey, content: action.content };
    case "describe-command":
      return { ...base, type: descriptionType, stateKey: action.stateKey, content: action.content };
    case "remove-policy":
      return { ...base, type: action.eventType, stateKey: action.stateKey, content: {} };
    default:
      return undefined;
  }
}
