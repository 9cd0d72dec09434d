import { describe, expect, test } from "@jest/globals";
import { sha256Base64 } from "../../../src/kit/hash.ts";
import type { RoomAlias, RoomId, ServerName, UserId } from "../../../src/model/ids.ts";
import type { Recommendation, Rule } from "../../../src/model/policy-rule.ts";
import { RuleIndex } from "../../../src/policy/index/rule-index.ts";
import { aRule } from "../../support/a-rule.ts";
import { usualLimits } from "../../support/limits.ts";
import { cpuMs } from "../../support/cpu-time.ts";

const matrixUser = "@yarrgh:example.com" as UserId;

function indexOf(...rules: readonly Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const rule of rules) index.add(rule);
  return index;
}

function userRule(entity: string, recommendation: Recommendation = "ban"): Rule {
  return aRule({ kind: "user", entity, recommendation });
}

function serverRule(entity: string): Rule {
  return aRule({ kind: "server", entity });
}

function matches(rule: Rule, user: string): boolean {
  return indexOf(rule).rulesForUser(user as UserId).length === 1;
}

describe("rules about people", () => {
  test.each([
    ["@spammer:evil.tld", "@spammer:evil.tld"],
    ["@*:evil.tld", "@anybody:evil.tld"],
    ["*:evil.tld", "@anybody:evil.tld"],
    ["@*.evil.tld", "@a:sub.evil.tld"],
    ["@*:*.evil.tld", "@a:b.sub.evil.tld"],
    ["@spam*:*", "@spammer:evil.tld"],
    ["@*casino*", "@best_casino_4:evil.tld"],
    ["@bot???:evil.tld", "@bot123:evil.tld"],
    ["@??:x", "@ab:x"],
    ["@*ab:*", "@xxab:y"],
    ["*", "@a:b"],
    ["@*😀*:evil.tld", "@😀😀:evil.tld"],
    ["@?:evil.tld", "@😀:evil.tld"],
    ["@*:evil.tld:8448", "@a:evil.tld:8448"],
  ])("%s matches %s", (entity, user) => {
    expect(matches(userRule(entity), user)).toBe(true);
  });

  test.each([
    ["@spammer:evil.tld", "@spammer:evil.tld.org"],
    ["@*:evil.tld", "@evil.tld:good.tld"],
    ["@*:evil.tld", "@a:evil.tld:8448"],
    ["@*:*.evil.tld", "@a:evil.tld"],
    ["@bot???:evil.tld", "@bot1234:evil.tld"],
  ])("%s does not match %s", (entity, user) => {
    expect(matches(userRule(entity), user)).toBe(false);
  });

  test("a ban goes by any case, an allow rule by the exact one", () => {
    expect(matches(userRule("@Spammer:evil.tld"), "@sPAMMER:evil.tld")).toBe(true);
    expect(matches(userRule("@SPAM*:evil.tld", "takedown"), "@spammer:evil.tld")).toBe(true);
    expect(matches(userRule("@Friend:good.tld", "allow"), "@friend:good.tld")).toBe(false);
    expect(matches(userRule("@Friend:good.tld", "allow"), "@Friend:good.tld")).toBe(true);
    expect(matches(userRule("@F*:good.tld", "allow"), "@friend:good.tld")).toBe(false);
    expect(matches(userRule("@F*:good.tld", "other"), "@Friend:good.tld")).toBe(true);
  });

  test("a ban goes by exactly the id it names where somebody bears that, a glob by any case all the same", () => {
    const index = new RuleIndex(undefined, (id) => id === "@Twin:x");
    for (const entity of ["@Twin:x", "@TWI*:x", "@Other:x"]) index.add(userRule(entity));
    const ruleFor = (id: string) => index.rulesForUser(id as UserId).map((rule) => rule.entity);

    expect(ruleFor("@Twin:x")).toEqual(["@Twin:x", "@TWI*:x"]);
    expect(ruleFor("@twin:x")).toEqual(["@TWI*:x"]);
    expect(ruleFor("@other:x")).toEqual(["@Other:x"]);
  });

  test("a user id that looks like a glob is found once", () => {
    const rule = userRule("@*:evil.tld");

    expect(indexOf(rule).rulesForUser("@*:evil.tld" as UserId)).toEqual([rule]);
  });

  test("a hashed rule matches the id it was made of and no other", () => {
    const rule = aRule({ kind: "user", hash: "VPqwbUV7mMMkOVto3kPwsNXXiALMs7VCKWh3OeqqjGs=" });

    expect(indexOf(rule).rulesForUser(matrixUser)).toEqual([rule]);
    expect(indexOf(rule).rulesForUser("@Yarrgh:example.com" as UserId)).toEqual([]);
  });

  test("nobody matched costs no memory", () => {
    const index = indexOf(userRule("@a:b"), userRule("@spam*"), serverRule("evil.tld"));

    expect(index.rulesForUser("@c:d" as UserId)).toBe(index.rulesForUser("@e:f" as UserId));
  });
});

