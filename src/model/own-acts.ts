/**
 * Our own acts on their way through the server: which have come back through sync, which have not, and which list the
 * bans were made for.
 */
import type { Action } from "./action.ts";
import type { Cause } from "./decision.ts";
import type { StateEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";

/** The newest ids of our own events that came back through sync; enough for every write in flight. */
const rememberedEchoes = 5_000;
/** Commands whose bans and rules are on their way at one time. */
const rememberedCommands = 1_000;
/** An echo that takes longer than this is not waited for. */
const awaitEchoMs = 60_000;

/** A ban of ours and the list by whose rule it stands. */
export interface RuledBan {
  readonly room: RoomId;
  readonly user: UserId;
  readonly list: RoomId;
}

export class OwnActs {
  readonly #self: UserId;
  readonly #echoes = new Set<EventId>();
  /** Until when the echo of a member event of ours is waited for, by room and person. */
  readonly #awaited = new Map<string, number>();
  readonly #ruledCommands = new Set<EventId>();
  readonly #unruledBans = new Map<EventId, RuledBan[]>();

  constructor(self: UserId) {
    this.#self = self;
  }

  echoed(event: EventId): void {
    this.#echoes.add(event);
    if (this.#echoes.size > rememberedEchoes) this.#echoes.delete(this.#echoes.values().next().value!);
  }

  isEchoed(event: EventId): boolean {
    return this.#echoes.has(event);
  }

  awaitEcho(room: RoomId, user: string, now: number): void {
    this.#awaited.set(`${room} ${user}`, now + awaitEchoMs);
  }

  /**
   * Between our write and its echo, sync may still tell what came before it: a join, a new display name. The server has
   * put our event after those, so they are no news. Any act of somebody else ends the wait: the echo may never come.
   */
  isOlder(room: RoomId, user: UserId, { sender, now }: { sender: UserId; now: number }): boolean {
    const place = `${room} ${user}`;
    const until = this.#awaited.get(place);
    if (until === undefined) return false;
    if (sender === user && user !== this.#self && until >= now) return true;
    this.#awaited.delete(place);
    return false;
  }

  forgetBefore(now: number): void {
    for (const [place, until] of this.#awaited) if (until < now) this.#awaited.delete(place);
  }

  /** A ban is lifted with the rule it was made for; a command's ban has one as soon as its rule is written. */
  banned({ room, user }: { room: RoomId; user: UserId }, because: Cause): RuledBan | undefined {
    if (because.kind === "rule") return { room, user, list: because.list };
    if (because.kind !== "command" || !because.list) return undefined;
    const ban = { room, user, list: because.list };
    if (this.#ruledCommands.has(because.event)) return ban;
    this.#unruledBans.set(because.event, [...(this.#unruledBans.get(because.event) ?? []), ban]);
    if (this.#unruledBans.size > rememberedCommands)
      this.#unruledBans.delete(this.#unruledBans.keys().next().value!);
    return undefined;
  }

  /** The rule of a command is written; gives the bans that have waited for it. */
  ruled(command: EventId): readonly RuledBan[] {
    this.#ruledCommands.add(command);
    if (this.#ruledCommands.size > rememberedCommands)
      this.#ruledCommands.delete(this.#ruledCommands.values().next().value!);
    const bans = this.#unruledBans.get(command) ?? [];
    this.#unruledBans.delete(command);
    return bans;
  }
}

/** The state event that a successful act has put into the room. */
export function asStateEvent(
  action: Action,
  eventId: EventId,
  { sender, at }: { sender: UserId; at: number },
): StateEvent | undefined {
  const base = { sender, eventId, sentAt: at };
  switch (action.kind) {
    case "ban":
      return { ...base, type: "m.room.member", stateKey: action.user, content: { membership: "ban" } };
    case "unban":
    case "kick":
      return { ...base, type: "m.room.member", stateKey: action.user, content: { membership: "leave" } };
    case "set-server-acl":
      return { ...base, type: "m.room.server_acl", stateKey: "", content: { ...action.content } };
    case "write-policy":
      return { ...base, type: action.eventType, stateKey: action.stateKey, content: action.content };
    case "remove-policy":
      return { ...base, type: action.eventType, stateKey: action.stateKey, content: {} };
    default:
      return undefined;
  }
}
