/**
 * Echoes of our own acts: which events of ours sync has told of, for which we still wait, and for which list our bans were
 * made.
 */
import type { JsonObject } from "../../kit/json.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { Action, ActionOf } from "../actions/action.ts";
import { isRoomStateWrite, type StateWriteKind } from "../actions/traits.ts";
import type { Cause } from "../decision.ts";
import type { Membership, StateEvent } from "../event.ts";
import type { Limits } from "../limits.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import { eventTypeOf } from "../path-changes.ts";
import { policyContent, policyType, type PolicyServer } from "../policy-server.ts";
import { descriptionType } from "../room.ts";

/** An echo is waited for no longer than this. */
const awaitEchoMs = 60_000;

export interface AwaitedLevels {
  readonly event: EventId;
  readonly since: number;
  /** Who wrote the levels before ours, as far as we knew when we wrote. */
  readonly after: UserId | undefined;
}

export class OwnEchoes {
  readonly #self: UserId;
  readonly #limits: Pick<Limits, "ownEventsRemembered" | "ownBansRemembered">;
  readonly #echoes = new Set<EventId>();
  /** Since when we wait for the echo of a member event of ours, by room and person. */
  readonly #awaited = new Map<string, number>();
  /** The newest power levels of ours whose echo has not come yet, and since when we wait, by room. */
  readonly #awaitedLevels = new Map<RoomId, AwaitedLevels>();
  /** Lists behind our bans: by room, person and stamp of the ban, or by room and person for a ban that was given up. */
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
   * Whether a member event is older than our own. Between our write and its echo, sync may still tell what came before: a
   * join, a new display name. An event that somebody else made ends the wait, as the echo may never come.
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
   * Whether power levels are older than our newest. Sync tells events in order, so that all levels before our echo are
   * older, earlier ones of ours included. If they were believed, our next write would take our newest change back.
   */
  areOlderLevels(room: RoomId, event: EventId, now: number): boolean {
    const awaited = this.#awaitedLevels.get(room);
    if (!awaited) return false;
    const isOlder = event !== awaited.event && Math.abs(now - awaited.since) <= awaitEchoMs;
    if (!isOlder) this.#awaitedLevels.delete(room);
    return isOlder;
  }

  /** Called at every tick: ends waits that have lasted long enough. */
  forgetOld(now: number): void {
    for (const [place, since] of this.#awaited) {
      if (now - since > awaitEchoMs) this.#awaited.delete(place);
      // The clock was set back: the wait begins anew, or it would last that much longer.
      else if (since > now) this.#awaited.set(place, now);
    }
    for (const [room, { since }] of this.#awaitedLevels)
      if (Math.abs(now - since) > awaitEchoMs) this.#awaitedLevels.delete(room);
  }

  /** After a gap: our echo may be among the skipped events, so what comes now may be newer than our act. */
  forgetRoom(room: RoomId): void {
    for (const place of this.#awaited.keys()) if (place.startsWith(`${room} `)) this.#awaited.delete(place);
    this.#awaitedLevels.delete(room);
  }

  /** Remembers for which list a ban was made while its room, or its echo, cannot be seen. */
  keepList(room: RoomId, user: UserId, { stamp, list }: { stamp: number; list: RoomId }): void {
    this.#keep(`${room} ${user} ${stamp}`, list);
  }

  /** A ban for the list was given up. If only the response was lost, sync will tell of the ban. Undefined: it was done. */
  noteBan(room: RoomId, user: UserId, list: RoomId | undefined): void {
    if (list) this.#keep(`${room} ${user}`, list);
    else this.#kept.delete(`${room} ${user}`);
  }

  /** The list behind this ban of ours. Kept after the first echo, as sync may tell of the ban again. */
  listOf(room: RoomId, user: UserId, stamp: number): RoomId | undefined {
    return this.#kept.get(`${room} ${user} ${stamp}`) ?? this.#kept.get(`${room} ${user}`);
  }

  #keep(key: string, list: RoomId): void {
    this.#kept.set(key, list);
    keepNewest(this.#kept, this.#limits.ownBansRemembered);
  }
}

/** The list whose rule is behind a ban, so that the ban is lifted with the rule. */
export function listBehind(because: Cause): RoomId | undefined {
  const isOf = because.kind === "rule" || because.kind === "command" || because.kind === "finding";
  return isOf ? because.list : undefined;
}

/** A written event, but for what is the same for all of them. */
type Written = Pick<StateEvent, "type" | "stateKey" | "content">;

/** The state event that a successful act has written; undefined where it writes none, or another than our own. */
export function asStateEvent(
  action: Action,
  eventId: EventId,
  { sender, at, levels }: { sender: UserId; at: number; levels?: JsonObject },
): StateEvent | undefined {
  const written = isRoomStateWrite(action) ? writtenBy(action, levels) : undefined;
  return written && { sender, eventId, sentAt: at, ...written };
}

function writtenBy<K extends StateWriteKind>(
  action: ActionOf<K>,
  levels: JsonObject | undefined,
): Written | undefined {
  return written[action.kind](action, levels);
}

/** A row for every kind that writes a room's state, as its traits say. */
const written: {
  readonly [K in StateWriteKind]: (
    action: ActionOf<K>,
    levels: JsonObject | undefined,
  ) => Written | undefined;
} = {
  ban: (action) => membership(action, "ban"),
  unban: (action) => membership(action, "leave"),
  kick: (action) => membership(action, "leave"),
  invite: (action) => membership(action, "invite"),
  "refuse-knock": (action) => membership(action, "leave"),
  mute: (_, levels) => levelsEvent(levels),
  unmute: (_, levels) => levelsEvent(levels),
  "set-power-level": (_, levels) => levelsEvent(levels),
  contain: containedEvent,
  release: containedEvent,
  "put-back": ({ eventType, stateKey }, content) => content && { type: eventType, stateKey, content },
  "set-server-acl": ({ content }) => ({ type: "m.room.server_acl", stateKey: "", content: { ...content } }),
  "set-policy-server": ({ server }) => policyEvent(server),
  "clear-policy-server": () => policyEvent(undefined),
  "write-policy": ({ eventType, stateKey, content }) => ({ type: eventType, stateKey, content }),
  "remove-policy": ({ eventType, stateKey }) => ({ type: eventType, stateKey, content: {} }),
  "describe-command": ({ stateKey, content }) => ({ type: descriptionType, stateKey, content }),
  // Our own membership is believed when sync tells it, with the room's state.
  join: () => undefined,
  leave: () => undefined,
};

function membership({ user }: { readonly user: UserId }, to: Membership): Written {
  return { type: "m.room.member", stateKey: user, content: { membership: to } };
}

/** That of the older type, where it was written as well, is told by sync. */
function policyEvent(server: PolicyServer | undefined): Written {
  return { type: policyType, stateKey: "", content: policyContent(server) };
}

/** The content is that of the moment when it is believed. */
function containedEvent({ key }: ActionOf<"contain" | "release">, content: JsonObject | undefined) {
  return content && { type: eventTypeOf[key], stateKey: "", content };
}

function levelsEvent(levels: JsonObject | undefined): Written | undefined {
  return levels && { type: "m.room.power_levels", stateKey: "", content: levels };
}
