/**
 * Puts accounts together: each is compared with a few that have a rare trait in common with it and with a few clusters,
 * never with all. Two that have enough in common found a cluster.
 */
import type { Account, Fit } from "./account.ts";
import { rare, type Accounts } from "./accounts.ts";
import { candidatesFor } from "./candidates.ts";
import type { Base } from "./base.ts";
import { Cluster, clusterId } from "./cluster.ts";
import type { Earlier } from "./earlier.ts";
import { fitOf, Pair, textWith } from "./fit.ts";
import { windowMs } from "./tally.ts";
import type { Usual } from "./usual.ts";

/** Two of so many bits found a cluster, and with so many an account enters one; with fewer than the second it leaves. */
const [entering, leaving] = [11, 6];
/** So many are enough for a cluster to become part of one that is suspected as well: one wave is told as one. */
const joining = 8;
/** So many to an earlier wave. */
const enteringEarlier = 16;
/** Clusters that an account is compared with besides those of its candidates: the last ones. */
const lastClusters = 4;
/** Clusters at a time; most are two accounts that were alike by chance. */
const mostClusters = 128;
/** Members that are looked at again with each event of another. */
const lookedAgain = 2;
/** So many of a cluster in turn that fit a larger one as well take it there. One that was told to be more than suspected stays. */
const leaningNeeded = 2;
/** Of so many each is compared with the others of the cluster that they come to; more are taken as they are. */
const mostFittedAgain = 64;
/** A cluster that is about to be told is compared with the largest others, by its last members. */
const [mostLarger, mostAsked] = [16, 6];
/** A member of a wave that fits so well is not compared with others. */
const settled = 16;
/** Less of a change is not told. */
const bitsTold = 4;

export interface ClustersOptions {
  readonly accounts: Accounts;
  readonly usual: Usual;
  readonly earlier: Earlier;
}

export class Clusters {
  readonly #options: ClustersOptions;
  /** Whichever had an event last is the last. */
  readonly #all = new Set<Cluster>();
  readonly #ofAccounts = new Map<Account, Cluster>();
  readonly #merged: Cluster[] = [];

  constructor(options: ClustersOptions) {
    this.#options = options;
  }

  get all(): ReadonlySet<Cluster> {
    return this.#all;
  }

  of(account: Account): Cluster | undefined {
    return this.#ofAccounts.get(account);
  }

