import { expect, test } from "@jest/globals";
import { Flags } from "../../src/model/flags.ts";
import { listA, user } from "../support/make.ts";

const flag = (who: string) => ({ user: user(who), lists: [listA], total: 50, since: 5 });

test("a flag is kept, written, and restored; beyond the bound the oldest goes", () => {
  const flags = new Flags(2);
  for (const who of ["@a:x", "@b:x", "@c:x"]) flags.set(flag(who));

  expect([...flags.users()]).toEqual(["@b:x", "@c:x"]);
  expect([...flags.unwritten.take()]).toEqual([
    ["@a:x", undefined],
    ["@b:x", flag("@b:x")],
    ["@c:x", flag("@c:x")],
  ]);

  const again = new Flags();
  again.restore("@b:x", flag("@b:x"));
  expect([again.has(user("@b:x")), again.size, [...again.unwritten.take()]]).toEqual([true, 1, []]);
  again.delete(user("@b:x"));
  again.delete(user("@b:x"));
  expect([...again.unwritten.take()]).toEqual([["@b:x", undefined]]);
});
