/**
 * How careful Tyr is in each room: by a moderator's word, or by itself because of a wave. A room of which nothing is kept is
 * calm.
 */
import type { Cause } from "./decision.ts";
import type { RoomId } from "./ids.ts";
import type { RoomMode } from "./room-mode.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** What a moderator said of the room. `calm` ends what waves that had begun by then led to. */
export interface ModeWord {
  readonly mode: RoomMode;
  readonly at: number;
  /** When it ends by itself, ms since the epoch. */
  readonly until?: number;
  /** The command. */
  readonly because: Cause;
}

export interface RoomModeItem {
  readonly room: RoomId;
  readonly word?: ModeWord;
  /** Set by Tyr itself. */
  readonly byItself?: { readonly mode: RoomMode; readonly at: number };
}

/** To read only. */
export type RoomModesView = Readonly<Pick<RoomModes, "of" | "get" | "all" | "isAny">>;

/** As many rooms as may be protected by default; beyond it the oldest are forgotten, and count as calm. */
const remembered = 10_000;

export class RoomModes {
  readonly storedAs = "room-mode";
  readonly unwritten = new UnwrittenItems<RoomModeItem>();
  readonly #all = new Map<RoomId, RoomModeItem>();

  get view(): RoomModesView {
    return this;
  }

  /** The mode in force. `at`: ms since the epoch. */
  of(room: RoomId, at: number): RoomMode {
    const item = this.#all.get(room);
    if (!item) return "calm";
    const { word, byItself } = item;
    const isOver = word?.until !== undefined && word.until <= at;
    return word && !isOver && word.mode !== "calm" ? word.mode : (byItself?.mode ?? "calm");
  }

  get(room: RoomId): RoomModeItem | undefined {
    return this.#all.get(room);
  }

  /** Whether any room may be other than calm. */
  get isAny(): boolean {
    return this.#all.size > 0;
  }

  /** Rooms of which anything is kept. */
  all(): Iterable<RoomModeItem> {
    return this.#all.values();
  }

  /** Without a word, and calm by itself: nothing is kept. */
  set(item: RoomModeItem): void {
    const { room, word, byItself } = item;
    this.#all.delete(room);
    if (!word && !byItself) return this.unwritten.note(room, undefined);
    this.#all.set(room, item);
    this.unwritten.note(room, item);
    if (this.#all.size <= remembered) return;
    const oldest = this.#all.keys().next().value!;
    this.#all.delete(oldest);
    this.unwritten.note(oldest, undefined);
  }

  restore(_key: string, item: RoomModeItem): void {
    this.#all.set(item.room, item);
  }
}
