/** What came by /sync, as the person sees it: opened where that was possible, or as soon as it becomes so. */
import type { Engine } from "./engine.ts";
import { bodyOf, inClear, type Opened, type RawEvent } from "./opened.ts";

export class Timeline {
  readonly #engine: Engine;
  readonly #seen = new Map<string, { readonly raw: RawEvent; shown: Opened }>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Oldest first. */
  events(roomId: string): readonly Opened[] {
    return [...this.#seen.values()].map(({ shown }) => shown).filter((one) => one.roomId === roomId);
  }

  event(eventId: string): Opened | undefined {
    return this.#seen.get(eventId)?.shown;
  }

  /** Bodies of the messages that could be read. */
  texts(roomId: string, sender?: string): readonly string[] {
    return this.events(roomId)
      .filter((one) => one.type === "m.room.message" && (sender === undefined || one.sender === sender))
      .flatMap((one) => bodyOf(one) ?? []);
  }

  /** What could not be opened. */
  closed(roomId: string): readonly Opened[] {
    return this.events(roomId).filter(({ closed }) => closed !== undefined);
  }

  async add(roomId: string, raw: RawEvent): Promise<void> {
    if (this.#seen.has(raw.event_id)) return;
    const isCipher = raw.type === "m.room.encrypted" && raw.content["ciphertext"] !== undefined;
    const shown = isCipher ? await this.#engine.open(roomId, raw) : inClear(roomId, raw);
    this.#seen.set(raw.event_id, { raw, shown });
  }

  /** A key may have come late, a device may have been signed meanwhile. */
  async openAgain(): Promise<void> {
    for (const entry of this.#seen.values())
      if (entry.shown.closed !== undefined)
        entry.shown = await this.#engine.open(entry.shown.roomId, entry.raw);
  }
}
