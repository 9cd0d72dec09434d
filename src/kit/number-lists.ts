/** Lists of small numbers by a key, each number in one list at most: eight bytes a number, where a Set takes forty. */
import { none } from "./numbered-texts.ts";

export class NumberLists<K> {
  readonly #first = new Map<K, number>();
  #next = new Int32Array(1024);
  #previous = new Int32Array(1024);

  /** The keys of lists that hold anything. */
  keys(): Iterable<K> {
    return this.#first.keys();
  }

  /** The number that was added last; `none` for an empty list. */
  first(key: K): number {
    return this.#first.get(key) ?? none;
  }

  /** The number after this one in its list; `none` at the end. */
  next(number: number): number {
    return this.#next[number]!;
  }

  /** Only a number that is in no list. */
  add(key: K, number: number): void {
    while (number >= this.#next.length) {
      this.#next = grown(this.#next);
      this.#previous = grown(this.#previous);
    }
    const first = this.first(key);
    this.#next[number] = first;
    this.#previous[number] = none;
    if (first !== none) this.#previous[first] = number;
    this.#first.set(key, number);
  }

  /** Only a number that is in the list of this key. */
  remove(key: K, number: number): void {
    const [before, after] = [this.#previous[number]!, this.#next[number]!];
    if (after !== none) this.#previous[after] = before;
    if (before !== none) this.#next[before] = after;
    else if (after !== none) this.#first.set(key, after);
    else this.#first.delete(key);
  }
}

/** Twice as long, with `fill` in the new half. */
export function grown(array: Int32Array, fill = 0): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2).fill(fill, array.length);
  larger.set(array);
  return larger;
}
