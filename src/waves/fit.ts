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
/** Where two others share what it says, it is at least so usual among them: a wave takes turns with a few templates. */
const templateShare = 0.25;

/** Used again for each account. */
const best = new Float64Array(classCount);

export function fitOf(
  account: Account,
  crowd: Crowd,
  { usual, at }: { readonly usual: Usual; readonly at: number },
): Fit {
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
  if (account.texts.length > 0) best[textClass] = textBits(account.texts, crowd.texts);
  return summed();
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
  return sum === 0 ? noFit : { sum, identity, content };
}

/** The mean of the two others that wrote what is most like it; with one other alone, that one. */
function textBits(texts: readonly Sketch[], others: Iterable<readonly Sketch[]>): number {
  let [first, second, seen] = [0, 0, 0];
  for (const theirs of others) {
    let most = 0;
    for (const one of texts) for (const other of theirs) most = Math.max(most, likeness(one, other));
    seen++;
    if (most > first) [first, second] = [most, first];
    else if (most > second) second = most;
  }
  if (seen === 0) return Number.NaN;
  const like = seen === 1 ? first : (first + second) / 2;
  return caps[textClass]! * Math.min(1, Math.max(0, (like - unlike) / likeFrom));
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
