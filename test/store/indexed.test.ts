// The part of IndexedDB that the engine of encryption uses: it does what another implementation does, in the same order, and
// what it said is complete is in the file.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import fc from "fast-check";
import { once } from "node:events";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { decodeKey, encodeKey, KeyRange } from "../../src/store/indexed/keys.ts";
import { type Indexed, indexedOn, openIndexed } from "../../src/store/indexed.ts";
import { schema } from "../../src/store/indexed/tables.ts";
import { aFolder } from "../support/folder.ts";
import { recordsOf, threadWith, writeUntilKilled } from "../support/indexed-child.ts";
import { type Implementation, oneStore, open as openBase } from "../support/indexed.ts";
import { keys, outcomeOf, programs } from "../support/indexed-programs.ts";

let file: string;
let indexed: Indexed;
beforeEach(() => {
  file = join(aFolder(), "crypto.db");
  indexed = openIndexed(":memory:");
});
afterEach(() => indexed.close());

const another = (): Implementation => ({ factory: new IDBFactory(), ranges: IDBKeyRange });

test("random programs of transactions come to what they come to in another implementation", async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const fresh = openIndexed(":memory:");
      const ours = await outcomeOf(program, { factory: fresh.factory, ranges: KeyRange });
      fresh.close();

      expect(ours).toEqual(await outcomeOf(program, another()));
    }),
    { numRuns: 200 },
  );
});

