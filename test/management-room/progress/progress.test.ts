import { beforeEach, describe, expect, test } from "@jest/globals";
import { Progress } from "../../../src/management-room/progress/progress.ts";
import { plain } from "../../../src/kit/say.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../../src/model/decision.ts";
import { RulesInForce } from "../../../src/policy/rules-in-force.ts";
import { aWorld, event, listA, listB, lobby, room, user } from "../../support/make.ts";

const world = aWorld();
let progress: Progress;
beforeEach(() => {
  progress = new Progress(plain("Headline"), 0);
});

const planned = (action: Action): Decision => {
  const decision = decide(action, { kind: "self", what: "test" }, { at: 0, replaces: "" });
  progress.planned(decision);
  return decision;
};
const end = (decision: Decision, result: Outcome["result"] = { kind: "done" }) =>
  progress.ended({ decision, result }, 1);
const fail = (decision: Decision, code = "M_FORBIDDEN", message = "no") =>
  end(decision, { kind: "failed", lasting: true, code, message });
const text = () =>
  progress.render(
    (id) => plain(id),
    (reasons) => reasons.describe(world, new RulesInForce(world)),
  ).text;
const ban = (who: string, where = lobby): Action => ({
  kind: "ban",
  room: where,
  user: user(who),
  reason: "",
  redacts: false,
});

test("begins with its headline alone", () => {
  expect(text()).toBe("Headline");
  expect(progress.isOver).toBe(true);
});

describe("says why where it has no headline", () => {
  const rule = (entity: string, list = listA): Cause => ({
    kind: "rule",
    list,
    event: event(`$${entity}`),
    ruleKind: "user",
    recommendation: "ban",
    entity,
  });
  const because = (...causes: readonly Cause[]) => {
    progress = new Progress(plain(""), 0);
    for (const cause of causes) {
      const decision = decide(ban("@a:x"), cause, { at: 0, replaces: "" });
      progress.planned(decision);
      end(decision);
    }
    return text().split("\n").at(-1);
  };
  const acl = (before: readonly string[], after: readonly string[]) => {
    progress = new Progress(plain(""), 0);
    const content = (deny: readonly string[]) => ({ allow: ["*"], deny, allow_ip_literals: false });
    const action: Action = {
      kind: "set-server-acl",
      room: lobby,
      before: content(before),
      content: content(after),
    };
    end(
      ((one) => (progress.planned(one), one))(
        decide(action, { kind: "lists", trigger: "x" }, { at: 0, replaces: "" }),
      ),
    );
    return text().split("\n").at(-1);
  };

  test("of one rule by its list and whom it names", () => {
    expect(because(rule("@a:x"), rule("@a:x"))).toBe(`as list ${listA} has a rule for user @a:x`);
  });

  test("of several by their lists and whom they name", () => {
    expect(because(rule("@a:x"), rule("@b:x"))).toBe(`as list ${listA} asks for it: @a:x, @b:x`);
    expect(because(rule("@a:x"), rule("@b:x", listB))).toBe(
      `as list ${listA} and list ${listB} ask for it: @a:x, @b:x`,
    );
    expect(because(...["a", "b", "c", "d", "e", "f", "g"].map((name) => rule(`@${name}:x`)))).toBe(
      `as list ${listA} asks for it: @a:x, @b:x, @c:x, @d:x, @e:x and 2 more`,
    );
  });

  test("of a server ACL by the servers that it denies now, or no longer", () => {
    expect(acl(["old.example"], ["old.example", "evil.example"])).toBe("as lists ask for it: evil.example");
    expect(acl(["old.example", "evil.example"], ["old.example"])).toBe("as lists ask for it: evil.example");
  });
});

test("has nothing to take back where all that was done is for good", () => {
  end(planned({ kind: "redact", room: lobby, event: event("$e"), user: user("@a:x"), reason: "" }));
  expect(progress.hasDone).toBe(false);

  end(planned(ban("@a:x")));
  expect(progress.hasDone).toBe(true);
});

test("names one person and counts several", () => {
  end(planned(ban("@a:x")));
  expect(text()).toBe("Headline\nbanned @a:x in 1 room");

  end(planned(ban("@b:x")));
  end(planned(ban("@b:x", room("!other:x"))));
  expect(text()).toBe("Headline\nbanned 2 people in 2 rooms (3 acts)");
});

test("counts rules, events and rooms with the right ending", () => {
  const rule = (stateKey: string): Action => ({
    kind: "write-policy",
    list: listA,
    eventType: "m.policy.rule.user",
    stateKey,
    content: {},
  });
  end(planned(rule("a")));
  expect(text()).toBe("Headline\nwrote 1 rule");

  planned(rule("b"));
  expect(text()).toBe("Headline\nwrote 1 of 2 rules");
});

test("does not tell means to an end, unless they fail", () => {
  const search = planned({ kind: "search-history", room: lobby, user: user("@a:x"), limit: 5, reason: "" });
  expect(text()).toBe("Headline");

  fail(search);
  expect(text()).toContain(`failed in 1: ${lobby}: forbidden (no)`);
  expect(progress.hasTrouble).toBe(true);
});

