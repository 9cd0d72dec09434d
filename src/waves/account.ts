/** A young account as the recogniser sees it, and the traits that it shares with others. */
import type { Sketch } from "../kit/sketch.ts";
import { serverOf, type EventId, type RoomId, type ServerName, type UserId } from "../model/ids.ts";
import { numberOf, type TraitClass } from "./traits.ts";

export interface TraitSeen {
  readonly class: TraitClass;
  readonly key: string;
  /** For moderators. */
  readonly shown: string;
}

/** One for all that have it, so that the same trait is the same object. */
export class Trait {
  readonly class: TraitClass;
  /** The number of the class. */
  readonly number: number;
  readonly key: string;
  readonly shown: string;
  /** Accounts and clusters that have it; without any it is forgotten. */
  holders = 0;
  /** The newest accounts that have it, newest last, if it is rare. */
  recent: readonly Account[] = [];
  /** How usual it is here, from 0 to 1; when that was looked up, and after how many changes of what is called fine. */
  usual = 1;
  usualAt = -Infinity;
  usualAfter = 0;

  constructor({ class: one, key, shown }: TraitSeen) {
    this.class = one;
    this.number = numberOf(one);
    this.key = key;
    this.shown = shown;
  }
}

/** How well an account fits to others, in bits. */
export interface Fit {
  readonly sum: number;
  readonly identity: number;
  readonly content: number;
  /** What of the content is likeness of words. */
  readonly text: number;
}

export const noFit: Fit = { sum: 0, identity: 0, content: 0, text: 0 };

/**
 * What is remembered of one young account. Its short lists are made anew, by joining, when they grow: one that is pushed to
 * takes room for many more, and there are thousands of accounts.
 */
export class Account {
  readonly user: UserId;
  readonly server: ServerName;
  readonly firstAt: number;
  lastAt: number;
  joinedAt: number | undefined;
  spokeAt: number | undefined;
  rooms: readonly RoomId[] = [];
  messages: readonly { readonly room: RoomId; readonly event: EventId }[] = [];
  /** How many messages of theirs were looked at. */
  said = 0;
  traits: readonly Trait[] = [];
  /** From the join to the first word, in ms, and its step. */
  delayMs: number | undefined;
  delayStep = 0;
  /** The newest texts. */
  texts: readonly Sketch[] = [];
  isServerNew = false;
  /** Many came in the same minute. */
  isOfBurst = false;
  isMasked = false;
  /** Something of theirs could not be read. */
  isUnreadable = false;
  /** Removed by a person; named by a list; found by a rule that removes. */
  wasRemoved = false;
  isListed = false;
  isFound = false;
  fit: Fit = noFit;
  /** They fit to an earlier wave that was harmful. */
  isLikeEarlier = false;

  constructor(user: UserId, at: number) {
    this.user = user;
    this.server = serverOf(user);
    this.firstAt = at;
    this.lastAt = at;
  }
}
