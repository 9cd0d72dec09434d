/** The homeserver's clock, as far as the `Date` of its answers tells: a second opinion on ours. */

/**
 * Between answers its time goes on by ours, but by no more than this (two long polls and some): a clock that jumps ahead
 * must not take it along.
 */
const longestSilenceMs = 90_000;
/** The header `Date` is cut to whole seconds: the true time is up to one second later. */
const secondMs = 1_000;

export class ServerTime {
  #hasAnswered = false;
  #newest: { readonly time: number; readonly askedAt: number } | undefined;

  /**
   * `askedAt`: when the request was sent, by our clock. Synapse tells the time at which a request came, which for a long
   * poll is long ago; of a server that tells the time of its answer we then think that it is ahead by as much, and ours
   * counts.
   */
  answered(date: unknown, askedAt: number): void {
    this.#hasAnswered = true;
    const time = typeof date === "string" ? Date.parse(date) : Number.NaN;
    this.#newest = Number.isNaN(time) ? undefined : { time: time + secondMs, askedAt };
  }

  /** The earlier of both clocks; ours where the server tells no time; 0, at which nothing is due, before its first answer. */
  dueBy(now: number): number {
    if (!this.#hasAnswered) return 0;
    if (!this.#newest) return now;
    const { time, askedAt } = this.#newest;
    const since = Math.min(longestSilenceMs, Math.max(0, now - askedAt));
    return Math.min(now, time + since);
  }
}
