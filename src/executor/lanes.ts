/**
 * The waiting steps: a queue for each room (its lane), the most urgent step first (its head). Of all lanes that may start
 * something, the one with the most urgent head is next, at a cost that does not grow with the number of lanes. Pure
 * bookkeeping: time and performing are elsewhere.
 */
import type { RequestClass } from "../model/actions/family.ts";
import { isStateWrite, requestClassOf } from "../model/actions/traits.ts";
import { priority } from "../model/actions/priority.ts";
import type { Step } from "../model/decision.ts";
import type { SlotKind } from "./concurrency.ts";
import { Heap } from "./heap.ts";

interface Waiting {
  readonly step: Step;
  readonly order: number;
}

class Lane {
  readonly name: string;
  readonly waiting: Waiting[] = [];
  stateWrites = 0;
  /** Redactions and messages under way. */
  others = 0;
  looks = 0;
  notBefore = 0;
  restMs = 0;
  failures = 0;
  /** Where the lane waits for its turn; undefined while it has nothing that may be started. */
  heap: Heap<Lane> | undefined;
  place = 0;

  constructor(name: string) {
    this.name = name;
  }

  get underWay(): number {
    return this.stateWrites + this.others + this.looks;
  }
}

/** Messages and reads change no state, so a few of them may be under way in one room. */
const othersPerLane = 2;
/** Synapse works on so many events of one room at a time; redactions beyond that would only wait there. */
const redactionsPerLane = 5;
/** Slow rooms remembered. Forgetting one costs one more slow write. */
const rememberedSlow = 1_000;

const slots: readonly SlotKind[] = ["write", "slow-write", "join", "look"];

