/** What the words of a condition stand for: facts, settings of the rule, lists of the community. */
import type { ListKind } from "../../model/rule-lists.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import type { Fact, Measured } from "../../model/facts/fact.ts";
import type { KindSet } from "../../model/facts/kinds.ts";
import type { Vocabulary } from "../../model/facts/index.ts";
import type { Problems } from "./problems.ts";
import { keyWords, type Name } from "./syntax.ts";

export interface RuleSetting {
  /** As it is declared; conditions may write it in any letter case. */
  readonly name: string;
  readonly measured: Measured;
  /** The most it may be set to, in ms, bytes and so on; undefined where nothing bounds it. */
  readonly max: number | undefined;
}

/** What a condition is checked against. */
export interface RuleContext {
  readonly vocabulary: Vocabulary;
  /** By their names in lower case. */
  readonly settings: ReadonlyMap<string, RuleSetting>;
  readonly lists: ReadonlyMap<string, ListKind>;
  /** What the rule looks at. */
  readonly kinds: KindSet;
}

/** `none`: about the event. `link`: about one link, whose facts are named in full. `where`: and may be named shortly. */
export type Scope = "none" | "link" | "where";

export type Meant =
  | { readonly kind: "fact"; readonly fact: Fact }
  | { readonly kind: "setting"; readonly setting: string; readonly measured: Measured };

export class Names {
  readonly context: RuleContext;
  readonly #problems: Problems;

  constructor(context: RuleContext, problems: Problems) {
    this.context = context;
    this.#problems = problems;
  }

  /** Undefined where nothing is called so, which is told, or where it stands in the wrong place. */
  meant(name: Name, scope: Scope): Meant | undefined {
    const found = this.find(name.word, scope);
    if (!found) this.#problems.mistake("nothingCalled", name.place, name.word, this.#near(name.word, scope));
    else if (found.kind === "fact" && found.fact.ofLink && scope === "none") {
      this.#problems.mistake("linkOutside", name.place, name.word);
      return undefined;
    }
    return found;
  }

  find(word: string, scope: Scope): Meant | undefined {
    const { vocabulary, settings } = this.context;
    const ofLink = scope === "where" ? vocabulary.get(`link.${word}`) : undefined;
    const fact = ofLink ?? vocabulary.get(word);
    if (fact) return { kind: "fact", fact };
    const setting = settings.get(word);
    return setting && { kind: "setting", setting: setting.name, measured: setting.measured };
  }

  /** "author is newcomer": a yes-no fact of the thing, or a fact of it that may be this word; a fact may be the thing itself. */
  state(
    thing: string,
    word: string,
  ): { readonly fact: Fact; readonly equals: string | undefined } | undefined {
    const { vocabulary } = this.context;
    const yesNo = vocabulary.get(`${thing}.${word}`);
    if (yesNo?.type.base === "yes-no") return { fact: yesNo, equals: undefined };
    const fact = this.factsOf(thing).find(({ type }) => type.base === "word" && type.words.includes(word));
    return fact && { fact, equals: word };
  }

  /** All words that may follow "thing is". */
  statesOf(thing: string): readonly string[] {
    return this.factsOf(thing).flatMap(({ name, type }) =>
      type.base === "word" ? type.words : type.base === "yes-no" ? [name.slice(thing.length + 1)] : [],
    );
  }

  factsOf(thing: string): readonly Fact[] {
    const { vocabulary } = this.context;
    return [...vocabulary.values()].filter(({ name }) => name === thing || name.startsWith(`${thing}.`));
  }

  /** The thing or fact before `is`; undefined where there is none of that name, which is told. */
  thing({ word, place }: Name): string | undefined {
    if (this.factsOf(word).length > 0) return word;
    this.#problems.mistake("nothingCalled", place, word, this.#near(word, "none", this.#things()));
    return undefined;
  }

  #things(): readonly string[] {
    return [...new Set([...this.context.vocabulary.keys()].map((name) => name.split(".")[0]!))];
  }

  #near(word: string, scope: Scope, more: readonly string[] = []): string | undefined {
    const { vocabulary, settings } = this.context;
    const short = scope === "where" ? this.factsOf("link").map(({ name }) => name.slice("link.".length)) : [];
    const all = [
      ...more,
      ...short,
      ...[...settings.values()].map(({ name }) => name),
      ...vocabulary.keys(),
      ...keyWords,
    ];
    // The end of a name alone is a common slip: "length" for "text.length".
    return nearest(word, all) ?? [...vocabulary.keys()].find((name) => name.endsWith(`.${word}`));
  }
}
