/** How many people spoke in each room within the last hour. Begun anew after a restart. */
import { keepNewest } from "../kit/bounded.ts";
import { hourMs } from "../kit/duration.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Observation } from "../model/observation.ts";

/** In a room where more people speak within an hour, a tenth of them is more than is ever waited for. */
const mostSpeakers = 500;
const mostRooms = 1_000;

export class HourlySpeakers {
  /** When each last spoke, by room; who spoke last comes last. */
  readonly #rooms = new Map<RoomId, Map<UserId, number>>();

  note(seen: readonly Observation[]): void {
    for (const one of seen) if (one.kind === "message") this.#spoke(one.room, one.event.sender, one.at);
  }

  countIn(room: RoomId, at: number): number {
    let count = 0;
    for (const spokeAt of this.#rooms.get(room)?.values() ?? []) if (Math.abs(at - spokeAt) < hourMs) count++;
    return count;
  }

  #spoke(room: RoomId, user: UserId, at: number): void {
    let speakers = this.#rooms.get(room);
    if (!speakers) {
      this.#rooms.set(room, (speakers = new Map()));
      keepNewest(this.#rooms, mostRooms);
    }
    speakers.delete(user);
    speakers.set(user, at);
    keepNewest(speakers, mostSpeakers);
  }
}
