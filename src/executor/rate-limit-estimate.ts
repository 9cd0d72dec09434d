/**
 * How much time a homeserver that limits our rate leaves between two writes, learnt from its refusals and from the writes
 * that got through since. Kept for one number: how long the writes that wait will take.
 */

/** After so many writes without a refusal no limit slows us any more. */
const passesWithoutLimit = 8;
/** Of more measured writes than this, the older ones count half. */
const measured = 16;
/** The interval of one burst holds for the next for so long: its first refusal may come in the middle of an interval. */
const learntForMs = 600_000;
/** Synapse's default interval: a refusal for one to five seconds most likely tells what is left of it. */
const usualIntervalMs = 5_000;
const leastOfUsualMs = 1_000;
const mostMs = 7 * 86_400_000;

export class RateLimitEstimate {
  #isLimiting = false;
  #beganAt = 0;
  #lastPassAt = 0;
  #passesSinceRefusal = 0;
  /** The interval that the first refusal tells of; it counts as much as one that was measured. */
  #firstMs = 0;
  #passed = 0;
  #timeMs = 0;
  #learnt: { readonly at: number; readonly intervalMs: number } | undefined;

  refused(now: number, retryAfterMs: number): void {
    this.#passesSinceRefusal = 0;
    if (this.#isLimiting) {
      if (this.#passed === 0) this.#firstMs = Math.max(this.#firstMs, wholeInterval(retryAfterMs));
      return;
    }
    this.#isLimiting = true;
    this.#beganAt = this.#lastPassAt = now;
    this.#passed = this.#timeMs = 0;
    const isKnown = this.#learnt && now - this.#learnt.at < learntForMs;
    this.#firstMs = isKnown ? this.#learnt!.intervalMs : wholeInterval(retryAfterMs);
  }

  /** A write got through. One that was begun before the first refusal says nothing about the time after it. */
  passed(now: number, startedAt: number): void {
    if (!this.#isLimiting || startedAt < this.#beganAt) return;
    this.#passed++;
    this.#timeMs += now - this.#lastPassAt;
    this.#lastPassAt = now;
    if (this.#passed > measured) {
      this.#firstMs = this.#intervalMs(now);
      this.#passed /= 2;
      this.#timeMs /= 2;
    }
    if (++this.#passesSinceRefusal >= passesWithoutLimit) this.#isLimiting = false;
  }

  /** No write waits any more: the server counts anew for the next burst. */
  rested(now: number): void {
    if (this.#isLimiting && this.#passed > 0) this.#learnt = { at: now, intervalMs: this.#intervalMs(now) };
    this.#isLimiting = false;
  }

  /** Milliseconds between two writes when the server last limited them; undefined where it never did. */
  get knownMs(): number | undefined {
    return this.#learnt?.intervalMs;
  }

  /** Milliseconds that so many writes will take from now; undefined where no limit slows us. */
  expectedMs(now: number, writes: number): number | undefined {
    if (!this.#isLimiting || writes === 0) return undefined;
    const intervalMs = this.#intervalMs(now);
    const nextMs = Math.max(0, intervalMs - (now - this.#lastPassAt));
    return Math.min(mostMs, Math.round(nextMs + (writes - 1) * intervalMs));
  }

  /** The mean interval; a wait that lasts longer than it counts while it lasts. */
  #intervalMs(now: number): number {
    const interval = (this.#firstMs + this.#timeMs) / (1 + this.#passed);
    const overdueMs = Math.max(0, now - this.#lastPassAt - interval);
    return interval + overdueMs / (1 + this.#passed);
  }
}

/** The interval behind a refusal: the server tells when one write is free, which may be what is left of an interval. */
function wholeInterval(retryAfterMs: number): number {
  return retryAfterMs < leastOfUsualMs ? retryAfterMs : Math.max(usualIntervalMs, retryAfterMs);
}
