/**
 * Gives numbers to up to millions of texts: a hash table of eight bytes a text, where a Map takes thirty. Numbers begin at
 * 0, and those of removed texts are used again.
 */

export const none = -1;
/** A local: in Jest each access to the global `Math` costs more than the rest of the hash. */
const { imul } = Math;

export class Numbered<T extends string> {
  /** A secret start value of the hash, so that nobody can choose texts that all fall into one slot. */
  readonly #seed: number;
  /** By number; undefined where the text was removed. Free numbers are linked by `#next`. */
  readonly #texts: (T | undefined)[] = [];
  #size = 0;
  #free = none;
  /** The newest number of each slot; further ones are linked by `#next`. As many slots as `#next` has room for texts. */
  #slots = new Int32Array(1024).fill(none);
  #next = new Int32Array(1024);

  constructor(seed: number) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#size;
  }

  /** All numbers are below this: the largest count of texts that there ever was at a time. */
  get mostAtOnce(): number {
    return this.#texts.length;
  }

  /** `none` for an unknown text. */
  numberOf(text: T): number {
    let number = this.#slots[this.#slotOf(text)]!;
    while (number !== none && this.#texts[number] !== text) number = this.#next[number]!;
    return number;
  }

  /** The number must be in use. */
  textOf(number: number): T {
    return this.#texts[number]!;
  }

  *texts(): Iterable<T> {
    // By index, as texts may be added and removed during the iteration.
    for (let number = 0; number < this.#texts.length; number++) {
      const text = this.#texts[number];
      if (text !== undefined) yield text;
    }
  }

  /** The text must be unknown. */
  add(text: T): number {
    let number = this.#free;
    if (number !== none) this.#free = this.#next[number]!;
    else {
      number = this.#texts.length;
      if (number >= this.#next.length) this.#grow();
    }
    this.#texts[number] = text;
    this.#size++;
    this.#hang(number, text);
    return number;
  }

  /** The number must be in use. */
  remove(number: number): void {
    const slot = this.#slotOf(this.#texts[number]!);
    if (this.#slots[slot] === number) this.#slots[slot] = this.#next[number]!;
    else {
      let previous = this.#slots[slot]!;
      while (this.#next[previous] !== number) previous = this.#next[previous]!;
      this.#next[previous] = this.#next[number]!;
    }
    this.#texts[number] = undefined;
    this.#next[number] = this.#free;
    this.#free = number;
    this.#size--;
  }

  #hang(number: number, text: T): void {
    const slot = this.#slotOf(text);
    this.#next[number] = this.#slots[slot]!;
    this.#slots[slot] = number;
  }

  /** FNV-1a with a final mix, as its lowest bits depend on little of the text. */
  #slotOf(text: T): number {
    let hash = this.#seed;
    for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = imul(hash ^ (hash >>> 15), 0x9e3779b1);
    return (hash ^ (hash >>> 16)) & (this.#slots.length - 1);
  }

  /** Doubles the room. All numbers must be in use. */
  #grow(): void {
    const length = this.#next.length * 2;
    this.#next = new Int32Array(length);
    this.#slots = new Int32Array(length).fill(none);
    for (const [number, text] of this.#texts.entries()) this.#hang(number, text!);
  }
}
