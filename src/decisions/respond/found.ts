/** What is known of a finding on its way to a response, and what is kept of it for reports. */
import type { Mode, Protection, Values } from "../../automod/define.ts";
import { parseLadder, type Response } from "../../automod/ladder.ts";
import type { Finding, Target } from "../../model/finding.ts";
import type { RuleHit } from "../../model/rule-hits.ts";
import type { Sighting } from "../../model/signals/sighting.ts";
import type { Occurrence } from "./repeats.ts";

export interface Found {
  readonly protection: Protection;
  readonly values: Values;
  readonly mode: Mode;
  readonly sighting: Sighting;
  readonly occurrence: Occurrence;
  readonly sentence: string;
  /** The wave that whom it is about belongs to: its incident. */
  readonly wave?: string;
  /** It is answered with the wave, and nobody alone for it. */
  readonly isAsOne?: true;
}

/** A finding with the step that is taken for it. */
export interface FoundStep extends Found {
  readonly incident: string;
  readonly step: number;
  readonly isRepeat: boolean;
}

/** What a finding led to. */
export interface FindingResponse {
  readonly finding: Finding<Target>;
  /** The incident that it belongs to. */
  readonly incident: string;
  /** A later step of the ladder than the first. */
  readonly isRepeat: boolean;
  readonly responses: readonly Response[];
  /** What the rule gives besides. */
  readonly heat: number;
  /** Those of them that do not fit what was found, and are left out. */
  readonly unfit: readonly Response[];
  readonly mode: Exclude<Mode, "shadow">;
  /** A regular, who is muted where others are removed. */
  readonly isSpared: boolean;
  /** A rule was wanted, and there is no list to write it to. */
  readonly lacksList: boolean;
}

/** What is known of a finding that is answered. */
export interface HitDetails {
  readonly incident?: string;
  readonly spends?: boolean;
}

export function hitOf(
  target: Target,
  { protection, values, mode, sighting, occurrence, sentence, incident, spends }: Found & HitDetails,
): RuleHit | undefined {
  if (target.kind !== "person" || sighting.kind === "tick") return undefined;
  const { name, version } = protection;
  return {
    protection: name,
    ...(version === undefined ? {} : { version }),
    isShadow: mode === "shadow",
    ...(mode === "act" && !isSilent(values) ? { acts: true } : {}),
    ...(spends === true && mode === "act" ? { spends } : {}),
    ...(incident === undefined ? {} : { incident }),
    room: target.room,
    user: target.user,
    event: sighting.event.eventId,
    at: occurrence.at,
    sentence,
  };
}

/** Nothing follows but words to moderators, or heat. */
function isSilent({ response }: Values): boolean {
  return parseLadder(response).every((step) => step.every((one) => one === "alert" || one === "call"));
}

/** Of a rule that does nothing but to give heat there is nothing to ask about. */
export function modeOf({ mode, response }: Values): Mode {
  return mode === "ask" && response === "" ? "alert" : mode;
}
