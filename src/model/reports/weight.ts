/** What a voice weighs, and all voices of a case together: many accounts of one server are not as many people. */
import { serverOf } from "../ids.ts";
import type { Voice } from "./cases.ts";
import { type Reporter } from "./reporters.ts";

export interface WhoReports {
  readonly reporter: Reporter | undefined;
  /** They came within a day, or are in no protected room. */
  readonly isNew: boolean;
  readonly isRegular: boolean;
  /** Moderators, and whom the config names. */
  readonly isTrusted: boolean;
}

const most = 3;

/** A stranger weighs a half; who was always right comes near to one, and who never was, near to nothing. */
export function weightOfVoice({ reporter, isNew, isRegular, isTrusted }: WhoReports): number {
  const { agreed = 0, dismissed = 0 } = reporter ?? {};
  const right = (agreed + 1) / (agreed + dismissed + 2);
  const weight = right * (isNew ? 0.2 : 1) * (isRegular ? 1.5 : 1) * (isTrusted ? 3 : 1);
  return Math.min(most, weight);
}

/** So many voices of one server count as their square root. */
export function weightOf(voices: readonly Pick<Voice, "by" | "weight">[]): number {
  let sum = 0;
  for (const ofServer of Map.groupBy(voices, ({ by }) => serverOf(by)).values()) {
    const all = ofServer.reduce((total, { weight }) => total + weight, 0);
    sum += all / Math.sqrt(ofServer.length);
  }
  return sum;
}

/** One place after the point, as it is shown and as rules see it. */
export function roundedWeight(voices: readonly Pick<Voice, "by" | "weight">[]): number {
  return Math.round(weightOf(voices) * 10) / 10;
}
