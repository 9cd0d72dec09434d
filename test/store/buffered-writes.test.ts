import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MemberRecord } from "../../src/model/member-record.ts";
import type { Row } from "../../src/model/world/changes.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { BufferedWrites, type Write } from "../../src/store/buffered-writes.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { hall, lobby, state, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

let db: Database;
let snapshot: Snapshot;
let records: BufferedWrites;
let logged: string[];
/** What the next transactions end with. */
let failure: Error | undefined;
let attempts: number;

const diskIsFull = Object.assign(new Error("database or disk is full"), {
  code: "ERR_SQLITE_ERROR",
  errcode: 13,
});

beforeEach(() => {
  db = openDatabase(":memory:");
  const transaction = db.transaction.bind(db);
  failure = undefined;
  attempts = 0;
  db.transaction = (work) => {
    attempts++;
    return transaction(() => {
      const result = work();
      if (failure) throw failure;
      return result;
    });
  };
  snapshot = new Snapshot(db);
  logged = [];
  const log = (_: unknown, message: string) => void logged.push(message);
  records = new BufferedWrites({
    maxKept: usualLimits.unwrittenEntries,
    db,
    snapshot,
    log: { debug: log, info: log, warn: log, error: log },
  });
});

const ban: MemberRecord = { membership: "ban", stamp: 1, isOurs: true, forList: undefined, since: 0 };
const ann = user("@ann:example.org");
const member = (record: MemberRecord | undefined, room = lobby): Row => ({
  kind: "member",
  room,
  user: ann,
  record,
});
const note = (text: string) => () => {
  db.run("INSERT INTO refusal VALUES (0, 'ban', NULL, ?, '', '')", text);
  return new Set([text]);
};
const notes = () => db.all("SELECT target FROM refusal ORDER BY rowid").flat();
const write = (
  at: number,
  { rows = [], token, text }: { rows?: readonly Row[]; token?: string; text?: string },
) =>
  records.write(
    { rows, token, work: text === undefined ? () => new Set<string>() : note(text), size: text ? 1 : 0 },
    at,
  );

test("writes rows, token and whatever else there is, and gives back what the work gave", () => {
  expect(write(0, { rows: [member(ban)], token: "s1", text: "a" })).toEqual(new Set(["a"]));

  expect([...snapshot.read()]).toEqual([member(ban)]);
  expect(snapshot.kept("token")).toBe("s1");
  expect(notes()).toEqual(["a"]);
  expect(records.trouble).toBeUndefined();
  expect(logged).toEqual([]);
});

describe("on a full disk", () => {
  beforeEach(() => {
    failure = diskIsFull;
  });

  test("nothing is lost: all is written when there is room, in its order", () => {
    expect(write(0, { rows: [member(ban)], token: "s1", text: "a" })).toBeUndefined();
    expect(write(6_000, { rows: [member(ban, hall)], token: "s2", text: "b" })).toBeUndefined();
    expect(notes()).toEqual([]);

    failure = undefined;
    expect(write(12_000, { rows: [], text: "c" })).toEqual(new Set(["c"]));

    expect(notes()).toEqual(["a", "b", "c"]);
    expect([...snapshot.read()]).toHaveLength(2);
    expect(snapshot.kept("token")).toBe("s2");
    write(13_000, { text: "d" });
    expect(notes()).toEqual(["a", "b", "c", "d"]);
  });

  test("only the newest row about a thing counts", () => {
    const name = (text: string): Row => ({
      kind: "state",
      room: lobby,
      type: "m.room.name",
      stateKey: "",
      event: state("m.room.name", { name: text }, { id: `$${text}` }),
    });
    for (let i = 0; i < 100; i++) write(0, { rows: [name(`name${i}`), member(i % 2 ? ban : undefined)] });

    failure = undefined;
    write(10_000, {});

    expect([...snapshot.read()]).toEqual([name("name99"), member(ban)]);
  });

  test("a room that is forgotten takes its members along, and those seen anew stay", () => {
    failure = undefined;
    write(0, { rows: [member(ban), member(ban, hall)] });
    failure = diskIsFull;
    write(10_000, { rows: [member({ ...ban, stamp: 2 })] });
    write(10_001, { rows: [{ kind: "room-forgotten", room: lobby }] });
    write(10_002, { rows: [{ kind: "room-forgotten", room: hall }] });
    write(10_003, { rows: [member({ ...ban, stamp: 3 }, hall)] });

    failure = undefined;
    write(20_000, {});

    expect([...snapshot.read()]).toEqual([member({ ...ban, stamp: 3 }, hall)]);
  });

  test("it is tried again now and then, not at every event", () => {
    for (let at = 0; at < 20_000; at += 10) write(at, { text: "x" });

    expect(attempts).toBe(4);
  });

  test("it is logged and told when it begins and when it has been over for a while", () => {
    const told = [];
    for (let at = 0; at < 60_000; at += 1_000) {
      write(at, { text: "x" });
      told.push(records.news(at));
    }
    expect(told.map((news) => news?.kind).filter(Boolean)).toEqual(["began"]);
    expect(records.trouble).toContain("the disk is full");
    expect(logged).toHaveLength(1);

    failure = undefined;
    write(70_000, {});
    expect(records.trouble).toBeUndefined();
    expect(records.news(70_000)).toBeUndefined();
    failure = diskIsFull;
    write(90_000, { text: "x" });
    expect(records.news(90_000)).toBeUndefined();
    failure = undefined;
    write(100_000, {});
    expect(records.news(130_000)).toBeUndefined();
    expect(records.news(160_000)).toEqual({ kind: "over", lost: 0 });
    expect(records.news(170_000)).toBeUndefined();
  });

  test("what is kept has a bound, and what had to go is counted", () => {
    for (let i = 0; i < 30_000; i++) write(0, { text: `${i}` });
    expect(records.news(0)).toMatchObject({ kind: "began" });

    failure = undefined;
    write(10_000, {});

    expect(notes()).toHaveLength(20_000);
    expect(notes().at(-1)).toBe("29999");
    expect(records.news(70_000)).toEqual({ kind: "over", lost: 10_000 });
  });

  test("a last attempt before the end is made at once", () => {
    write(0, { text: "a" });
    failure = undefined;

    records.lastTry(1);

    expect(notes()).toEqual(["a"]);
  });
});

test("a fault of ours costs its own entries and stands in nobody's way", () => {
  const broken = () => {
    throw new TypeError("x is not a function");
  };

  expect(records.write({ rows: [member(ban)], token: "s1", work: broken, size: 1 }, 0)).toBeUndefined();
  expect(records.trouble).toBeUndefined();
  expect(write(1, { text: "a" })).toEqual(new Set(["a"]));

  expect(notes()).toEqual(["a"]);
  expect([...snapshot.read()]).toEqual([member(ban)]);
  expect(snapshot.kept("token")).toBe("s1");
});

describe("one transaction around several writes", () => {
  const writing =
    (...texts: readonly string[]) =>
    (write: Write) => {
      for (const text of texts) write(note(text), 1);
    };
  const nothing = () => ({ rows: [], token: undefined });

  test("writes all of them, and then what remains", () => {
    const isWritten = records.inTransaction(0, writing("a", "b"), () => ({
      rows: [member(ban)],
      token: "s1",
    }));

    expect({ isWritten, attempts, notes: notes() }).toEqual({
      isWritten: true,
      attempts: 1,
      notes: ["a", "b"],
    });
    expect([...snapshot.read()]).toEqual([member(ban)]);
    expect(snapshot.kept("token")).toBe("s1");
  });

  test("runs its body once, though the disk is full, and writes it later in its order", () => {
    const bodies: string[] = [];
    failure = diskIsFull;
    const isWritten = records.inTransaction(
      0,
      (write) => {
        bodies.push("body");
        writing("a", "b")(write);
      },
      nothing,
    );
    failure = undefined;
    records.inTransaction(5_000, writing("c"), nothing);

    expect(isWritten).toBe(false);
    expect(bodies).toEqual(["body"]);
    expect(notes()).toEqual(["a", "b", "c"]);
  });

  test("gives each write what it gave, or nothing once one has failed", () => {
    const given: unknown[] = [];
    records.inTransaction(
      0,
      (write) => {
        given.push(write(note("a"), 1));
        given.push(
          write(() => {
            throw diskIsFull;
          }, 1),
        );
        given.push(write(note("b"), 1));
      },
      nothing,
    );

    expect(given).toEqual([new Set(["a"]), undefined, undefined]);
    expect(notes()).toEqual([]);
  });

  test("keeps what was written where the body throws, and throws that in the end", () => {
    const body = (write: Write) => {
      write(note("a"), 1);
      throw new Error("ours");
    };

    expect(() => records.inTransaction(0, body, () => ({ rows: [], token: "s1" }))).toThrow("ours");

    expect(notes()).toEqual(["a"]);
    expect(snapshot.kept("token")).toBe("s1");
  });
});
