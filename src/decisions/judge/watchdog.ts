/**
 * The watchdog finds effects of ours that are gone. Bans lost to a state reset are made again; bans that a person lifted
 * stay lifted and are told. Rooms are read again one after another, as sync does not tell everything. Where somebody
 * keeps changing a server ACL back, we stop for a while.
 */
import { hourMs } from "../../kit/duration.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Changes, LostBan } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { causeOf } from "../../policy/desired-bans.ts";
import { Wait } from "../../kit/wait.ts";

export interface WatchdogLimits {
  /** Every room is read again once in so many hours; 0 switches that off. */
  readonly everyHours: number;
  /** Rooms with more members are not read again: the response would be too large. */
  readonly maxMembers: number;
  /** An ACL that somebody else changed is put right so many times an hour. */
  readonly aclRepairsAnHour: number;
}

export class Watchdog {
  readonly #limits: WatchdogLimits;
  /** Rooms and lists still to be read in this round, in order. */
  #round: RoomId[] = [];
  readonly #pause = new Wait();
  readonly #repairs = new Map<RoomId, { count: number; readonly hour: Wait }>();
  readonly #resting = new Map<RoomId, Wait>();

  constructor(limits: WatchdogLimits, startedAt: number) {
    this.#limits = limits;
    // At the start everything has just been read, or sync has told what changed.
    this.#pause.begin(startedAt, hourMs);
  }

  /** Reads the next room again, if it is time for one. Called when nothing else is under way. */
  next(world: WorldView, at: number): Decision | undefined {
    if (this.#limits.everyHours === 0 || this.#pause.left(at) > 0) return undefined;
    if (this.#round.length === 0) this.#round = [...this.#readable(world)];
    const room = this.#round.shift();
    const all = world.settings.rooms.size + world.settings.spaces.size + world.settings.lists.length;
    this.#pause.begin(at, (this.#limits.everyHours * hourMs) / Math.max(1, all));
    // Since the round began the room may have been removed.
    if (!room || !this.#readable(world).has(room)) return undefined;
    const action = { kind: "read-room", room, state: true, members: world.isProtected(room) } as const;
    return decide(action, { kind: "self", what: "watchdog" }, { at, replaces: String(at) });
  }

  /** Somebody else wrote the room's ACL over ours. Tells whether it may be put right once more, and counts that. */
  mayRepair(room: RoomId, at: number): boolean {
    const repairs = this.#repairs.get(room);
    if (!repairs || repairs.hour.left(at) === 0) {
      const hour = new Wait();
      hour.begin(at, hourMs);
      this.#repairs.set(room, { count: 1, hour });
      return true;
    }
    repairs.count++;
    if (repairs.count <= this.#limits.aclRepairsAnHour) return true;
    const rest = this.#resting.get(room) ?? new Wait();
    rest.begin(at, hourMs);
    this.#resting.set(room, rest);
    return false;
  }

  isResting(room: RoomId, at: number): boolean {
    return (this.#resting.get(room)?.left(at) ?? 0) > 0;
  }

  /** Rooms in which Tyr had stopped rewriting an ACL that others changed, and whose pause is over: they are judged again. */
  rested(at: number): readonly RoomId[] {
    const rooms = [...this.#resting].flatMap(([room, rest]) => (rest.left(at) > 0 ? [] : [room]));
    for (const room of rooms) this.#resting.delete(room);
    return rooms;
  }

  #readable(world: WorldView): ReadonlySet<RoomId> {
    const rooms = [...world.protectedIds(), ...world.settings.lists.map((list) => list.room)];
    return new Set(
      rooms.filter(
        (room) =>
          world.rooms.get(room)?.isKnown === true &&
          world.members.joinedCount(room) <= this.#limits.maxMembers,
      ),
    );
  }
}

/** Bans of ours that are gone, though their rule is in force and nobody lifted them: the server has lost them. */
export function bansToRepeat(
  { lostBans }: Changes,
  { world, rulesInForce, at }: { world: WorldView; rulesInForce: RulesInForce; at: number },
): readonly Decision[] {
  return lostBans.flatMap(({ room, user, by, stamp }) => {
    const verdict =
      by === undefined && isGone(room, user, world) ? banFor(user, { world, rulesInForce }) : undefined;
    if (!verdict) return [];
    const { rule } = verdict;
    const action = { kind: "ban", room, user, reason: rule.reason, redacts: false } as const;
    return [decide(action, causeOf(rule, verdict.with), { at, replaces: `lost ${stamp}` })];
  });
}

/** Bans of ours that a person lifted, though their rule is in force. */
export function bansLifted(
  { lostBans }: Changes,
  { world, rulesInForce }: { world: WorldView; rulesInForce: RulesInForce },
): readonly (LostBan & { readonly by: UserId; readonly list: RoomId })[] {
  return lostBans.flatMap((lost) => {
    const rule = lost.by === undefined ? undefined : banFor(lost.user, { world, rulesInForce })?.rule;
    return rule && lost.by !== undefined ? [{ ...lost, by: lost.by, list: rule.list }] : [];
  });
}

/** Only for people who are out of the room: those who are present are banned by the rule anyway. */
function isGone(room: RoomId, user: UserId, world: WorldView): boolean {
  return world.members.membershipOf(room, user) === "leave" && world.isProtected(room);
}

function banFor(user: UserId, { world, rulesInForce }: { world: WorldView; rulesInForce: RulesInForce }) {
  const verdict = world.isSpared(user) ? undefined : rulesInForce.verdict(user);
  return verdict?.kind === "ban" ? verdict : undefined;
}
