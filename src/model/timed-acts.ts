/**
 * What was done for a time only, and ends by itself: suspensions, locks, lists that are followed, protections switched on or
 * off. Rules, mutes, exemptions and modes of rooms keep their own ends.
 */
import type { Action, ActionOf } from "./actions/action.ts";
import { placeOf } from "./actions/traits.ts";
import type { RoomId } from "./ids.ts";
import { protectionKey } from "./settings/protections.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** Those that can be done for a time, and those that take their place. */
export type TimedAction = ActionOf<"suspend" | "unsuspend" | "lock" | "unlock" | "change-settings">;

export interface TimedAct {
  /** What it sets: the newest act on it counts. */
  readonly place: string;
  readonly action: TimedAction;
  /** When it ends, ms since the epoch. */
  readonly until: number;
}

/** To read only. */
export type TimedActsView = Readonly<Pick<TimedActs, "get" | "over" | "nextEnd">>;

/** So many that moderators set by hand; beyond it the oldest are forgotten, and last until somebody ends them. */
const remembered = 500;

export class TimedActs {
  readonly storedAs = "timed-act";
  readonly unwritten = new UnwrittenItems<TimedAct>();
  readonly #all = new Map<string, TimedAct>();

  get view(): TimedActsView {
    return this;
  }

  get(place: string): TimedAct | undefined {
    return this.#all.get(place);
  }

  /** Those that have ended by their time. */
  over(now: number): readonly TimedAct[] {
    return [...this.#all.values()].filter(({ until }) => until <= now);
  }

  /** When the next one ends, in ms since the epoch, or Infinity. */
  get nextEnd(): number {
    let next = Infinity;
    for (const { until } of this.#all.values()) next = Math.min(next, until);
    return next;
  }

  /** The act was done: it ends at its time, and whatever stood in its place before no longer does. */
  done(action: TimedAction): void {
    const place = placeOfTimed(action);
    if (place === undefined) return;
    const until = untilOf(action);
    if (until === undefined) return this.#forget(place);
    this.#put({ place, action, until });
    this.unwritten.note(place, { place, action, until });
    if (this.#all.size > remembered) this.#forget(this.#all.keys().next().value!);
  }

  restore(_place: string, act: TimedAct): void {
    this.#put(act);
    if (this.#all.size > remembered) this.#all.delete(this.#all.keys().next().value!);
  }

  #put(act: TimedAct): void {
    this.#all.delete(act.place);
    this.#all.set(act.place, act);
  }

  #forget(place: string): void {
    if (this.#all.delete(place)) this.unwritten.note(place, undefined);
  }
}

/** Only what is against somebody, or changes what moderators have set, is done for a time. */
function untilOf(action: TimedAction): number | undefined {
  return action.kind === "unsuspend" || action.kind === "unlock" ? undefined : action.until;
}

/** Undefined for what is never done for a time. */
export function placeOfTimed(action: TimedAction): string | undefined {
  if (action.kind !== "change-settings") return placeOf(action);
  const { change } = action;
  switch (change.kind) {
    case "watch":
      return placeOfList(change.list.room);
    case "unwatch":
      return placeOfList(change.list);
    case "set-protection":
      return "enabled" in change.values ? placeOfProtection(change.protection, change.room) : undefined;
    default:
      return undefined;
  }
}

export function placeOfList(list: RoomId): string {
  return `list ${list}`;
}

/** `room`: undefined for everywhere. */
export function placeOfProtection(protection: string, room: RoomId | undefined): string {
  return `protection ${protectionKey(protection, room)}`;
}

export function isTimed(action: Action): action is TimedAction {
  return kinds.has(action.kind);
}

const kinds: ReadonlySet<Action["kind"]> = new Set<TimedAction["kind"]>([
  "suspend",
  "unsuspend",
  "lock",
  "unlock",
  "change-settings",
]);
