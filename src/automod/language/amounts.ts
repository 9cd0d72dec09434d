/** Numbers and their units. A number without its unit is a mistake, not a guess. */
import { dayMs, hourMs, minuteMs } from "../../kit/duration.ts";
import type { Measured } from "../../model/facts/fact.ts";
import { units, type Unit } from "./syntax.ts";

const kilobyte = 1_024;

/** What the unit measures, and how many ms, bytes, pixels or parts of the whole it is. */
const unitTable: Readonly<Record<Unit, { readonly measured: Measured; readonly times: number }>> = {
  "": { measured: "count", times: 1 },
  s: { measured: "time", times: 1_000 },
  m: { measured: "time", times: minuteMs },
  h: { measured: "time", times: hourMs },
  d: { measured: "time", times: dayMs },
  w: { measured: "time", times: 7 * dayMs },
  b: { measured: "size", times: 1 },
  kb: { measured: "size", times: kilobyte },
  mb: { measured: "size", times: kilobyte ** 2 },
  gb: { measured: "size", times: kilobyte ** 3 },
  "%": { measured: "share", times: 0.01 },
  px: { measured: "pixels", times: 1 },
};

export function measuredIn(unit: Unit): Measured {
  return unitTable[unit].measured;
}

export function amountOf(amount: number, unit: Unit): number {
  return amount * unitTable[unit].times;
}

/** How a number of this kind is written, for hints. */
export const examples: Readonly<Record<Measured, string>> = {
  count: "10",
  time: "10s, 5m, 2h, 3d",
  size: "20KB, 5MB",
  share: "60%",
  pixels: "32px",
};

export const namesOfMeasured: Readonly<Record<Measured, string>> = {
  count: "a plain number",
  time: "a time",
  size: "a size",
  share: "a share",
  pixels: "a length in pixels",
};

/** "10s", "95%", "20KB": in ms, bytes and so on; undefined for what is no such number, or measures something else. */
export function parseAmount(text: string, measured: Measured): number | undefined {
  const [, digits = "", written = ""] = /^(\d{1,12}(?:\.\d{1,6})?)\s*([a-z%]*)$/i.exec(text.trim()) ?? [];
  const unit = units.find((one) => one === written.toLowerCase());
  if (digits === "" || unit === undefined || measuredIn(unit) !== measured) return undefined;
  return amountOf(Number(digits), unit);
}
