/** How well an account fits to a crowd: for each class its best trait, in bits, against what is usual here. */
import { likeness, type Sketch } from "../kit/sketch.ts";
import { noFit, type Account, type Fit, type Trait } from "./account.ts";
import { bitsOf, caps, classCount, kinds, numberOf } from "./traits.ts";
import type { Usual } from "./usual.ts";

/** Others, without the account itself. */
export interface Crowd {
  readonly accounts: number;
  readonly spoke: number;
  readonly having: (trait: Trait) => number;
  /** Those of whom the delay is known, and those of the step or one beside it. */
  readonly delayed: number;
  readonly delayedAs: (step: number) => number;
  /** The texts of those who spoke last. */
  readonly texts: Iterable<readonly Sketch[]>;
}

const [delayClass, textClass] = [numberOf("delay"), numberOf("text")];
/** Unlike texts have about a tenth of their runs in common; a filled-in template half of them. */
const [unlike, likeFrom] = [0.12, 0.4];
/** What is so short is said by many: a text says all that it can from here on. */
const fullLetters = 80;
/** Where two others share what it says, it is at least so usual among them: a wave takes turns with a few templates. */
const templateShare = 0.25;

/** Used again for each account. */
const best = new Float64Array(classCount);

export interface Fitting {
  readonly usual: Usual;
  readonly at: number;
  /** With fewer bits it does not matter what its words say: they are compared only where it could come to so many. */
  readonly atLeast?: number;
  /** How much their words say is known: they are not compared again. */
  readonly text?: number;
}

export function fitOf(account: Account, crowd: Crowd, fitting: Fitting): Fit {
  const { usual, at, atLeast = -Infinity, text } = fitting;
  best.fill(Number.NaN);
  for (const trait of account.traits) {
    const number = trait.number;
    const isContent = kinds[number] === "content";
    const others = isContent ? crowd.spoke : crowd.accounts;
    if (others <= 0) continue;
    const having = Math.max(0, crowd.having(trait));
    const share = isContent && having >= 2 ? Math.max(having / others, templateShare) : having / others;
    best[number] = larger(best[number]!, bitsOf(Math.min(1, share), usual.of(trait, at), caps[number]!));
  }
  if (account.delayMs !== undefined && crowd.delayed > 0) {
    const share = crowd.delayedAs(account.delayStep) / crowd.delayed;
    best[delayClass] = bitsOf(Math.min(1, share), usual.ofDelay(account.delayStep, at), caps[delayClass]!);
  }
  const fit = summed();
  if (account.texts.length === 0 || fit.sum + caps[textClass]! < atLeast) return fit;
  const bits = text ?? textBits(account.texts, crowd.texts);
  if (bits === 0) return fit;
  return { sum: fit.sum + bits, identity: fit.identity, content: fit.content + bits, text: bits };
}

/** What their words say after one more has spoken. */
export function textWith(account: Account, newest: Account): number {
  const before = account.fit.text;
  const bits = caps[textClass]! * mostSame(account.texts, newest.texts);
  return bits > before ? (bits + before) / 2 : before;
}

function summed(): Fit {
  let [sum, identity, content] = [0, 0, 0];
  for (let number = 0; number < classCount; number++) {
    const bits = best[number]!;
    if (Number.isNaN(bits)) continue;
    sum += bits;
    if (kinds[number] === "identity") identity += bits;
    else if (kinds[number] === "content") content += bits;
  }
  return sum === 0 ? noFit : { sum, identity, content, text: 0 };
}

/** The mean of the two others that wrote what is most like it; with one other alone, that one. */
function textBits(texts: readonly Sketch[], others: Iterable<readonly Sketch[]>): number {
  let [first, second, seen] = [0, 0, 0];
  for (const theirs of others) {
    const most = mostSame(texts, theirs);
    seen++;
    if (most > first) [first, second] = [most, first];
    else if (most > second) second = most;
  }
  return caps[textClass]! * (seen > 1 ? (first + second) / 2 : first);
}

function mostSame(some: readonly Sketch[], others: readonly Sketch[]): number {
  let most = 0;
  for (const one of some) for (const other of others) most = larger(most, sameness(one, other));
  return most;
}

/** From 0 to 1. */
function sameness(one: Sketch, other: Sketch): number {
  const like = (likeness(one, other) - unlike) / likeFrom;
  return like <= 0
    ? 0
    : Math.min(1, like) * Math.min(1, one.letters / fullLetters, other.letters / fullLetters);
}

function larger(one: number, other: number): number {
  return one >= other ? one : other;
}

/** Another account alone. */
export class Pair implements Crowd {
  readonly accounts = 1;
  readonly #other: Account;

  constructor(other: Account) {
    this.#other = other;
  }

  get spoke(): number {
    return this.#other.spokeAt === undefined ? 0 : 1;
  }

  get delayed(): number {
    return this.#other.delayMs === undefined ? 0 : 1;
  }

  get texts(): Iterable<readonly Sketch[]> {
    return this.#other.texts.length > 0 ? [this.#other.texts] : [];
  }

  having(trait: Trait): number {
    return this.#other.traits.includes(trait) ? 1 : 0;
  }

  delayedAs(step: number): number {
    return Math.abs(this.#other.delayStep - step) <= 1 ? this.delayed : 0;
  }
}
