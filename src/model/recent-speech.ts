/**
 * What people said in the last minutes, to count by: for each person and room the newest events with the time at which
 * they were said and the time at which they reached us. Bounded in both directions; nothing of what was said is kept.
 */
import { LRUCache } from "lru-cache";
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { countMentions } from "./mentions.ts";

export interface Utterance {
  readonly event: EventId;
  /** When it reached us, by our clock. */
  readonly at: number;
  /** When its server says that it was said; never later than it reached us. A sender may lie about it. */
  readonly saidAt: number;
  readonly mentions: number;
}

/** So many events of one person in one room, and none older than this. */
export const utterancesKept = 300;
const keptMs = 15 * 60_000;

/** What makes a call or a verification is many small events that nobody sees. */
const unseen = /^(m\.call\.|org\.matrix\.call\.|m\.key\.verification\.|org\.matrix\.msc3401\.)/;

/** What people said lately, to read only. */
export type RecentSpeechView = Pick<RecentSpeech, "of">;

export class RecentSpeech {
  readonly #people: LRUCache<UserId, Map<RoomId, Utterance[]>>;
  /** What they said until then was forgiven, and may still be on its way. */
  readonly #forgiven: LRUCache<UserId, number>;

  constructor({ people }: { readonly people: number }) {
    this.#people = new LRUCache({ max: people });
    this.#forgiven = new LRUCache({ max: people });
  }

  /** What they have said counts no more. */
  forgive(user: UserId, at: number): void {
    this.#people.delete(user);
    this.#forgiven.set(user, at);
  }

  heard(room: RoomId, event: RoomEvent, at: number): void {
    if (unseen.test(event.type)) return;
    const saidAt = Math.min(event.sentAt > 0 ? event.sentAt : at, at);
    const forgivenAt = this.#forgiven.peek(event.sender) ?? -Infinity;
    // For a while only, as the time is the sender's word.
    if (saidAt <= forgivenAt && at - forgivenAt < keptMs) return;
    let rooms = this.#people.get(event.sender);
    if (!rooms) this.#people.set(event.sender, (rooms = new Map()));
    let utterances = rooms.get(room);
    if (!utterances) rooms.set(room, (utterances = []));
    utterances.push({ event: event.eventId, at, saidAt, mentions: countMentions(event.content) });
    let old = Math.max(0, utterances.length - utterancesKept);
    while (utterances[old] && Math.abs(at - utterances[old]!.at) > keptMs) old++;
    if (old > 0) utterances.splice(0, old);
  }

  /** Oldest first. */
  of(user: UserId, room: RoomId): readonly Utterance[] {
    return this.#people.peek(user)?.get(room) ?? [];
  }
}
