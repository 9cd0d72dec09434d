/** One copy of each text that repeats a thousand times, as what is read from the network has a copy in every event. */

const mostTexts = 1_000;
/** Longer texts hardly repeat. */
const longest = 200;

export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** An equal text, and the same one for equal texts as long as they are few. */
  one<T extends string>(text: T): T {
    if (text.length > longest) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size >= mostTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
