/** A binary heap whose items hold their index, so that one can be removed without a search. */

export interface Placed {
  /** Index in the heap; written by the heap alone. */
  place: number;
}

export class Heap<T extends Placed> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#put(item, this.#items.length);
    this.#rise(item);
  }

  /** Never compares the item itself, which may have changed already. */
  remove(item: T): void {
    const { place } = item;
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(item: T): void {
    while (item.place > 0) {
      const { place } = item;
      const parent = this.#items[(place - 1) >> 1]!;
      if (!this.#before(item, parent)) return;
      this.#put(item, parent.place);
      this.#put(parent, place);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const { place } = item;
      const [left, right] = [this.#items[2 * place + 1], this.#items[2 * place + 2]];
      const child = right && left && this.#before(right, left) ? right : left;
      if (!child || !this.#before(child, item)) return;
      this.#put(item, child.place);
      this.#put(child, place);
    }
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
