/**
 * Keeps the account data of a Mjolnir or Draupnir in step with our settings, so that a community can go back to it.
 * Foreign entries stay: each key is read before it is written, and only entries that we wrote or took over are removed.
 */
import { asObject, type JsonObject } from "../kit/json.ts";
import type { Log } from "../kit/log.ts";
import type { RestClient } from "../matrix/http/client.ts";
import { parseRoomAlias, parseRoomId, type RoomId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { readOne } from "./read-earlier-bot.ts";
import { accountDataWrites, type AccountDataWrite } from "../takeover/account-data-writes.ts";
import { parseAddress } from "../takeover/earlier-bot.ts";

export class AccountDataMirror {
  readonly #client: RestClient;
  readonly #world: WorldView;
  readonly #log: Log;
  /** Keeps what we last put into each key. */
  readonly #snapshot: Snapshot;
  readonly #stop = new AbortController();
  #isWriting = false;
  #isAsked = false;

  constructor(options: { client: RestClient; world: WorldView; snapshot: Snapshot; log: Log }) {
    this.#client = options.client;
    this.#world = options.world;
    this.#snapshot = options.snapshot;
    this.#log = options.log;
  }

  /** Writes what has changed. Calls that come while one is running lead to one more round. */
  async write(): Promise<void> {
    this.#isAsked = true;
    // The batch that led here may still change the settings: wait until it is processed.
    await Promise.resolve();
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#isAsked && !this.#stop.signal.aborted) {
      this.#isAsked = false;
      for (const key of accountDataWrites) await this.#writeOne(key);
    }
    this.#isWriting = false;
  }

  /** Nothing is written any more: the data folder is about to be closed. */
  stop(): void {
    this.#stop.abort();
  }

  async #writeOne({ type, ours, merge }: AccountDataWrite): Promise<void> {
    const { signal } = this.#stop;
    const wanted = ours(this.#world);
    if (wanted === undefined || signal.aborted) return;
    const text = JSON.stringify(wanted);
    const before = this.#snapshot.kept(keptAs(type));
    if (before === text) return;
    try {
      const there = await readOne(this.#client.transport, { self: this.#world.self, type, signal });
      const merged = merge({
        current: asObject(there) ?? {},
        lastWritten: before === undefined ? {} : (JSON.parse(before) as JsonObject),
        ours: wanted,
        roomOf: (reference) => this.#roomOf(reference),
      });
      if (merged && JSON.stringify(merged) !== JSON.stringify(there))
        await this.#client.setAccountData(type, merged);
      if (!signal.aborted) this.#snapshot.keep(keptAs(type), text);
    } catch (error) {
      if (!signal.aborted) this.#log.warn({ type, reason: String(error) }, "account data not written");
    }
  }

  /** The room behind an id, a link, or an alias that was looked up once. */
  #roomOf(reference: string): RoomId | undefined {
    const id = parseAddress(reference)?.id;
    const alias = parseRoomAlias(id);
    return alias ? parseRoomId(this.#snapshot.kept(`alias ${alias}`)) : parseRoomId(id);
  }
}

function keptAs(type: string): string {
  return `account data ${type}`;
}
