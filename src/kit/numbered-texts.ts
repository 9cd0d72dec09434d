/**
 * Numbers for a million texts: a hash table of eight bytes a text, where a Map takes thirty. The numbers begin at 0,
 * and those of texts that have gone are given again.
 */

export const none = -1;
/** By itself, as looking it up for every character costs more than the rest where globals are guarded, as in tests. */
const { imul } = Math;

export class Numbered<T extends string> {
  /** Makes the slots unpredictable, so that nobody can choose texts that all fall into one. */
  readonly #seed: number;
  /** Undefined where a text has gone; such numbers hang on `#next`. */
  readonly #texts: (T | undefined)[] = [];
  #size = 0;
  #free = none;
  /** The newest text of each slot; the others hang on `#next`. As many slots as there may be texts. */
  #slots = new Int32Array(1024).fill(none);
  #next = new Int32Array(1024);

  constructor(seed: number) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#size;
  }

  /** All numbers are below this: the most texts that there have been at a time. */
  get mostAtOnce(): number {
    return this.#texts.length;
  }

  /** `none` for an unknown text. */
  numberOf(text: T): number {
    let number = this.#slots[this.#slotOf(text)]!;
    while (number !== none && this.#texts[number] !== text) number = this.#next[number]!;
    return number;
  }

  /** Only for a number that was given and not taken back. */
  textOf(number: number): T {
    return this.#texts[number]!;
  }

  *texts(): Iterable<T> {
    // By number: texts may come and go meanwhile.
    for (let number = 0; number < this.#texts.length; number++) {
      const text = this.#texts[number];
      if (text !== undefined) yield text;
    }
  }

  /** Only an unknown text. */
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

  /** Only a number that was given and not taken back. */
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

  /** FNV-1a, its bits mixed once more, as the lowest of them depend on little. */
  #slotOf(text: T): number {
    let hash = this.#seed;
    for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = imul(hash ^ (hash >>> 15), 0x9e3779b1);
    return (hash ^ (hash >>> 16)) & (this.#slots.length - 1);
  }

  /** Only when every number is in use. */
  #grow(): void {
    const length = this.#next.length * 2;
    this.#next = new Int32Array(length);
    this.#slots = new Int32Array(length).fill(none);
    for (const [number, text] of this.#texts.entries()) this.#hang(number, text!);
  }
}
