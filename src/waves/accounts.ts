/**
 * The young accounts that were seen last, and their traits: a bound on each, so that a flood of accounts makes us forget
 * those that were silent for longest and nothing else. What was learned of those that stayed is given out a day later.
 */
import { dayMs } from "../kit/duration.ts";
import type { ServerName, UserId } from "../model/ids.ts";
import { Account, Trait, type TraitSeen } from "./account.ts";

/** Half a kilobyte to one each. Of a flood of more the last ones are enough to know it by. */
const mostAccounts = 4_096;
/** Traits of one account: of each class the newest few. */
const mostTraits = 20;
const mostOfClass = 4;
/** Different traits, about 200 bytes each. Accounts go until there are no more: whoever varies everything is like nobody. */
const mostDifferent = 16_384;
/** Of those that have a rare trait the last ones are compared. */
const mostRecent = 8;
/** What is less usual brings accounts together; the others only add to it. */
export const rare = 1 / 16;
/** So long somebody has to have been here until they count as usual. */
const learnedAfterMs = dayMs;

export class Accounts {
  /** Whoever did something last is the last. */
  readonly #all = new Map<UserId, Account>();
  readonly #traits = new Map<string, Trait>();
  readonly #ofServers = new Map<ServerName, number>();
  /** Of whom nothing was learned yet, in the order in which they came. */
  readonly #unlearned = new Set<Account>();

  get size(): number {
    return this.#all.size;
  }

  get differentTraits(): number {
    return this.#traits.size;
  }

  get(user: UserId): Account | undefined {
    return this.#all.get(user);
  }

  ofServer(server: ServerName): number {
    return this.#ofServers.get(server) ?? 0;
  }

  /** `gone`: told of each account that has to go for it. */
  make(user: UserId, at: number, gone: (account: Account) => void): Account {
    const account = new Account(user, at);
    this.#all.set(user, account);
    this.#unlearned.add(account);
    this.#count(account.server, 1);
    while (this.#all.size > mostAccounts || this.#traits.size > mostDifferent) {
      const oldest = this.#all.values().next().value!;
      if (oldest === account) break;
      gone(oldest);
      this.delete(oldest);
    }
    return account;
  }

  didSomething(account: Account, at: number): void {
    account.lastAt = at;
    this.#all.delete(account.user);
    this.#all.set(account.user, account);
  }

  delete(account: Account): void {
    if (!this.#all.delete(account.user)) return;
    this.#unlearned.delete(account);
    this.#count(account.server, -1);
    for (const trait of account.traits) this.#release(trait, account);
    account.traits = [];
  }

  /** The trait, one for all; `hold` it for as long as it is needed. */
  trait(seen: TraitSeen): Trait {
    const known = this.#traits.get(seen.key);
    if (known) return known;
    const made = new Trait(seen);
    this.#traits.set(seen.key, made);
    return made;
  }

  /** Undefined: the account had it already. `replaced`: one of the same class that had to go for it. */
  give(
    account: Account,
    seen: TraitSeen,
  ): { readonly trait: Trait; readonly replaced: Trait | undefined } | undefined {
    const known = account.traits.findIndex(({ key }) => key === seen.key);
    if (known >= 0) {
      if (known < account.traits.length - 1)
        account.traits = account.traits.toSpliced(known, 1).concat(account.traits[known]!);
      return undefined;
    }
    const ofClass = account.traits.filter((one) => one.class === seen.class);
    const isFull = ofClass.length >= mostOfClass;
    if (!isFull && account.traits.length >= mostTraits) return undefined;
    // What nobody else has says nothing of a wave; of the others the one that was seen last stays.
    const replaced = isFull ? (ofClass.find(({ holders }) => holders <= 1) ?? ofClass[0]) : undefined;
    if (replaced) {
      account.traits = account.traits.filter((one) => one !== replaced);
      this.#release(replaced, account);
    }
    const trait = this.trait(seen);
    this.hold(trait);
    account.traits = account.traits.concat(trait);
    return { trait, replaced };
  }

  /** Others with a rare trait are found by it. */
  remember(account: Account, trait: Trait): void {
    // Joined, not pushed: an array that grows takes room for more, and most traits have one account.
    const others = trait.recent.length === 0 ? [] : trait.recent.filter((one) => one !== account);
    trait.recent = others.slice(1 - mostRecent).concat(account);
  }

  hold(trait: Trait): void {
    trait.holders++;
  }

  letGo(trait: Trait): void {
    trait.holders--;
    if (trait.holders <= 0) this.#traits.delete(trait.key);
  }

  /** Those who have been here for a day, each once. */
  *learnable(at: number): Iterable<Account> {
    for (const account of this.#unlearned) {
      if (at - account.firstAt < learnedAfterMs) return;
      this.#unlearned.delete(account);
      yield account;
    }
  }

  #release(trait: Trait, account: Account): void {
    if (trait.recent.includes(account)) trait.recent = trait.recent.filter((one) => one !== account);
    this.letGo(trait);
  }

  #count(server: ServerName, more: number): void {
    const count = this.ofServer(server) + more;
    if (count > 0) this.#ofServers.set(server, count);
    else this.#ofServers.delete(server);
  }
}
