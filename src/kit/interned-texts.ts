/** Keeps one copy of texts that repeat in thousands of events (server names, reasons), as JSON parsing makes a copy for each. */

const mostTexts = 1_000;
/** Characters. Longer texts hardly repeat. */
const longest = 200;

export class InternedTexts {
  readonly #texts = new Map<string, string>();

  /** An equal text; the same object for equal texts. After `mostTexts` different texts it starts anew. */
  intern<T extends string>(text: T): T {
    if (text.length > longest) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    if (this.#texts.size >= mostTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}
