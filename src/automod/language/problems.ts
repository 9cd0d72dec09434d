/** Collects what is wrong or odd in a condition, so that all of it is told at once. */
import { mistakes, warnings, type Mistake, type Sentence, type Warning } from "./mistakes.ts";
import type { Place } from "./place.ts";

export interface Problem extends Sentence {
  readonly kind: Mistake | Warning;
  readonly place: Place;
}

/** So many problems of one condition are told; more would only be scrolled past. */
const mostTold = 20;

export class Problems {
  readonly #mistakes: Problem[] = [];
  readonly #warnings: Problem[] = [];

  mistake<K extends Mistake>(kind: K, place: Place, ...about: Parameters<(typeof mistakes)[K]>): void {
    const sentence = mistakes[kind] as (...about: unknown[]) => Sentence;
    this.#mistakes.push({ kind, place, ...sentence(...about) });
  }

  warning<K extends Warning>(kind: K, place: Place, ...about: Parameters<(typeof warnings)[K]>): void {
    const sentence = warnings[kind] as (...about: unknown[]) => Sentence;
    this.#warnings.push({ kind, place, ...sentence(...about) });
  }

  /** In the order in which they stand in the text. */
  get mistakes(): readonly Problem[] {
    return told(this.#mistakes);
  }

  get warnings(): readonly Problem[] {
    return told(this.#warnings);
  }
}

function told(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((one, other) => one.place.start - other.place.start).slice(0, mostTold);
}
