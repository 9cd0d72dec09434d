/**
 * Messages to one device, until its next sync says that it has them. A second reader of the same token says so, too:
 * what it was told is then gone for the first.
 */

export interface ToDeviceMessage {
  readonly type: string;
  readonly sender: string;
  readonly content: unknown;
}

interface Waiting {
  readonly position: number;
  readonly message: ToDeviceMessage;
  /** Scripted: how often it comes once more although the device has it. */
  repeats: number;
}

/** Synapse's: what is beyond it comes with the next sync. */
const mostInOneSync = 100;

export class Inbox {
  #waiting: Waiting[] = [];
  #held: ToDeviceMessage[] | undefined;
  #repeats = 0;

  get waiting(): readonly ToDeviceMessage[] {
    return this.#waiting.map(({ message }) => message);
  }

  put(message: ToDeviceMessage, nextPosition: () => number): void {
    if (this.#held !== undefined) this.#held.push(message);
    else this.#waiting.push({ position: nextPosition(), message, repeats: this.#repeats });
  }

  /** The device has everything up to this position. */
  acknowledge(upTo: number, nextPosition: () => number): void {
    const done = this.#waiting.filter(({ position }) => position <= upTo);
    const again = done
      .filter(({ repeats }) => repeats > 0)
      .map(({ message, repeats }) => ({ position: nextPosition(), message, repeats: repeats - 1 }));
    this.#waiting = [...this.#waiting.filter(({ position }) => position > upTo), ...again];
  }

  /** `end`: how far the device will be when it has these. */
  read(after: number, upTo: number): { readonly messages: readonly ToDeviceMessage[]; readonly end: number } {
    const fresh = this.#waiting.filter(({ position }) => position > after && position <= upTo);
    const shown = fresh.slice(0, mostInOneSync);
    const end = shown.length < fresh.length ? shown.at(-1)!.position : upTo;
    return { messages: shown.map(({ message }) => message), end };
  }

  /** What is sent from now on stays on its way. */
  hold(): void {
    this.#held ??= [];
  }

  release(nextPosition: () => number): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.put(message, nextPosition);
  }

  /** Whatever is sent from now on comes so often more than once. */
  repeat(times: number): void {
    this.#repeats = times;
  }
}
