import { describe, expect, test } from "@jest/globals";
import { entriesByHand, readServerAcl } from "../../src/model/server-acl.ts";

const acl = (...deny: readonly string[]) => ({ allow: ["*"], deny, allow_ip_literals: false });

describe("reading", () => {
  test("is as lenient as Synapse: what is no list is an empty one, what is no string is dropped", () => {
    expect(readServerAcl({ allow: ["*"], deny: "evil.example" })).toEqual({
      allow: ["*"],
      deny: [],
      allow_ip_literals: true,
    });
    expect(readServerAcl({ deny: ["a", 5, null, "b"] })).toEqual({
      allow: [],
      deny: ["a", "b"],
      allow_ip_literals: true,
    });
  });

  test.each([
    [false, false],
    [true, true],
    ["false", true],
    [0, true],
    [undefined, true],
  ])("addresses are allowed unless the flag is false: %p", (flag, allowed) => {
    expect(readServerAcl({ allow: ["*"], allow_ip_literals: flag })?.allow_ip_literals).toBe(allowed);
  });

  test("a missing, empty or redacted event is no list", () => {
    expect(readServerAcl(undefined)).toBeUndefined();
    expect(readServerAcl({})).toBeUndefined();
    expect(readServerAcl({ allow: "*" })).toBeUndefined();
  });
});

describe("entries made by hand", () => {
  test("are all of a list that was there before us", () => {
    const entries = entriesByHand(acl("a", "b"), { before: undefined, beforeByHand: [], isOurs: false });

    expect(entries).toEqual(["a", "b"]);
  });

  test("are none of those that we write", () => {
    const entries = entriesByHand(acl("a", "b"), { before: undefined, beforeByHand: [], isOurs: true });

    expect(entries).toEqual([]);
  });

  test("stay so when we write them again, and are forgotten when we leave them out", () => {
    expect(
      entriesByHand(acl("a", "ours"), { before: acl("a", "b"), beforeByHand: ["a", "b"], isOurs: true }),
    ).toEqual(["a"]);
  });

  test("are what a person adds to ours, and not what of ours the person left", () => {
    const entries = entriesByHand(acl("ours", "new"), {
      before: acl("ours"),
      beforeByHand: [],
      isOurs: false,
    });

    expect(entries).toEqual(["new"]);
  });

  test("are gone when a person takes them out", () => {
    const entries = entriesByHand(acl("ours"), {
      before: acl("ours", "a"),
      beforeByHand: ["a"],
      isOurs: false,
    });

    expect(entries).toEqual([]);
  });

  test("are none in a list that is broken or redacted", () => {
    expect(entriesByHand(undefined, { before: acl("a"), beforeByHand: ["a"], isOurs: false })).toEqual([]);
  });
});
