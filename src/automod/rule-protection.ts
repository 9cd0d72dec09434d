/** A rule as a protection: one that looks at each sighting by its condition. What follows is the same for all. */
import type { RuleList } from "../model/rule-lists.ts";
import { hourMs } from "../kit/duration.ts";
import { factsOf, type EventFacts } from "../model/facts/read.ts";
import { kindSet, kindWords, type KindSet } from "../model/facts/kinds.ts";
import type { SettingValue } from "../model/settings/protections.ts";
import { isRedactable } from "../model/facts/redactable.ts";
import type { EventSighting, SightingKind } from "../model/signals/sighting.ts";
import { RateCounter, type Clock } from "./count.ts";
import { defineProtection, type Mode, type Prepared, type Protection, type Verdict } from "./define.ts";
import { explain, holdsOf, type Explanation, type Holds } from "./explain.ts";
import { noCounters, type Counters, type Given } from "./language/compile-amount.ts";
import { compile, type Look } from "./language/compile.ts";
import { factsIn, type Meaning } from "./language/meaning.ts";
import { needsOf, type Need } from "./language/needs.ts";
import { yes } from "./language/truth.ts";
import { waitedFor } from "./language/waiting.ts";
import type { Rates } from "./rates.ts";
import { settingAmount, type Rule } from "./rule.ts";
import { compileScope, type Passes } from "./scope.ts";
import { compileSentence } from "./sentence.ts";

export interface RuleSurroundings {
  readonly rates: Rates;
  /** The community's lists, by name. */
  readonly lists: ReadonlyMap<string, RuleList>;
  /** How it is set, as long as nobody says otherwise; else it is off. */
  readonly preset?: { readonly enabled: boolean; readonly mode: Mode };
  readonly version?: number;
}

export function ruleProtection(rule: Rule, surroundings: RuleSurroundings): Protection {
  const { name, about, settings, warning, reply, takesInWhatFollows, ladder } = rule;
  const running = new WeakMap<object, RunningRule>();
  const runningWith = (values: Readonly<Record<string, SettingValue>>): RunningRule => {
    let run = running.get(values);
    if (!run) running.set(values, (run = new RunningRule(rule, values, surroundings)));
    return run;
  };
  const protection = defineProtection({
    name,
    about,
    settings,
    warning,
    response: ladder,
    ...(surroundings.preset ? { preset: surroundings.preset } : {}),
    version: surroundings.version,
    when: rule.when,
    on: rule.on,
    reply,
    heat: rule.heat,
    takesInWhatFollows,
    watches: watchedFor(rule.checked.rates.reduce((all, { kinds }) => all | kinds, rule.on)),
    evaluate: (sighting, values) => runningWith(values).evaluate(sighting),
    rule: {
      prepare: runningWith,
      holds: (sighting, values) => runningWith(values).holds(sighting),
      explain: (sighting, values) => runningWith(values).explain(sighting),
      passesOver: compileScope(rule.scope),
      scope: rule.scope,
      isAboutLinks: isAboutLinks(rule.checked.meaning),
      readsWords: readsWords(rule.checked.meaning),
      linksLeftAlone: listsNotIn(rule.checked.meaning),
      apart: () => ruleProtection(atAnyTime(rule), { ...surroundings, rates: surroundings.rates.emptied() }),
    },
  });
  const { lists, profiles } = rule;
  const waitsFor = waitedFor(rule.checked, rule.on);
  return { ...protection, ...(lists ? { lists } : {}), ...(profiles ? { profiles } : {}), waitsFor };
}

/** Of the past it is not known in which mode a room was. */
function atAnyTime(rule: Rule): Rule {
  if (!rule.scope?.during) return rule;
  const { during: _during, ...scope } = rule.scope;
  return { ...rule, scope };
}

function isAboutLinks(meaning: Meaning): boolean {
  if ("parts" in meaning) return meaning.parts.some(isAboutLinks);
  if ("part" in meaning) return meaning.kind === "links" || isAboutLinks(meaning.part);
  return factsIn(meaning).some(({ name }) => name === "links");
}

/** It looks at what is written, which nobody sees in an encrypted room but whom its people give keys. */
function readsWords(meaning: Meaning): boolean {
  if ("parts" in meaning) return meaning.parts.some(readsWords);
  if ("part" in meaning) return meaning.kind === "links" || readsWords(meaning.part);
  return factsIn(meaning).some(({ cost }) => cost === "text" || cost === "links");
}

/** Lists of links of which the condition says "not in". */
function listsNotIn(meaning: Meaning): readonly string[] {
  if ("parts" in meaning) return meaning.parts.flatMap(listsNotIn);
  if ("part" in meaning) return listsNotIn(meaning.part);
  return meaning.kind === "in" && meaning.not && meaning.fact.ofLink ? meaning.looked.lists : [];
}

/** A rule with the values of its settings. */
class RunningRule implements Prepared {
  readonly #rule: Rule;
  readonly #look: Look;
  readonly #counters: readonly RateCounter[];
  readonly #given: Given;
  /** Made with the first finding, as most rules never find anything. */
  #sentence: ReturnType<typeof compileSentence> | undefined;
  readonly #passesOver: Passes;
  /** A list that it needs has no entry. */
  readonly #isIdle: boolean;

