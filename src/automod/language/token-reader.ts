/** Goes through the tokens of a condition, and knows where the next part begins. */
import type { Sign, Token } from "./lex.ts";
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";
import { keyWords, type Name } from "./syntax.ts";

/** Thrown and caught in the parser alone: the part at hand cannot be read, and this tells why. */
export class Unreadable extends Error {
  readonly tell: (problems: Problems) => void;

  constructor(tell: (problems: Problems) => void) {
    super("a part of a condition cannot be read");
    this.tell = tell;
  }
}

export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  get isEnd(): boolean {
    return this.next.kind === "end";
  }

  /** The one after the next; the end at the end. */
  get after(): Token {
    return this.#tokens[this.#at + 1] ?? this.next;
  }

  /** The place of what was taken last. */
  get last(): Place {
    return this.#tokens[Math.max(0, this.#at - 1)]!.place;
  }

  /** The end is never taken. */
  take(): Token {
    const { next } = this;
    if (next.kind !== "end") this.#at++;
    return next;
  }

  isWord(word: string): boolean {
    return this.next.kind === "word" && this.next.word === word;
  }

  isSign(sign: Sign): boolean {
    return this.next.kind === "sign" && this.next.sign === sign;
  }

  /** A word that is not part of the language. `what`: what it should be, for the sentence that misses it. */
  name(what: string): Name {
    const { next } = this;
    if (next.kind !== "word" || keyWords.has(next.word)) throw this.expected(what);
    this.take();
    return { word: next.word, place: next.place };
  }

  /** The next is something else. */
  expected(what: string): Unreadable {
    const { next } = this;
    return new Unreadable((problems) => problems.mistake("expected", next.place, what, wordOf(next)));
  }

  /** Up to the next `and`, `or` or closing bracket of this depth. */
  skipPart(): void {
    let depth = 0;
    for (;;) {
      if (this.isEnd) return;
      if (depth === 0 && (this.isWord("and") || this.isWord("or") || this.isSign(")"))) return;
      if (this.isSign("(")) depth++;
      if (this.isSign(")")) depth--;
      this.take();
    }
  }

  skipAll(): void {
    while (!this.isEnd) this.take();
  }
}

/** As it stands in the text, for people; nothing for the end. */
export function wordOf(token: Token): string {
  switch (token.kind) {
    case "word":
      return token.word;
    case "number":
      return `${token.amount}${token.unit}`;
    case "quoted":
      return token.text;
    case "pattern":
      return `/${token.pattern}/`;
    case "sign":
      return token.sign;
    case "end":
      return "";
  }
}
