/** The parts as one: calls a hook of each in their order, and goes on where one of them throws. */
import type { Log } from "../kit/log.ts";
import type { Part } from "./part.ts";

export class Parts {
  readonly #parts: readonly Part[];
  readonly #log: Log;
  /** A part has thrown since this was last asked. */
  #isBroken = false;

  constructor(parts: readonly Part[], log: Log) {
    this.#parts = parts;
    this.#log = log;
  }

  /** Calls the hook of each part. */
  each(hook: (part: Part) => void): void {
    for (const part of this.#parts) this.#safely(part, () => hook(part));
  }

  /** What the hook of each part gives; nothing for a part that throws. */
  of<T>(hook: (part: Part) => Iterable<T> | undefined): readonly (readonly T[])[] {
    return this.#parts.map((part) => this.#safely(part, () => [...(hook(part) ?? [])]) ?? []);
  }

  /** When the parts have something due, should nothing else happen. */
  nextAts(): readonly (number | undefined)[] {
    return this.#parts.map((part) => this.#safely(part, () => part.nextAt?.()));
  }

  /** Whether a part has thrown since this was last asked. */
  takeBroken(): boolean {
    const isBroken = this.#isBroken;
    this.#isBroken = false;
    return isBroken;
  }

  #safely<T>(part: Part, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      // Ours, and grave; but the other parts have nothing to do with it.
      this.#isBroken = true;
      this.#log.error({ err: error, part: part.name }, "a part of the bot broke");
      return undefined;
    }
  }
}
