/** What the values of events come to, one after another. */
import type { FactValue } from "../model/facts/fact.ts";
import type { Measure } from "./language/syntax.ts";

export interface Tally {
  readonly add: (values: readonly FactValue[]) => void;
  readonly amount: () => number;
}

/** `add` is called once for each event. */
export function tally(measure: Measure): Tally {
  switch (measure) {
    case "count": {
      let events = 0;
      return { add: () => events++, amount: () => events };
    }
    case "sum": {
      let sum = 0;
      const add = (one: FactValue) => typeof one === "number" && (sum += one);
      return { add: (values) => values.forEach(add), amount: () => sum };
    }
    case "distinct": {
      const different = new Set<FactValue>();
      return {
        add: (values) => values.forEach((one) => different.add(one)),
        amount: () => different.size,
      };
    }
    case "span": {
      let [least, most] = [Infinity, -Infinity];
      const add = (one: FactValue) => {
        if (typeof one !== "number") return;
        least = Math.min(least, one);
        most = Math.max(most, one);
      };
      return { add: (values) => values.forEach(add), amount: () => (least > most ? 0 : most - least) };
    }
  }
}
