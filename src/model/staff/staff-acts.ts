/**
 * What people who have power in a room did with it by their own clients, seen as state: whom they removed or let in again,
 * which levels, server ACLs, rules and other state they changed, and what stood there before. It is counted, and it can be
 * taken back; nothing that anybody wrote is in it.
 */
import { dayMs } from "../../kit/duration.ts";
import type { Membership } from "../event.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { PathChange } from "../path-changes.ts";
import { UnwrittenItems } from "../unwritten-items.ts";

/** `mute`: levels that only take voices. `rule`: of a policy list. `state`: anything else of a room. */
export const staffActKinds = ["ban", "kick", "unban", "mute", "levels", "acl", "rule", "state"] as const;
export type StaffActKind = (typeof staffActKinds)[number];

/** A state event that somebody wrote over. */
export interface StateChange {
  readonly type: string;
  readonly stateKey: string;
  /** `ours` is what they wrote there. */
  readonly changes: readonly PathChange[];
}

export interface StaffAct {
  readonly user: UserId;
  readonly room: RoomId;
  readonly event: EventId;
  /** The order in which they reached us. */
  readonly seq: number;
  /** When it reached us, and when it was sent as its server says; ms since the epoch. */
  readonly at: number;
  readonly sentAt: number;
  readonly kind: StaffActKind;
  /** Who was removed, let in again or muted, and what they were there before. */
  readonly targets?: readonly UserId[];
  readonly was?: Membership;
  /** Of whoever was removed, where we saw them come: when, ms since the epoch. */
  readonly cameAt?: number;
  /** Of a membership: it has changed since, be it by the person themself. */
  readonly isOver?: true;
  readonly changed?: StateChange;
  /** What there is to count of it: each different one within the window counts once. */
  readonly counts: readonly string[];
  /** In thirds: what each of `counts` is worth. Undefined: it is not weighed yet, and counts nothing. */
  readonly thirds?: number;
  /** Why it counts nothing: they are on a list, of a wave, were found by a protection, or it is too little to count. */
  readonly spared?: "listed" | "wave" | "found" | "exempt";
}

/** To read only. */
export type StaffActsView = Readonly<Pick<StaffActs, "of" | "get" | "changes" | "newestAt">>;

/** What is older can be taken back by hand, and is no burst any more. */
export const actsKeptMs = dayMs;
/** Of one person. A person who does more was called for long before; the oldest go. About 300 bytes each. */
const actsOfOne = 2_000;
/** Of all together: three megabytes. Whoever did most loses the oldest, so that nobody can push out what others did. */
const actsOfAll = 10_000;
export class StaffActs {
  readonly storedAs = "staff-act";
  readonly unwritten = new UnwrittenItems<StaffAct>();
  /** In order. */
  readonly #of = new Map<UserId, Map<EventId, StaffAct>>();
  /** People whose acts were put back in any order. */
  readonly #unsorted = new Set<UserId>();
  /** The newest act on each person in each room. */
  readonly #onPerson = new Map<string, StaffAct>();
  /** The newest change of each state event. */
  readonly #newestAt = new Map<string, StaffAct>();
  #size = 0;
  #lastSeq = 0;

  get view(): StaffActsView {
    return this;
  }

  /** What the person did within the last day, in order. */
  *of(user: UserId): Iterable<StaffAct> {
    yield* this.#actsOf(user)?.values() ?? [];
  }

  get(user: UserId, event: EventId): StaffAct | undefined {
    return this.#of.get(user)?.get(event);
  }

