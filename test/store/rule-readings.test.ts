// Readings of rules are kept from run to run, no longer than they are asked for; a full disk does no harm.

import { expect, test } from "@jest/globals";
import { openDatabase } from "../../src/store/database.ts";
import { RuleReadings } from "../../src/store/rule-readings.ts";

test("a reading is there in the next run, and forgotten in one that does not ask for it", () => {
  const database = openDatabase(":memory:");
  const first = new RuleReadings(database);
  first.put("one", "1");
  first.put("two", "2");
  first.seen();

  const second = new RuleReadings(database);
  expect([second.get("one"), second.get("three")]).toEqual(["1", undefined]);
  second.seen();

  const third = new RuleReadings(database);
  expect([third.get("one"), third.get("two")]).toEqual(["1", undefined]);
});

test("a run that asks for nothing forgets nothing, and nothing else that is kept is touched", () => {
  const database = openDatabase(":memory:");
  database.run("INSERT INTO keep (name, value) VALUES ('token', 'x'), ('rule', 'y'), ('ruler', 'z')");
  const first = new RuleReadings(database);
  first.put("one", "1");
  first.seen();
  new RuleReadings(database).seen();

  const next = new RuleReadings(database);
  expect(next.get("one")).toBe("1");
  next.get("other");
  next.seen();
  expect(database.all("SELECT value FROM keep ORDER BY name").flat()).toEqual(["y", "1", "z", "x"]);
});

test("what cannot be written is dropped without a word, and read anew after the next start", () => {
  const database = openDatabase(":memory:");
  const transaction = database.transaction.bind(database);
  database.transaction = () => {
    throw Object.assign(new Error("database or disk is full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
  };
  const first = new RuleReadings(database);
  first.put("one", "1");
  first.seen();
  database.transaction = transaction;
  first.put("two", "2");
  first.seen();

  const next = new RuleReadings(database);
  expect([next.get("one"), next.get("two")]).toEqual([undefined, "2"]);
});
