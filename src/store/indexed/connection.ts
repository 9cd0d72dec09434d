/** A connection to a base (`IDBDatabase`), and how one is opened and brought to a newer version (`IDBFactory.open`). */
import type { ObjectStore } from "./object-store.ts";
import { exceptionOf, OpenRequest, told, type VersionChange } from "./request.ts";
import type { Turn } from "./schedule.ts";
import type { StoreRow } from "./tables.ts";
import { type Mode, type Surroundings, Transaction } from "./transaction.ts";

/** What `DOMStringList` is elsewhere. */
class NameList {
  readonly #names: readonly string[];

  constructor(names: Iterable<string>) {
    this.#names = [...names].toSorted();
  }

  get length(): number {
    return this.#names.length;
  }

  item(at: number): string | null {
    return this.#names[at] ?? null;
  }

  contains(name: string): boolean {
    return this.#names.includes(name);
  }
}

export class Connection {
  readonly name: string;
  version: number;
  isClosed = false;
  /** In which stores are made and removed. */
  upgrade: Transaction | undefined;
  readonly #around: Surroundings;
  readonly #stores: Map<string, StoreRow>;

  constructor(around: Surroundings, name: string) {
    this.#around = around;
    this.name = name;
    this.version = around.tables.version(name);
    this.#stores = around.tables.stores(name);
  }

  get objectStoreNames(): NameList {
    return new NameList(this.#stores.keys());
  }

  transaction(names: string | Iterable<string>, mode: Mode = "readonly"): Transaction {
    if (this.isClosed) throw new DOMException("the connection is closed", "InvalidStateError");
    if (this.upgrade) throw new DOMException("the base is being upgraded", "InvalidStateError");
    const wanted = typeof names === "string" ? [names] : [...names];
    if (wanted.length === 0) throw new DOMException("a transaction needs a store", "InvalidAccessError");
    const stores = new Map(wanted.map((name) => [name, this.#store(name)]));
    return new Transaction(this.#around, mode, stores);
  }

  /** Within an upgrade. */
  createObjectStore(name: string): ObjectStore {
    const upgrade = this.#upgrading();
    if (this.#stores.has(name)) throw new DOMException(`there is a store ${name}`, "ConstraintError");
    this.#stores.set(name, this.#around.tables.addStore(this.name, name));
    return upgrade.objectStore(name);
  }

  /** Within an upgrade. */
  deleteObjectStore(name: string): void {
    const upgrade = this.#upgrading();
    const store = this.#store(name);
    this.#stores.delete(name);
    this.#around.tables.removeStore(store);
    // What was asked of it before is done first.
    upgrade.queue(() => this.#around.tables.clear(store));
  }

  /** Transactions that are under way go on to their end. */
  close(): void {
    this.isClosed = true;
  }

  /** The transaction of an upgrade, which reaches all stores, also those that it makes. */
  beginUpgrade(): Transaction {
    this.upgrade = new Transaction(this.#around, "versionchange", this.#stores);
    return this.upgrade;
  }

  #store(name: string): StoreRow {
    const store = this.#stores.get(name);
    if (!store) throw new DOMException(`there is no store ${name}`, "NotFoundError");
    return store;
  }

  #upgrading(): Transaction {
    if (!this.upgrade)
      throw new DOMException("stores are made and removed in an upgrade", "InvalidStateError");
    return this.upgrade;
  }
}

export class Factory {
  readonly #around: Surroundings;
  #connections: readonly Connection[] = [];

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** `version` undefined: the one that it has, or 1 for a new one. */
  open(name: string, version?: number): OpenRequest {
    if (version !== undefined && !(version >= 1)) throw new TypeError("versions begin with 1");
    const request = new OpenRequest();
    // It reads which stores there are, and so waits for an upgrade that is under way.
    const turn: Turn = {
      writes: false,
      scope: undefined,
      end: () => refuse(request, new DOMException("the file is closed", "AbortError")),
      begin: () =>
        setImmediate(() => {
          if (request.readyState === "pending") this.#answer(request, name, version);
          this.#around.schedule.remove(turn);
        }),
    };
    this.#around.schedule.add(turn);
    return request;
  }

  #answer(request: OpenRequest, name: string, version: number | undefined): void {
    try {
      this.#open(request, name, version);
    } catch (error) {
      refuse(request, exceptionOf(error));
    }
  }

  #open(request: OpenRequest, name: string, version: number | undefined): void {
    this.#connections = this.#connections.filter(({ isClosed }) => !isClosed);
    const connection = new Connection(this.#around, name);
    const wanted = version ?? Math.max(connection.version, 1);
    if (wanted < connection.version)
      return refuse(request, new DOMException(`the base has version ${connection.version}`, "VersionError"));
    const others = this.#connections.filter((other) => other.name === name);
    this.#connections = [...this.#connections, connection];
    if (wanted === connection.version) return succeed(request, connection);
    // The standard waits until they are closed. The engine closes each before it upgrades, so waiting would be for ever.
    if (others.length > 0) {
      connection.close();
      const why = "the base cannot be upgraded while it is open elsewhere";
      return refuse(request, new DOMException(why, "InvalidStateError"));
    }
    this.#upgrade(request, connection, wanted);
  }

  #upgrade(request: OpenRequest, connection: Connection, newVersion: number): void {
    const oldVersion = connection.version;
    const upgrade = connection.beginUpgrade();
    upgrade.queue(
      () => this.#around.tables.setVersion(connection.name, newVersion),
      () => {
        connection.version = newVersion;
        request.succeed(connection);
        request.transaction = upgrade;
        return upgraded(request, { type: "upgradeneeded", target: request, oldVersion, newVersion });
      },
    );
    upgrade.whenOver(({ isDone }) => {
      connection.upgrade = undefined;
      request.transaction = null;
      if (isDone && !connection.isClosed) return succeed(request, connection);
      connection.close();
      refuse(request, upgrade.error ?? new DOMException("the upgrade was aborted", "AbortError"));
    });
  }
}

/** The engine throws out of its listener where the upgrade failed: an answer, which ends nothing but the upgrade. */
function upgraded(request: OpenRequest, event: VersionChange): boolean {
  try {
    request.onupgradeneeded?.(event);
    return true;
  } catch {
    return false;
  }
}

function succeed(request: OpenRequest, connection: Connection): void {
  request.succeed(connection);
  told(request.onsuccess, { type: "success", target: request });
}

function refuse(request: OpenRequest, error: DOMException): void {
  request.fail(error);
  told(request.onerror, { type: "error", target: request });
}
