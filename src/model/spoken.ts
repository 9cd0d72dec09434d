/**
 * How many messages of each person were let stand in each room, of people whose first membership there we saw: who was
 * there before us is not among them, and so never looks like one who has said nothing. Outlives a restart; what is
 * redacted counts no more.
 */
import { stampOf } from "../kit/hash.ts";
import { lru, type Lru } from "../kit/lru.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** Of one person in one room. */
export interface Spoken {
  readonly count: number;
  /** Stamps of the newest messages that count, oldest first: what is redacted tells only the event. */
  readonly newest: readonly number[];
}

interface Counted extends Spoken {
  /** Its place among all that was heard since the start; 0 for what was stored. */
  readonly begun: number;
}

/** An event of somebody whose messages are counted. */
interface Mark {
  readonly key: string;
  /** Messages in the room before it. */
  readonly before: number;
  /** Its place among all that was heard since the start. */
  readonly order: number;
  /** A message that was let stand until now. */
  readonly counts: boolean;
}

export interface SaidEvent {
  readonly room: RoomId;
  readonly user: UserId;
  readonly event: EventId;
}

/** How much people have spoken, to read only. */
export type SpokenView = Pick<SpokenCounts, "before" | "beforeAnywhere">;

/** No condition asks for more; every message that counts may have to be written down. */
const mostCounted = 1_000;
/** Up to here each message is written down, beyond it every tenth: a crash may lose some of a hundred, not of ten. */
const eachWritten = 100;
/** So many messages of a person and room can be redacted and count no more. */
const stampsKept = 20;
/** Events whose place is known, over all people: those of some batches. For others the count cannot be told. */
const mostMarks = 10_000;

export class SpokenCounts {
  readonly storedAs = "spoken";
  readonly unwritten = new UnwrittenItems<Spoken>();
  readonly #all: Lru<string, Counted>;
  readonly #marks: Lru<number, Mark> = lru(mostMarks);
  /** Rooms of which events were skipped and are still being read: who came before that may have spoken meanwhile. */
  readonly #gaps = new Map<RoomId, { readonly open: number; readonly begun: number }>();
  #order = 0;

  /** `remembered`: people in rooms; of those silent for longest the count is forgotten, and then unknown. */
  constructor(remembered: number) {
    this.#all = lru(remembered, (key) => this.unwritten.note(key, undefined));
  }

  get view(): SpokenView {
    return this;
  }

  /** The person was never in the room before. */
  came(room: RoomId, user: UserId): void {
    const key = keyOf(room, user);
    if (this.#all.peek(key)) return;
    this.#put(key, { count: 0, newest: [], begun: ++this.#order });
  }

  /** `isMessage`: it counts. An event that is heard again, with its text, counts once. */
  heard({ room, user, event }: SaidEvent, { isMessage }: { readonly isMessage: boolean }): void {
    const key = keyOf(room, user);
    const known = this.#all.peek(key);
    const stamp = stampOf(event);
    if (!known || this.#marks.peek(stamp)) return;
    const counts = isMessage && known.count < mostCounted;
    this.#marks.set(stamp, { key, before: known.count, order: ++this.#order, counts });
    if (!counts) return;
    const newest = [...known.newest.slice(1 - stampsKept), stamp];
    this.#put(key, { ...known, count: known.count + 1, newest });
  }

  redacted(room: RoomId, event: EventId): void {
    const stamp = stampOf(event);
    const mark = this.#marks.peek(stamp);
    const known = mark?.counts && mark.key.startsWith(`${room} `) ? this.#all.peek(mark.key) : undefined;
    if (!mark || !known) return;
    this.#marks.set(stamp, { ...mark, counts: false });
    const newest = known.newest.filter((one) => one !== stamp);
    this.#put(mark.key, { ...known, count: Math.max(0, known.count - 1), newest });
  }

  /** Events of the room were skipped. They are read; until then nothing is known of who came before. */
  skipped(room: RoomId): void {
    const open = (this.#gaps.get(room)?.open ?? 0) + 1;
    this.#gaps.set(room, { open, begun: ++this.#order });
  }

  /** `isWhole`: all of what was skipped was read. Otherwise we do not know any more what people have said. */
  readSkipped(room: RoomId, { isWhole }: { readonly isWhole: boolean }): void {
    const gap = this.#gaps.get(room);
    if (!isWhole) this.#forgetIn(room, gap?.begun ?? Infinity);
    if (gap && gap.open > 1) this.#gaps.set(room, { ...gap, open: gap.open - 1 });
    else this.#gaps.delete(room);
  }

  forget(room: RoomId, user: UserId): void {
    this.#delete(keyOf(room, user));
  }

  /** We do not see any more what is said there. */
  forgetRoom(room: RoomId): void {
    this.#forgetIn(room, Infinity);
    this.#gaps.delete(room);
  }

  restore(key: string, { count, newest }: Spoken): void {
    this.#all.set(key, { count, newest, begun: 0 });
    const first = count - newest.length;
    for (const [i, stamp] of newest.entries())
      this.#marks.set(stamp, { key, before: first + i, order: 0, counts: true });
  }

  /**
   * How many messages of its author stood in the room before the event; undefined: unknown. `replaces`: of an edit, the
   * message that it changes, which does not stand before itself.
   */
  before(event: SaidEvent, replaces?: EventId): number | undefined {
    const key = keyOf(event.room, event.user);
    const known = this.#all.peek(key);
    return known && this.#isWhole(event.room, known) ? this.#markOf(key, event, replaces)?.before : undefined;
  }

  /** The same in all these rooms together. */
  beforeAnywhere(event: SaidEvent, rooms: Iterable<RoomId>, replaces?: EventId): number | undefined {
    const mark = this.#markOf(keyOf(event.room, event.user), event, replaces);
    let sum = this.before(event, replaces);
    for (const room of rooms) {
      if (room === event.room) continue;
      const known = this.#all.peek(keyOf(room, event.user));
      if (!mark || sum === undefined || !known || !this.#isWhole(room, known)) return undefined;
      const later = known.newest.filter((stamp) => (this.#marks.peek(stamp)?.order ?? 0) > mark.order);
      sum += known.count - later.length;
    }
    return sum;
  }

  #markOf(key: string, { event }: SaidEvent, replaces: EventId | undefined): Mark | undefined {
    const replaced = replaces === undefined ? undefined : this.#marks.peek(stampOf(replaces));
    if (replaced?.key === key) return replaced;
    const mark = this.#marks.peek(stampOf(event));
    return mark?.key === key ? mark : undefined;
  }

  #isWhole(room: RoomId, { begun }: Counted): boolean {
    return begun > (this.#gaps.get(room)?.begun ?? -1);
  }

  #put(key: string, counted: Counted): void {
    const { count, newest } = counted;
    const known = this.#all.peek(key);
    this.#all.set(key, counted);
    const isTaken = known !== undefined && count < known.count;
    if (isTaken || count <= eachWritten || count % 10 === 0) this.unwritten.note(key, { count, newest });
  }

  #forgetIn(room: RoomId, begunBefore: number): void {
    const start = `${room} `;
    for (const key of [...this.#all.keys()])
      if (key.startsWith(start) && this.#all.peek(key)!.begun < begunBefore) this.#delete(key);
  }

  #delete(key: string): void {
    if (this.#all.delete(key)) this.unwritten.note(key, undefined);
  }
}

function keyOf(room: RoomId, user: UserId): string {
  return `${room} ${user}`;
}
