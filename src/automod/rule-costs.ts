/**
 * What rules cost: of one event in 64, how long each rule that is asked about it takes. Finds nothing and changes
 * nothing; the stopwatch is given from outside, as nothing here reads a clock.
 */

/** Microseconds of a clock that only runs forward. */
export type Stopwatch = () => number;

/** Which version of which rule. */
export interface MeasuredRule {
  readonly name: string;
  readonly version?: number;
}

/** A rule that is dearer than rules should be. */
export interface DearRule extends MeasuredRule {
  readonly isTooDear: boolean;
}

const oneOf = 64;
/** Its author is told of a rule that takes longer on average. */
export const dearUs = 50;
/** A rule that takes longer is not let act. */
export const tooDearUs = 500;
/** Fewer tell nothing: the first ones are slow, as nothing is warm. */
const fewest = 16;
/** So many are kept of each rule, the newest. */
const most = 64;
/** Of so many the slowest is left out: the machine had something else to do, which is not the rule's fault. */
const oneSlowOf = 16;
/** As many as there may be rules, with those that were edited meanwhile. */
const mostRules = 2_000;

interface Measured {
  readonly us: number[];
  /** How often it was measured. */
  times: number;
  told: "nothing" | "dear" | "too dear";
}

export class RuleCosts {
  readonly #stopwatch: Stopwatch | undefined;
  readonly #rules = new Map<string, Measured>();
  #events = 0;
  #news: DearRule[] = [];

  /** Without a stopwatch nothing is measured. */
  constructor(stopwatch?: Stopwatch) {
    this.#stopwatch = stopwatch;
  }

  /** Asked once for each event: whether what rules take for it is measured. */
  isDue(): boolean {
    return this.#stopwatch !== undefined && ++this.#events % oneOf === 0;
  }

  /** `look`: the rule once more. What it asks of the event is told by then, so that no rule pays for what all share. */
  measure(rule: MeasuredRule, look: () => unknown): void {
    if (!this.#stopwatch) return;
    const begun = this.#stopwatch();
    look();
    this.#note(rule, this.#stopwatch() - begun);
  }

  /** On average, in µs; undefined until it was measured often enough. */
  of(rule: MeasuredRule): number | undefined {
    const { us = [] } = this.#rules.get(keyOf(rule)) ?? {};
    return us.length < fewest ? undefined : usualOf(us);
  }

  /** Those that were found dear since the last time, each once. */
  takeDear(): readonly DearRule[] {
    if (this.#news.length === 0) return this.#news;
    const news = this.#news;
    this.#news = [];
    return news;
  }

  #note({ name, version }: MeasuredRule, us: number): void {
    const rule = version === undefined ? { name } : { name, version };
    const key = keyOf(rule);
    let measured = this.#rules.get(key);
    if (!measured) {
      if (this.#rules.size === mostRules) this.#rules.clear();
      this.#rules.set(key, (measured = { us: [], times: 0, told: "nothing" }));
    }
    measured.us[measured.times++ % most] = us;
    if (measured.us.length < fewest || measured.told === "too dear") return;
    const usual = usualOf(measured.us);
    if (usual <= (measured.told === "dear" ? tooDearUs : dearUs)) return;
    const isTooDear = usual > tooDearUs;
    measured.told = isTooDear ? "too dear" : "dear";
    this.#news.push({ ...rule, isTooDear });
  }
}

function keyOf({ name, version = 0 }: MeasuredRule): string {
  return `${name} ${version}`;
}

/** The average without the slowest. */
function usualOf(us: readonly number[]): number {
  const kept = us
    .toSorted((one, other) => one - other)
    .slice(0, us.length - Math.ceil(us.length / oneSlowOf));
  return kept.reduce((sum, one) => sum + one, 0) / kept.length;
}