  withId(id: string): Cluster | undefined {
    for (const cluster of this.#all) if (cluster.id === id) return cluster;
    return undefined;
  }

  /** The account did something: it stays, goes, or comes to others. Gives the cluster that it is in then. */
  place(account: Account, at: number): Cluster | undefined {
    let current = this.of(account);
    if (current) {
      this.#fitted(account, this.#fit(account, current, at), current);
      if (account.fit.sum < leaving) {
        this.leave(account, current);
        current = undefined;
      }
    }
    const placed = this.#better(account, current, at) ?? current ?? this.#likeEarlier(account, at);
    for (const trait of account.traits)
      if (this.#options.usual.of(trait, at) <= rare) this.#options.accounts.remember(account, trait);
    if (placed) this.#happened(placed, account, at);
    return placed;
  }

  enter(account: Account, cluster: Cluster): void {
    cluster.enter(account);
    this.#ofAccounts.set(account, cluster);
    cluster.changed.add(account);
  }

  leave(account: Account, cluster: Cluster): void {
    cluster.leave(account);
    this.#ofAccounts.delete(account);
  }

  /** Too many accounts to remember it. */
  forget(account: Account): void {
    this.of(account)?.forget(account);
    this.#ofAccounts.delete(account);
  }

  add(cluster: Cluster): void {
    this.#all.add(cluster);
    if (this.#all.size <= mostClusters) return;
    const over =
      [...this.#all].find(({ reached }) => reached === undefined) ?? this.#all.values().next().value!;
    this.end(over);
  }

  end(cluster: Cluster): void {
    for (const account of cluster.members) this.#ofAccounts.delete(account);
    cluster.end();
    this.#all.delete(cluster);
  }

  /** What is a sign no more: who fits by it alone goes. By a person's word only, as it looks at every member. */
  fitAgain(cluster: Cluster, at: number): void {
    for (const account of [...cluster.members]) this.#lookAgain(account, cluster, { at });
  }

  #happened(cluster: Cluster, account: Account, at: number): void {
    cluster.lastAt = at;
    cluster.didSomething(account);
    cluster.changed.add(account);
    cluster.tally.note(account, { isNews: true });
    this.#all.delete(cluster);
    this.#all.add(cluster);
    for (let i = 0; i < lookedAgain; i++) {
      const other = cluster.nextToLookAt();
      if (other && other !== account) this.#lookAgain(other, cluster, { at, newest: account });
    }
  }

  #lookAgain(
    account: Account,
    cluster: Cluster,
    { at, newest }: { readonly at: number; readonly newest?: Account },
  ): void {
    const before = account.fit.sum;
    const { usual } = this.#options;
    const text = newest ? { text: textWith(account, newest) } : {};
    this.#fitted(account, fitOf(account, cluster.others(account), { usual, at, ...text }), cluster);
    cluster.tally.note(account, { isNews: false });
    if (account.fit.sum < leaving) this.leave(account, cluster);
    else if (Math.abs(account.fit.sum - before) >= bitsTold) cluster.changed.add(account);
  }

  /** Clusters that have become part of a larger one since this was last asked. */
  takeMerged(): readonly Cluster[] {
    return this.#merged.splice(0);
  }

  /** Another cluster or account that it fits better. */
  #better(account: Account, current: Cluster | undefined, at: number): Cluster | undefined {
    if (current?.reached && account.fit.sum >= settled) return current;
    const candidates = candidatesFor(account, { usual: this.#options.usual, at });
    let [best, fit] = [undefined as Cluster | undefined, account.fit];
    for (const cluster of this.#candidateClusters(candidates)) {
      if (cluster === current || (current && cluster.size < current.size)) continue;
      const theirs = this.#fit(account, cluster, at, entering);
      if (theirs.sum >= entering && (!best || theirs.sum > fit.sum)) [best, fit] = [cluster, theirs];
    }
    if (best && current) return this.#lean({ account, current, fit }, best, at);
    if (best) {
      this.enter(account, best);
      this.#fitted(account, fit, best);
      return best;
    }
    return current ? undefined : this.#founded(account, candidates, at);
  }

  /** A member that fits a larger cluster goes there if it fits better; several take all others with them. */
  #lean(
    { account, current, fit }: { readonly account: Account; readonly current: Cluster; readonly fit: Fit },
    other: Cluster,
    at: number,
  ): Cluster | undefined {
    if (isOpen(current) && current.leans(account, other) >= Math.min(leaningNeeded, current.size)) {
      this.#merge(current, other, at);
      return other;
    }
    if (fit.sum < account.fit.sum) return undefined;
    this.leave(account, current);
    this.enter(account, other);
    this.#fitted(account, fit, other);
    return other;
  }

  /** Before a cluster is told: whether it is a part of a larger one. */
  joinLarger(cluster: Cluster, at: number): Cluster {
    const larger = [...this.#all].filter(
      (one) => one !== cluster && one.size >= cluster.size && !isOld(one, at),
    );
    larger.sort((one, other) => other.size - one.size);
    for (const other of larger.slice(0, mostLarger)) {
      const members = cluster.recent.slice(-mostAsked);
      const needed = isOpen(other) ? joining : entering;
      const fitting = members.filter((one) => this.#fit(one, other, at, needed).sum >= needed);
      if (fitting.length * 2 < members.length) continue;
      this.#merge(cluster, other, at);
      return other;
    }
    return cluster;
  }

  #merge(from: Cluster, into: Cluster, at: number): void {
    const members = [...from.members];
    this.end(from);
    this.#merged.push(from);
    for (const account of members) {
      this.enter(account, into);
      if (members.length <= mostFittedAgain) this.#fitted(account, this.#fit(account, into, at), into);
      into.tally.note(account, { isNews: true });
    }
  }

  #founded(account: Account, candidates: readonly Account[], at: number): Cluster | undefined {
    let [best, fit] = [undefined as Account | undefined, account.fit];
    for (const other of candidates) {
      if (this.of(other)) continue;
      const theirs = this.#fitTo(account, other, at);
      if (theirs.sum >= entering && (!best || theirs.sum > fit.sum)) [best, fit] = [other, theirs];
    }
    if (!best) return undefined;
    const cluster = new Cluster(this.#options.accounts, {
      id: clusterId([account, best], at),
      at: Math.min(best.firstAt, account.firstAt),
    });
    this.enter(best, cluster);
    this.enter(account, cluster);
    this.#fitted(best, this.#fitTo(best, account, at), cluster);
    this.#fitted(account, fit, cluster);
    cluster.tally.note(best, { isNews: true });
    this.add(cluster);
    return cluster;
  }

  /** One that comes back: there need be no others yet. */
  #likeEarlier(account: Account, at: number): Cluster | undefined {
    const { earlier, usual, accounts } = this.#options;
    for (const base of earlier.of(account, at)) {
      const fit = fitOf(account, base, { usual, at });
      if (fit.sum < enteringEarlier) continue;
      account.isLikeEarlier = true;
      const known = [...this.#all].find((one) => one.base?.profile.wave === base.profile.wave);
      const cluster = known ?? new Cluster(accounts, { id: clusterId([account], at), at, base });
      if (!known) this.add(cluster);
      this.enter(account, cluster);
      this.#fitted(account, fit, cluster);
      return cluster;
    }
    return undefined;
  }

  #fit(account: Account, cluster: Cluster, at: number, atLeast = -Infinity): Fit {
    return fitOf(account, cluster.others(account), { usual: this.#options.usual, at, atLeast });
  }

  #fitTo(account: Account, other: Account, at: number): Fit {
    return fitOf(account, new Pair(other), { usual: this.#options.usual, at, atLeast: entering });
  }

  #fitted(account: Account, fit: Fit, { base }: { readonly base: Base | undefined }): void {
    account.fit = fit;
    if (base && fit.sum >= enteringEarlier && base.profile.known === "harmful") account.isLikeEarlier = true;
  }

  #candidateClusters(candidates: readonly Account[]): ReadonlySet<Cluster> {
    const found = new Set<Cluster>();
    for (const candidate of candidates) {
      const cluster = this.of(candidate);
      if (cluster) found.add(cluster);
    }
    let skipped = this.#all.size - lastClusters;
    for (const cluster of this.#all) if (--skipped < 0) found.add(cluster);
    return found;
  }
}

/** Nothing is done about it yet that names it. */
function isOpen({ reached }: Cluster): boolean {
  return reached === undefined || reached.stage === "suspected";
}

function isOld({ lastAt }: Cluster, at: number): boolean {
  return at - lastAt > windowMs;
}
