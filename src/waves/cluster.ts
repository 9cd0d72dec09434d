/**
 * Accounts that have more in common than chance would have it. It holds counts of their traits, so that fitting another
 * costs no more when it is large, the texts of the last ones, and by name those that are remembered at all.
 */
import { stableId } from "../kit/hash.ts";
import type { Sketch } from "../kit/sketch.ts";
import type { UserId } from "../model/ids.ts";
import type { Wave } from "../model/waves.ts";
import type { Account, Trait } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { Base } from "./base.ts";
import type { Common } from "./common.ts";
import type { Crowd } from "./fit.ts";
import type { StageReached } from "./stage.ts";
import { Tally } from "./tally.ts";
import { delaySteps } from "./traits.ts";

/** Traits of all members; what only one of them has goes first. */
const mostTraits = 512;
/** Members whose words the next one's are compared with. */
const mostLooks = 14;
export class Cluster {
  readonly id: string;
  readonly firstAt: number;
  lastAt: number;
  /** What an earlier wave had in common, or this one before a restart. */
  readonly base: Base | undefined;
  readonly tally = new Tally();
  /** Whose part in it has changed since it was last told. */
  readonly changed = new Set<Account>();
  readonly left = new Set<UserId>();
  /** What was reached, and when. */
  reached: StageReached | undefined;
  reachedAt: Wave["reachedAt"] = {};
  isFlood = false;
  /** What was believed of it when it was last told. */
  told: Wave | undefined;
  /** How many there were before a restart that were not seen again: those that were are members. */
  before = { accounts: 0, spoke: 0 };
  /** How many there were when the profile was last written. */
  writtenAt = 0;
  /** How many there were when it was last told what they share. */
  sharesOf = 0;
  readonly #accounts: Accounts;
  readonly #members = new Map<UserId, Account>();
  readonly #counts = new Map<Trait, number>();
  /** By step, with one beside each end. */
  readonly #delays = new Int32Array(delaySteps + 2);
  #delayed = 0;
  #size = 0;
  #spoke = 0;
  /** Those who wrote something last, and those who did anything. */
  readonly #looks: Account[] = [];
  readonly #recent: Account[] = [];
  #lookedAgain = 0;
  #leaning: { readonly to: Cluster | undefined; readonly those: Set<Account> } = {
    to: undefined,
    those: new Set(),
  };

  constructor(
    accounts: Accounts,
    { id, at, base }: { readonly id: string; readonly at: number; readonly base?: Base | undefined },
  ) {
    this.#accounts = accounts;
    this.id = id;
    this.firstAt = at;
    this.lastAt = at;
    this.base = base;
  }

  /** All that fitted, forgotten ones included. */
  get size(): number {
    return this.#size;
  }

  get spoke(): number {
    return this.#spoke;
  }

  get members(): Iterable<Account> {
    return this.#members.values();
  }

  has(account: Account): boolean {
    return this.#members.get(account.user) === account;
  }

  /** A member fits another cluster. Gives how many have in turn. */
  leans(account: Account, other: Cluster): number {
    if (this.#leaning.to !== other) this.#leaning = { to: other, those: new Set() };
    return this.#leaning.those.add(account).size;
  }

  /** How many there are as is told: of an earlier wave that comes back nobody counts. */
  get accounts(): number {
    return this.before.accounts + this.#size;
  }

  get speakers(): number {
    return this.before.spoke + this.#spoke;
  }

  enter(account: Account): void {
    this.#size++;
    this.#members.set(account.user, account);
    for (const trait of account.traits) this.hasNow(trait);
    if (account.delayMs !== undefined) this.delayKnown(account.delayStep);
    if (account.spokeAt !== undefined) this.spokeFirst();
    this.#look(account);
    this.left.delete(account.user);
  }

  leave(account: Account): void {
    if (!this.has(account)) return;
    this.forget(account);
    this.#size--;
    for (const trait of account.traits) this.hasNoMore(trait);
    if (account.delayMs !== undefined) this.delayKnown(account.delayStep, -1);
    if (account.spokeAt !== undefined) this.#spoke--;
    this.left.add(account.user);
  }

  /** Too many accounts to hold them all: it stays counted. */
  forget(account: Account): void {
    this.#members.delete(account.user);
    this.tally.forget(account);
    this.changed.delete(account);
    for (const some of [this.#looks, this.#recent]) {
      const place = some.indexOf(account);
      if (place >= 0) some.splice(place, 1);
    }
  }

  hasNow(trait: Trait): void {
    const count = this.#counts.get(trait);
    if (count === undefined) this.#accounts.hold(trait);
    this.#counts.set(trait, (count ?? 0) + 1);
    if (this.#counts.size > mostTraits) this.#dropRarest();
  }

  hasNoMore(trait: Trait): void {
    const count = this.#counts.get(trait) ?? 0;
    if (count > 1) this.#counts.set(trait, count - 1);
    else if (this.#counts.delete(trait)) this.#accounts.letGo(trait);
  }

  delayKnown(step: number, more = 1): void {
    this.#delays[step + 1]! += more;
    this.#delayed += more;
  }

  spokeFirst(): void {
    this.#spoke++;
  }

  /** They wrote something that others may be compared with. */
  wrote(account: Account): void {
    this.#look(account);
  }

  /** All but the account, whether it is a member or not. */
  others(account: Account): Crowd {
    const own = this.has(account) ? 1 : 0;
    const { base } = this;
    return {
      accounts: (base?.accounts ?? 0) + this.#size - own,
      spoke: (base?.spoke ?? 0) + this.#spoke - (account.spokeAt === undefined ? 0 : own),
      having: (trait) => (base?.having(trait) ?? 0) + (this.#counts.get(trait) ?? 0) - own,
      delayed: (base?.delayed ?? 0) + this.#delayed - (account.delayMs === undefined ? 0 : own),
      delayedAs: (step) =>
        (base?.delayedAs(step) ?? 0) +
        this.#delays[step]! +
        this.#delays[step + 1]! +
        this.#delays[step + 2]! -
        (account.delayMs === undefined ? 0 : own),
      texts: this.#textsBut(account),
    };
  }

  /** The last ones that did anything, the newest last. */
  get recent(): readonly Account[] {
    return this.#recent;
  }

  didSomething(account: Account): void {
    moveToEnd(this.#recent, account);
  }

  /** Members to look at again, as others have come since: of the last ones, each in turn. */
  nextToLookAt(): Account | undefined {
    if (this.#recent.length === 0) return undefined;
    this.#lookedAgain = (this.#lookedAgain + 1) % this.#recent.length;
    return this.#recent[this.#lookedAgain];
  }

  /** What it can be told by: see `common.ts`. */
  get common(): Common {
    const counts = this.#counts;
    const delays = this.#delays.subarray(1, delaySteps + 1);
    return { counts, delays, size: this.#size, spoke: this.#spoke, looks: this.#looks, base: this.base };
  }

  /** It is no more: nothing holds on to its traits. */
  end(): void {
    for (const trait of this.#counts.keys()) this.#accounts.letGo(trait);
    this.#counts.clear();
  }

  #look(account: Account): void {
    if (account.spokeAt === undefined || !this.has(account)) return;
    moveToEnd(this.#looks, account);
  }

  *#textsBut(account: Account): Iterable<readonly Sketch[]> {
    for (const one of this.#looks) if (one !== account && one.texts.length > 0) yield one.texts;
    if (this.base) yield* this.base.texts;
  }

  #dropRarest(): void {
    for (const [trait, count] of this.#counts) {
      if (count > 1) continue;
      this.#counts.delete(trait);
      this.#accounts.letGo(trait);
    }
    // All of them are shared: the oldest half goes.
    for (const trait of [...this.#counts.keys()].slice(0, Math.max(0, this.#counts.size - mostTraits / 2))) {
      this.#counts.delete(trait);
      this.#accounts.letGo(trait);
    }
  }
}

function moveToEnd(some: Account[], account: Account): void {
  const place = some.indexOf(account);
  if (place >= 0) some.splice(place, 1);
  some.push(account);
  if (some.length > mostLooks) some.shift();
}

/** The same founders at the same time give the same id, so that a replay does. */
export function clusterId(founders: readonly Account[], at: number): string {
  return stableId("wave", ...founders.map(({ user }) => user).toSorted(), String(at));
}
