/**
 * Answers of `/sync`, told in order. What was encrypted is opened behind the loop: the engine may be busy or silent for
 * seconds, and what happens in rooms in clear waits for nobody.
 */
import type { Clock } from "../../kit/clock.ts";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { Opened } from "../crypto/decrypt.ts";
import type { Encryption } from "../crypto/encryption.ts";
import type { Transport } from "../http/transport.ts";
import { decodeOpened, decodeSync, roomsIn, sealedIn, type DecodeSyncOptions } from "./decode-sync.ts";

export interface TellOptions extends Omit<DecodeSyncOptions, "since" | "later"> {
  readonly transport: Pick<Transport, "serverTime">;
  readonly clock: Clock;
  readonly deliver: (seen: readonly Observation[]) => void;
  readonly encryption?: Pick<
    Encryption,
    "isAtWork" | "hasReceivedAll" | "opens" | "receive" | "openEvent" | "keepUp"
  >;
}

/** Of which something is yet to be told: the events to be opened, by the room. */
interface Rest {
  readonly answer: JsonObject;
  readonly since: string;
  readonly sealed: ReadonlyMap<RoomId, readonly JsonObject[]>;
}

/** Beyond so many answers the loop waits: they are held in memory. */
const mostBehind = 20;

export class TellOpened {
  readonly #options: TellOptions;
  readonly #signal: AbortSignal;
  /** Ends when all answers are told. */
  #queue: Promise<void> = Promise.resolve();
  #behind = 0;
  /** Rooms of which something is yet to be told, and in how many answers: what follows there comes after it. */
  readonly #held = new Map<RoomId, number>();
  /** What a restart goes on from: not behind what has not been taken in yet. */
  #safe: string;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: TellOptions, since: string, signal: AbortSignal) {
    this.#options = options;
    this.#safe = since;
    this.#signal = signal;
  }

  /**
   * Resolves when the homeserver may be told that we have the answer: its keys are taken in, or that takes too long. `since`:
   * the token that it goes on from. What is encrypted may be told later.
   */
  async take(answer: JsonObject, since: string): Promise<void> {
    const { encryption } = this.#options;
    if (!encryption?.isAtWork && this.#behind === 0) {
      this.#deliver([...decodeSync(answer, { ...this.#options, since }), this.#synced(answer)]);
      encryption?.keepUp();
      return;
    }
    if (this.#changesHeld(answer)) await this.#queue;
    const sealed = new Map(sealedIn(answer, (room) => encryption?.opens(room) === true));
    for (const room of this.#held.keys()) if (!sealed.has(room)) sealed.set(room, []);
    const inClear = decodeSync(answer, { ...this.#options, since, later: new Set(sealed.keys()) });
    if (inClear.length > 0) this.#deliver(inClear);
    await encryption?.receive(answer);
    this.#tellLater({ answer, since, sealed });
    if (this.#behind > mostBehind) await this.#queue;
    if (this.#fault) throw this.#fault.error;
  }

  /** We left such a room or were invited anew: what was said there before has to be told before. */
  #changesHeld(answer: JsonObject): boolean {
    const rooms = asObject(answer["rooms"]) ?? {};
    return ["leave", "invite", "knock"].some((section) =>
      roomsIn(rooms[section]).some(([room]) => this.#held.has(room)),
    );
  }

  #tellLater(rest: Rest): void {
    this.#behind += 1;
    for (const room of rest.sealed.keys()) this.#held.set(room, (this.#held.get(room) ?? 0) + 1);
    this.#queue = this.#queue
      .then(() => this.#tell(rest))
      .catch((error: unknown) => {
        this.#fault ??= { error };
      });
  }

  async #tell({ answer, since, sealed }: Rest): Promise<void> {
    const opened = new Map<RoomId, ReadonlyMap<unknown, Opened | undefined>>();
    for (const [room, events] of sealed) opened.set(room, await this.#opened(room, events));
    this.#behind -= 1;
    for (const room of sealed.keys()) {
      const left = this.#held.get(room)! - 1;
      if (left > 0) this.#held.set(room, left);
      else this.#held.delete(room);
    }
    if (this.#signal.aborted) return;
    this.#deliver([...decodeOpened(answer, { ...this.#options, since, opened }), this.#synced(answer)]);
    this.#options.encryption?.keepUp();
  }

  async #opened(
    room: RoomId,
    events: readonly JsonObject[],
  ): Promise<ReadonlyMap<unknown, Opened | undefined>> {
    const opened = new Map<unknown, Opened | undefined>();
    for (const raw of events)
      if (!this.#signal.aborted) opened.set(raw, await this.#options.encryption?.openEvent(room, raw));
    return opened;
  }

  #synced(answer: JsonObject): Seen {
    if (this.#options.encryption?.hasReceivedAll !== false) this.#safe = asString(answer["next_batch"])!;
    return { kind: "synced", token: this.#safe };
  }

  #deliver(seen: readonly Seen[]): void {
    this.#options.deliver(stamped(this.#options, seen));
  }
}

/** With the time at which they are told. */
export function stamped(
  { clock, transport }: Pick<TellOptions, "clock" | "transport">,
  seen: readonly Seen[],
): readonly Observation[] {
  const at = clock.now();
  const dueBy = transport.serverTime.dueBy(at);
  return seen.map((one) => ({ ...one, at, dueBy }));
}
