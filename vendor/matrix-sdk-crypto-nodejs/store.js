// The keys of one bot in one folder: locks it, reads the journals back into the in-memory IndexedDB, and keeps
// them short. Several folders can be open in one process, one per bot.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { Journal } = require("./journal.js");
const { recordInto, withoutRecording, replay } = require("./recording.js");

const EXTENSION = ".journal";
// A journal grows by some 9 KB per encrypted message and shrinks to what is current: 38 KB for a small bot.
const COMPACT_ABOVE_BYTES = 4 * 1024 * 1024;

/** Open stores by name; the names of their databases begin with it. */
const stores = new Map();
/** Replaying pauses the recording for the whole process, so folders are opened one after the other. */
let queue = Promise.resolve();

recordInto(journalFor);

/** Makes the folder's keys available and answers with the store name to hand to the OlmMachine. */
function open(folder) {
  const opened = queue.then(() => openNow(path.resolve(folder)));
  queue = opened.catch(() => undefined);
  return opened;
}

async function openNow(folder) {
  const name = `tyr-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;
  // Open already, in this process: what is in memory is the newest state.
  if (stores.has(name)) return name;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  lock(folder);
  const store = { folder, journals: new Map() };
  stores.set(name, store);
  for (const file of fs.readdirSync(folder)) {
    if (!file.endsWith(EXTENSION)) continue;
    const database = Buffer.from(path.basename(file, EXTENSION), "hex").toString();
    const journal = journalIn(store, name, name + database);
    await withoutRecording(() => restore(name + database, journal));
    if (journal.bytes > COMPACT_ABOVE_BYTES) await withoutRecording(() => compact(name + database, journal));
  }
  return name;
}

/** Two processes on one folder would corrupt each other's keys. A lock of a process that is gone is taken over. */
function lock(folder) {
  const file = path.join(folder, "lock");
  const owner = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  if (owner > 0 && owner !== process.pid && isRunning(owner)) {
    throw new Error(`crypto store: ${folder} is in use by process ${owner}. Stop that one first.`);
  }
  fs.writeFileSync(file, String(process.pid), { mode: 0o600 });
  process.once("exit", () => fs.rmSync(file, { force: true }));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error.code === "EPERM";
  }
}

function journalFor(database) {
  for (const [name, store] of stores) {
    if (database.startsWith(name)) return journalIn(store, name, database);
  }
  return undefined;
}

/** Files are named after the database without the store's name, so that a folder can be moved. */
function journalIn(store, name, database) {
  const suffix = database.slice(name.length);
  let journal = store.journals.get(suffix);
  if (!journal) {
    journal = new Journal(path.join(store.folder, Buffer.from(suffix).toString("hex") + EXTENSION));
    store.journals.set(suffix, journal);
  }
  return journal;
}

async function restore(name, journal) {
  let database;
  for (const { version, changes } of journal.read()) {
    if (database?.version === version) {
      await replayIn(database, changes);
    } else {
      database?.close();
      database = await upgrade(name, version, changes);
    }
  }
  database?.close();
}

/** A higher version number means that the changes were made while the database was upgraded to it. */
function upgrade(name, version, changes) {
  const request = globalThis.indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const change of changes) replay(change, request.result, request.transaction);
  };
  return resultOf(request);
}

function replayIn(database, changes) {
  const names = [...new Set(changes.map((change) => change[1]))];
  const transaction = database.transaction(names, "readwrite");
  for (const change of changes) replay(change, database, transaction);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Replaces the history of a database by two records: its stores, and what they hold now. */
async function compact(name, journal) {
  const database = await resultOf(globalThis.indexedDB.open(name));
  const stores = [...database.objectStoreNames];
  const schema = [];
  const contents = [];
  const transaction = stores.length > 0 ? database.transaction(stores, "readonly") : undefined;
  for (const storeName of stores) {
    const store = transaction.objectStore(storeName);
    schema.push(["createStore", storeName, { keyPath: store.keyPath, autoIncrement: store.autoIncrement }]);
    for (const indexName of store.indexNames) {
      const { keyPath, unique, multiEntry } = store.index(indexName);
      schema.push(["createIndex", storeName, indexName, keyPath, { unique, multiEntry }]);
    }
    const [keys, values] = await Promise.all([resultOf(store.getAllKeys()), resultOf(store.getAll())]);
    keys.forEach((key, index) => contents.push(["put", storeName, key, values[index]]));
  }
  const { version } = database;
  database.close();
  const records = [schema, contents].filter((changes) => changes.length > 0);
  journal.replace(records.map((changes) => ({ version, changes })));
}

function resultOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

module.exports = { open };
