/** What a Mjolnir left in the account's data: protected rooms and watched lists. Read once, written ever after. */
import { asArray, asObject, asString } from "./kit/json.ts";
import type { Log } from "./kit/log.ts";
import { parseLink, roomLink } from "./commands/links.ts";
import { path, type RestClient } from "./matrix/client.ts";
import { MatrixFault } from "./matrix/errors.ts";
import { parseRoomAlias, parseRoomId, type RoomAlias, type RoomId } from "./model/ids.ts";
import type { Snapshot } from "./store/snapshot.ts";
import type { Settings } from "./model/settings.ts";
import type { WorldView } from "./model/world.ts";

const mjolnirRooms = "org.matrix.mjolnir.protected_rooms";
const mjolnirLists = "org.matrix.mjolnir.watched_lists";

/** Where a room or list is said to be, before anybody has looked. */
export interface Address {
  readonly id: RoomId | RoomAlias;
  readonly via: readonly string[];
}

export interface Taken {
  readonly rooms: readonly Address[];
  readonly lists: readonly Address[];
  /** Entries that are no addresses. */
  readonly unreadable: readonly string[];
}

export const nothingTaken: Taken = { rooms: [], lists: [], unreadable: [] };

export function readMjolnir(rooms: unknown, lists: unknown): Taken {
  const unreadable: string[] = [];
  const read = (entries: unknown) =>
    (asArray(entries) ?? []).flatMap((entry) => {
      const address = parseAddress(asString(entry) ?? "");
      if (!address) unreadable.push(String(entry).slice(0, 100));
      return address ?? [];
    });
  return {
    rooms: read(asObject(rooms)?.["rooms"]),
    lists: read(asObject(lists)?.["references"]),
    unreadable,
  };
}

/** A room id, an alias or a link to either. */
export function parseAddress(text: string): Address | undefined {
  const link = parseLink(text);
  const id = link?.room ?? link?.alias ?? parseRoomId(text) ?? parseRoomAlias(text);
  return id && { id, via: link?.via ?? [] };
}

/** The account data of the bot: read at the first start, kept in step ever after, so that there is a way back. */
export class AccountData {
  readonly #client: RestClient;
  readonly #world: WorldView;
  readonly #log: Log;
  /** Keeps what each key was last written as. */
  readonly #snapshot: Snapshot;
  #isWriting = false;
  #isStopped = false;

  constructor(options: { client: RestClient; world: WorldView; snapshot: Snapshot; log: Log }) {
    this.#client = options.client;
    this.#world = options.world;
    this.#snapshot = options.snapshot;
    this.#log = options.log;
  }

  async read(signal: AbortSignal): Promise<Taken> {
    const [rooms, lists] = await Promise.all(
      [mjolnirRooms, mjolnirLists].map((type) => this.#get(type, signal)),
    );
    return readMjolnir(rooms, lists);
  }

  /** Writes what has changed. Calls while one is at work are one more round after it. */
  async write(): Promise<void> {
    // The settings may be about to change in the batch that led here; they have once that is worked off.
    await Promise.resolve();
    if (this.#isWriting) return;
    this.#isWriting = true;
    for (let isChanged = true; isChanged;) isChanged = await this.#writeChanged();
    this.#isWriting = false;
  }

  /** From now on the data folder may be closed. */
  stop(): void {
    this.#isStopped = true;
  }

  async #writeChanged(): Promise<boolean> {
    let isChanged = false;
    for (const [type, content] of mjolnirKeys(this.#world.settings)) {
      if (this.#isStopped) return false;
      const text = JSON.stringify(content);
      if (this.#snapshot.kept(`account data ${type}`) === text) continue;
      try {
        await this.#client.setAccountData(type, content);
        if (!this.#isStopped) this.#snapshot.keep(`account data ${type}`, text);
      } catch (error) {
        if (this.#isStopped) return false;
        this.#log.warn({ type, reason: String(error) }, "account data not written");
        continue;
      }
      isChanged = true;
    }
    return isChanged;
  }

  async #get(type: string, signal: AbortSignal): Promise<unknown> {
    try {
      const where = path`/_matrix/client/v3/user/${this.#world.self}/account_data/${type}`;
      return await this.#client.transport.request("GET", where, { signal });
    } catch (error) {
      if (error instanceof MatrixFault && error.status === 404) return undefined;
      throw error;
    }
  }
}

function mjolnirKeys({ rooms, lists }: Settings): readonly (readonly [string, object])[] {
  return [
    [mjolnirRooms, { rooms: [...rooms.keys()] }],
    [mjolnirLists, { references: lists.map((list) => roomLink(list.room, list.via)) }],
  ];
}
