/**
 * How many acts may be under way, so that none waits for another's slow room. Each class of requests has a width of its
 * own: reads never hold a place of writes, and a rate limit on joins stops joins alone. Within a class an act that takes
 * much longer than usual no longer counts against the width.
 */
import type { RequestClass } from "../model/actions/family.ts";
import { longestLeadMs, AdaptiveWidth, type WidthLimits } from "./adaptive-width.ts";

/** Writes to a room that was slow the last time have few places of their own, so that no other write waits for them. */
export type SlotKind = RequestClass | "slow-write";

export interface Act {
  readonly slot: SlotKind;
  readonly startedAt: number;
}

interface Use<T> {
  readonly width: AdaptiveWidth;
  readonly max: number;
  /** Acts that count against the width, the oldest first. */
  readonly counted: Set<T>;
  /** Acts that do not count against it: too slow, or in a room that was known to be slow before they began. */
  readonly slow: Set<T>;
  /** What an act takes, as a running median: one slow room hardly moves it. */
  usualMs: number;
}

const classes: readonly RequestClass[] = ["write", "join", "look"];
/** Share of the places for writes that rooms known to be slow may take. */
const slowShare = 1 / 4;
/** Joins and reads hold a place for long, so they have few of them; the others stay for writes. */
const share: Record<RequestClass, number> = { write: 1, join: 1 / 8, look: 1 / 4 };
const slowFactor = 8;
const leastSlowMs = 250;
/** While the server limits our rate, its refusals come late on purpose: Synapse holds them for half a second. */
const leastSlowWhenCautiousMs = 1_000;
const usualAtFirstMs = 40;
const medianStep = 1.1;

export class Concurrency<T extends Act = Act> {
  readonly #max: number;
  readonly #uses: Record<RequestClass, Use<T>>;

  constructor({ start, max }: WidthLimits) {
    this.#max = max;
    const use = (requestClass: RequestClass): Use<T> => {
      const most = Math.max(1, Math.floor(max * share[requestClass]));
      return {
        width: new AdaptiveWidth({ start: Math.min(start, most), max: most }),
        max: most,
        counted: new Set(),
        slow: new Set(),
        usualMs: usualAtFirstMs,
      };
    };
    this.#uses = { write: use("write"), join: use("join"), look: use("look") };
  }

  /** Acts under way. */
  get active(): number {
    return classes.reduce((sum, requestClass) => sum + this.activeIn(requestClass), 0);
  }

  activeIn(requestClass: RequestClass): number {
    const { counted, slow } = this.#uses[requestClass];
    return counted.size + slow.size;
  }

  /** Those under way. */
  acts(): readonly T[] {
    return classes.flatMap((requestClass) => [
      ...this.#uses[requestClass].counted,
      ...this.#uses[requestClass].slow,
    ]);
  }

  /** Milliseconds until the server allows writes again; 0 when it does. */
  pauseLeft(now: number): number {
    return this.#uses.write.width.pauseLeft(now);
  }

  isFree(slot: SlotKind, now: number): boolean {
    const { width, max, counted, slow } = this.#uses[classOfSlot(slot)];
    if (this.active >= this.#max || counted.size + slow.size >= max) return false;
    // While the server limits our rate, a room may only seem slow, as its refusal came late: one at a time is enough.
    const mostSlow = width.isCautious ? 1 : Math.max(1, max * slowShare);
    if (slot === "slow-write" && slow.size >= mostSlow) return false;
    return counted.size < width.allowance(now);
  }

  /** When a waiting act may start, if nothing ends before; undefined where only an end makes place. */
  nextChange(now: number): number | undefined {
    const times = classes.flatMap((requestClass) => {
      const use = this.#uses[requestClass];
      const [oldest] = use.counted;
      return [use.width.nextChange(now) ?? [], oldest ? oldest.startedAt + slowAfterMs(use) : []].flat();
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(act: T): void {
    const { width, counted, slow, usualMs } = this.#uses[classOfSlot(act.slot)];
    if (act.slot === "slow-write") return void slow.add(act);
    width.started(act.startedAt, counted.size, Math.min(longestLeadMs, usualMs * 1.5));
    counted.add(act);
  }

  end(act: T): void {
    const { counted, slow } = this.#uses[classOfSlot(act.slot)];
    counted.delete(act);
    slow.delete(act);
  }

  /** Acts that have become slow since this was last asked; from now on they do not count against the width. */
  turnedSlow(now: number): readonly T[] {
    const turned: T[] = [];
    for (const requestClass of classes) {
      const use = this.#uses[requestClass];
      for (const act of use.counted) {
        if (now - act.startedAt < slowAfterMs(use)) break;
        use.counted.delete(act);
        use.slow.add(act);
        turned.push(act);
      }
    }
    return turned;
  }

  isSlow({ slot, startedAt }: Act, now: number): boolean {
    return now - startedAt >= slowAfterMs(this.#uses[classOfSlot(slot)]);
  }

  succeeded(act: Act, now: number): void {
    const use = this.#uses[classOfSlot(act.slot)];
    const isLonger = now - act.startedAt > use.usualMs;
    use.usualMs = Math.min(60_000, Math.max(5, use.usualMs * (isLonger ? medianStep : 1 / medianStep)));
    use.width.succeeded(now);
  }

  limited(act: Act, now: number, retryAfterMs: number): void {
    this.#uses[classOfSlot(act.slot)].width.limited(now, retryAfterMs);
  }

  /** The homeserver cannot be reached at all: all classes rest. */
  troubled(now: number, restMs: number): void {
    for (const requestClass of classes) this.#uses[requestClass].width.troubled(now, restMs);
  }
}

function classOfSlot(slot: SlotKind): RequestClass {
  return slot === "slow-write" ? "write" : slot;
}

function slowAfterMs({ width, usualMs }: Use<Act>): number {
  return Math.max(width.isCautious ? leastSlowWhenCautiousMs : leastSlowMs, slowFactor * usualMs);
}
