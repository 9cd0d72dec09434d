/** What can be told of a report: of the case that the person has, whose message was reported. */
import { roundedWeight } from "../reports/weight.ts";
import type { FactValue } from "./fact.ts";
import type { Source } from "./source.ts";

export const reportFacts: Readonly<Record<string, (source: Source) => FactValue | undefined>> = {
  weight: ({ sighting: { user, world } }) => {
    const one = world.stored.cases.ofUser(user);
    return one && roundedWeight(one.voices);
  },
  category: ({ sighting: { user, world } }) => {
    const one = world.stored.cases.ofUser(user);
    return one && (one.category ?? "other");
  },
};
