/**
 * The protection `heat`: what is done about people whose heat, of all rules that gave them some, has come to so much. It
 * looks at no event itself; `decisions/respond/heat.ts` adds up what the rules give.
 */
import type { Cause } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { Settings } from "../model/settings/settings.ts";
import { defineProtection, valuesOf, type Protection, type Values } from "./define.ts";
import { parseAmount } from "./language/amounts.ts";
import { risingNumbers } from "./settings.ts";

/** Nothing gives more: the highest step is not higher either. */
export const mostHeat = 1_000;

const settings = {
  steps: {
    type: "rising",
    about: "From how much heat on each step of the response is taken, the first one first.",
    default: "40 60 80 120",
    unit: "heat",
    most: 10,
    max: mostHeat,
  },
  halfLife: {
    type: "amount",
    about: "In this time heat falls to a half. Heat that was given already goes on as it was.",
    measured: "time",
    default: "10m",
    min: "1m",
    max: "1d",
  },
  regularsUpTo: {
    type: "number",
    about: "Regulars are never answered with a step of more heat than this.",
    unit: "heat",
    default: 60,
    min: 0,
    max: mostHeat,
  },
} as const;

const declared = defineProtection({
  name: "heat",
  about:
    "Weak signs that add up: rules give heat to people, over all rooms, and it falls to a half again and again. At so much heat a step of the response is taken; no step follows again before the heat has fallen under three quarters of it.",
  settings,
  watches: [],
  warning: "Several of your messages look out of place here. Please keep to what this room is for.",
  response: "warn hold redact+mute redact+ban",
  evaluate: () => undefined,
});

/** Profiles that switch on rules with heat switch on what answers it. */
export const heat: Protection = { ...declared, profiles: { usual: "act", strict: "act" } };

/** To take it back takes the heat of those whom it met, whatever was done. */
export function isOfHeat(cause: Cause): boolean {
  return cause.kind === "finding" && cause.protection === heat.name;
}

export interface HeatSettings {
  readonly values: Values;
  /** By step of the response: from how much heat on it is taken. */
  readonly steps: readonly number[];
  readonly halfLifeMs: number;
  readonly regularsUpTo: number;
}

export function heatSettings(all: Settings, room: RoomId): HeatSettings {
  const values = valuesOf(heat, all, room);
  return {
    values,
    steps: risingNumbers(String(values["steps"])) ?? [],
    halfLifeMs: parseAmount(String(values["halfLife"]), "time")!,
    regularsUpTo: Number(values["regularsUpTo"]),
  };
}