describe("rules about servers", () => {
  test("also speak about the people on them, without regard to port and case", () => {
    const rule = serverRule("evil.tld");
    const index = indexOf(rule);

    expect(index.rulesForUser("@a:evil.tld" as UserId)).toEqual([rule]);
    expect(index.rulesForUser("@a:Evil.TLD:8448" as UserId)).toEqual([rule]);
    expect(index.rulesForUser("@a:sub.evil.tld" as UserId)).toEqual([]);
    expect(index.rulesForServer("evil.tld" as ServerName)).toEqual([rule]);
  });

  test("*.evil.tld speaks about every level below, not about evil.tld", () => {
    const index = indexOf(serverRule("*.evil.tld"));

    expect(index.rulesForServer("a.b.evil.tld" as ServerName)).toHaveLength(1);
    expect(index.rulesForServer("evil.tld" as ServerName)).toHaveLength(0);
    expect(index.rulesForServer("notevil.tld" as ServerName)).toHaveLength(0);
  });

  test("IPv6 literals keep their brackets and lose their port", () => {
    const index = indexOf(serverRule("[2001:db8::1]"));

    expect(index.rulesForUser("@a:[2001:DB8::1]:8448" as UserId)).toHaveLength(1);
  });

  test("a hash may be that of the name as compared or as written", () => {
    const compared = aRule({ kind: "server", hash: sha256Base64("evil.tld") });
    const written = aRule({ kind: "server", hash: sha256Base64("evil.tld:8448") });
    const index = indexOf(compared, written);

    expect(new Set(index.rulesForUser("@a:evil.tld:8448" as UserId))).toEqual(new Set([compared, written]));
    expect(index.rulesForServer("evil.tld" as ServerName)).toEqual([compared]);
  });

  test("a pattern for user ids is none for servers or rooms", () => {
    expect(indexOf(serverRule("@*::1]")).rulesForServer("[::1]" as ServerName)).toEqual([]);
    const rule = aRule({ kind: "room", entity: "@*:evil.tld" });
    expect(indexOf(rule).rulesForRoom("#a:evil.tld" as RoomAlias)).toEqual([]);
  });

  test("those that name their server are listed for the ACL", () => {
    const named = serverRule("evil.tld");
    const index = indexOf(named, aRule({ kind: "server", hash: "abc" }), userRule("@a:evil.tld"));

    expect([...index.serverRules()]).toEqual([named]);
    expect(index.serverRuleCount).toBe(2);
  });
});

