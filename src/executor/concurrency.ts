/**
 * How many acts may be under way, so that none waits for another's slow room. Each hand has a width of its own:
 * reading never holds the place of a write, and a limit on joins stops joins alone. Within a hand, what takes much
 * longer than usual counts no more: the others go on as if it were over.
 */
import type { RequestClass, SlotKind } from "./hand.ts";
import { longestLeadMs, AdaptiveWidth, type WidthLimits } from "./adaptive-width.ts";

export interface Act {
  readonly way: SlotKind;
  readonly startedAt: number;
}

interface Use<T> {
  readonly pace: AdaptiveWidth;
  readonly max: number;
  /** Acts that count against the width, the oldest first. */
  readonly counted: Set<T>;
  /** Acts that do not: too slow, or known to be before they began. */
  readonly beside: Set<T>;
  /** What an act takes, as a running median: one slow room hardly moves it. */
  usualMs: number;
}

const hands: readonly RequestClass[] = ["write", "join", "look"];
/** Of the places for writes, those that slow rooms may take when they are known to be slow. */
const besideShare = 1 / 4;
/** The hands that hold a place for long have few of them; the others stay for writes. */
const share: Record<RequestClass, number> = { write: 1, join: 1 / 8, look: 1 / 4 };
const slowFactor = 8;
const leastSlowMs = 250;
/** While the server counts what we write, its refusals come late on purpose: Synapse holds them for half a second. */
const leastSlowWhenCautiousMs = 1_000;
const usualAtFirstMs = 40;
const medianStep = 1.1;

export class Concurrency<T extends Act = Act> {
  readonly #max: number;
  readonly #uses: Record<RequestClass, Use<T>>;

  constructor({ start, max }: WidthLimits) {
    this.#max = max;
    const use = (hand: RequestClass): Use<T> => {
      const most = Math.max(1, Math.floor(max * share[hand]));
      return {
        pace: new AdaptiveWidth({ start: Math.min(start, most), max: most }),
        max: most,
        counted: new Set(),
        beside: new Set(),
        usualMs: usualAtFirstMs,
      };
    };
    this.#uses = { write: use("write"), join: use("join"), look: use("look") };
  }

  /** Acts under way. */
  get active(): number {
    return hands.reduce((sum, hand) => sum + this.activeIn(hand), 0);
  }

  activeIn(hand: RequestClass): number {
    const { counted, beside } = this.#uses[hand];
    return counted.size + beside.size;
  }

  /** Milliseconds until writing may go on; 0 when it may. */
  pauseLeft(now: number): number {
    return this.#uses.write.pace.pauseLeft(now);
  }

  isFree(way: SlotKind, now: number): boolean {
    const { pace, max, counted, beside } = this.#uses[requestClassOfSlot(way)];
    if (this.active >= this.#max || counted.size + beside.size >= max) return false;
    // What a server that counts us refuses late was not slow: of such rooms one at a time is enough.
    const mostBeside = pace.isCautious ? 1 : Math.max(1, max * besideShare);
    if (way === "beside" && beside.size >= mostBeside) return false;
    return counted.size < pace.allowance(now);
  }

  /** When something that must wait may go, if nothing ends before. */
  nextChange(now: number): number | undefined {
    const times = hands.flatMap((hand) => {
      const use = this.#uses[hand];
      const [oldest] = use.counted;
      return [use.pace.nextChange(now) ?? [], oldest ? oldest.startedAt + slowAfterMs(use) : []].flat();
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  begin(act: T): void {
    const { pace, counted, beside, usualMs } = this.#uses[requestClassOfSlot(act.way)];
    if (act.way === "beside") return void beside.add(act);
    pace.started(act.startedAt, counted.size, Math.min(longestLeadMs, usualMs * 1.5));
    counted.add(act);
  }

  end(act: T): void {
    const { counted, beside } = this.#uses[requestClassOfSlot(act.way)];
    counted.delete(act);
    beside.delete(act);
  }

  /** Acts that have become slow since this was last asked; from now on they hold nobody's place. */
  turnedSlow(now: number): readonly T[] {
    const turned: T[] = [];
    for (const hand of hands) {
      const use = this.#uses[hand];
      for (const act of use.counted) {
        if (now - act.startedAt < slowAfterMs(use)) break;
        use.counted.delete(act);
        use.beside.add(act);
        turned.push(act);
      }
    }
    return turned;
  }

  isSlow({ way, startedAt }: Act, now: number): boolean {
    return now - startedAt >= slowAfterMs(this.#uses[requestClassOfSlot(way)]);
  }

  succeeded(act: Act, now: number): void {
    const use = this.#uses[requestClassOfSlot(act.way)];
    const isLonger = now - act.startedAt > use.usualMs;
    use.usualMs = Math.min(60_000, Math.max(5, use.usualMs * (isLonger ? medianStep : 1 / medianStep)));
    use.pace.succeeded(now);
  }

  limited(act: Act, now: number, retryAfterMs: number): void {
    this.#uses[requestClassOfSlot(act.way)].pace.limited(now, retryAfterMs);
  }

  /** Nothing at all can be reached. */
  troubled(now: number, restMs: number): void {
    for (const hand of hands) this.#uses[hand].pace.troubled(now, restMs);
  }
}

function requestClassOfSlot(way: SlotKind): RequestClass {
  return way === "beside" ? "write" : way;
}

function slowAfterMs({ pace, usualMs }: Use<Act>): number {
  return Math.max(pace.isCautious ? leastSlowWhenCautiousMs : leastSlowMs, slowFactor * usualMs);
}
