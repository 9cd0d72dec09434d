/** Two protections, or two versions of one, tried on the same past, which is read once: one after the other, then side by side. */
import type { EventId, RoomId } from "../model/ids.ts";
import type { Compared, Met, TrialReport } from "../model/trial-report.ts";
import type { PastEvent, Trial } from "../model/trial.ts";
import type { Backtest } from "./backtest.ts";

/** Of the messages that only one of them meets. */
const mostExamples = 10;

interface Outcome {
  readonly report: TrialReport;
  readonly met: readonly Met[];
}

export class Comparison implements Trial {
  readonly isCalledOff: () => boolean;
  readonly #second: Backtest;
  readonly #name: string;
  /** Until it is done: it holds a world of its own. */
  #first: Backtest | undefined;
  #outcome: Outcome | undefined;
  #read: readonly [from: number, isWhole: boolean] | undefined;

  /** `name`: what the second is called. */
  constructor(first: Backtest, second: Backtest, name: string) {
    this.#first = first;
    this.#second = second;
    this.#name = name;
    this.isCalledOff = first.isCalledOff;
  }

  isFull(): boolean {
    return this.#both.some((one) => one.isFull());
  }

  take(room: RoomId, page: readonly PastEvent[]): void {
    for (const one of this.#both) one.take(room, page);
  }

  cannotRead(room: RoomId, why: string): void {
    for (const one of this.#both) one.cannotRead(room, why);
  }

  wasRead(from: number, isWhole: boolean): void {
    this.#read = [from, isWhole];
    this.#first!.wasRead(from, isWhole);
  }

  work(): boolean {
    const first = this.#first;
    if (!first) return this.#second.work();
    if (first.work()) return true;
    this.#outcome = { report: first.report(), met: first.allMet() };
    this.#first = undefined;
    this.#second.wasRead(...this.#read!);
    return true;
  }

  report(): TrialReport {
    const { report, met } = this.#outcome!;
    return { ...report, compared: compare(met, this.#second, this.#name) };
  }

  get #both(): readonly Backtest[] {
    return this.#first ? [this.#first, this.#second] : [this.#second];
  }
}

function compare(met: readonly Met[], second: Backtest, name: string): Compared {
  const others = second.allMet();
  const [byFirst, bySecond] = [eventsOf(met), eventsOf(others)];
  const onlyFirst = met.filter(({ event }) => !bySecond.has(event));
  const onlySecond = others.filter(({ event }) => !byFirst.has(event));
  return {
    name,
    report: second.report(),
    both: {
      messages: met.length - onlyFirst.length,
      people: peopleOf(met.filter((one) => bySecond.has(one.event))),
    },
    onlyFirst: { messages: onlyFirst.length, people: peopleOf(onlyFirst), examples: worstOf(onlyFirst) },
    onlySecond: { messages: onlySecond.length, people: peopleOf(onlySecond), examples: worstOf(onlySecond) },
  };
}

function eventsOf(met: readonly Met[]): ReadonlySet<EventId> {
  return new Set(met.map(({ event }) => event));
}

function peopleOf(met: readonly Met[]): number {
  return new Set(met.map(({ user }) => user)).size;
}

const order = ["wrong", "unknown", "right"] as const;

/** Those whom it was wrong to meet come first. */
function worstOf(met: readonly Met[]): readonly Met[] {
  return met.toSorted((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate)).slice(0, mostExamples);
}
