/**
 * The form of a name, the part of an id before the server: runs of letters and digits, hexadecimal digits, and how likely
 * its letters follow one another in the names of this community. What forms are usual is learned from the members.
 */
import { localpartOf, type UserId } from "../model/ids.ts";

/** People whose names are looked at: enough to know what is usual, and read in a few milliseconds. */
const mostLooked = 5_000;
/** Letters of a name that are looked at. */
const longest = 64;
/** A name of more runs has no form that another would have by chance. */
const mostRuns = 5;
/** What counts as odd: less likely than nine in ten of the members' names, and than 99 in 100. */
const [oddShare, veryOddShare] = [0.1, 0.01];

export interface NameForm {
  readonly key: string;
  /** For moderators. */
  readonly shown: string;
}

export class NameForms {
  readonly #counts = new Map<string, number>();
  readonly #pairs: PairModel;
  readonly looked: number;

  constructor(users: Iterable<UserId>, counts: (user: UserId) => boolean) {
    const names: string[] = [];
    for (const user of users) {
      if (counts(user)) names.push(nameOf(user));
      if (names.length === mostLooked) break;
    }
    this.#pairs = new PairModel(names);
    this.looked = names.length;
    for (const name of names)
      for (const { key } of this.#formsOf(name)) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  of(user: UserId): readonly NameForm[] {
    return this.#formsOf(nameOf(user));
  }

  /** How many of those that were looked at have this form. */
  having(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  #formsOf(name: string): readonly NameForm[] {
    const keys: string[] = [];
    if (isHexadecimal(name)) keys.push(`hex:${name.length}`);
    const runs = runsOf(name);
    if (runs) keys.push(`runs:${runs.exact}`);
    if (runs && runs.coarse.length > 1) keys.push(`form:${runs.coarse}`);
    const odd = this.#pairs.oddnessOf(name);
    if (odd > 0) keys.push(`odd:${odd}`);
    return keys.map(formOf);
  }
}

/** Its words are made only where somebody is told of it. */
function formOf(key: string): NameForm {
  return {
    key,
    get shown() {
      const [kind, form = ""] = key.split(":");
      if (kind === "hex") return `names of ${form} hexadecimal digits`;
      return kind === "odd" ? "names that look made up" : `names of the form ${shownRuns(form)}`;
    },
  };
}

function nameOf(user: UserId): string {
  return localpartOf(user).slice(0, longest).toLowerCase();
}

function isHexadecimal(name: string): boolean {
  return /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/.test(name);
}

/** "alice123" is `a5d3`, coarsely `ad`. Undefined for a name of too many runs. */
function runsOf(name: string): { readonly exact: string; readonly coarse: string } | undefined {
  const runs = name.match(/[a-z]+|\d+|[^a-z\d]+/g) ?? [];
  if (runs.length === 0 || runs.length > mostRuns) return undefined;
  const signs = runs.map((run) => (/^[a-z]/.test(run) ? "a" : /^\d/.test(run) ? "d" : (run[0] ?? "")));
  return { exact: runs.map((run, i) => `${signs[i]}${run.length}`).join(""), coarse: signs.join("") };
}

/** `a5d3` as people read it: "5 letters, 3 digits". */
function shownRuns(runs: string): string {
  const words: Readonly<Record<string, string>> = { a: "letters", d: "digits" };
  return [...runs.matchAll(/(\D)(\d*)/g)]
    .map(([, sign, length]) => `${length ? `${length} ` : ""}${words[sign!] ?? "signs"}`)
    .join(", ");
}

const letters = 28;

/** How likely letters follow one another here. */
class PairModel {
  readonly #counts = new Float64Array(letters * letters);
  readonly #sums = new Float64Array(letters);
  readonly #limits: readonly [odd: number, veryOdd: number];

  constructor(names: readonly string[]) {
    for (const name of names)
      eachPair(name, (one, other) => {
        this.#counts[one * letters + other]! += 1;
        this.#sums[one]! += 1;
      });
    const scores = names.map((name) => this.#scoreOf(name)).toSorted((one, other) => one - other);
    const at = (share: number) => scores[Math.floor(scores.length * share)] ?? -Infinity;
    // So few names are no measure of what is odd.
    this.#limits = names.length < 100 ? [-Infinity, -Infinity] : [at(oddShare), at(veryOddShare)];
  }

  /** 0: as usual; 1: odd; 2: very odd. */
  oddnessOf(name: string): 0 | 1 | 2 {
    const score = this.#scoreOf(name);
    const [odd, veryOdd] = this.#limits;
    if (score >= odd) return 0;
    return score >= veryOdd ? 1 : 2;
  }

  /** The mean logarithm of how likely each pair is. */
  #scoreOf(name: string): number {
    let [sum, pairs] = [0, 0];
    eachPair(name, (one, other) => {
      sum += Math.log2((this.#counts[one * letters + other]! + 0.5) / (this.#sums[one]! + 0.5 * letters));
      pairs++;
    });
    return pairs === 0 ? 0 : sum / pairs;
  }
}

function eachPair(name: string, see: (one: number, other: number) => void): void {
  let before = letters - 1;
  for (let i = 0; i < name.length; i++) {
    const letter = letterOf(name.charCodeAt(i));
    see(before, letter);
    before = letter;
  }
}

/** 0 to 25, digits and signs as one each. */
function letterOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 97;
  return code >= 48 && code <= 57 ? 26 : 27;
}
