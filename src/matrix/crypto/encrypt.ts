/**
 * Encrypts messages for a room: its members' devices are known, have its key, and only then something is said. One message
 * at a time in each room: the library ends the process where two are encrypted at once ("m.megolm.v1.aes-sha2").
 */
import type { JsonObject } from "../../kit/json.ts";
import { MatrixFault } from "../http/errors.ts";
import type { Engine } from "./engine.ts";
import type { OutgoingRequests } from "./outgoing-requests.ts";

export interface Audience {
  readonly room: string;
  /** Whoever may read it. */
  readonly users: readonly string[];
  /** "invited", "joined", "shared" or "world_readable". */
  readonly historyVisibility: string;
  /** A new session for more devices than these costs seconds of computing: nothing is said there. */
  readonly mostDevices: number;
}

export interface EncryptOptions {
  readonly engine: Engine;
  readonly outgoing: OutgoingRequests;
}

export class Encrypting {
  readonly #options: EncryptOptions;
  /** Rooms that have a session of this run, with who can read it. */
  readonly #begun = new Map<string, ReadonlySet<string>>();
  /** For each room: ends when what is said there is encrypted. */
  readonly #queues = new Map<string, Promise<unknown>>();
  /** Ends when the keys that are being claimed have come: two claims at once use up twice as many. */
  #claim: Promise<unknown> = Promise.resolve();

  constructor(options: EncryptOptions) {
    this.#options = options;
  }

  /**
   * Devices of these people could not read what we sent to them, so that they lack keys of rooms: the next message begins a
   * new session there. A store that was set back in time is told from nothing else.
   */
  beginAnewWith(users: readonly string[]): void {
    for (const [room, readers] of this.#begun)
      if (users.some((user) => readers.has(user))) this.#begun.delete(room);
  }

  /** Gives the content of an `m.room.encrypted`. Rejects with a `MatrixFault`; what was not given a key is not said. */
  seal(audience: Audience, message: { readonly type: string; readonly content: JsonObject }) {
    return this.#inTurn(audience.room, async () => {
      await this.#share(audience);
      return this.#options.engine.encrypt({ room: audience.room, ...message });
    });
  }

  /** Gives the key to whoever does not have it yet, so that the next message need not wait for it. */
  prepare(audience: Audience): Promise<void> {
    return this.#inTurn(audience.room, () => this.#share(audience));
  }

  async #share(audience: Audience): Promise<void> {
    const { engine, outgoing } = this.#options;
    const { room, users, mostDevices } = audience;
    if (users.length > mostDevices) throw tooMany(users.length, mostDevices);
    // A store that was set back in time would use keys of messages twice, which clients refuse to read.
    if (!this.#begun.has(room)) await engine.beginAnew(room);
    this.#begun.set(room, new Set(users));
    await engine.track(users);
    await outgoing.round();
    // Nobody has so many devices that it needs to be counted in a small room.
    const devices = users.length * 5 > mostDevices ? await engine.countDevices(users) : users.length;
    if (devices > mostDevices) throw tooMany(devices, mostDevices);
    await this.#claimFor(users);
    for (const request of await engine.share(audience)) await outgoing.send(request);
  }

  async #claimFor(users: readonly string[]): Promise<void> {
    const { engine, outgoing } = this.#options;
    const claim = this.#claim.then(async () => {
      const request = await engine.missingSessions(users);
      if (request) await outgoing.send(request);
    });
    this.#claim = claim.catch(() => {});
    await claim;
  }

  #inTurn<T>(room: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(room) ?? Promise.resolve()).then(work);
    const over = turn.catch(() => {});
    this.#queues.set(room, over);
    void over.then(() => {
      if (this.#queues.get(room) === over) this.#queues.delete(room);
    });
    return turn;
  }
}

function tooMany(devices: number, most: number): MatrixFault {
  const message = `the room is encrypted and has ${devices} devices, and I write to ${most} at most (encryption.mostDevices)`;
  return new MatrixFault(413, "TOO_MANY_DEVICES", message);
}
