/** What the store has still to write of a collection: each item that changed, in its newest form alone. */

export class UnwrittenItems<T extends object> {
  #items = new Map<string, T | undefined>();

  /** `item` undefined: there is none under this key any more. */
  note(key: string, item: T | undefined): void {
    this.#items.set(key, item);
  }

  /** What changed since this was last asked. */
  take(): ReadonlyMap<string, T | undefined> {
    const items = this.#items;
    if (items.size > 0) this.#items = new Map();
    return items;
  }
}
