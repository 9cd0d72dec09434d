/**
 * What is usual in each room at each hour of the week: the median of the last four weeks, by our clock. Only hours count
 * that we watched from end to end, so that a time in which we were away makes no room look quieter than it is. An hour is
 * written down when it is over: 168 hours a week, four weeks, two numbers each.
 */
import { hourMs } from "../kit/duration.ts";
import { lru, type Lru } from "../kit/lru.ts";
import type { RoomId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

const weekHours = 168;
const weeks = 4;
const keptHours = weeks * weekHours;

/** Rooms with something in their hours, at most 16 kB each. Beyond it those go that are quiet for longest. */
const mostRooms = 1_000;

export interface Activity {
  readonly messages: number;
  readonly joins: number;
}

/** Hours are counted from the epoch. */
type Hour = number;

/** One weekday of a room. */
interface RoomDay {
  /** Since when the room is watched: its first hour in which anything happened. */
  readonly since: Hour;
  /** The hours of the last weeks in which anything happened, oldest first: hour, messages, joins. */
  readonly hours: readonly (readonly [hour: Hour, messages: number, joins: number])[];
}

/** The hours that we watched from end to end, as spans without their last hour, oldest first. Stored under one key. */
interface Watched {
  readonly spans: readonly (readonly [from: Hour, to: Hour])[];
}

export type UsualItem = RoomDay | Watched;

const watchedKey = "watched";

interface RoomHours {
  readonly since: Hour;
  /** By weekday. */
  readonly days: Map<number, RoomDay>;
}

/** What is usual, to read only. */
export type UsualView = Readonly<Pick<Usual, "of">>;

export class Usual {
  readonly storedAs = "usual";
  readonly unwritten = new UnwrittenItems<UsualItem>();
  readonly #rooms: Lru<RoomId, RoomHours>;
  #watched: Watched = { spans: [] };
  /** Hours that are not over, or whose end nobody has told yet. */
  readonly #open = new Map<Hour, Map<RoomId, { messages: number; joins: number }>>();

  constructor(rooms = mostRooms) {
    this.#rooms = lru(rooms, (room) => this.#deleteDays(room));
  }

  get view(): UsualView {
    return this;
  }

  note(room: RoomId, what: keyof Activity, at: number): void {
    const hour = hourOf(at);
    let rooms = this.#open.get(hour);
    if (!rooms) this.#open.set(hour, (rooms = new Map()));
    let activity = rooms.get(room);
    if (!activity) rooms.set(room, (activity = { messages: 0, joins: 0 }));
    activity[what]++;
  }

  /** Writes down the hours that are over. `since`: from when on we have watched without a pause, ms since the epoch. */
  closeHours(at: number, { since }: { readonly since: number }): void {
    const now = hourOf(at);
    const last = this.#watched.spans.at(-1)?.[1] ?? 0;
    const from = Math.max(Math.ceil(since / hourMs), last, now - keptHours);
    for (const [hour, rooms] of this.#open) {
      if (hour >= now) continue;
      this.#open.delete(hour);
      if (hour >= from) for (const [room, activity] of rooms) this.#keep(room, hour, activity);
    }
    if (from < now) this.#noteWatched(from, now);
  }

  /** In an hour such as this one; undefined where no such hour was watched yet. */
  of(room: RoomId, at: number): Activity | undefined {
    const known = this.#rooms.peek(room);
    if (!known) return undefined;
    const found: Activity[] = [];
    for (let week = 1; week <= weeks; week++) {
      const hour = hourOf(at) - week * weekHours;
      if (hour < known.since || !this.#isWatched(hour)) continue;
      const [, messages, joins] = known.days.get(dayOf(hour))?.hours.find(([one]) => one === hour) ?? [
        0, 0, 0,
      ];
      found.push({ messages, joins });
    }
    if (found.length === 0) return undefined;
    return {
      messages: median(found.map(({ messages }) => messages)),
      joins: median(found.map(({ joins }) => joins)),
    };
  }

  /** We are out of the room: what happens there now we do not see. */
  forget(room: RoomId): void {
    for (const rooms of this.#open.values()) rooms.delete(room);
    if (this.#rooms.delete(room)) this.#deleteDays(room);
  }

  restore(key: string, item: UsualItem): void {
    if ("spans" in item) {
      this.#watched = item;
      return;
    }
    const [room, day] = key.split(" ") as [RoomId, string];
    const known = this.#rooms.get(room);
    const days = known?.days ?? new Map<number, RoomDay>();
    days.set(Number(day), item);
    this.#rooms.set(room, { since: Math.min(known?.since ?? item.since, item.since), days });
  }

  #keep(room: RoomId, hour: Hour, { messages, joins }: Activity): void {
    const { since, days } = this.#rooms.get(room) ?? { since: hour, days: new Map<number, RoomDay>() };
    const before =
      days.get(dayOf(hour))?.hours.filter(([one]) => one > hour - keptHours && one !== hour) ?? [];
    const day: RoomDay = { since, hours: [...before, [hour, messages, joins]] };
    days.set(dayOf(hour), day);
    this.#rooms.set(room, { since, days });
    this.unwritten.note(`${room} ${dayOf(hour)}`, day);
  }

  #noteWatched(from: Hour, to: Hour): void {
    const before = this.#watched.spans.filter(([, end]) => end > to - keptHours);
    const last = before.at(-1);
    const spans =
      last?.[1] === from
        ? [...before.slice(0, -1), [last[0], to] as const]
        : [...before, [from, to] as const];
    this.#watched = { spans };
    this.unwritten.note(watchedKey, this.#watched);
  }

  #isWatched(hour: Hour): boolean {
    return this.#watched.spans.some(([from, to]) => from <= hour && hour < to);
  }

  #deleteDays(room: RoomId): void {
    for (let day = 0; day < 7; day++) this.unwritten.note(`${room} ${day}`, undefined);
  }
}

function hourOf(at: number): Hour {
  return Math.floor(at / hourMs);
}

function dayOf(hour: Hour): number {
  return Math.floor(hour / 24) % 7;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
