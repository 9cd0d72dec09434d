/**
 * From the text of a condition to its parts. What cannot be read is told and passed over up to the next `and` or `or`,
 * so that the rest is looked at, too: whoever writes a rule on a phone wants to know all mistakes at once.
 */
import { lex, type Token } from "./lex.ts";
import { placeFrom, type Place } from "./place.ts";
import { print, printValue } from "./print.ts";
import type { Problems } from "./problems.ts";
import { readRate } from "./parse-rate.ts";
import { readGlob, readItems, readPattern } from "./parse-words.ts";
import { comparisons, type Condition, type Value, type Which } from "./syntax.ts";
import { TokenReader, Unreadable, wordOf } from "./token-reader.ts";

/** So many letters may a condition have. */
export const maxLength = 2_000;
/** So deep may brackets and `not` stand in one another. */
export const maxDepth = 32;

export function parse(text: string, problems: Problems): Condition {
  if (text.length > maxLength) {
    const place = { start: maxLength, end: text.length };
    problems.mistake("tooLong", place, maxLength, text.length);
    return { kind: "broken", place };
  }
  const tokens = lex(text, problems);
  return new ConditionParser(tokens, problems).whole();
}

const whichWords: ReadonlySet<string> = new Set<Which>(["any", "every", "no"]);
const measures: ReadonlySet<string> = new Set(["count", "sum", "distinct", "span"]);
const sums: ReadonlySet<string> = new Set(["+", "-"]);
const products: ReadonlySet<string> = new Set(["*", "/"]);

/** A part, and whether brackets stand around it. */
interface Part {
  readonly condition: Condition;
  readonly inBrackets: boolean;
}

class ConditionParser {
  readonly #read: TokenReader;
  readonly #problems: Problems;
  #depth = 0;
  /** The rest was passed over, so that nothing of it is missed. */
  #isTooDeep = false;

  constructor(tokens: readonly Token[], problems: Problems) {
    this.#read = new TokenReader(tokens);
    this.#problems = problems;
  }

  whole(): Condition {
    const read = this.#read;
    if (read.isEnd) {
      this.#problems.mistake("empty", read.next.place);
      return { kind: "broken", place: read.next.place };
    }
    const condition = this.#any();
    while (!read.isEnd) this.#tooMuch();
    return condition;
  }

