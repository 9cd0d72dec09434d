/**
 * Seeds of two ranges that do not touch. Thresholds are tuned on the first alone, so that the table tells how they do on
 * what nobody has looked at while choosing them.
 */
export const tuningSeeds = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => 1 + i);
export const tableSeeds = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => 700_001 + i);