test("keys are bytes that sort as the keys do, and come back as they were", () => {
  const { cmp } = new IDBFactory();
  fc.assert(
    fc.property(fc.oneof(keys, anyKey), fc.oneof(keys, anyKey), (one, other) => {
      expect(Math.sign(Buffer.compare(encodeKey(one), encodeKey(other)))).toBe(cmp(one, other));
      expect(cmp(decodeKey(encodeKey(one)), one)).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});

const anyKey = fc.letrec((tie) => ({
  key: fc.oneof(
    { depthSize: "small" },
    fc.double({ noNaN: true }),
    fc.string({ unit: "binary" }),
    fc.array(tie("key"), { maxLength: 4 }),
  ),
})).key;

test.each([undefined, null, true, Number.NaN, {}, [1, undefined], () => 1])("%p is no key", (value) => {
  expect(() => encodeKey(value)).toThrow(expect.objectContaining({ name: "DataError" }));
});

test.each([new Date(0), new Uint8Array(1), new ArrayBuffer(1), [new Date(0)]])(
  "a key of a kind that the engine does not use is refused",
  (value) => {
    expect(() => encodeKey(value)).toThrow("not supported here");
  },
);

test("what an index is to find by such a key is refused, and not left out of it", async () => {
  const refused = openBase(indexed, 1, (made) => {
    const store = made.createObjectStore("one");
    store.createIndex("by-time", "time");
    store.put({ time: new Date(0) }, 1);
  });

  await expect(refused).rejects.toMatchObject({ name: "AbortError" });
});

describe("a transaction", () => {
  test("that is aborted leaves nothing", async () => {
    const { write, read } = await oneStore(indexed);
    await write((store) => store.put("before", 1));

    const aborted = await write((store, transaction) => {
      store.clear();
      store.put("never", 2);
      transaction.abort();
    });

    expect(aborted).toBe("aborted: asked for");
    expect(await read()).toEqual([1]);
  });

  test("is undone from the first request that fails, and told of that one only", async () => {
    const { write, read } = await oneStore(indexed);
    await write((store) => store.put("before", 1));
    const told: unknown[] = [];

    const ending = await write((store, transaction) => {
      Object.assign(transaction, {
        onerror: (event: { target: { error: Error } }) => told.push(event.target.error.name),
      });
      store.put("undone", 2);
      store.add("taken", 1);
      store.put("never", 3);
    });

    expect(ending).toBe("aborted: ConstraintError");
    expect(told).toEqual(["ConstraintError"]);
    expect(await read()).toEqual([1]);
  });

  test("keeps values as they were when they were put", async () => {
    const { write, connection } = await oneStore(indexed);
    const value = { list: [1], bytes: new Uint8Array([1, 2]), map: new Map([["a", true]]) };
    await write((store) => {
      store.put(value, 1);
      value.list.push(2);
    });
    const request = connection.transaction(["one"], "readonly").objectStore("one").get(1);
    const found = await new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });

    expect(found).toEqual({ list: [1], bytes: new Uint8Array([1, 2]), map: new Map([["a", true]]) });
  });

  test("takes no requests once it is over", async () => {
    const { write } = await oneStore(indexed);
    let late: (() => void) | undefined;
    await write((store) => {
      store.put(1, 1);
      late = () => void store.put(2, 2);
    });

    expect(late).toThrow("takes no more requests");
  });
});

describe("the file", () => {
  test("is its owner's alone, and is written through to the disk", async () => {
    const open = openIndexed(file);
    await (await oneStore(open)).write((store) => store.put(1, 1));
    const modes = [file, `${file}-wal`, `${file}-shm`].map((one) => statSync(one).mode & 0o777);
    open.close();

    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test("is opened again as it was left", async () => {
    const first = openIndexed(file);
    await (await oneStore(first)).write((store) => store.put({ a: 1 }, ["a", 1]));
    first.close();

    const second = openIndexed(file);
    expect(await (await oneStore(second)).read()).toEqual([["a", 1]]);
    second.close();
  });

  test("that is closed undoes what is under way, says so, and takes nothing more", async () => {
    const open = openIndexed(file);
    const store = await oneStore(open);
    const ending = store.write((one) => one.put(1, 1));
    const waiting = store.write((one) => one.put(2, 2));
    open.close();

    expect(await Promise.all([ending, waiting])).toEqual(["aborted: AbortError", "aborted: AbortError"]);
    expect(() => store.connection.transaction(["one"], "readwrite")).toThrow("the file is closed");
    const again = openIndexed(file);
    expect(await (await oneStore(again)).read()).toEqual([]);
    again.close();
  });

  test("that is damaged, or is no database of keys, is left as it is, with what to do", () => {
    for (const content of ["no database", Buffer.alloc(4096, 0xa5)]) {
      writeFileSync(file, content);

      expect(() => openIndexed(file)).toThrow(
        /crypto\.db is not a database, and is left as it is\. Move it away/,
      );
      expect(readFileSync(file).equals(Buffer.from(content))).toBe(true);
    }
  });

  test("of something else, or of a newer Tyr, is refused", () => {
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE something (a)");
    other.close();
    expect(() => openIndexed(file)).toThrow("is not a database of keys");

    const newer = new DatabaseSync(file);
    newer.exec(`DROP TABLE something; ${schema} PRAGMA user_version = 2`);
    newer.close();
    expect(() => openIndexed(file)).toThrow("written by a newer Tyr (schema 2, this one knows 1)");
  });

  test("that was being made when the disk failed is made anew", async () => {
    writeFileSync(file, "");
    chmodSync(file, 0o600);

    const open = openIndexed(file);
    expect(await (await oneStore(open)).read()).toEqual([]);
    open.close();
  });

  test("that was removed while its side files stayed begins anew", async () => {
    expect(writeUntilKilled(file, 60)).toBeGreaterThan(0);
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    rmSync(file);

    const open = openIndexed(file);
    expect(await (await oneStore(open)).read()).toEqual([]);
    open.close();
  });

  test("that cannot be made is said, with the reason", () => {
    expect(() => openIndexed("/dev/null/crypto.db")).toThrow(
      /crypto\.db cannot be used: a part of its path is no folder/,
    );
  });
});

test("a process that is killed leaves whole transactions, and all that it was told are complete", async () => {
  for (let turn = 5; turn < 120; turn += 16) {
    const told = writeUntilKilled(file, turn);
    const open = openIndexed(file);
    const found = (await (await oneStore(open)).read()) as readonly (string | readonly [number, number])[];
    open.close();

    const pairs = found.filter((key) => typeof key !== "string");
    const newest = Math.max(0, ...pairs.map(([number]) => number));
    for (let number = 1; number <= Math.max(newest, told); number++) {
      const records = pairs.filter(([one]) => one === number);
      expect({ number, count: records.length }).toEqual({ number, count: recordsOf(number) });
    }
  }
});

test("a thread that is ended in the middle of a transaction leaves the file to the next one", async () => {
  const worker = threadWith(`
    const { write } = await oneStore(openIndexed(${JSON.stringify(file)}));
    await write((store) => store.put("kept", 1));
    await write((store) => {
      store.put("undone", 2).onsuccess = () => {
        say("in the middle");
        for (;;);
      };
    });
  `);
  await new Promise((resolve) => worker.once("message", resolve));
  await worker.terminate();

  const open = openIndexed(file);
  const store = await oneStore(open);
  expect(await store.write((one) => one.put("next", 3))).toBe("complete");
  expect(await store.read()).toEqual([1, 3]);
  open.close();
});

test("a listener that throws undoes the transaction, and ends the thread with its error", async () => {
  const worker = threadWith(`
    const { write, read } = await oneStore(openIndexed(${JSON.stringify(file)}));
    process.once("uncaughtException", async (error) => say([error.message, await ending, await read()]));
    const ending = write((store) => {
      store.put("undone", 1).onsuccess = () => { throw new Error("a panic") };
    });
  `);
  const [told] = await once(worker, "message");

  expect(told).toEqual(["a panic", "aborted: AbortError", []]);
  await worker.terminate();
});

describe("on a full disk", () => {
  test("a request fails and the transaction is undone; what was there stays, and there is room again", async () => {
    const sqlite = new DatabaseSync(file);
    sqlite.exec(`PRAGMA journal_mode = WAL; ${schema}`);
    const full = indexedOn(sqlite);
    const { write, read } = await oneStore(full);
    await write((store) => store.put("before", 1));
    const { page_count: pages } = sqlite.prepare("PRAGMA page_count").get() as { page_count: number };
    sqlite.exec(`PRAGMA max_page_count = ${pages + 2}`);

    const refused = await write((store) => {
      store.put("small", 2);
      store.put("x".repeat(100_000), 3);
      store.put("small", 4);
    });
    const kept = await read();
    sqlite.exec("PRAGMA max_page_count = 100000");

    expect(refused).toBe("aborted: QuotaExceededError");
    expect(kept).toEqual([1]);
    expect(await write((store) => store.put("x".repeat(100_000), 3))).toBe("complete");
    expect(await read()).toEqual([1, 3]);
    full.close();
  });

  test("a commit fails as a request does, with the reason", async () => {
    const sqlite = new FullAtCommit(file);
    sqlite.exec(`PRAGMA journal_mode = WAL; ${schema}`);
    const full = indexedOn(sqlite);
    const { write, read } = await oneStore(full);
    const told: unknown[] = [];

    sqlite.isFull = true;
    const refused = await write((store, transaction) => {
      Object.assign(transaction, {
        onerror: (event: { target: { error: Error } }) => told.push(event.target.error.message),
      });
      store.put("undone", 1);
    });
    sqlite.isFull = false;

    expect(refused).toBe("aborted: QuotaExceededError");
    expect(told).toEqual(["the disk is full (SQLite error 13)"]);
    expect(await write((store) => store.put("written", 2))).toBe("complete");
    expect(await read()).toEqual([2]);
    full.close();
  });
});

/** A disk that is full when a transaction is committed, as SQLite says it. */
class FullAtCommit extends DatabaseSync {
  isFull = false;

  override prepare(sql: string): StatementSync {
    const statement = super.prepare(sql);
    if (sql !== "COMMIT") return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      if (this.isFull)
        throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
      return run();
    };
    return statement;
  }
}

test("what was first written before a time is deleted, of the keys that are meant, and found by no index", async () => {
  let now = 1_000;
  const sqlite = new DatabaseSync(":memory:");
  sqlite.exec(schema);
  const open = indexedOn(sqlite, { now: () => now });
  const { write, read } = await oneStore(open);
  await write((store) => {
    store.put("old", ["!a:b", "1"]);
    store.put("old", ["!c:b", "1"]);
  });
  now = 2_000;
  await write((store) => {
    store.put("old, written again", ["!a:b", "1"]);
    store.put("new", ["!a:b", "2"]);
  });

  const range = KeyRange.bound(["!a:b"], ["!a:b", []]);
  const deleted = await open.deleteOlder({ base: "tests", store: "one", range, madeBefore: 1_500 });

  expect(deleted).toBe(1);
  expect(await read()).toEqual([
    ["!a:b", "2"],
    ["!c:b", "1"],
  ]);
  open.close();
});
