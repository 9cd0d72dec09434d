/**
 * How usual each trait is here: of the people who are here for longer, of their names, and of the newcomers of the last
 * months. Where little is known yet, what is usual elsewhere counts for fifty people.
 */
import { dayMs, minuteMs } from "../kit/duration.ts";
import { present } from "../model/member-record.ts";
import { serverOf, type ServerName, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Trait } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import type { Good } from "./good.ts";
import { NameForms, type NameForm } from "./names.ts";

/** People for whom the guess below stands. */
const guessed = 50;
/** Shares of people, as communities have them. */
const guesses: Readonly<Record<string, number>> = {
  server: 0.005,
  "server-new": 0.05,
  "server-burst": 0.01,
  hex: 0.001,
  runs: 0.02,
  form: 0.05,
  "odd:1": 0.09,
  "odd:2": 0.01,
  avatar: 0.001,
  burst: 0.1,
  link: 0.0005,
  address: 0.0002,
  contact: 0.0002,
  file: 0.0002,
  look: 0.0002,
  tint: 0.002,
  size: 0.02,
  "kind:link": 0.15,
  "kind:contact": 0.05,
  "kind:media": 0.1,
  "kind:mentions": 0.01,
  mask: 0.004,
};
const otherGuess = 0.001;
/** Hardly anybody writes within seconds of joining. */
const [quickSteps, quickGuess, slowGuess] = [5, 0.01, 0.05];

/** A server of which so many are here for longer is known: it says four bits at most. */
const [manyOfServer, knownServerShare] = [20, 1 / 18];

/** So long a share is taken to be the same: it is looked up once, and not for every account that is compared. */
const lookedUpForMs = 10 * minuteMs;
/** On servers of more people it is not looked who of them is gone. */
const mostLooked = 200;

export interface UsualOptions {
  readonly world: WorldView;
  readonly accounts: Accounts;
  /** What moderators called fine is no sign of anything. */
  readonly good: Pick<Good, "has" | "changes">;
}

export class Usual {
  readonly #world: WorldView;
  readonly #accounts: Accounts;
  readonly #good: UsualOptions["good"];
  #names: { readonly forms: NameForms; readonly at: number; readonly size: number } | undefined;
  /** Who came just now and was not looked at yet, and how many of each server. */
  readonly #coming = new Set<UserId>();
  readonly #comingOf = new Map<ServerName, number>();
  readonly #delays = new Map<number, { readonly usual: number; readonly at: number }>();

  constructor({ world, accounts, good }: UsualOptions) {
    this.#world = world;
    this.#accounts = accounts;
    this.#good = good;
  }

  /** The world believes already that they are here: those who come together would be usual to one another. */
  begin(coming: Iterable<UserId>): void {
    this.#coming.clear();
    this.#comingOf.clear();
    for (const user of coming) {
      if (this.#coming.has(user) || this.#accounts.get(user)) continue;
      this.#coming.add(user);
      this.#count(user, 1);
    }
  }

  isLookedAt(user: UserId): void {
    if (this.#coming.delete(user)) this.#count(user, -1);
  }

  #count(user: UserId, more: number): void {
    const server = serverOf(user);
    this.#comingOf.set(server, (this.#comingOf.get(server) ?? 0) + more);
  }

  /** A share, from nearly 0 to 1. */
  of(trait: Trait, at: number): number {
    const { changes } = this.#good;
    if (trait.usualAfter === changes && Math.abs(at - trait.usualAt) < lookedUpForMs) return trait.usual;
    trait.usualAt = at;
    trait.usualAfter = changes;
    return (trait.usual = this.#good.has(trait, at) ? 1 : Math.min(1, this.#shareOf(trait, at)));
  }

  /** Of a step of the delay and those beside it. */
  ofDelay(step: number, at: number): number {
    const known = this.#delays.get(step);
    if (known && Math.abs(at - known.at) < lookedUpForMs) return known.usual;
    const { newcomers } = this.#world.stored;
    let [having, guess] = [0, 0];
    for (let one = step - 1; one <= step + 1; one++) {
      having += newcomers.having(`delay:${one}`, at);
      guess += one < quickSteps ? quickGuess : slowGuess;
    }
    const usual = smoothed(having, newcomers.spoken(at), guess);
    this.#delays.set(step, { usual, at });
    return usual;
  }

  namesOf(user: UserId, at: number): readonly NameForm[] {
    return this.#forms(at).of(user);
  }

  /** Nobody who is here for longer is of the server. */
  isUnseen(server: ServerName): boolean {
    return this.#oldOf(server) === 0;
  }

  /** People who are here for longer. */
  get old(): number {
    return Math.max(0, this.#world.members.size - this.#accounts.size);
  }

  #shareOf({ class: one, key }: Trait, at: number): number {
    const [kind] = key.split(":") as [string];
    const guess = guesses[key] ?? guesses[kind] ?? otherGuess;
    const { newcomers } = this.#world.stored;
    switch (one) {
      case "server":
        if (kind === "server") return this.#shareOfServer(this.#oldOf(key.slice(7) as ServerName), guess);
        return smoothed(newcomers.having(key, at), newcomers.all(at), guess);
      case "name": {
        const forms = this.#forms(at);
        return smoothed(forms.having(key), forms.looked, guess);
      }
      case "avatar":
      case "burst":
      case "delay":
        return smoothed(newcomers.having(key, at), newcomers.all(at), guess);
      default:
        return smoothed(newcomers.having(key, at), newcomers.spoken(at), guess);
    }
  }

  /** That many come of a server of which many are here says little, however large the community is. */
  #shareOfServer(old: number, guess: number): number {
    const share = smoothed(old, this.old, guess);
    return old >= manyOfServer ? Math.max(share, knownServerShare) : share;
  }

  /** Those who are young do not make their own server usual, nor do those who are banned. */
  #oldOf(server: ServerName): number {
    const { members } = this.#world;
    const all = members.countOfServer(server);
    const passing = this.#accounts.ofServer(server) + (this.#comingOf.get(server) ?? 0);
    if (all > mostLooked) return Math.max(0, all - passing);
    let old = 0;
    for (const user of members.usersOfServer(server))
      if (!this.#isPassing(user) && members.roomsOf(user, present).length > 0) old++;
    return old;
  }

  #isPassing(user: UserId): boolean {
    return (
      this.#coming.has(user) ||
      this.#accounts.get(user) !== undefined ||
      this.#world.stored.waveMembers.get(user) !== undefined
    );
  }

  /** Looked at anew every day, and when there are twice as many people. */
  #forms(at: number): NameForms {
    const { members } = this.#world;
    const known = this.#names;
    if (known && Math.abs(at - known.at) < dayMs && members.size < 2 * known.size + 100) return known.forms;
    const isOld = (user: UserId) => !this.#isPassing(user) && members.roomsOf(user, present).length > 0;
    const forms = new NameForms(members.users(), isOld);
    this.#names = { forms, at, size: members.size };
    return forms;
  }
}

function smoothed(having: number, all: number, guess: number): number {
  return (having + guessed * guess) / (all + guessed);
}
