/**
 * Checks a condition against the vocabulary, the settings of its rule and the lists of the community, and tells all
 * that is wrong at once. What comes out has no mistake that can show while it is evaluated.
 */
import type { ListKind } from "../../model/rule-lists.ts";
import { nearest } from "../../kit/did-you-mean.ts";
import type { Fact } from "../../model/facts/fact.ts";
import { AmountChecker, describe, type Measurement, type Operand } from "./check-amount.ts";
import { examples, namesOfMeasured } from "./amounts.ts";
import { asksOfLink, type Checked, type Looked, type Meaning, type Word } from "./meaning.ts";
import { Names, type RuleContext, type Scope } from "./names.ts";
import type { mistakes, Mistake } from "./mistakes.ts";
import { patternProblem } from "../../kit/pattern.ts";
import type { Place } from "./place.ts";
import { print, printValue } from "./print.ts";
import type { Problems } from "./problems.ts";
import type { Condition, Item, Value } from "./syntax.ts";
import { warnOf } from "./warn.ts";

type ConditionOf<K extends Condition["kind"]> = Extract<Condition, { readonly kind: K }>;

export function check(condition: Condition, context: RuleContext, problems: Problems): Checked {
  const checker = new Checker(context, problems);
  const meaning = checker.condition(condition, "none");
  const checked = { meaning, rates: checker.rates };
  warnOf(checked, context, problems);
  return checked;
}

class Checker {
  readonly #names: Names;
  readonly #amounts: AmountChecker;
  readonly #problems: Problems;
  readonly #context: RuleContext;

