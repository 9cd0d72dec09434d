/** Calls a hook of all parts in their order. One that throws is logged, and the others are called all the same. */
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

  /** What the hook of each part returns; nothing for a part that throws. */
  of<T>(hook: (part: Part) => Iterable<T> | undefined): readonly (readonly T[])[] {
    return this.#parts.map((part) => this.#safely(part, () => [...(hook(part) ?? [])]) ?? []);
  }

  /** The `nextAt` of each part. */
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
      // A fault of ours. The other parts do not depend on this one.
      this.#isBroken = true;
      this.#log.error({ err: error, part: part.name }, "a part of the bot broke");
      return undefined;
    }
  }
}
