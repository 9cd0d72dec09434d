/**
 * What is remembered of the policy server of each protected room: what was seen last, so that a change by others is told;
 * what of a moderator's wish was done there; and the newest trouble that our own messages had.
 */
import type { RoomId } from "./ids.ts";
import type { PolicyServer } from "./policy-server.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** `refused`: it did not sign. `silent`: it could not be asked, or the homeserver gave up. `slow`: it took seconds. */
export type PolicyTroubleKind = "refused" | "silent" | "slow";

export interface PolicyTrouble {
  /** When, ms since the epoch. */
  readonly at: number;
  readonly how: PolicyTroubleKind;
}

export interface PolicyPlace {
  readonly room: RoomId;
  readonly server?: PolicyServer;
  /** Anybody of the server is in the room: otherwise nobody asks it. */
  readonly isPresent?: boolean;
  /** The wish that was carried out here, by its time: what others make of the room afterwards stands. */
  readonly setFor?: number;
  readonly invitedFor?: number;
  readonly trouble?: PolicyTrouble;
}

/** To read only. */
export type PolicyPlacesView = Readonly<Pick<PolicyPlaces, "get" | "all">>;

/** As many rooms as may be protected by default; beyond it the oldest are forgotten, and seen as if for the first time. */
const remembered = 10_000;

export class PolicyPlaces {
  readonly storedAs = "policy-place";
  readonly unwritten = new UnwrittenItems<PolicyPlace>();
  readonly #all = new Map<RoomId, PolicyPlace>();

  get view(): PolicyPlacesView {
    return this;
  }

  get(room: RoomId): PolicyPlace | undefined {
    return this.#all.get(room);
  }

  all(): Iterable<PolicyPlace> {
    return this.#all.values();
  }

  set(place: PolicyPlace): void {
    const { room } = place;
    this.#all.delete(room);
    this.#all.set(room, place);
    this.unwritten.note(room, place);
    if (this.#all.size <= remembered) return;
    const oldest = this.#all.keys().next().value!;
    this.#all.delete(oldest);
    this.unwritten.note(oldest, undefined);
  }

  restore(_room: string, place: PolicyPlace): void {
    this.#all.set(place.room, place);
  }
}
