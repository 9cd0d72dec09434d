/** People by their folded names, to find those that stand in a text. */
import { fold } from "../kit/fold.ts";
import type { PersonName } from "./event.ts";
import type { UserId } from "./ids.ts";

/** Shorter names are words of many languages, and look like anything. */
export const fewestLetters = 3;
/** Names of more words are sentences. */
const mostWords = 4;
/** So many words of a text are looked at: more than a message that people read has. */
const mostWordsLooked = 1_000;
/** So many people of one name are looked at, to know whether one of them is here. */
const mostOfName = 64;

export class FoldedNames {
  readonly #users = new Map<string, Set<UserId>>();
  /** How many names begin with a word: most words of a text begin none, and are passed over without another look. */
  readonly #beginnings = new Map<string, number>();

  add(user: UserId, name: PersonName): void {
    const folded = foldedName(name);
    if (!folded) return;
    const { first, text } = folded;
    const users = this.#users.get(text);
    if (users) users.add(user);
    else {
      this.#users.set(text, new Set([user]));
      this.#beginnings.set(first, (this.#beginnings.get(first) ?? 0) + 1);
    }
  }

  remove(user: UserId, name: PersonName): void {
    const folded = foldedName(name);
    const users = folded && this.#users.get(folded.text);
    if (!users?.delete(user) || users.size > 0) return;
    const { first, text } = folded!;
    this.#users.delete(text);
    const names = this.#beginnings.get(first)! - 1;
    if (names > 0) this.#beginnings.set(first, names);
    else this.#beginnings.delete(first);
  }

  /** How many different names of people who count stand in a folded text, word by word; the longer of two at one place. */
  countIn(words: readonly string[], counts: (user: UserId) => boolean): number {
    const found = new Set<string>();
    const last = Math.min(words.length, mostWordsLooked);
    for (let at = 0; at < last; at++) {
      if (!this.#beginnings.has(words[at]!)) continue;
      for (let length = Math.min(mostWords, last - at); length > 0; length--) {
        const text = words.slice(at, at + length).join(" ");
        if (!isOfSome(this.#users.get(text), counts)) continue;
        found.add(text);
        at += length - 1;
        break;
      }
    }
    return found.size;
  }
}

/** Undefined for a name that is not looked for. */
function foldedName({
  display = "",
}: PersonName): { readonly first: string; readonly text: string } | undefined {
  const { words, text } = fold(display);
  const [first] = words;
  const isLookedFor = words.length <= mostWords && text.length >= fewestLetters;
  return first !== undefined && isLookedFor ? { first, text } : undefined;
}

function isOfSome(users: Iterable<UserId> | undefined, counts: (user: UserId) => boolean): boolean {
  let looked = 0;
  for (const user of users ?? []) {
    if (counts(user)) return true;
    if (++looked === mostOfName) return false;
  }
  return false;
}
