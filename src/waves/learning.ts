/** What is learned of those who came and stayed for a day, and whether enough is known to trust it. */
import { dayMs } from "../kit/duration.ts";
import type { LearnedNewcomer } from "../model/newcomers.ts";
import type { Seen } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Account } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { Cluster } from "./cluster.ts";
import type { Usual } from "./usual.ts";

/** Before so long, and so many people and newcomers, not enough is known. */
export interface LearningLimits {
  readonly learnDays: number;
  readonly learnPeople: number;
}

/** Newcomers to have seen, for each of the people. */
const newcomersShare = 0.25;

/** Traits of which the newcomers tell how usual they are. What hardly anybody else could have is not kept. */
const learnedTraits = /^(?:server-new|server-burst|avatar:.*|burst|link:.*|tint:.*|size:.*|kind:.*|mask)$/;

export interface LearningOptions {
  readonly world: WorldView;
  readonly accounts: Accounts;
  readonly usual: Usual;
  readonly limits: LearningLimits;
  readonly clusterOf: (account: Account) => Cluster | undefined;
}

export class Learning {
  readonly #options: LearningOptions;
  /** Joins of a minute that is over. */
  #joins = 0;

  constructor(options: LearningOptions) {
    this.#options = options;
  }

  /** Those who came within one minute, once it is over. Whoever belongs to a wave makes no record. */
  cameIn(minute: readonly Account[]): void {
    this.#joins = Math.max(this.#joins, minute.filter((account) => !this.#isOfWave(account)).length);
  }

  learn(at: number): readonly Seen[] {
    const { accounts, world } = this.#options;
    const learned: LearnedNewcomer[] = [];
    for (const account of accounts.learnable(at))
      if (!this.#isOfWave(account)) learned.push(whatIsLearned(account));
    const joins = this.#joins;
    this.#joins = 0;
    const isFirst = world.stored.newcomers.since === undefined;
    const isNothing = learned.length === 0 && joins <= world.stored.newcomers.joinsRecord(at) && !isFirst;
    return isNothing ? [] : [{ kind: "newcomers-learned", learned, joins }];
  }

  isCold(at: number): boolean {
    const { usual, limits, world } = this.#options;
    const { newcomers } = world.stored;
    const watchedMs = newcomers.since === undefined ? 0 : at - newcomers.since;
    return (
      watchedMs < limits.learnDays * dayMs ||
      usual.old < limits.learnPeople ||
      newcomers.all(at) < newcomersShare * limits.learnPeople
    );
  }

  #isOfWave(account: Account): boolean {
    return this.#options.clusterOf(account)?.reached !== undefined;
  }
}

function whatIsLearned({ traits, spokeAt, delayMs, delayStep }: Account): LearnedNewcomer {
  const keys = traits.flatMap(({ key }) => (learnedTraits.test(key) ? key : []));
  return {
    traits: delayMs === undefined ? keys : [...keys, `delay:${delayStep}`],
    hasSpoken: spokeAt !== undefined,
  };
}