export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes whose most urgent step may be started, by the slot that it needs. */
  readonly #ready: Readonly<Record<SlotKind, Heap<Lane>>> = {
    write: new Heap(isHeadBefore),
    "slow-write": new Heap(isHeadBefore),
    join: new Heap(isHeadBefore),
    look: new Heap(isHeadBefore),
  };
  readonly #resting = new Heap<Lane>((a, b) => a.notBefore < b.notBefore);
  readonly #slow = new Set<string>();
  /** The order of arrival of the steps under way, for putting them back where they were. */
  readonly #orders = new WeakMap<Step, number>();
  readonly #waitingBy: Record<RequestClass, number> = { write: 0, join: 0, look: 0 };
  #order = 0;
  #lastLook = 0;

  get waiting(): number {
    const { write, join, look } = this.#waitingBy;
    return write + join + look;
  }

  waitingFor(requestClass: RequestClass): number {
    return this.#waitingBy[requestClass];
  }

  waitingIn(lane: string): number {
    return this.#lanes.get(lane)?.waiting.length ?? 0;
  }

  add(step: Step): void {
    this.#insert({ step, order: this.#order++ });
  }

  /** Puts a step back to where it was before it was started. */
  putBack(step: Step): void {
    this.#insert({ step, order: this.#orders.get(step) ?? -1 });
  }

  /** Takes out a waiting step that a newer one replaces. */
  withdraw(lane: string, isReplaced: (step: Step) => boolean): Step | undefined {
    const index = this.#lanes.get(lane)?.waiting.findIndex((one) => isReplaced(one.step)) ?? -1;
    return index < 0 ? undefined : this.#take(this.#lanes.get(lane)!, index);
  }

  /** Takes out all waiting steps that are no longer wanted. */
  withdrawAll(isUnwanted: (step: Step) => boolean): readonly Step[] {
    const taken: Step[] = [];
    for (const lane of [...this.#lanes.values()])
      for (let i = lane.waiting.length - 1; i >= 0; i--)
        if (isUnwanted(lane.waiting[i]!.step)) taken.push(this.#take(lane, i));
    return taken;
  }

  /** The waiting steps. */
  *all(): Iterable<Step> {
    for (const lane of this.#lanes.values()) for (const { step } of lane.waiting) yield step;
  }

  /** Takes out the least urgent waiting step. */
  withdrawLast(lane: string): Step | undefined {
    const found = this.#lanes.get(lane);
    return found && found.waiting.length > 0 ? this.#take(found, found.waiting.length - 1) : undefined;
  }

  /** The next step that may be started, and its slot; or when one that rests may be. */
  next(
    now: number,
    isFree: (slot: SlotKind) => boolean = () => true,
  ): { step: Step; slot: SlotKind } | { wakeAt: number | undefined } {
    if (now < this.#lastLook) this.#restFrom(now);
    this.#lastLook = now;
    for (let lane = this.#resting.first; lane && lane.notBefore <= now; lane = this.#resting.first) {
      lane.notBefore = 0;
      this.#place(lane);
    }
    let best: { lane: Lane; slot: SlotKind } | undefined;
    for (const slot of slots) {
      const lane = this.#ready[slot].first;
      if (lane && (!best || isHeadBefore(lane, best.lane)) && isFree(slot)) best = { lane, slot };
    }
    if (!best) return { wakeAt: this.#resting.first?.notBefore };
    const step = this.#take(best.lane, 0);
    this.#countUnderWay(best.lane, step, 1);
    this.#place(best.lane);
    return { step, slot: best.slot };
  }

  /** A step that was under way has ended. `rest`: the lane starts nothing for so long. */
  ended(step: Step, rest?: { now: number; ms: number }): void {
    const lane = this.#lane(step.lane);
    this.#countUnderWay(lane, step, -1);
    lane.failures = rest ? lane.failures + 1 : 0;
    lane.notBefore = rest ? rest.now + rest.ms : 0;
    lane.restMs = rest?.ms ?? 0;
    this.#place(lane);
    // A lane that rests gets its step back right after this, so it is kept.
    if (!rest && lane.waiting.length === 0 && lane.underWay === 0) this.#lanes.delete(lane.name);
  }

  /** How often in a row the lane's steps had to be put back. */
  failuresIn(lane: string): number {
    return this.#lanes.get(lane)?.failures ?? 0;
  }

  /** Notes whether writing to the room takes long, which decides the slot of its next write. */
  noteSlow(name: string, isSlow: boolean): void {
    if (this.#slow.has(name) === isSlow) return;
    if (!isSlow) this.#slow.delete(name);
    else if (this.#slow.add(name).size > rememberedSlow) {
      const oldest = this.#slow.values().next().value!;
      this.#slow.delete(oldest);
      this.#placeIfKnown(oldest);
    }
    this.#placeIfKnown(name);
  }

  /** Our clock was set back: no lane rests for longer than its rest was to last. */
  #restFrom(now: number): void {
    for (const lane of this.#lanes.values()) {
      if (lane.notBefore <= now + lane.restMs) continue;
      lane.notBefore = now + lane.restMs;
      this.#place(lane);
    }
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = new Lane(name)));
    return lane;
  }

  #placeIfKnown(name: string): void {
    const lane = this.#lanes.get(name);
    if (lane) this.#place(lane);
  }

  /** Moves a lane that has changed among those that rest, those that may start something, or neither. */
  #place(lane: Lane): void {
    lane.heap?.remove(lane);
    lane.heap = this.#heapFor(lane);
    lane.heap?.add(lane);
  }

  #heapFor(lane: Lane): Heap<Lane> | undefined {
    const head = lane.waiting[0]?.step;
    if (!head) return undefined;
    if (lane.notBefore > 0) return this.#resting;
    if (!mayStart(head, lane)) return undefined;
    const requestClass = requestClassOf(head.decision.action);
    return this.#ready[requestClass === "write" && this.#slow.has(lane.name) ? "slow-write" : requestClass];
  }

  #take(lane: Lane, index: number): Step {
    const { step, order } = lane.waiting.splice(index, 1)[0]!;
    this.#orders.set(step, order);
    this.#waitingBy[requestClassOf(step.decision.action)]--;
    this.#place(lane);
    return step;
  }

  #insert(waiting: Waiting): void {
    const lane = this.#lane(waiting.step.lane);
    let low = 0;
    let high = lane.waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(waiting, lane.waiting[middle]!)) high = middle;
      else low = middle + 1;
    }
    lane.waiting.splice(low, 0, waiting);
    this.#waitingBy[requestClassOf(waiting.step.decision.action)]++;
    this.#place(lane);
  }

  #countUnderWay(lane: Lane, { decision: { action } }: Step, change: number): void {
    if (isStateWrite(action)) lane.stateWrites += change;
    else if (requestClassOf(action) === "look") lane.looks += change;
    else lane.others += change;
  }
}

/**
 * One state write at a time in a room, or its history forks. A redaction waits for the ban before it, too. A mark waits for
 * what was sent before it: of two events sent at once either may stand first, and a homeserver takes time to say which.
 */
function mayStart(head: Step, lane: Lane): boolean {
  if (lane.stateWrites > 0) return false;
  const { action } = head.decision;
  if (action.kind === "react") return lane.others === 0;
  if (isStateWrite(action)) return lane.others === 0 || head.priority < priority.redact;
  if (action.kind === "redact" || action.kind === "hold") return lane.others < redactionsPerLane;
  return (requestClassOf(action) === "look" ? lane.looks : lane.others) < othersPerLane;
}

function isHeadBefore(a: Lane, b: Lane): boolean {
  return isBefore(a.waiting[0]!, b.waiting[0]!);
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return (a.step.priority - b.step.priority || a.step.rank - b.step.rank || a.order - b.order) < 0;
}
