/**
 * How busy each room is at present, and how far behind its events reach us. Nothing of it outlives a restart: what is
 * forgotten makes rules quieter, never harsher.
 */
import { hourMs, minuteMs } from "../kit/duration.ts";
import { lru, type Lru } from "../kit/lru.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "./ids.ts";
import { SlidingCount } from "./sliding-count.ts";

/** Rooms with something to count; each takes about a kilobyte. Those that are quiet for longest go first. */
const mostRooms = 2_000;
/** Of so many servers, those heard last, the delay is kept, and for so long. */
const mostServers = 16;
const delayKeptMs = 10 * minuteMs;
/** A server alone, whose clock is wrong or which was cut off, makes no lag of the room. */
const fewestServers = 3;

interface RoomPace {
  readonly messages: SlidingCount;
  readonly joins: SlidingCount;
  /** By server, the newest event last: how long after it was sent it reached us. */
  readonly delays: Map<ServerName, { readonly at: number; readonly delayMs: number }>;
}

/** How busy rooms are, to read only. */
export type PaceView = Readonly<Pick<Pace, "messages" | "joins" | "lagMs">>;

export class Pace {
  readonly #rooms: Lru<RoomId, RoomPace> = lru(mostRooms);

  noteMessage(room: RoomId, at: number): void {
    this.#of(room).messages.add(at);
  }

  noteJoin(room: RoomId, at: number): void {
    this.#of(room).joins.add(at);
  }

  noteDelay(
    room: RoomId,
    { sender, sentAt }: { readonly sender: UserId; readonly sentAt: number },
    at: number,
  ): void {
    if (sentAt <= 0) return;
    const { delays } = this.#of(room);
    const server = serverOf(sender);
    delays.delete(server);
    delays.set(server, { at, delayMs: Math.max(0, at - sentAt) });
    if (delays.size > mostServers) delays.delete(delays.keys().next().value!);
  }

  /** In the last minute. */
  messages(room: RoomId, at: number): number {
    return this.#rooms.peek(room)?.messages.at(at) ?? 0;
  }

  /** In the last hour. */
  joins(room: RoomId, at: number): number {
    return this.#rooms.peek(room)?.joins.at(at) ?? 0;
  }

  /** The middle one of the delays of its servers; undefined where too few were heard of late. */
  lagMs(room: RoomId, at: number): number | undefined {
    const delays = [...(this.#rooms.peek(room)?.delays.values() ?? [])]
      .filter((one) => Math.abs(at - one.at) < delayKeptMs)
      .map(({ delayMs }) => delayMs)
      .toSorted((one, other) => one - other);
    return delays.length < fewestServers ? undefined : delays[Math.floor((delays.length - 1) / 2)];
  }

  #of(room: RoomId): RoomPace {
    const known = this.#rooms.get(room);
    if (known) return known;
    const made = {
      messages: new SlidingCount(minuteMs),
      joins: new SlidingCount(hourMs),
      delays: new Map(),
    };
    this.#rooms.set(room, made);
    return made;
  }
}
