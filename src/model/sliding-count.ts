/** How many of something there were in the last minute, hour or other while, by slices of it: so many bytes, however many there are. */

/** A sixtieth of the while: seconds of a minute, minutes of an hour. */
const slices = 60;

export class SlidingCount {
  readonly #sliceMs: number;
  readonly #counts = new Uint32Array(slices);
  /** The newest slice that holds something, counted from the epoch. */
  #newest = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / slices;
  }

  add(at: number): void {
    this.#moveTo(at);
    this.#counts[this.#newest % slices]! += 1;
  }

  at(at: number): number {
    this.#moveTo(at);
    return this.#counts.reduce((sum, one) => sum + one, 0);
  }

  /** Where the clock was set back by more than a slice, what was counted after that time is forgotten with the rest. */
  #moveTo(at: number): void {
    const slice = Math.floor(at / this.#sliceMs);
    const by = slice - this.#newest;
    if (by >= slices || by < -1) this.#counts.fill(0);
    else for (let i = 1; i <= by; i++) this.#counts[(this.#newest + i) % slices] = 0;
    if (by > 0 || by < -1) this.#newest = slice;
  }
}
