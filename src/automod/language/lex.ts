/**
 * From the text of a condition to its words, numbers, quotes, patterns and signs. Phones write curly quotes and put
 * capitals at the start; neither does any harm. A sign that other languages use is read as what is meant, and told.
 */
import type { Place } from "./place.ts";
import type { Problems } from "./problems.ts";
import { units, type Unit } from "./syntax.ts";

export type Token =
  /** In lower case. */
  | { readonly kind: "word"; readonly word: string; readonly place: Place }
  | { readonly kind: "number"; readonly amount: number; readonly unit: Unit; readonly place: Place }
  | { readonly kind: "quoted"; readonly text: string; readonly place: Place }
  | { readonly kind: "pattern"; readonly pattern: string; readonly place: Place }
  | { readonly kind: "sign"; readonly sign: Sign; readonly place: Place }
  | { readonly kind: "end"; readonly place: Place };

export type Sign = "<" | "<=" | ">" | ">=" | "=" | "!=" | "+" | "-" | "*" | "/" | "(" | ")" | ",";

const signs: ReadonlyMap<string, Sign> = new Map<string, Sign>([
  ...(["<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "(", ")", ","] as const).map(
    (sign) => [sign, sign] as const,
  ),
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["×", "*"],
  ["÷", "/"],
  ["−", "-"],
]);

/** Signs of other languages: what is written here, and how it is read so that the rest can be looked at. */
const foreign: ReadonlyMap<string, { readonly instead: string; readonly as: string }> = new Map([
  ["&&", { instead: "and", as: "and" }],
  ["&", { instead: "and", as: "and" }],
  ["||", { instead: "or", as: "or" }],
  ["|", { instead: "or", as: "or" }],
  ["!", { instead: "not", as: "not" }],
  ["==", { instead: "=", as: "=" }],
  ["===", { instead: "=", as: "=" }],
  ["!==", { instead: "!=", as: "!=" }],
  ["<>", { instead: "!=", as: "!=" }],
  ["=>", { instead: ">=", as: ">=" }],
  ["=<", { instead: "<=", as: "<=" }],
  [";", { instead: "and", as: "and" }],
]);

/** By the quote that opens: those that may close. */
const quotes: ReadonlyMap<string, string> = new Map([
  ['"', '"”“'],
  ["“", '”"“'],
  ["”", '”"'],
  ["„", '“”"'],
  ["«", "»"],
  ["»", "«"],
  ["‘", "’‘'"],
  ["’", "’'"],
  ["'", "'’"],
]);

const white = /\s+/y;
/** Letters, then also digits, `.`, `_` and `-` where something follows them. */
const word = /\p{L}[\p{L}\p{M}\p{N}_]*(?:[.-][\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*)*/uy;
const number = /(?:\d{1,12}(?:\.\d{1,6})?)([\p{L}%]*)/uy;
const foreignSign = /===|!==|&&|\|\||==|<>|=>|=<|[&|;]|!(?!=)/y;
const sign = /<=|>=|!=|[<>=+\-*/(),≤≥≠×÷−]/y;

export function lex(text: string, problems: Problems): readonly Token[] {
  return new Lexer(text, problems).tokens();
}

class Lexer {
  readonly #text: string;
  readonly #problems: Problems;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(text: string, problems: Problems) {
    this.#text = text;
    this.#problems = problems;
  }

  tokens(): readonly Token[] {
    while (this.#at < this.#text.length) if (this.#take(white) === undefined) this.#token();
    this.#push({ kind: "end", place: this.#place(this.#at) });
    return this.#tokens;
  }

  #token(): boolean {
    return (
      this.#pattern() || this.#quoted() || this.#word() || this.#number() || this.#sign() || this.#strange()
    );
  }

  /** Only after `matches` a slash opens a pattern; elsewhere it divides. */
  #pattern(): boolean {
    const before = this.#tokens.at(-1);
    if (this.#text[this.#at] !== "/" || before?.kind !== "word" || before.word !== "matches") return false;
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== "/") end += this.#text[end] === "\\" ? 2 : 1;
    this.#at = Math.min(end + 1, this.#text.length);
    const isClosed = end < this.#text.length;
    const place = this.#place(start);
    if (!isClosed) this.#problems.mistake("openPattern", place);
    const pattern = this.#text.slice(start + 1, Math.min(end, this.#text.length)).replaceAll("\\/", "/");
    this.#push({ kind: "pattern", pattern, place });
    return true;
  }

  #quoted(): boolean {
    const closing = quotes.get(this.#text[this.#at]!);
    if (closing === undefined) return false;
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && !closing.includes(this.#text[end]!)) end++;
    if (end === this.#text.length) this.#problems.mistake("openQuote", { start, end });
    this.#at = Math.min(end + 1, this.#text.length);
    this.#push({ kind: "quoted", text: this.#text.slice(start + 1, end), place: this.#place(start) });
    return true;
  }

  #word(): boolean {
    const start = this.#at;
    const found = this.#take(word);
    if (found === undefined) return false;
    this.#push({ kind: "word", word: found.toLowerCase(), place: this.#place(start) });
    return true;
  }

  #number(): boolean {
    const start = this.#at;
    const found = this.#take(number);
    if (found === undefined) return false;
    const digits = /^[\d.]+/.exec(found)![0];
    const written = found.slice(digits.length);
    const unit = units.find((one) => one === written.toLowerCase());
    const place = this.#place(start);
    if (unit === undefined) this.#problems.mistake("unknownUnit", place, digits, written);
    this.#push({ kind: "number", amount: Number(digits), unit: unit ?? "", place });
    return true;
  }

  #sign(): boolean {
    const start = this.#at;
    const strange = this.#take(foreignSign);
    const meant = strange === undefined ? undefined : foreign.get(strange);
    if (strange !== undefined && meant) {
      const place = this.#place(start);
      this.#problems.mistake("strangeSign", place, strange, meant.instead);
      const asSign = signs.get(meant.as);
      this.#push(asSign ? { kind: "sign", sign: asSign, place } : { kind: "word", word: meant.as, place });
      return true;
    }
    const found = this.#take(sign);
    if (found === undefined) return false;
    this.#push({ kind: "sign", sign: signs.get(found)!, place: this.#place(start) });
    return true;
  }

  /** One strange sign is told, and passed over with all that look like it. */
  #strange(): boolean {
    const start = this.#at;
    const first = String.fromCodePoint(this.#text.codePointAt(start)!);
    while (this.#text.startsWith(first, this.#at)) this.#at += first.length;
    this.#problems.mistake("strangeSign", this.#place(start), first, undefined);
    return true;
  }

  #take(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0];
    if (found === undefined || found === "") return undefined;
    this.#at += found.length;
    return found;
  }

  #place(start: number): Place {
    return { start, end: this.#at };
  }

  #push(token: Token): void {
    this.#tokens.push(token);
  }
}
