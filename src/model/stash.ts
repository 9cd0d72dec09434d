/**
 * What Tyr removed and keeps for a while, so that it can be read once more: an appeal, a message that was held by
 * mistake. It is kept sealed (`journal/stash.ts`); here is what is kept of an event, and what can be asked.
 */
import { asObject, type JsonObject } from "../kit/json.ts";
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";

export interface KeptEvent {
  readonly event: EventId;
  readonly room: RoomId;
  readonly user: UserId;
  readonly type: string;
  /** As its server said, ms since the epoch. */
  readonly sentAt: number;
  /** Without media: what leads to files and previews is left out, and what is too long. */
  readonly content: JsonObject;
}

export interface RemovedEvent extends KeptEvent {
  /** When it was decided to remove it, ms since the epoch. */
  readonly removedAt: number;
  /** The command or incident behind it. */
  readonly occasion: string;
  /** The reason that the redaction gives: of a protection its name. */
  readonly reason: string;
}

/** Whose, or of which command or incident. */
export type StashQuery = { readonly user: UserId } | { readonly occasion: string };

export interface Removed {
  /** The newest, newest first. */
  readonly events: readonly RemovedEvent[];
  /** All there are, with those that are not among `events` and those that cannot be read. */
  readonly all: number;
  /** Sealed with another key than the present one. */
  readonly unreadable: number;
}

/** What can be asked of the stash. */
export interface StashView {
  /** Why nothing can be kept or read, or only in part, in words; undefined where all is well. */
  readonly trouble: string | undefined;
  /** Days for which it is kept; undefined where nothing is kept at all. */
  readonly days: number | undefined;
  of(query: StashQuery, limit: number): Removed;
  /** What was kept of a single event; undefined where nothing was, or it cannot be read. */
  get(event: EventId): RemovedEvent | undefined;
}

/** Nothing was kept, and nothing is. */
export const emptyStash: StashView = {
  trouble: undefined,
  days: undefined,
  of: () => ({ events: [], all: 0, unreadable: 0 }),
  get: () => undefined,
};

/** Whatever is kept of one event has so many letters at most: an event may have 64 kB, and most of that is repetition. */
const mostLetters = 16_000;
const mostInOneText = 8_000;
const deepest = 6;
/** Fields that lead to files or hold a preview of one. */
const media: ReadonlySet<string> = new Set([
  "url",
  "avatar_url",
  "file",
  "thumbnail_url",
  "thumbnail_file",
  "thumbnail_info",
  "blurhash",
  "xyz.amorgan.blurhash",
  "org.matrix.msc1767.audio",
  "waveform",
]);

/** What may be kept of an event, and how many letters that has; undefined where nobody could read it. */
export function keepable(
  room: RoomId,
  { type, sender, eventId, content, sentAt }: RoomEvent,
): { readonly kept: KeptEvent; readonly letters: number } | undefined {
  if (type === "m.room.encrypted") return undefined;
  const copying = new Copying();
  const kept = asObject(copying.copy(content, 0)) ?? {};
  return {
    kept: { event: eventId, room, user: sender, type, sentAt, content: kept },
    letters: mostLetters - copying.left,
  };
}

/** A copy shares nothing with what was received, so that the rest of that can be forgotten. */
class Copying {
  left = mostLetters;

  copy(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number" || typeof value === "boolean") return this.#isRoom(8) ? value : undefined;
    if (typeof value !== "object" || value === null || depth >= deepest) return undefined;
    return Array.isArray(value) ? this.#list(value, depth) : this.#object(value as JsonObject, depth);
  }

  #text(value: string): string | undefined {
    const text = value.slice(0, Math.min(mostInOneText, this.left));
    return this.#isRoom(text.length + 2) ? text : undefined;
  }

  #list(values: readonly unknown[], depth: number): unknown {
    const copied: unknown[] = [];
    for (const one of values) {
      if (this.left <= 0) break;
      const copy = this.copy(one, depth + 1);
      if (copy !== undefined) copied.push(copy);
    }
    return copied;
  }

  #object(value: JsonObject, depth: number): unknown {
    const copied: (readonly [string, unknown])[] = [];
    for (const key in value) {
      if (this.left <= 0) break;
      if (media.has(key) || !Object.hasOwn(value, key) || !this.#isRoom(key.length + 4)) continue;
      const copy = this.copy(value[key], depth + 1);
      if (copy !== undefined) copied.push([key, copy]);
    }
    return Object.fromEntries(copied);
  }

  /** A text that just fits uses up the rest. */
  #isRoom(letters: number): boolean {
    if (this.left <= 0) return false;
    this.left -= letters;
    return true;
  }
}
