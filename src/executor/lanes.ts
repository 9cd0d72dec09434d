/**
 * The waiting steps: one lane for each room, in each lane the most urgent first. Of all lanes that may go, the
 * one with the most urgent head goes next. Pure bookkeeping; time and performing are elsewhere.
 */
import { isStateWrite } from "../model/action.ts";
import { priority, type Step } from "../model/decision.ts";

interface Waiting {
  readonly step: Step;
  readonly order: number;
}

class Lane {
  readonly name: string;
  readonly waiting: Waiting[] = [];
  stateWrites = 0;
  others = 0;
  notBefore = 0;
  failures = 0;

  constructor(name: string) {
    this.name = name;
  }

  get underWay(): number {
    return this.stateWrites + this.others;
  }
}

/** Redactions and messages are no state, so a few of them may be under way in one room. */
const othersPerLane = 2;

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  #order = 0;
  #waiting = 0;

  get waiting(): number {
    return this.#waiting;
  }

  waitingIn(lane: string): number {
    return this.#lanes.get(lane)?.waiting.length ?? 0;
  }

  add(step: Step): void {
    this.#insert(this.#lane(step.lane), { step, order: this.#order++ });
  }

  /** Puts a step back as if it had never left. */
  putBack(step: Step): void {
    this.#insert(this.#lane(step.lane), { step, order: -1 });
  }

  /** Takes out a waiting step that a newer one replaces. */
  withdraw(lane: string, isReplaced: (step: Step) => boolean): Step | undefined {
    const waiting = this.#lanes.get(lane)?.waiting;
    const index = waiting?.findIndex((one) => isReplaced(one.step)) ?? -1;
    if (!waiting || index < 0) return undefined;
    this.#waiting--;
    return waiting.splice(index, 1)[0]!.step;
  }

  /** Takes out the least urgent waiting step. */
  withdrawLast(lane: string): Step | undefined {
    const last = this.#lanes.get(lane)?.waiting.pop();
    if (last) this.#waiting--;
    return last?.step;
  }

  /** The next step that may go, and when one that must wait could go. */
  next(now: number): { step: Step } | { wakeAt: number | undefined } {
    let best: { lane: Lane; index: number } | undefined;
    let wakeAt: number | undefined;
    for (const lane of this.#lanes.values()) {
      if (lane.waiting.length === 0) continue;
      if (lane.notBefore > now) {
        wakeAt = Math.min(wakeAt ?? Infinity, lane.notBefore);
        continue;
      }
      const index = this.#firstThatMayGo(lane);
      if (index >= 0 && (!best || before(lane.waiting[index]!, best.lane.waiting[best.index]!)))
        best = { lane, index };
    }
    if (!best) return { wakeAt };
    const { step } = best.lane.waiting.splice(best.index, 1)[0]!;
    this.#waiting--;
    if (isStateWrite(step.decision.action)) best.lane.stateWrites++;
    else best.lane.others++;
    return { step };
  }

  /** A step that was under way is no more. `retryAt`: the lane rests until then. */
  ended(step: Step, rest?: { until: number }): void {
    const lane = this.#lane(step.lane);
    if (isStateWrite(step.decision.action)) lane.stateWrites--;
    else lane.others--;
    lane.failures = rest ? lane.failures + 1 : 0;
    lane.notBefore = rest?.until ?? 0;
    // A lane that rests is about to get its step back.
    if (!rest && lane.waiting.length === 0 && lane.underWay === 0) this.#lanes.delete(lane.name);
  }

  /** How often in a row the lane's steps had to be put back. */
  failuresIn(lane: string): number {
    return this.#lanes.get(lane)?.failures ?? 0;
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = new Lane(name)));
    return lane;
  }

  /** One state write at a time in a room, or its history forks; a redaction also waits for the ban before it. */
  #firstThatMayGo(lane: Lane): number {
    if (lane.stateWrites > 0) return -1;
    const head = lane.waiting[0]!;
    if (isStateWrite(head.step.decision.action))
      return lane.others === 0 || head.step.priority < priority.redact ? 0 : -1;
    return lane.others < othersPerLane ? 0 : -1;
  }

  #insert(lane: Lane, waiting: Waiting): void {
    let low = 0;
    let high = lane.waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(waiting, lane.waiting[middle]!)) high = middle;
      else low = middle + 1;
    }
    lane.waiting.splice(low, 0, waiting);
    this.#waiting++;
  }
}

function before(a: Waiting, b: Waiting): boolean {
  return (a.step.priority - b.step.priority || a.step.rank - b.step.rank || a.order - b.order) < 0;
}
