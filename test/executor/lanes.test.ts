import { beforeEach, describe, expect, test } from "@jest/globals";
import { Lanes } from "../../src/executor/lanes.ts";
import type { Step } from "../../src/model/decision.ts";
import { acl, ban, lift, redact } from "./steps.ts";

let lanes: Lanes;
beforeEach(() => {
  lanes = new Lanes();
});

const add = (...steps: readonly Step[]) => {
  for (const one of steps) lanes.add(one);
};
const next = (now = 0) => {
  const found = lanes.next(now);
  return "step" in found ? found.step : undefined;
};
const taken = (now = 0) => {
  const steps: Step[] = [];
  for (let one = next(now); one; one = next(now)) steps.push(one);
  return steps;
};

test("nothing waits in the beginning", () => {
  expect(lanes.next(0)).toEqual({ wakeAt: undefined });
  expect(lanes.waiting).toBe(0);
});

test("of all lanes the most urgent head goes first, then rank, then the order of arrival", () => {
  const steps = [
    redact("!a:x", "$1"),
    ban("!b:x", "@late:x", { rank: 5 }),
    ban("!c:x", "@early:x", { rank: -5 }),
    acl("!d:x"),
    ban("!e:x", "@first:x", { rank: 0 }),
    ban("!f:x", "@second:x", { rank: 0 }),
  ];
  add(...steps);

  expect(taken()).toEqual([steps[3], steps[2], steps[4], steps[5], steps[1], steps[0]]);
});

describe("in one room", () => {
  test("only one state write is under way", () => {
    const first = ban("!a:x", "@a:x");
    const second = ban("!a:x", "@b:x");
    add(first, second);

    expect(taken()).toEqual([first]);

    lanes.ended(first);
    expect(taken()).toEqual([second]);
  });

  test("redactions wait for the ban before them, then go two at a time", () => {
    const first = ban("!a:x");
    const redactions = ["$1", "$2", "$3"].map((id) => redact("!a:x", id));
    add(...redactions, first);

    expect(taken()).toEqual([first]);
    lanes.ended(first);
    expect(taken()).toEqual(redactions.slice(0, 2));
    lanes.ended(redactions[1]!);
    expect(taken()).toEqual([redactions[2]]);
  });

  test("a ban does not wait for redactions under way, and a ban of somebody absent does", () => {
    const under = redact("!a:x", "$1");
    add(under);
    expect(taken()).toEqual([under]);

    const absent: Step = { ...ban("!a:x", "@absent:x"), priority: 4 };
    add(absent);
    expect(taken()).toEqual([]);

    const urgent = ban("!a:x");
    add(urgent);
    expect(taken()).toEqual([urgent]);
  });

  test("a step put back goes before those of its class that came earlier", () => {
    const [first, second] = [ban("!a:x", "@a:x"), ban("!a:x", "@b:x")];
    add(first, second);
    expect(next()).toBe(first);

    lanes.ended(first);
    lanes.putBack(first);

    expect(next()).toBe(first);
  });
});

describe("a lane that rests", () => {
  test("tells when it can go on, while the others go", () => {
    const [broken, fine] = [ban("!broken:x"), ban("!fine:x")];
    add(broken, fine);
    taken();
    lanes.ended(broken, { until: 5_000 });
    lanes.putBack(broken);
    lanes.ended(fine);
    const other = ban("!fine:x", "@other:x");
    add(other);

    expect(taken(1_000)).toEqual([other]);
    expect(lanes.next(1_000)).toEqual({ wakeAt: 5_000 });
    expect(next(5_000)).toBe(broken);
  });

  test("counts how often in a row it failed", () => {
    const one = ban("!a:x");
    add(one);
    for (let i = 1; i <= 3; i++) {
      next(10_000 * i);
      lanes.ended(one, { until: 0 });
      lanes.putBack(one);
      expect(lanes.failuresIn("!a:x")).toBe(i);
    }

    next(50_000);
    lanes.ended(one);
    expect(lanes.failuresIn("!a:x")).toBe(0);
  });
});

test("a withdrawn step is gone", () => {
  const [old, other] = [acl("!a:x", "evil.example"), lift("!a:x")];
  add(old, other);

  expect(lanes.withdraw("!a:x", (one) => one === old)).toBe(old);
  expect(lanes.withdraw("!a:x", (one) => one === old)).toBeUndefined();
  expect(lanes.withdraw("!nowhere:x", () => true)).toBeUndefined();
  expect(lanes.waitingIn("!a:x")).toBe(1);
  expect(taken()).toEqual([other]);
});