  /** All that changed state events, by anybody, in order. */
  changes(): readonly StaffAct[] {
    const found = [...this.#of.values()].flatMap((acts) => [...acts.values()].filter((act) => act.changed));
    return found.toSorted((one, other) => one.seq - other.seq);
  }

  /**
   * The newest change of a state event: of state that is not kept, nothing else tells what stands there. Undefined once it is
   * forgotten, though older ones are known: they were written over.
   */
  newestAt(room: RoomId, type: string, stateKey: string): StaffAct | undefined {
    return this.#newestAt.get(placeOf(room, { type, stateKey }));
  }

  /** Somebody has another membership by this event: what was done to them there before is over. */
  memberChanged(room: RoomId, user: string, event: EventId): void {
    if (this.#onPerson.size === 0) return;
    const act = this.#onPerson.get(`${room} ${user}`);
    if (act && act.event !== event && !act.isOver) this.set({ ...act, isOver: true });
  }

  /** Puts in what was not known, or what is weighed now. */
  set(act: Omit<StaffAct, "seq">): void {
    const known = this.get(act.user, act.event);
    const numbered = { ...act, seq: known?.seq ?? ++this.#lastSeq };
    this.#put(numbered);
    this.unwritten.note(keyOf(numbered), numbered);
    this.#keepWithin(act.user);
  }

  restore(_key: string, act: StaffAct): void {
    this.#lastSeq = Math.max(this.#lastSeq, act.seq);
    this.#put(act);
    this.#unsorted.add(act.user);
  }

  /** What is too old goes. Where the clock was set back, what seems to come from the future goes with its day, too. */
  forgetOld(now: number): void {
    for (const user of this.#of.keys())
      for (const act of this.#actsOf(user)?.values() ?? []) {
        if (Math.abs(now - act.at) < actsKeptMs) break;
        this.#delete(act);
      }
  }

  #put(act: StaffAct): void {
    const acts = this.#of.get(act.user) ?? new Map<EventId, StaffAct>();
    if (!acts.has(act.event)) this.#size++;
    this.#of.set(act.user, acts.set(act.event, act));
    const person = personIn(act);
    if (person !== undefined && (this.#onPerson.get(person)?.seq ?? 0) <= act.seq)
      this.#onPerson.set(person, act);
    const place = act.changed && placeOf(act.room, act.changed);
    if (place !== undefined && (this.#newestAt.get(place)?.seq ?? 0) <= act.seq)
      this.#newestAt.set(place, act);
  }

  #keepWithin(user: UserId): void {
    const own = this.#actsOf(user)!;
    if (own.size > actsOfOne) this.#delete(own.values().next().value!);
    if (this.#size <= actsOfAll) return;
    const [[most]] = [...this.#of].toSorted(([, one], [, other]) => other.size - one.size) as [
      [UserId, unknown],
    ];
    this.#delete(this.#actsOf(most)!.values().next().value!);
  }

  #delete(act: StaffAct): void {
    const acts = this.#of.get(act.user);
    if (!acts?.delete(act.event)) return;
    this.#size--;
    if (acts.size === 0) this.#of.delete(act.user);
    const person = personIn(act);
    if (person !== undefined && this.#onPerson.get(person)?.event === act.event)
      this.#onPerson.delete(person);
    const place = act.changed && placeOf(act.room, act.changed);
    if (place !== undefined && this.#newestAt.get(place)?.event === act.event) this.#newestAt.delete(place);
    this.unwritten.note(keyOf(act), undefined);
  }

  #actsOf(user: UserId): Map<EventId, StaffAct> | undefined {
    const acts = this.#of.get(user);
    if (!acts || !this.#unsorted.delete(user)) return acts;
    const inOrder = new Map([...acts].toSorted(([, one], [, other]) => one.seq - other.seq));
    this.#of.set(user, inOrder);
    return inOrder;
  }
}

/** Whom it is done to; a mute is a change of levels. */
function personIn({ kind, room, targets }: StaffAct): string | undefined {
  return targets && kind !== "mute" ? `${room} ${targets[0]!}` : undefined;
}

/** Types and state keys may hold any character. */
function placeOf(room: RoomId, { type, stateKey }: Pick<StateChange, "type" | "stateKey">): string {
  return JSON.stringify([room, type, stateKey]);
}

function keyOf({ user, event }: Pick<StaffAct, "user" | "event">): string {
  return `${user} ${event}`;
}
