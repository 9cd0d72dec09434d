/** What accounts may have in common: the classes of traits, and how much each may say at most. */

/**
 * `identity`: what an account is, before it has said anything. `content`: what it says. `time`: when it came, which counts
 * for neither, as many come at once for harmless reasons.
 */
export type TraitKind = "identity" | "content" | "time";

/** A cap in bits: however rare a trait is, one alone is no wave. */
const table = {
  server: { kind: "identity", cap: 9 },
  name: { kind: "identity", cap: 6 },
  delay: { kind: "identity", cap: 5 },
  avatar: { kind: "identity", cap: 8 },
  burst: { kind: "time", cap: 3 },
  text: { kind: "content", cap: 12 },
  link: { kind: "content", cap: 10 },
  contact: { kind: "content", cap: 12 },
  media: { kind: "content", cap: 12 },
  kind: { kind: "content", cap: 6 },
  mask: { kind: "content", cap: 8 },
} as const satisfies Readonly<Record<string, { readonly kind: TraitKind; readonly cap: number }>>;

export type TraitClass = keyof typeof table;

/** In the order of their numbers. */
export const traitClasses = Object.keys(table) as readonly TraitClass[];
const numbers = new Map(traitClasses.map((name, number) => [name, number]));
export const classCount = traitClasses.length;

export function numberOf(name: TraitClass): number {
  return numbers.get(name)!;
}

/** By the number of the class. */
export const caps: readonly number[] = traitClasses.map((name) => table[name].cap);
export const kinds: readonly TraitKind[] = traitClasses.map((name) => table[name].kind);

export function isTraitClass(name: string): name is TraitClass {
  return name in table;
}

export function isContent(name: string): boolean {
  return isTraitClass(name) && table[name].kind === "content";
}

/** A class in which an account is unlike the others costs at most so much: a wave may vary anything. */
const leastBits = -2;

/**
 * How much it says that an account has a trait which `share` of the others have, where `usual` of all people here have it:
 * the logarithm of how much more likely it is of one of them than of anybody. A tenth of every wave may be anything.
 */
export function bitsOf(share: number, usual: number, cap: number): number {
  const bits = Math.log2((0.9 * share + 0.1 * usual) / usual);
  return Math.max(leastBits, Math.min(cap, bits));
}

/** The steps of the time from the join to the first word: from half a second to half a day, each 1.6 times as long. */
export const delaySteps = 24;
const firstStepMs = 500;
const stepFactor = Math.log(1.6);

export function delayStepOf(delayMs: number): number {
  const step = Math.floor(Math.log(Math.max(delayMs, firstStepMs) / firstStepMs) / stepFactor);
  return Math.min(delaySteps - 1, step);
}