  /** Something follows where the condition might have ended. */
  #tooMuch(): void {
    const read = this.#read;
    if (read.isSign(")")) {
      this.#problems.mistake("closingBracket", read.take().place);
      if (read.isWord("and") || read.isWord("or")) read.take();
      if (!read.isEnd) this.#any();
    } else {
      this.#problems.mistake("expected", read.next.place, "and or or", wordOf(read.next));
      read.skipPart();
      if (read.isWord("and") || read.isWord("or")) {
        read.take();
        this.#any();
      }
    }
  }

  #any(): Condition {
    const parts = this.#row("or", () => this.#all());
    const [first] = parts;
    if (parts.length === 1) return first!.condition;
    const condition = joined("or", parts);
    if (parts.some((part) => part.condition.kind === "and" && !part.inBrackets))
      this.#problems.warning("howRead", condition.place, print(condition));
    return condition;
  }

  #all(): Part {
    const parts = this.#row("and", () => this.#one());
    return parts.length === 1 ? parts[0]! : { condition: joined("and", parts), inBrackets: false };
  }

  #row(between: "and" | "or", part: () => Part): readonly Part[] {
    const parts = [part()];
    while (this.#read.isWord(between)) {
      this.#read.take();
      parts.push(part());
    }
    return parts;
  }

  #one(): Part {
    const read = this.#read;
    const start = read.next.place;
    if (++this.#depth > maxDepth) {
      this.#problems.mistake("tooDeep", start, maxDepth);
      read.skipAll();
      this.#isTooDeep = true;
      this.#depth--;
      return { condition: { kind: "broken", place: start }, inBrackets: false };
    }
    try {
      return this.#readOne(start);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      error.tell(this.#problems);
      read.skipPart();
      return { condition: { kind: "broken", place: placeFrom(start, read.last) }, inBrackets: false };
    } finally {
      this.#depth--;
    }
  }

  #readOne(start: Place): Part {
    const read = this.#read;
    if (read.isWord("not")) {
      read.take();
      const part = this.#one().condition;
      return { condition: { kind: "not", part, place: placeFrom(start, part.place) }, inBrackets: false };
    }
    if (read.isSign("(")) return { condition: this.#inBrackets(), inBrackets: true };
    const next = read.next;
    if (next.kind === "word" && whichWords.has(next.word))
      return { condition: this.#which(next.word as Which), inBrackets: false };
    return { condition: this.#test(), inBrackets: false };
  }

  #inBrackets(): Condition {
    const open = this.#read.take().place;
    const condition = this.#any();
    if (this.#read.isSign(")")) this.#read.take();
    else if (!this.#isTooDeep) this.#problems.mistake("openBracket", open);
    return condition;
  }

  #which(which: Which): Condition {
    const start = this.#read.take().place;
    const isWhere = this.#read.isWord("link") && wordOf(this.#read.after) === "where";
    if (isWhere) {
      this.#read.take();
      this.#read.take();
    }
    const part = isWhere ? this.#bracketed() : this.#test();
    return { kind: "which", which, where: isWhere, part, place: placeFrom(start, this.#read.last) };
  }

  /** After `where`: a condition in brackets. */
  #bracketed(): Condition {
    if (!this.#read.isSign("(")) throw this.#read.expected("( after where");
    return this.#inBrackets();
  }

  #test(): Condition {
    const read = this.#read;
    const value = this.#value();
    const { next } = read;
    if (next.kind === "sign" && isComparison(next.sign)) return this.#comparison(value, next.sign);
    if (next.kind !== "word") return { kind: "alone", value, place: value.place };
    switch (next.word) {
      case "is":
        return this.#is(value);
      case "not":
      case "in":
        return this.#in(value);
      case "has":
      case "spells":
        read.take();
        return this.#upToHere(
          { kind: next.word, text: value, items: readItems(read, this.#problems) },
          value,
        );
      case "like":
        read.take();
        return this.#upToHere({ kind: "like", value, glob: readGlob(read) }, value);
      case "matches":
        read.take();
        return this.#upToHere({ kind: "matches", value, pattern: readPattern(read) }, value);
      default:
        return { kind: "alone", value, place: value.place };
    }
  }

  #upToHere<T extends object>(test: T, value: Value): T & { readonly place: Place } {
    return { ...test, place: placeFrom(value.place, this.#read.last) };
  }

  #comparison(left: Value, sign: (typeof comparisons)[number]): Condition {
    this.#read.take();
    const right = this.#value();
    const { next } = this.#read;
    if (next.kind === "sign" && isComparison(next.sign))
      throw new Unreadable((problems) => problems.mistake("chainedComparison", next.place));
    return this.#upToHere({ kind: "compare", sign, left, right }, left);
  }

  #is(value: Value): Condition {
    const read = this.#read;
    read.take();
    const not = read.isWord("not");
    if (not) read.take();
    if (read.isWord("unknown")) {
      read.take();
      return this.#upToHere({ kind: "unknown", value, not }, value);
    }
    const word = read.name("a word, such as newcomer or unknown,");
    if (value.kind !== "name")
      throw new Unreadable((problems) =>
        problems.mistake("expected", value.place, "the name of a fact before is", printValue(value)),
      );
    const thing = { word: value.word, place: value.place };
    return this.#upToHere({ kind: "is", thing, not, word }, value);
  }

  #in(value: Value): Condition {
    const read = this.#read;
    const not = read.isWord("not");
    if (not) read.take();
    if (!read.isWord("in")) throw read.expected("in");
    read.take();
    return this.#upToHere({ kind: "in", value, not, items: readItems(read, this.#problems) }, value);
  }

  #value(): Value {
    return this.#sum(sums, () => this.#sum(products, () => this.#atom()));
  }

  #sum(wanted: ReadonlySet<string>, part: () => Value): Value {
    let left = part();
    for (;;) {
      const { next } = this.#read;
      if (next.kind !== "sign" || !wanted.has(next.sign)) return left;
      this.#read.take();
      const right = part();
      const sign = next.sign as "+" | "-" | "*" | "/";
      left = { kind: "sum", sign, left, right, place: placeFrom(left.place, right.place) };
    }
  }

  #atom(): Value {
    const { next } = this.#read;
    if (next.kind === "number" || next.kind === "quoted") {
      this.#read.take();
      return next;
    }
    if (next.kind === "word" && measures.has(next.word))
      return readRate(this.#read, { condition: () => this.#bracketed(), time: () => this.#atom() });
    return { kind: "name", ...this.#read.name("a fact, a number or words in quotes") };
  }
}

function joined(kind: "and" | "or", parts: readonly Part[]): Condition {
  const conditions = parts.map(({ condition }) => condition);
  return { kind, parts: conditions, place: placeFrom(conditions[0]!.place, conditions.at(-1)!.place) };
}

function isComparison(sign: string): sign is (typeof comparisons)[number] {
  return (comparisons as readonly string[]).includes(sign);
}
