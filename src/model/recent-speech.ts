/**
 * What people sent in the last minutes, to count by: for each person and room the newest events with the time at which
 * they were sent and the time at which they reached us. Bounded in both directions; no text is kept.
 */
import { lru, type Lru } from "../kit/lru.ts";
import type { RoomEvent } from "./event.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import { countMentions } from "./mentions.ts";

export interface Utterance {
  readonly event: EventId;
  /** When it reached us, by our clock, in ms since the epoch. */
  readonly at: number;
  /** When it was sent, as its server says; never later than it reached us. A sender may lie about it. */
  readonly saidAt: number;
  readonly mentions: number;
}

/** So many events of one person in one room are kept, and none older than `speechKeptMs`. */
export const utterancesKept = 300;
export const speechKeptMs = 15 * 60_000;

/** Calls and verifications send many small events that no client shows. */
const unseen = /^(m\.call\.|org\.matrix\.call\.|m\.key\.verification\.|org\.matrix\.msc3401\.)/;

/** Nobody is seen to do anything by it. */
export function isUnseen(type: string): boolean {
  return unseen.test(type);
}

/** What people sent lately, to read only. */
export type RecentSpeechView = Pick<RecentSpeech, "of" | "isForgiven">;

export class RecentSpeech {
  readonly #people: Lru<UserId, Map<RoomId, Utterance[]>>;
  /** When somebody was forgiven, in ms since the epoch: events that were sent before may still be on their way. */
  readonly #forgiven: Lru<UserId, number>;
  #lastForgivenAt = -Infinity;

  constructor({ people }: { readonly people: number }) {
    this.#people = lru(people);
    this.#forgiven = lru(people);
  }

  /** Nothing that the person has sent until now counts any more. */
  forgive(user: UserId, at: number): void {
    this.#people.delete(user);
    this.#forgiven.set(user, at);
    this.#lastForgivenAt = Math.max(this.#lastForgivenAt, at);
  }

  /** They sent it before they were forgiven. For a while only, as the time is the sender's word. */
  isForgiven(user: UserId, { at, saidAt }: Pick<Utterance, "at" | "saidAt">): boolean {
    // Asked of everything that rules count, and hardly anybody is ever forgiven.
    if (at - this.#lastForgivenAt >= speechKeptMs) return false;
    const forgivenAt = this.#forgiven.peek(user);
    return forgivenAt !== undefined && saidAt <= forgivenAt && at - forgivenAt < speechKeptMs;
  }

  /**
   * An event that is known already is replaced: its text has come later, as with a key that arrives late. It keeps its
   * place and its times, so that it counts once.
   */
  heard(room: RoomId, event: RoomEvent, at: number): void {
    if (isUnseen(event.type)) return;
    const saidAt = Math.min(event.sentAt > 0 ? event.sentAt : at, at);
    if (this.isForgiven(event.sender, { at, saidAt })) return;
    let rooms = this.#people.get(event.sender);
    if (!rooms) this.#people.set(event.sender, (rooms = new Map()));
    let utterances = rooms.get(room);
    if (!utterances) rooms.set(room, (utterances = []));
    const mentions = countMentions(event.content);
    const known = utterances.findLastIndex((one) => one.event === event.eventId);
    if (known >= 0) utterances[known] = { ...utterances[known]!, mentions };
    else utterances.push({ event: event.eventId, at, saidAt, mentions });
    forgetOld(utterances, at);
  }

  /** Oldest first. */
  of(user: UserId, room: RoomId): readonly Utterance[] {
    return this.#people.peek(user)?.get(room) ?? [];
  }
}

function forgetOld(utterances: Utterance[], at: number): void {
  let old = Math.max(0, utterances.length - utterancesKept);
  while (utterances[old] && Math.abs(at - utterances[old]!.at) > speechKeptMs) old++;
  if (old > 0) utterances.splice(0, old);
}