test("rules about rooms go by the exact id or alias", () => {
  const byId = aRule({ kind: "room", entity: "!Abc:evil.tld" });
  const byAlias = aRule({ kind: "room", entity: "#*:evil.tld" });
  const hashed = aRule({ kind: "room", hash: sha256Base64("!hidden:evil.tld") });
  const index = indexOf(byId, byAlias, hashed);

  expect(index.rulesForRoom("!Abc:evil.tld" as RoomId)).toEqual([byId]);
  expect(index.rulesForRoom("!abc:evil.tld" as RoomId)).toEqual([]);
  expect(index.rulesForRoom("#spam:evil.tld" as RoomAlias)).toEqual([byAlias]);
  expect(index.rulesForRoom("!hidden:evil.tld" as RoomId)).toEqual([hashed]);
});

describe("adding and removing", () => {
  test("the same rule counts once, though it was read twice", () => {
    const rule = userRule("@a:b");
    const index = indexOf(rule, { ...rule });

    expect(index.size).toBe(1);
    index.remove({ ...rule });
    expect(index.size).toBe(0);
    expect(index.rulesForUser("@a:b" as UserId)).toEqual([]);
  });

  test("rules of several lists about one entity come and go by themselves", () => {
    const first = userRule("@spam*:evil.tld");
    const second = { ...userRule("@spam*:evil.tld"), list: "!other:good.tld" as RoomId };
    const index = indexOf(first, second);
    index.remove(first);

    expect(index.rulesForUser("@spammer:evil.tld" as UserId)).toEqual([second]);
    index.remove(second);
    expect(index.rulesForUser("@spammer:evil.tld" as UserId)).toEqual([]);
  });

  test("a rule that was never there takes nothing along", () => {
    const rule = userRule("@*casino*:evil.tld");
    const index = indexOf(rule);
    index.remove(userRule("@*casino*:evil.tld"));

    expect(index.rulesForUser("@casino:evil.tld" as UserId)).toEqual([rule]);
  });

  test("lists its rules, and those written with one entity exactly", () => {
    const glob = userRule("@*:Evil.tld");
    const literal = userRule("@a:Evil.tld");
    const index = indexOf(glob, literal, userRule("@A:evil.tld"));

    expect(index.rulesWithEntity("user", "@*:Evil.tld")).toEqual([glob]);
    expect(index.rulesWithEntity("user", "@a:Evil.tld")).toEqual([literal]);
    expect(index.rulesWithEntity("server", "@*:Evil.tld")).toEqual([]);
    expect([...index.rules()]).toHaveLength(3);
  });
});

describe("hostile lists", () => {
  test("patterns too vague to be found quickly are applied up to a bound, then named", () => {
    const vague = Array.from({ length: usualLimits.vagueGlobs + 5 }, (_, i) =>
      userRule(`@*a${"?".repeat(i % 255)}*b${"?".repeat(Math.floor(i / 255))}*`),
    );
    const index = indexOf(...vague);

    expect(index.unindexed()).toHaveLength(5);
    expect(index.rulesForUser("@ab:c" as UserId)).toContain(vague[0]);
  });

  test("a waiting pattern is applied when another goes", () => {
    const vague = Array.from({ length: usualLimits.vagueGlobs + 1 }, (_, i) =>
      userRule(`@*a${"?".repeat(i % 255)}*b${"?".repeat(Math.floor(i / 255))}*`),
    );
    const index = indexOf(...vague);
    index.remove(vague[0]!);

    expect(index.unindexed()).toEqual([]);
  });

  test("ten thousand patterns around one gram leave a match quick", () => {
    const index = indexOf(
      ...Array.from({ length: 10_000 }, (_, i) =>
        userRule(`*${"?".repeat(i % 100)}aaaa${"?".repeat(Math.floor(i / 100))}*!`),
      ),
    );

    const ms = cpuMs(() => {
      for (let i = 0; i < 100; i++) index.rulesForUser(`@${"a".repeat(200)}:evil.tld` as UserId);
    });

    // Some milliseconds each at the very worst; unbounded it would be a thousand times as much.
    expect(ms).toBeLessThan(2000);
  });
});
