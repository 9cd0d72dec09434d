/** The facts of one event, told when they are first asked for. */
import type { FoldedText } from "../../kit/fold.ts";
import type { Fact, FactValue } from "./fact.ts";

export interface LinkFacts {
  /** Undefined: unknown. */
  readonly get: (fact: Fact) => FactValue | undefined;
}

export interface Facts extends LinkFacts {
  /** Undefined where the text cannot be read, as in an encrypted room. */
  readonly links: () => readonly LinkFacts[] | undefined;
  /** The text of a fact whose type is a text; undefined: unknown. */
  readonly folded: (fact: Fact) => FoldedText | undefined;
}
