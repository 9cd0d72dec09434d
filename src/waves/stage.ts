/** Which stage a cluster has reached, and by what proof: the table of stages. */
import type { WaveDoubt, WaveProof, WaveStage } from "../model/waves.ts";
import type { Tally } from "./tally.ts";

/** As long as it is not known what is usual here, so many have to be found to do harm. */
const fewestHarmfulCold = 8;
/** Whoever is like a wave that was harmful needs less company. */
const fewestEarlier = 3;
/** Of whom nothing can be read. */
const fewestUnreadable = 8;
/** Of whom each is a little alike, and whoever says the same. */
const [many, fewestSaid] = [15, 8];
const [fewestMasked, fewestFound] = [3, 2];
/** So many delays at least tell a pace; this share of them are quick. */
const [fewestDelays, quickShare] = [4, 0.8];

export interface StageReached {
  readonly stage: WaveStage;
  readonly proof?: WaveProof;
  readonly doubt?: WaveDoubt;
}

export interface StageLimits {
  /** Accounts of a wave; with proof of harm one less is enough. */
  readonly fewest: number;
  /** Not enough is known of what is usual here. */
  readonly isCold: boolean;
}

export function stageOf(
  { counts }: Pick<Tally, "counts">,
  { fewest, isCold }: StageLimits,
): StageReached | undefined {
  const doubt: { readonly doubt?: WaveDoubt } = isCold ? { doubt: "cold" } : {};
  const proof = proofIn(counts);
  if (proof && counts.same >= (isCold ? Math.max(fewest, fewestHarmfulCold) : fewest - 1))
    return { stage: "harmful", proof, ...doubt };
  if (!isCold && counts.sameAsEarlier >= fewestEarlier) return { stage: "harmful", proof: "earlier" };
  if (counts.same >= fewest || counts.said >= Math.max(fewest, fewestSaid))
    return { stage: "recognised", ...doubt };
  const { unreadable, unreadableDelayed, unreadableFast, unreadableQuick } = counts;
  if (unreadable >= fewestUnreadable && isPace(unreadableDelayed, unreadableFast, unreadableQuick))
    return { stage: "recognised", proof: "pace", doubt: "unreadable" };
  return counts.alike >= fewest || counts.manyAlike >= many ? { stage: "suspected", ...doubt } : undefined;
}

function proofIn(counts: Tally["counts"]): WaveProof | undefined {
  if (counts.sameRemoved >= 1) return "removed";
  if (counts.sameListed >= 1) return "listed";
  if (counts.sameMasked >= fewestMasked) return "masks";
  if (isPace(counts.sameDelayed, counts.sameFast, counts.sameQuick)) return "pace";
  return counts.sameFound >= fewestFound ? "rules" : undefined;
}

/** The middle delay is fast, and nearly all are quick. */
function isPace(delayed: number, fast: number, quick: number): boolean {
  return delayed >= fewestDelays && fast * 2 > delayed && quick >= quickShare * delayed;
}
