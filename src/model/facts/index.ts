/** The vocabulary of rule files: all facts, by name. */
import { authorFacts, serverFacts } from "./author.ts";
import { changeFacts, eventFacts, linkFacts, mediaFacts, textFacts } from "./event.ts";
import type { Fact } from "./fact.ts";
import { observedFacts, roomFacts } from "./surroundings.ts";

export type Vocabulary = ReadonlyMap<string, Fact>;

export const vocabulary: Vocabulary = new Map(
  [
    ...eventFacts,
    ...textFacts,
    ...linkFacts,
    ...mediaFacts,
    ...authorFacts,
    ...serverFacts,
    ...roomFacts,
    ...changeFacts,
    ...observedFacts,
  ].map((fact, place) => [fact.name, { ...fact, place }]),
);