  constructor(context: RuleContext, problems: Problems) {
    this.#context = context;
    this.#problems = problems;
    this.#names = new Names(context, problems);
    this.#amounts = new AmountChecker(this.#names, problems, (condition) =>
      this.condition(condition, "none"),
    );
  }

  get rates(): Checked["rates"] {
    return this.#amounts.rates;
  }

  condition(condition: Condition, scope: Scope): Meaning {
    const { place } = condition;
    switch (condition.kind) {
      case "and":
      case "or":
        return { ...condition, parts: condition.parts.map((part) => this.condition(part, scope)) };
      case "not":
        return { ...condition, part: this.condition(condition.part, scope) };
      case "which":
        return this.#which(condition, scope);
      case "compare":
        return this.#compare(condition, scope);
      case "is":
        return this.#is(condition, scope);
      case "unknown":
        return this.#unknown(condition, scope);
      case "in":
        return this.#in(condition, scope);
      case "has":
      case "spells":
        return this.#has(condition, scope);
      case "like":
        return this.#like(condition, scope);
      case "matches":
        return this.#matches(condition, scope);
      case "alone":
        return this.#alone(condition, scope);
      case "broken":
        return { kind: "broken", place };
    }
  }

  #which(condition: ConditionOf<"which">, scope: Scope): Meaning {
    const { which, where, part, place } = condition;
    if (scope !== "none") {
      this.#problems.mistake("whichInWhich", place);
      return { kind: "broken", place };
    }
    const inner = this.condition(part, where ? "where" : "link");
    if (!where && inner.kind !== "broken" && !asksOfLink(inner)) {
      this.#problems.mistake("whichOfOne", place, which, print(part));
      return { kind: "broken", place };
    }
    return { kind: "links", which, part: inner, place };
  }

  #compare(condition: ConditionOf<"compare">, scope: Scope): Meaning {
    const { left, right, place } = condition;
    const one = this.#amounts.operand(left, scope);
    if (!one) {
      // The right side has mistakes of its own.
      if (right.kind !== "name") this.#amounts.operand(right, scope);
      return { kind: "broken", place };
    }
    if (one.is === "fact" && one.fact.type.base === "word") return this.#compareWord(condition, one.fact);
    const other = this.#amounts.operand(right, scope);
    if (!other) return { kind: "broken", place };
    if (one.is === "number" && other.is === "number") return this.#compareNumbers(condition, one, other);
    return this.#compareTexts(condition, one, other);
  }

  #compareNumbers(
    { sign, left, right, place }: ConditionOf<"compare">,
    one: Measurement,
    other: Measurement,
  ): Meaning {
    if (one.measured === other.measured)
      return { kind: "compare", sign, left: one.amount, right: other.amount, place };
    const [bare, at, measured] = one.isBare
      ? ([left, right, other.measured] as const)
      : ([right, left, one.measured] as const);
    if (one.isBare || other.isBare)
      this.#problems.mistake(
        "noUnit",
        bare.place,
        `${printValue(at)} is ${namesOfMeasured[measured]}`,
        examples[measured],
      );
    else
      this.#problems.mistake(
        "otherUnit",
        place,
        namesOfMeasured[one.measured],
        namesOfMeasured[other.measured],
      );
    return { kind: "broken", place };
  }

  #compareWord({ sign, left, right, place }: ConditionOf<"compare">, fact: Fact): Meaning {
    if (sign !== "=" && sign !== "!=") return this.#broken("noOrder", left, fact.name);
    const word = right.kind === "name" ? right.word : right.kind === "quoted" ? right.text.toLowerCase() : "";
    if (!this.#isWordOf(fact, { ...right, kind: "name", word })) return { kind: "broken", place };
    const constant: Word = { kind: "constant", text: word };
    return { kind: "same", left: { kind: "fact", fact }, right: constant, not: sign === "!=", place };
  }

  #compareTexts({ sign, left, right, place }: ConditionOf<"compare">, one: Operand, other: Operand): Meaning {
    const [first, second] = [this.#word(one, left), this.#word(other, right)];
    if (!first || !second) return { kind: "broken", place };
    if (sign !== "=" && sign !== "!=") return this.#broken("noOrder", left, describe(one));
    return { kind: "same", left: first, right: second, not: sign === "!=", place };
  }

  #word(operand: Operand, { place }: Value): Word | undefined {
    if (operand.is === "quoted") return { kind: "constant", text: operand.text };
    if (operand.is === "number") this.#problems.mistake("notAText", place, describe(operand));
    else if (operand.fact.type.base === "yes-no")
      this.#problems.mistake("yesNoCompared", place, operand.fact.name);
    else if (operand.fact.type.base === "key")
      this.#problems.mistake("notComparable", place, operand.fact.name);
    else return { kind: "fact", fact: operand.fact };
    return undefined;
  }

  #is({ thing, not, word, place }: ConditionOf<"is">, scope: Scope): Meaning {
    const named =
      scope === "where" && !this.#names.factsOf(thing.word).length ? `link.${thing.word}` : thing.word;
    const known = this.#names.thing({ word: named, place: thing.place });
    if (known === undefined) return { kind: "broken", place };
    const state = this.#names.state(known, word.word);
    if (!state) {
      const words = this.#names.statesOf(known);
      const near = nearest(word.word, words);
      this.#problems.mistake("neverIs", word.place, known, word.word, near, words.join(", "));
      return { kind: "broken", place };
    }
    const { fact, equals } = state;
    if (fact.ofLink && scope === "none") return this.#broken("linkOutside", { place }, fact.name);
    if (equals !== undefined) {
      const right: Word = { kind: "constant", text: equals };
      return { kind: "same", left: { kind: "fact", fact }, right, not, place };
    }
    const yes: Meaning = { kind: "yes", fact, place };
    return not ? { kind: "not", part: yes, place } : yes;
  }

  #unknown({ value, not, place }: ConditionOf<"unknown">, scope: Scope): Meaning {
    const operand = this.#amounts.operand(value, scope);
    if (!operand) return { kind: "broken", place };
    if (operand.is === "fact") return { kind: "unknown", fact: operand.fact, not, place };
    if (operand.is === "number" && operand.amount.kind === "fact")
      return { kind: "unknown", fact: operand.amount.fact, not, place };
    return this.#broken("expected", value, "a fact before is unknown", printValue(value));
  }

  #in({ value, not, items, place }: ConditionOf<"in">, scope: Scope): Meaning {
    const operand = this.#amounts.operand(value, scope);
    if (!operand) return { kind: "broken", place };
    if (operand.is !== "fact") return this.#broken("notAText", value, describe(operand));
    const { fact } = operand;
    if (fact.type.base === "yes-no") return this.#broken("yesNoCompared", value, fact.name);
    if (fact.type.base === "word") {
      const words = items.flatMap((item) => (this.#isWordOf(fact, item) ? [wordIn(item)] : []));
      return { kind: "in", fact, not, looked: { words, lists: [] }, place };
    }
    const list = fact.type.base === "text" ? "words" : ("list" in fact.type && fact.type.list) || "words";
    return { kind: "in", fact, not, looked: this.#looked(items, list), place };
  }

  #has({ kind, text, items, place }: ConditionOf<"has" | "spells">, scope: Scope): Meaning {
    const fact = this.#text(text, scope);
    const looked = this.#looked(items, "words");
    for (const item of items) {
      if (item.kind !== "quoted") continue;
      if (item.text.trim() === "") this.#problems.mistake("emptyWords", item.place);
      else if (/^[\s*]+$/.test(item.text)) this.#problems.mistake("loneStar", item.place);
    }
    return fact ? { kind, fact, looked, place } : { kind: "broken", place };
  }

  #like({ value, glob, place }: ConditionOf<"like">, scope: Scope): Meaning {
    const fact = this.#text(value, scope, true);
    return fact ? { kind: "like", fact, glob, place } : { kind: "broken", place };
  }

  #matches({ value, pattern, place }: ConditionOf<"matches">, scope: Scope): Meaning {
    const fact = this.#text(value, scope, true);
    const problem = patternProblem(pattern);
    if (problem?.kind === "unsafe") this.#problems.mistake("unsafePattern", place, problem.what);
    else if (problem) this.#problems.mistake("badPattern", place, problem.what);
    return fact && !problem ? { kind: "matches", fact, pattern, place } : { kind: "broken", place };
  }

  /** `orName`: ids and hosts will do as well. */
  #text(value: Value, scope: Scope, orName = false): Fact | undefined {
    const operand = this.#amounts.operand(value, scope);
    if (!operand) return undefined;
    if (operand.is === "fact") {
      const { base } = operand.fact.type;
      if (base === "text" || (orName && base === "name")) return operand.fact;
    }
    this.#problems.mistake("notAText", value.place, describe(operand));
    return undefined;
  }

  #alone({ value, place }: ConditionOf<"alone">, scope: Scope): Meaning {
    const operand = this.#amounts.operand(value, scope);
    if (!operand) return { kind: "broken", place };
    if (operand.is === "fact" && operand.fact.type.base === "yes-no")
      return { kind: "yes", fact: operand.fact, place };
    if (operand.is === "number" && (operand.amount.kind === "fact" || operand.amount.kind === "rate"))
      return { kind: "some", amount: operand.amount, place };
    return this.#broken("notYesNo", value, printValue(value));
  }

  #looked(items: readonly Item[], needed: ListKind): Looked {
    const { lists } = this.#context;
    const names = items.filter((item) => item.kind === "name");
    for (const { word, place } of names) {
      const kind = lists.get(word);
      if (kind === undefined) this.#problems.mistake("noSuchList", place, word, nearest(word, lists.keys()));
      else if (kind !== needed) this.#problems.mistake("otherList", place, word, kind, needed);
    }
    return {
      words: items.filter((item) => item.kind === "quoted").map(({ text }) => text),
      lists: names.map(({ word }) => word),
    };
  }

  #isWordOf(fact: Fact, item: { readonly place: Item["place"] } & (Item | Value)): boolean {
    const words = fact.type.base === "word" ? fact.type.words : [];
    const word = item.kind === "quoted" || item.kind === "name" ? wordIn(item) : "";
    if (words.includes(word)) return true;
    this.#problems.mistake("neverIs", item.place, fact.name, word, nearest(word, words), words.join(", "));
    return false;
  }

  #broken<K extends Mistake>(
    kind: K,
    { place }: { readonly place: Place },
    ...about: Parameters<(typeof mistakes)[K]>
  ): Meaning {
    this.#problems.mistake(kind, place, ...about);
    return { kind: "broken", place };
  }
}

function wordIn(
  item: { readonly kind: "quoted"; readonly text: string } | { readonly kind: "name"; readonly word: string },
): string {
  return item.kind === "quoted" ? item.text.toLowerCase() : item.word;
}
