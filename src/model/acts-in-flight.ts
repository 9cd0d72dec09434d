/** What is decided and has not ended, by what it sets: rooms and lists do not show it yet. */
import type { Action } from "./actions/action.ts";
import { placeSetBy } from "./actions/places.ts";
import type { Decision } from "./decision.ts";
import type { UserId } from "./ids.ts";

/** To read only. */
export type InFlightView = Pick<ActsInFlight, "lastWordOn" | "lastWordsAbout" | "lastWords">;

/** Bounded by what the executor's queues hold. */
export class ActsInFlight {
  /** In the order in which they were decided. */
  readonly #byPlace = new Map<string, readonly Decision[]>();
  /** The places on which something is set about a person. */
  readonly #placesOf = new Map<UserId, Set<string>>();
  readonly #isTakenBack: (decision: Decision) => boolean;

  /** `isTakenBack`: an undo came after it; where it comes true all the same, it is taken back then. */
  constructor(isTakenBack: (decision: Decision) => boolean) {
    this.#isTakenBack = isTakenBack;
  }

  began(decision: Decision): void {
    const place = placeSetBy(decision.action);
    if (place === undefined) return;
    this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), decision]);
    const user = userIn(decision.action);
    if (user) this.#placesOf.set(user, (this.#placesOf.get(user) ?? new Set()).add(place));
  }

  ended({ id, action }: Decision): void {
    const place = placeSetBy(action);
    const before = place === undefined ? undefined : this.#byPlace.get(place);
    if (place === undefined || !before) return;
    const left = before.filter((one) => one.id !== id);
    if (left.length > 0) return void this.#byPlace.set(place, left);
    this.#byPlace.delete(place);
    const user = userIn(action);
    const places = user && this.#placesOf.get(user);
    if (places?.delete(place) && places.size === 0) this.#placesOf.delete(user!);
  }

  /** The newest act on the place; undefined where none is in flight. */
  newestOn(place: string | undefined): Decision | undefined {
    return place === undefined ? undefined : this.#byPlace.get(place)?.at(-1);
  }

  /** Whether anything is in flight on what the action sets. */
  isAnyOn(action: Action): boolean {
    return this.newestOn(placeSetBy(action)) !== undefined;
  }

  /** The act whose effect will stand on the place in the end; undefined where what stands there now will. */
  lastWordOn(place: string | undefined): Decision | undefined {
    const newest = this.newestOn(place);
    return newest && !this.#isTakenBack(newest) ? newest : undefined;
  }

  /** The same for every place on which something is set about the person. */
  lastWordsAbout(user: UserId): readonly Decision[] {
    return [...(this.#placesOf.get(user) ?? [])].flatMap((place) => this.lastWordOn(place) ?? []);
  }

  /** The same for every place. */
  *lastWords(): Iterable<Decision> {
    for (const place of this.#byPlace.keys()) {
      const last = this.lastWordOn(place);
      if (last) yield last;
    }
  }
}

function userIn(action: Action): UserId | undefined {
  return "user" in action ? action.user : undefined;
}
