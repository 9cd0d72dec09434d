// Notes what each IndexedDB transaction changes, and journals it inside the transaction's own "complete" event,
// before its owner hears of it. Uses IndexedDB's public interface only, by wrapping its prototypes.
//
// A change is a small array: ["put", store, key, value], ["delete", store, key or range], ["clear", store],
// ["createStore", store, options], ["deleteStore", store], ["createIndex", store, index, keyPath, options],
// ["deleteIndex", store, index].

"use strict";

require("fake-indexeddb/auto");

const { IDBCursor, IDBDatabase, IDBFactory, IDBKeyRange, IDBObjectStore } = globalThis;

const native = {
  open: IDBFactory.prototype.open,
  deleteDatabase: IDBFactory.prototype.deleteDatabase,
  transaction: IDBDatabase.prototype.transaction,
  createObjectStore: IDBDatabase.prototype.createObjectStore,
  deleteObjectStore: IDBDatabase.prototype.deleteObjectStore,
  createIndex: IDBObjectStore.prototype.createIndex,
  deleteIndex: IDBObjectStore.prototype.deleteIndex,
  put: IDBObjectStore.prototype.put,
  add: IDBObjectStore.prototype.add,
  delete: IDBObjectStore.prototype.delete,
  clear: IDBObjectStore.prototype.clear,
  cursorUpdate: IDBCursor.prototype.update,
  cursorDelete: IDBCursor.prototype.delete,
};

/** Changes of a transaction that is still open; only transactions on a journaled database have an entry. */
const changesOf = new WeakMap();
/** The transaction in which a database is being upgraded. */
const upgradeOf = new WeakMap();
let journalOf = () => undefined;
let isPaused = false;

/** `find(databaseName)` answers with the journal of a database, or undefined when it has none. */
function recordInto(find) {
  journalOf = find;
}

/** What runs inside is not recorded: it comes from the journal, or only reads. */
async function withoutRecording(work) {
  isPaused = true;
  try {
    return await work();
  } finally {
    isPaused = false;
  }
}

function watch(transaction, database) {
  const journal = isPaused ? undefined : journalOf(database.name);
  if (!journal || changesOf.has(transaction)) return;
  changesOf.set(transaction, []);
  transaction.addEventListener("complete", () => {
    // The key of a put is known only when its request has succeeded.
    const changes = changesOf
      .get(transaction)
      .map((change) => (typeof change === "function" ? change() : change));
    if (changes.length > 0) appendOrDie(journal, { version: database.version, changes });
  });
}

/** Keys that are in use but not on disk would be lost silently; a bot that stops can be repaired. */
function appendOrDie(journal, record) {
  try {
    journal.append(record);
  } catch (error) {
    console.error("crypto store: cannot write the journal, stopping before keys are lost:", error.message);
    process.exit(74);
  }
}

function note(transaction, change) {
  changesOf.get(transaction)?.push(change);
}

function storedKey(keyOrRange) {
  if (!(keyOrRange instanceof IDBKeyRange)) return { key: keyOrRange };
  const { lower, upper, lowerOpen, upperOpen } = keyOrRange;
  return { range: { lower, upper, lowerOpen, upperOpen } };
}

function keyFrom(stored) {
  if (!stored.range) return stored.key;
  const { lower, upper, lowerOpen, upperOpen } = stored.range;
  if (lower === undefined) return IDBKeyRange.upperBound(upper, upperOpen);
  if (upper === undefined) return IDBKeyRange.lowerBound(lower, lowerOpen);
  return IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen);
}

/** Carries out a recorded change again. `database` and `transaction` are those of the replay. */
function replay(change, database, transaction) {
  const [kind, name, ...rest] = change;
  if (kind === "createStore") return database.createObjectStore(name, rest[0]);
  if (kind === "deleteStore") return database.deleteObjectStore(name);
  const store = transaction.objectStore(name);
  switch (kind) {
    case "put":
      // A store with a key path takes the key from the value and refuses a second one.
      return store.keyPath === null ? store.put(rest[1], rest[0]) : store.put(rest[1]);
    case "delete":
      return store.delete(keyFrom(rest[0]));
    case "clear":
      return store.clear();
    case "createIndex":
      return store.createIndex(rest[0], rest[1], rest[2]);
    case "deleteIndex":
      return store.deleteIndex(rest[0]);
    default:
      throw new Error(`crypto store: the journal holds an unknown change "${kind}"`);
  }
}

IDBFactory.prototype.open = function open(...args) {
  const request = native.open.apply(this, args);
  request.addEventListener("upgradeneeded", () => {
    upgradeOf.set(request.result, request.transaction);
    watch(request.transaction, request.result);
  });
  return request;
};

IDBFactory.prototype.deleteDatabase = function deleteDatabase(name) {
  const request = native.deleteDatabase.call(this, name);
  const journal = isPaused ? undefined : journalOf(name);
  request.addEventListener("success", () => journal?.remove());
  return request;
};

IDBDatabase.prototype.transaction = function transaction(...args) {
  const opened = native.transaction.apply(this, args);
  if (opened.mode !== "readonly") watch(opened, this);
  return opened;
};

IDBDatabase.prototype.createObjectStore = function createObjectStore(name, options) {
  const store = native.createObjectStore.call(this, name, options);
  note(store.transaction, ["createStore", name, options]);
  return store;
};

IDBDatabase.prototype.deleteObjectStore = function deleteObjectStore(name) {
  native.deleteObjectStore.call(this, name);
  note(upgradeOf.get(this), ["deleteStore", name]);
};

IDBObjectStore.prototype.createIndex = function createIndex(name, keyPath, options) {
  const index = native.createIndex.call(this, name, keyPath, options);
  note(this.transaction, ["createIndex", this.name, name, keyPath, options]);
  return index;
};

IDBObjectStore.prototype.deleteIndex = function deleteIndex(name) {
  native.deleteIndex.call(this, name);
  note(this.transaction, ["deleteIndex", this.name, name]);
};

for (const method of ["put", "add"]) {
  IDBObjectStore.prototype[method] = function write(...args) {
    const request = native[method].apply(this, args);
    note(this.transaction, () => ["put", this.name, request.result, args[0]]);
    return request;
  };
}

IDBObjectStore.prototype.delete = function remove(keyOrRange) {
  const request = native.delete.call(this, keyOrRange);
  note(this.transaction, ["delete", this.name, storedKey(keyOrRange)]);
  return request;
};

IDBObjectStore.prototype.clear = function clear() {
  const request = native.clear.call(this);
  note(this.transaction, ["clear", this.name]);
  return request;
};

IDBCursor.prototype.update = function update(value) {
  const request = native.cursorUpdate.call(this, value);
  const store = storeOf(this);
  note(store.transaction, ["put", store.name, this.primaryKey, value]);
  return request;
};

IDBCursor.prototype.delete = function remove() {
  const store = storeOf(this);
  const key = this.primaryKey;
  const request = native.cursorDelete.call(this);
  note(store.transaction, ["delete", store.name, { key }]);
  return request;
};

/** A cursor runs over a store or over one of its indexes. */
function storeOf(cursor) {
  return cursor.source.objectStore ?? cursor.source;
}

module.exports = { recordInto, withoutRecording, replay };
