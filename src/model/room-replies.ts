/** Where a protection answered a room with a fixed text, and when: not again for a while, or the answers are the flood. */
import { minuteMs } from "../kit/duration.ts";
import { Newest } from "./holds.ts";
import type { RoomId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

interface RoomReply {
  /** Ms since the epoch. */
  readonly at: number;
}

const restMs = 10 * minuteMs;
/** The key of such answers: of two that wait in one room one is sent. */
export const replyKey = "reply";
/** Rooms remembered; a room that is forgotten may be answered sooner. */
const roomsRemembered = 1_000;

/** The replies, to read only. */
export type RoomRepliesView = Readonly<Pick<RoomReplies, "rests">>;

export class RoomReplies {
  readonly storedAs = "room-reply";
  readonly unwritten = new UnwrittenItems<RoomReply>();
  readonly #items = new Newest<RoomReply>(roomsRemembered, this.unwritten);

  get view(): RoomRepliesView {
    return this;
  }

  /** The room was answered so short a time ago that it is not again. */
  rests(room: RoomId, now: number): boolean {
    const last = this.#items.get(room);
    return last !== undefined && Math.abs(now - last.at) < restMs;
  }

  replied(room: RoomId, at: number): void {
    this.#items.set(room, { at });
  }

  restore(room: string, reply: RoomReply): void {
    this.#items.restore(room, reply);
  }
}
