/** Chance that can be repeated, in streams: what one block of a scene draws does not move what another one draws. */
import { seeded } from "../../support/seeded.ts";

export class Chance {
  readonly #seed: number;
  readonly #next: () => number;

  constructor(seed: number) {
    this.#seed = seed;
    this.#next = seeded(seed);
  }

  /** A stream of its own, the same for the same name. */
  stream(name: string): Chance {
    let hash = this.#seed ^ 0x9e3779b9;
    for (const letter of name) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
    return new Chance(hash >>> 0);
  }

  /** From 0 up to 1. */
  next(): number {
    return this.#next();
  }

  hits(share: number): boolean {
    return this.#next() < share;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  one<T>(those: readonly T[]): T {
    return those[Math.floor(this.#next() * those.length)]!;
  }

  /** Different ones. */
  some<T>(those: readonly T[], count: number): readonly T[] {
    const left = [...those];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) {
      const i = Math.floor(this.#next() * left.length);
      taken.push(left[i]!);
      left[i] = left.at(-1)!;
      left.pop();
    }
    return taken;
  }

  /** Time until the next of what comes by itself, on average so long. */
  untilNext(mean: number): number {
    return -Math.log(1 - this.#next()) * mean;
  }

  /** Half of them are below the median; `sigma` 0 is always the median, 1 spreads over a factor of about 7. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.#normal());
  }

  letters(count: number, of = "abcdefghijklmnopqrstuvwxyz"): string {
    return Array.from({ length: count }, () => of[this.whole(0, of.length - 1)]!).join("");
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#next())) * Math.cos(2 * Math.PI * this.#next());
  }
}

/** Drawn in proportion to weights. */
export class Weighted<T> {
  readonly #those: readonly T[];
  readonly #sums: readonly number[];

  constructor(those: readonly T[], weight: (index: number) => number) {
    let sum = 0;
    this.#those = those;
    this.#sums = those.map((_, i) => (sum += weight(i)));
  }

  draw(chance: Chance): T {
    const at = chance.next() * this.#sums.at(-1)!;
    let [low, high] = [0, this.#sums.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sums[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return this.#those[low]!;
  }
}
