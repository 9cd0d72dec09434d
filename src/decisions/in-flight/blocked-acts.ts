/**
 * Acts that are not worth asking for again by themselves: what the homeserver refused for good, and what a dry run has
 * recorded already; and the rooms in which something failed that may work later.
 */
import { keepNewest } from "../../kit/bounded.ts";
import type { Action } from "../../model/actions/action.ts";
import { actKey, roomOf, traitsOf } from "../../model/actions/traits.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import { stoppedCode } from "../../model/stopped.ts";

export class BlockedActs {
  readonly #most: number;
  /** Acts that were refused for good, by key, with their room: blocked until something changes there. */
  readonly #refused = new Map<string, RoomId | undefined>();
  /** What was recorded, by key, of acts that are decided under a new id at every look: what it would have brought about. */
  readonly #recorded = new Map<string, string>();
  readonly #failedRooms = new Set<RoomId>();

  /** `most`: acts remembered of each sort; the oldest are forgotten, and at worst tried again. */
  constructor(most: number) {
    this.#most = most;
  }

  ended({ decision: { action }, result }: Outcome): void {
    const effect = result.kind === "recorded" ? recordedEffectOf(action) : undefined;
    if (effect !== undefined) this.#remember(this.#recorded, actKey(action), effect);
    // What we refused or stopped ourselves is no refusal of the homeserver's.
    if (result.kind !== "failed" || result.code === "REFUSED" || result.code === stoppedCode) return;
    const room = roomOf(action);
    if (result.lasting) this.#remember(this.#refused, actKey(action), room);
    else if (room) this.#failedRooms.add(room);
  }

  /** Our power or our membership changed there: what was refused may be granted now. */
  roomsChanged(rooms: ReadonlySet<RoomId>): void {
    if (rooms.size === 0) return;
    for (const [key, room] of this.#refused) if (room && rooms.has(room)) this.#refused.delete(key);
  }

  /** A person's command is tried however often it was refused. */
  isBlocked({ action, because }: Decision): boolean {
    if (because.kind === "command") return false;
    if (this.#isRecorded(action)) return true;
    return traitsOf(action).memory.afterRefusal === "blocked" && this.#refused.has(actKey(action));
  }

  /** Rooms to be judged again, as what failed in them may work now. Each is told once. */
  takeFailedRooms(): readonly RoomId[] {
    const rooms = [...this.#failedRooms];
    this.#failedRooms.clear();
    return rooms;
  }

  #isRecorded(action: Action): boolean {
    const before = this.#recorded.size > 0 ? this.#recorded.get(actKey(action)) : undefined;
    return before !== undefined && before === recordedEffectOf(action);
  }

  #remember<V>(map: Map<string, V>, key: string, value: V): void {
    map.set(key, value);
    keepNewest(map, this.#most);
  }
}

/** For kinds that are decided under a new id each time: what tells that an act is the same as one recorded in a dry run. */
function recordedEffectOf(action: Action): string | undefined {
  const { inDryRun } = traitsOf(action).memory;
  return typeof inDryRun === "object" ? inDryRun.recordOnce(action) : undefined;
}
