/** Reads what is counted: "count messages by author in 10s", "distinct room joins by author anywhere in 10m". */
import { placeFrom } from "./place.ts";
import type { Condition, Measure, Name, Value } from "./syntax.ts";
import { Unreadable, wordOf, type TokenReader } from "./token-reader.ts";

export interface RateParts {
  /** The condition in brackets that follows `where`. */
  readonly condition: () => Condition;
  /** The time that follows `in`. */
  readonly time: () => Value;
}

const endOfKinds: ReadonlySet<string> = new Set(["where", "by", "anywhere", "in"]);

/** Stands at the word that says how is counted. */
export function readRate(read: TokenReader, parts: RateParts): Value {
  const first = read.take();
  const measure = wordOf(first) as Measure;
  const of = measure === "count" ? undefined : read.name("what is counted");
  const kinds = readKinds(read);
  const where = takeWord(read, "where") ? parts.condition() : undefined;
  if (!takeWord(read, "by")) throw missing("missingBy", read, measure);
  const by = readKeys(read);
  const anywhere = takeWord(read, "anywhere");
  if (!takeWord(read, "in")) throw missing("missingWithin", read, measure);
  const within = parts.time();
  const place = placeFrom(first.place, within.place);
  return { kind: "rate", rate: { measure, of, kinds, where, by, anywhere, within }, place };
}

function readKinds(read: TokenReader): readonly Name[] {
  const kinds: Name[] = [];
  while (read.next.kind === "word" && !endOfKinds.has(read.next.word)) {
    kinds.push(read.name("the kind of event"));
    if (read.isSign(",")) read.take();
  }
  return kinds;
}

function readKeys(read: TokenReader): readonly Name[] {
  const keys = [read.name("author, server or room")];
  while (read.isSign("+")) {
    read.take();
    keys.push(read.name("author, server or room"));
  }
  return keys;
}

function missing(what: "missingBy" | "missingWithin", { next }: TokenReader, measure: Measure): Unreadable {
  return new Unreadable((problems) => problems.mistake(what, next.place, measure));
}

function takeWord(read: TokenReader, word: string): boolean {
  if (!read.isWord(word)) return false;
  read.take();
  return true;
}
