/**
 * Counts of a cluster's accounts that fit now, those of the last half hour: what the stages ask for. Each account counts as
 * it was when it was last looked at.
 */
import { minuteMs } from "../kit/duration.ts";
import type { Account } from "./account.ts";

/** Accounts that have done nothing for so long count no more. */
export const windowMs = 30 * minuteMs;
/** No stage asks for more; the newest are enough. */
const mostCounted = 1_024;

/** Faster than people write a first message, and than nearly all do. */
const [fastMs, quickMs] = [4_500, 6_000];
/** So many bits of identity, of content, and of all together. */
const suspectedBits = { identity: 5, sum: 14 } as const;
/** Of many accounts that came in a burst each needs less. */
const manyBits = { identity: 6, sum: 11 } as const;
/** What they say is in common, whoever they are: a text and a link, or a picture of people who are a little alike. */
const saidBits = { content: 13, sum: 15 } as const;
const recognisedBits = { identity: 5, content: 6, sum: 16 } as const;
/** Of those whose words cannot be read. */
const unreadableIdentity = 14;

/** What is counted, a bit each. "Like the others" is: as well as the stage `recognised` asks for. */
const countedThings = {
  alike: 1,
  same: 2,
  sameDelayed: 4,
  sameFast: 8,
  sameQuick: 16,
  sameMasked: 32,
  sameRemoved: 64,
  sameListed: 128,
  sameFound: 256,
  sameAsEarlier: 512,
  unreadable: 1_024,
  unreadableDelayed: 2_048,
  unreadableFast: 4_096,
  unreadableQuick: 8_192,
  manyAlike: 16_384,
  said: 32_768,
} as const;
type Counted = keyof typeof countedThings;
const things = Object.entries(countedThings) as readonly (readonly [Counted, number])[];

export class Tally {
  /** Whoever did something last is the last. */
  readonly #window = new Map<Account, number>();
  readonly #counts = Object.fromEntries(things.map(([name]) => [name, 0])) as Record<Counted, number>;

  get counts(): Readonly<Record<Counted, number>> {
    return this.#counts;
  }

  /** `isNews`: they did something just now; otherwise they are only looked at again. */
  note(account: Account, { isNews }: { readonly isNews: boolean }): void {
    const before = this.#window.get(account);
    if (before === undefined && !isNews) return;
    const now = whatCounts(account);
    if (before !== now) {
      this.#add(before ?? 0, -1);
      this.#add(now, 1);
    }
    if (isNews) this.#window.delete(account);
    this.#window.set(account, now);
    if (this.#window.size > mostCounted) this.forget(this.#window.keys().next().value!);
  }

  forget(account: Account): void {
    const counted = this.#window.get(account);
    if (counted === undefined) return;
    this.#add(counted, -1);
    this.#window.delete(account);
  }

  /** Those who have done nothing for half an hour. */
  moveTo(at: number): void {
    for (const account of this.#window.keys()) {
      if (at - account.lastAt <= windowMs) return;
      this.forget(account);
    }
  }

  get isEmpty(): boolean {
    return this.#window.size === 0;
  }

  #add(counted: number, more: number): void {
    for (const [name, bit] of things) if ((counted & bit) !== 0) this.#counts[name] += more;
  }
}

function whatCounts(account: Account): number {
  const { fit, delayMs } = account;
  let counted = 0;
  if (fit.identity >= suspectedBits.identity && fit.sum >= suspectedBits.sum) counted |= countedThings.alike;
  if (account.isOfBurst && fit.identity >= manyBits.identity && fit.sum >= manyBits.sum)
    counted |= countedThings.manyAlike;
  if (fit.content >= saidBits.content && fit.content + Math.max(0, fit.identity) >= saidBits.sum)
    counted |= countedThings.said;
  const isSame =
    fit.identity >= recognisedBits.identity &&
    fit.content >= recognisedBits.content &&
    fit.sum >= recognisedBits.sum;
  if (isSame) counted |= countedThings.same | paceOf(delayMs, "same") | signsOf(account);
  if (account.isUnreadable && account.isServerNew && fit.identity >= unreadableIdentity)
    counted |= countedThings.unreadable | paceOf(delayMs, "unreadable");
  return counted;
}

function paceOf(delayMs: number | undefined, of: "same" | "unreadable"): number {
  if (delayMs === undefined) return 0;
  let counted: number = countedThings[`${of}Delayed`];
  if (delayMs < fastMs) counted |= countedThings[`${of}Fast`];
  if (delayMs < quickMs) counted |= countedThings[`${of}Quick`];
  return counted;
}

function signsOf({ isMasked, wasRemoved, isListed, isFound, isLikeEarlier }: Account): number {
  let counted = 0;
  if (isMasked) counted |= countedThings.sameMasked;
  if (wasRemoved) counted |= countedThings.sameRemoved;
  if (isListed) counted |= countedThings.sameListed;
  if (isFound) counted |= countedThings.sameFound;
  if (isLikeEarlier) counted |= countedThings.sameAsEarlier;
  return counted;
}
