/** Tells the facts of an event: from the event, from the world as it was believed when it came. */
import { fold, type FoldedText } from "../../kit/fold.ts";
import type { EventSighting } from "../signals/sighting.ts";
import { defineSignal } from "../signals/signal.ts";
import type { Fact, FactValue } from "./fact.ts";
import type { Facts, LinkFacts } from "./facts.ts";
import { vocabulary } from "./index.ts";
import { kindsOf } from "./kinds-of.ts";
import type { KindSet } from "./kinds.ts";
import { readers } from "./readers.ts";
import { Source } from "./source.ts";
import { linkFactsOf } from "./read-link.ts";

const facts = defineSignal({
  name: "facts",
  about: "What conditions can ask.",
  compute: (sighting): EventFacts => new EventFacts(sighting),
});

/** Whoever asks reads the same facts of a sighting. */
export function factsOf(sighting: EventSighting): EventFacts {
  return facts.of(sighting);
}

const byPlace = [...vocabulary.values()].map(({ name }) => readers.get(name));
const nothingTold: readonly (FactValue | null | undefined)[] = byPlace.map(() => undefined);

export class EventFacts implements Facts {
  readonly kinds: KindSet;
  readonly #source: Source;
  /** What was told already, by the place of the fact; what is unknown is there as null. */
  readonly #told = nothingTold.slice();
  #links: readonly LinkFacts[] | undefined;

  constructor(sighting: EventSighting) {
    this.#source = new Source(sighting);
    this.kinds = kindsOf(sighting, this.#source.said);
  }

  get(fact: Fact): FactValue | undefined {
    const told = this.#told[fact.place];
    if (told !== undefined) return told ?? undefined;
    const isKnown = fact.kinds === undefined || (fact.kinds & this.kinds) !== 0;
    const value = isKnown ? byPlace[fact.place]?.(this.#source) : undefined;
    this.#told[fact.place] = value ?? null;
    return value;
  }

  links(): readonly LinkFacts[] | undefined {
    const { said, sighting } = this.#source;
    if (said.isUnreadable) return undefined;
    return (this.#links ??= said.links.map((link) => linkFactsOf(link, sighting)));
  }

  folded(fact: Fact): FoldedText | undefined {
    const { said } = this.#source;
    if (fact.name === "text") return said.isUnreadable ? undefined : said.folded;
    const value = this.get(fact);
    return value === undefined ? undefined : fold(String(value));
  }
}
