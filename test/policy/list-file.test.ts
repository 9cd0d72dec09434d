import { beforeEach, describe, expect, test } from "@jest/globals";
import type { StateEvent } from "../../src/model/event.ts";
import { PolicyList, RuleBudget } from "../../src/model/policy-list.ts";
import { listAsFile } from "../../src/policy/list-file.ts";
import { usualLimits } from "../support/limits.ts";
import { listA, ruleEvent, state } from "../support/make.ts";

const much = { maxBytes: 1_000_000 };

let list: PolicyList;
beforeEach(() => {
  list = new PolicyList(listA, usualLimits, new RuleBudget(1_000));
});

const holding = (...events: readonly StateEvent[]) => {
  for (const event of events) list.apply(event, 0);
  return list;
};
const rows = (text: string) => text.replace("\ufeff", "").trimEnd().split("\r\n").slice(1);

describe("a table", () => {
  test.each([["=1+1"], ["+1"], ["-1"], ["@SUM(A1)"], ["\t=1"], [" =1"], ["\r=1"], ["|cmd"]])(
    "a cell that begins like a formula (%j) gets a mark before it",
    (reason) => {
      const { text } = listAsFile(holding(ruleEvent("evil.org", { reason })), { format: "csv", ...much });

      expect(text).toContain(`"'${reason}"`);
    },
  );

  test("quotes, commas and lines stay in their cell", () => {
    const { text } = listAsFile(holding(ruleEvent("evil.org", { reason: 'a "b", c\nd' })), {
      format: "csv",
      ...much,
    });

    expect(text).toContain('"a ""b"", c\nd"');
  });

  test("times are told where they are times, hashed rules by their hash", () => {
    const hashed = state(
      "m.policy.rule.user",
      { recommendation: "m.ban", hashes: { sha256: "abc" }, expiry: 86_400_000 },
      { stateKey: "h", sentAt: 1_000 },
    );
    const odd = ruleEvent("x.org", { sentAt: 1e300 });

    const [first, second] = rows(listAsFile(holding(hashed, odd), { format: "csv", ...much }).text);

    expect(first).toBe('"user","x.org","","m.ban","","\'@mod:example.org","",""');
    expect(second).toContain('"","abc","m.ban"');
    expect(second).toContain('"1970-01-01T00:00:01.000Z","1970-01-02T00:00:00.000Z"');
  });

  test("is read as UTF-8 and begins with its columns", () => {
    expect(listAsFile(list, { format: "csv", ...much }).text).toMatch(/^\ufeff"kind","entity",/);
  });
});

test("as JSON lines each rule is an event again", () => {
  const { text, type, name } = listAsFile(holding(ruleEvent("@a:x.org", { reason: "=no formula here" })), {
    format: "jsonl",
    ...much,
  });

  expect({ type, name: name.endsWith(".jsonl") }).toEqual({ type: "application/jsonl", name: true });
  expect(JSON.parse(text)).toMatchObject({
    type: "m.policy.rule.user",
    state_key: "rule:@a:x.org",
    content: { entity: "@a:x.org", recommendation: "m.ban", reason: "=no formula here" },
    sender: "@mod:example.org",
  });
});

test("the oldest are left out where there is no room, and counted", () => {
  const rules = Array.from({ length: 100 }, (_, i) => ruleEvent(`r${i}.org`, { sentAt: i }));

  const file = listAsFile(holding(...rules), { format: "csv", maxBytes: 2_000 });

  expect(Buffer.byteLength(file.text)).toBeLessThanOrEqual(2_000);
  expect(file.rules + file.leftOut).toBe(100);
  expect(rows(file.text)).toHaveLength(file.rules);
  expect(rows(file.text)[0]).toContain("r99.org");
});

test.each([
  ["coc", "coc.csv"],
  ["../../etc/passwd", "etc-passwd.csv"],
  ["a b\u202e", "a-b.csv"],
  ["///", "list.csv"],
])("a list called %j is the file %s", (shortcode, name) => {
  list.shortcode = shortcode;

  expect(listAsFile(list, { format: "csv", ...much }).name).toBe(name);
});