test("puts rooms with the same fault together and names them", () => {
  for (let i = 0; i < 5; i++) fail(planned(ban("@a:x", room(`!r${i}:x`))));
  fail(planned(ban("@a:x", room("!odd:x"))), "M_UNKNOWN", "broken");

  expect(text().split("\n")).toEqual([
    "Headline",
    "banned @a:x in 0 of 6 rooms",
    "failed in 5: !r0:x, !r1:x, !r2:x, !r3:x, !r4:x: forbidden (no)",
    "failed in 1: !odd:x: M_UNKNOWN: broken",
  ]);
});

test("tells what is about to be done, not that it was done, before anything is", () => {
  const acts = [ban("@a:x"), ban("@b:x"), ban("@b:x", room("!hall:x"))].map(planned);
  expect(text()).toBe("Headline\nbanning 2 people in 2 rooms (0 of 3 acts)");

  end(acts[0]!);
  expect(text()).toBe("Headline\nbanned 1 of 2 people in 1 of 2 rooms (1 of 3 acts)");

  end(acts[1]!);
  expect(text()).toBe("Headline\nbanned 2 people in 1 of 2 rooms (2 of 3 acts)");

  end(acts[2]!);
  expect(text()).toBe("Headline\nbanned 2 people in 2 rooms (3 acts)");
});

test("sparing people is trouble only where nobody else was meant", () => {
  const spared = decide(ban("@mod:x"), { kind: "self", what: "test" }, { at: 1, replaces: "" });
  progress.refused(spared, { key: "moderator", why: plain("a moderator"), isSparing: true });
  expect(progress.hasTrouble).toBe(true);

  end(planned(ban("@a:x")));
  expect(progress.hasTrouble).toBe(false);
});

test("tells ten refusals and counts the rest", () => {
  const refused = decide(ban("@a:x"), { kind: "self", what: "test" }, { at: 1, replaces: "" });
  for (let i = 0; i < 14; i++) progress.refused(refused, { key: `key ${i}`, why: plain(`reason ${i}`) });

  const told = text().split("\n");
  expect(told).toHaveLength(12);
  expect(told.at(-1)).toBe("... and 4 more refusals.");
});

test("is settled when everything has ended, whatever way", () => {
  const acts = ["@a:x", "@b:x", "@c:x"].map((who) => planned(ban(who)));
  end(acts[0]!);
  fail(acts[1]!);
  expect(progress.isOver).toBe(false);

  end(acts[2]!, { kind: "superseded" });
  expect(progress.isOver).toBe(true);
});

test("a hostile message of a server stays one short line", () => {
  fail(
    planned({ kind: "redact", room: lobby, event: event("$1"), user: undefined, reason: "" }),
    "M_X",
    "a\n@room".repeat(500),
  );

  expect(text().split("\n")).toHaveLength(3);
  expect(text()).not.toContain("@room");
  expect(text().length).toBeLessThan(600);
});

test("tells of an account without rooms, and what the homeserver said of it", () => {
  const act = planned({ kind: "quarantine-media-of-user", user: user("@a:x"), reason: "" });
  expect(text()).toContain("quarantining the files of @a:x: 0 of 1");

  end(act, { kind: "done", note: "12 files" });

  expect(text()).toBe("Headline\nquarantined the files of @a:x\n12 files");
  expect(progress.hasDone).toBe(false);
});

test("tells how far something has come, and forgets it when it is done", () => {
  const act = planned({ kind: "shutdown-room", room: lobby, purge: false, reason: "" });
  progress.progress({ kind: "progress", decision: act, note: "so far: 3 people removed" });
  expect(text()).toBe("Headline\nshutting down 0 of 1 room\nso far: 3 people removed");

  end(act, { kind: "done", note: "9 people removed" });

  expect(text()).toBe("Headline\nshut down 1 room\n9 people removed");
});

test("has nothing to take back where it was so already", () => {
  const act = planned({ kind: "suspend", user: user("@a:x"), reason: "" });

  end(act, { kind: "done", isUnchanged: true });

  expect(text()).toContain("it was so already");
  expect(progress.hasDone).toBe(false);
});

test("says a refusal of our own without a code", () => {
  fail(planned({ kind: "suspend", user: user("@a:x"), reason: "" }), "REFUSED", "@a:x is one of us");

  expect(text()).toContain("failed: @a:x is one of us");
});

test("what was only recorded is told as what would have been done, and is nothing to take back", () => {
  const acl = { allow: ["*"], deny: ["x"], allow_ip_literals: false };
  const rule: Action = { kind: "write-policy", list: listA, eventType: "t", stateKey: "k", content: {} };
  for (const act of [
    ban("@a:x"),
    ban("@a:x", room("!two:x")),
    rule,
    { kind: "set-server-acl", room: lobby, content: acl, before: undefined },
    { kind: "join", room: lobby, via: [] },
  ] satisfies Action[])
    end(planned(act), { kind: "recorded" });

  expect(text()).toBe(
    [
      "Headline",
      "Dry run: would have banned @a:x in 2 rooms",
      "Dry run: would have written 1 rule",
      "Dry run: would have updated the server ACL in 1 room",
      "Dry run: would have joined 1 room",
    ].join("\n"),
  );
  expect(progress.isOver).toBe(true);
  expect(progress.hasDone).toBe(false);
  expect(progress.hasTrouble).toBe(false);
});
