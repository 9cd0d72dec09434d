/** Whether a condition can be true at all today: some facts, and some kinds of events, wait for parts of Tyr that are not there. */
import { vocabulary } from "../../model/facts/index.ts";
import { unheard, type KindSet } from "../../model/facts/kinds.ts";
import { factsIn, type Amount, type Checked, type Meaning } from "./meaning.ts";

/** What it waits for, as the vocabulary calls it; undefined where it may be true of something. */
export function waitedFor({ meaning, rates }: Checked, on: KindSet): string | undefined {
  if ((on & ~unheard) === 0) return feederOf(on);
  return waits(meaning, rates, true);
}

/** Who tells of events of which no rule is asked yet: whoever feeds the facts that only they have. */
function feederOf(kinds: KindSet): string | undefined {
  return [...vocabulary.values()].find((fact) => fact.kinds !== undefined && (fact.kinds & kinds) !== 0)
    ?.waitsFor;
}

/**
 * What keeps it from coming out as `wanted`. Unknown is neither true nor false: one part of "and" keeps all of it from
 * being true, and only all of them keep it from being false; with "or" it is the other way round.
 */
function waits(meaning: Meaning, rates: Checked["rates"], wanted: boolean): string | undefined {
  switch (meaning.kind) {
    case "and":
    case "or": {
      const parts = meaning.parts.map((part) => waits(part, rates, wanted));
      const isOneEnough = (meaning.kind === "and") === wanted;
      return isOneEnough || !parts.includes(undefined) ? parts.find((what) => what !== undefined) : undefined;
    }
    case "not":
      return waits(meaning.part, rates, !wanted);
    case "links":
      return waits(meaning.part, rates, wanted);
    case "unknown":
      return undefined;
    case "compare":
      return waitsOfAmount(meaning.left, rates) ?? waitsOfAmount(meaning.right, rates);
    case "some":
      return waitsOfAmount(meaning.amount, rates);
    default:
      return factsIn(meaning).find((fact) => fact.waitsFor !== undefined)?.waitsFor;
  }
}

function waitsOfAmount(amount: Amount, rates: Checked["rates"]): string | undefined {
  switch (amount.kind) {
    case "fact":
      return amount.fact.waitsFor;
    case "sum":
      return waitsOfAmount(amount.left, rates) ?? waitsOfAmount(amount.right, rates);
    case "rate": {
      const { kinds, where } = rates[amount.rate]!;
      return (kinds & ~unheard) === 0 ? feederOf(kinds) : where && waits(where, rates, true);
    }
    default:
      return undefined;
  }
}
