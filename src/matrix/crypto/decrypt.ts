/**
 * Opens what others encrypted. What cannot be opened as its key has not come waits for it a while. Only messages are
 * taken from inside: who wrote them, when, and what they redact stands outside, where the homeserver checked it.
 */
import { asObject, asString, isObject, type JsonObject } from "../../kit/json.ts";
import type { Sealed } from "../../model/event.ts";
import type { Engine, SessionNews } from "./engine.ts";
import { messageIndexOf } from "./message-index.ts";

/** An event with what is inside, ready to be decoded like one that was sent in clear. */
export interface Opened {
  readonly raw: JsonObject;
  readonly sealed: Sealed;
}

/** What waits for a key: so much of all rooms, of one room, and for so long. */
const [mostWaiting, mostOfRoom, waitsMs] = [1_000, 100, 10 * 60_000];

interface Waiting {
  readonly raw: JsonObject;
  readonly room: string;
  readonly session: string;
  readonly since: number;
}

/** Of what is inside these stay outside: they act on the room, and only the homeserver says who may. */
const keptOutside: ReadonlySet<string> = new Set(["m.room.redaction", "m.room.encrypted"]);

export const algorithm = "m.megolm.v1.aes-sha2";

/** Whether the event is an encrypted message that still has its content. */
export function isSealed(raw: unknown): raw is JsonObject {
  return (
    isObject(raw) &&
    raw["type"] === "m.room.encrypted" &&
    raw["state_key"] === undefined &&
    asString(asObject(raw["content"])?.["ciphertext"]) !== undefined
  );
}

export class Opening {
  readonly #engine: Engine;
  readonly #now: () => number;
  /** The oldest first, by event id. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(engine: Engine, now: () => number) {
    this.#engine = engine;
    this.#now = now;
  }

  async open(room: string, raw: JsonObject): Promise<Opened> {
    const opened = await this.#decrypt(room, raw);
    if ("closed" in opened.sealed && opened.sealed.closed === "no key") this.#wait(room, raw);
    return opened;
  }

  /** What the news about keys open, or say that it stays closed. */
  async reopened(news: readonly SessionNews[]): Promise<readonly (Opened & { readonly room: string })[]> {
    const found: (Opened & { room: string })[] = [];
    this.#forgetOld();
    for (const { room, session, withheld } of news)
      for (const [id, waiting] of this.#waiting) {
        if (waiting.room !== room || waiting.session !== session) continue;
        const { raw } = waiting;
        const opened: Opened =
          withheld === undefined
            ? await this.#decrypt(room, raw)
            : { raw, sealed: { closed: "withheld", why: withheld } };
        // Anybody can send such news: the key itself may still come.
        if ("by" in opened.sealed) this.#waiting.delete(id);
        else if (withheld === undefined) continue;
        found.push({ ...opened, room });
      }
    return found;
  }

  async #decrypt(room: string, raw: JsonObject): Promise<Opened> {
    const content = asObject(raw["content"]) ?? {};
    const index = messageIndexOf(asString(content["ciphertext"]) ?? "");
    if (content["algorithm"] !== algorithm || index === undefined)
      return { raw, sealed: { closed: "other", why: "it is encrypted in a way that I do not know" } };
    const found = await this.#engine.decrypt({ room, event: { ...raw, room_id: room } });
    if (found.kind === "closed") return { raw, sealed: { closed: found.because, why: found.why } };
    const place = `${asString(content["session_id"]) ?? ""} ${index}`;
    const sealed: Sealed = {
      by: found.by,
      place,
      ...(found.device === undefined ? {} : { device: found.device }),
    };
    if (keptOutside.has(found.type)) return { raw, sealed };
    return { raw: { ...raw, type: found.type, content: found.content }, sealed };
  }

  #wait(room: string, raw: JsonObject): void {
    const id = asString(raw["event_id"]);
    const session = asString(asObject(raw["content"])?.["session_id"]);
    if (id === undefined || session === undefined) return;
    this.#forgetOld();
    const all = [...this.#waiting.keys()];
    const ofRoom = all.filter((one) => this.#waiting.get(one)!.room === room);
    if (ofRoom.length >= mostOfRoom) this.#waiting.delete(ofRoom[0]!);
    else if (all.length >= mostWaiting) this.#waiting.delete(all[0]!);
    this.#waiting.set(id, { raw, room, session, since: this.#now() });
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [id, { since }] of this.#waiting) {
      // Later than now: our clock was set back.
      if (now - since < waitsMs && now >= since) return;
      this.#waiting.delete(id);
    }
  }
}
