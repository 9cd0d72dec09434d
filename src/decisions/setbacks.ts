/**
 * What came in the way of earlier decisions: acts that a server refused for good, rooms in which something failed that
 * may work later, bans that were taken back while they waited.
 */
import { actKey, roomOf, type Action } from "../model/action.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world.ts";
import type { PolicyBook } from "../policy/book.ts";

/** Refused acts and unbanned people remembered; the oldest are forgotten first. */
const remembered = 10_000;

export class Setbacks {
  readonly #world: WorldView;
  readonly #book: PolicyBook;
  /** Acts that the server refused for good, with the power levels under which it did. */
  readonly #blocked = new Map<string, string>();
  readonly #failedRooms = new Set<RoomId>();
  /** People unbanned by command, and when: bans decided before that are void. */
  readonly #unbanned = new Map<string, number>();

  constructor(world: WorldView, book: PolicyBook) {
    this.#world = world;
    this.#book = book;
  }

  /** An act failed. `isLasting`: the server will say the same until something changes in the room. */
  failed(action: Action, isLasting: boolean): void {
    const room = roomOf(action);
    if (isLasting) remember(this.#blocked, actKey(action), this.#powerIn(action));
    else if (room) this.#failedRooms.add(room);
  }

  /** A command takes this decision back, or makes it void for those that wait. */
  handedOver({ action, because, at }: Decision): void {
    if (action.kind !== "remove-policy" || because.kind !== "command") return;
    remember(this.#unbanned, String(action.before["entity"]), at);
  }

  /** What the server has refused for good is not asked again until the power levels there are others. */
  isBlocked({ action, because }: Decision): boolean {
    if (because.kind === "command" || action.kind === "join" || action.kind === "read-room") return false;
    return this.#blocked.get(actKey(action)) === this.#powerIn(action);
  }

  /** Asked right before an act: a rule may have gone, or a command been taken back, while the act waited. */
  stillHolds({ action, because, at }: Decision): boolean {
    if (!("user" in action) || !action.user || action.kind === "kick") return true;
    if (because.kind === "rule") return this.#book.verdict(action.user)?.kind === "ban";
    if (because.kind === "rule-removed") return this.#book.verdict(action.user)?.kind !== "ban";
    return action.kind !== "ban" || at >= (this.#unbanned.get(action.user) ?? 0);
  }

  /** Rooms to be judged again, as what failed in them may work now. */
  takeFailedRooms(): readonly RoomId[] {
    const rooms = [...this.#failedRooms];
    this.#failedRooms.clear();
    return rooms;
  }

  #powerIn(action: Action): string {
    const room = roomOf(action);
    return (room && this.#world.rooms.get(room)?.event("m.room.power_levels")?.eventId) ?? "none";
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.set(key, value);
  if (map.size > remembered) map.delete(map.keys().next().value!);
}