  constructor(
    rule: Rule,
    values: Readonly<Record<string, SettingValue>>,
    { rates, lists }: RuleSurroundings,
  ) {
    const settings = Object.entries(rule.settings).flatMap(([name, spec]) => {
      const amount = settingAmount(spec, values[name]);
      return amount === undefined ? [] : [[name, amount] as const];
    });
    this.#rule = rule;
    this.#passesOver = compileScope(rule.scope);
    const newcomerMs = Number(values["newcomerHours"] ?? 24) * hourMs;
    // A list of its name and of another kind is somebody's own, and none of its.
    const isIts = (name: string, { kind }: RuleList) => (rule.lists?.[name] ?? kind) === kind;
    const entries = new Map(
      [...lists].flatMap(([name, list]) => (isIts(name, list) ? [[name, list.entries]] : [])),
    );
    this.#isIdle = (rule.needs ?? []).some((name) => (entries.get(name) ?? []).length === 0);
    this.#given = { settings: new Map(settings), lists: entries, newcomerMs };
    this.#look = compile(rule.checked.meaning, this.#given);
    this.#counters = rule.checked.rates.map((rate) => new RateCounter(rate, this.#given, rates));
  }

  get on(): KindSet {
    return this.#rule.on;
  }

  get counting(): readonly RateCounter[] {
    return this.#counters;
  }

  get needs(): readonly Need[] {
    return needsOf(this.#rule.checked.meaning, this.#given);
  }

  evaluate(sighting: EventSighting): Verdict | undefined {
    const facts = factsOf(sighting);
    for (const counter of this.#counters) counter.note(facts, sighting);
    return this.look(facts, sighting);
  }

  look(facts: EventFacts, sighting: EventSighting): Verdict | undefined {
    if (this.#isIdle || (facts.kinds & this.#rule.on) === 0) return undefined;
    if (this.#look(facts, this.#countersBy("either", facts, sighting)) !== yes) return undefined;
    // After the condition, which fits few events.
    if (this.#passesOver(sighting) !== undefined) return undefined;
    if (this.#counters.length === 0) return this.#verdict("sender", facts, sighting);
    // The time at which it was sent tells more than when it reached us, where it is enough.
    const bySender = this.#countersBy("sender", facts, sighting);
    const clock = this.#look(facts, bySender) === yes ? "sender" : "either";
    return this.#verdict(clock, facts, sighting);
  }

  holds(sighting: EventSighting): Holds {
    const facts = factsOf(sighting);
    if (this.#isIdle || (facts.kinds & this.#rule.on) === 0) return "no";
    if (this.#passesOver(sighting) !== undefined) return "no";
    return holdsOf(this.#look(facts, this.#countersBy("either", facts, sighting)));
  }

  explain(sighting: EventSighting): Explanation | undefined {
    const facts = factsOf(sighting);
    if (this.#isIdle || (facts.kinds & this.#rule.on) === 0) return undefined;
    const counters = this.#countersBy("either", facts, sighting);
    const { checked, when } = this.#rule;
    return explain({ when, checked, given: this.#given, facts, counters });
  }

  #verdict(clock: Clock, facts: EventFacts, sighting: EventSighting): Verdict {
    const counted = (rate: number) => this.#counters[rate]!.count(facts, sighting, clock);
    const counters = this.#countersBy(clock, facts, sighting);
    this.#sentence ??= compileSentence(this.#rule.checked, this.#given);
    const { sentence, rates } = this.#sentence({
      facts,
      counters,
      counted: (rate) => ({ told: counted(rate)?.told ?? 0, windowMs: this.#counters[rate]!.windowMs }),
    });
    const events = new Set(rates.flatMap((rate) => counted(rate)?.evidence ?? []));
    if (isRedactable(sighting)) events.add(sighting.event.eventId);
    return { sentence, evidence: [...events] };
  }

  #countersBy(clock: Clock, facts: EventFacts, sighting: EventSighting): Counters {
    const counters = this.#counters;
    if (counters.length === 0) return noCounters;
    return { rate: (rate, _facts, link) => counters[rate]!.amount(facts, sighting, clock, link) };
  }
}

const sightingKinds: readonly (readonly [Exclude<SightingKind, "tick">, KindSet])[] = [
  ["message", kindWords.get("messages")! | kindSet("reaction", "other")],
  ["join", kindSet("join")],
  ["leave", kindSet("leave")],
  ["knock", kindSet("knock")],
  ["profile", kindSet("name", "avatar")],
  ["invite", kindSet("invite")],
  ["state", kindSet("state", "act")],
  ["redaction", kindSet("redaction")],
  ["act", kindSet("act")],
  ["report", kindSet("report")],
];

function watchedFor(kinds: KindSet): readonly Exclude<SightingKind, "tick">[] {
  return sightingKinds.flatMap(([kind, set]) => ((set & kinds) === 0 ? [] : [kind]));
}
