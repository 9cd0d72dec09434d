import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SlotKind } from "../../src/executor/concurrency.ts";
import { Lanes } from "../../src/executor/lanes.ts";
import { isStateWrite, requestClassOf } from "../../src/model/actions/traits.ts";
import { priority } from "../../src/model/actions/priority.ts";
import type { Step } from "../../src/model/decision.ts";
import { acl, answer, ban, edit, join, lift, mark, readRoom, redact } from "./steps.ts";

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

  test("a mark waits for the message before it, and the next mark for it", () => {
    const [said, yes, no] = [answer("!a:x", "k"), mark("!a:x", "$1", "✅"), mark("!a:x", "$1", "❌")];
    add(said, yes, no);

    expect(taken()).toEqual([said]);

    lanes.ended(said);
    expect(taken()).toEqual([yes]);

    lanes.ended(yes);
    expect(taken()).toEqual([no]);
  });

  test("redactions wait for the ban before them, then go five at a time", () => {
    const first = ban("!a:x");
    const redactions = ["$1", "$2", "$3", "$4", "$5", "$6"].map((id) => redact("!a:x", id));
    add(...redactions, first);

    expect(taken()).toEqual([first]);
    lanes.ended(first);
    expect(taken()).toEqual(redactions.slice(0, 5));
    lanes.ended(redactions[1]!);
    expect(taken()).toEqual([redactions[5]]);
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
    lanes.ended(broken, { now: 1_000, ms: 4_000 });
    lanes.putBack(broken);
    lanes.ended(fine);
    const other = ban("!fine:x", "@other:x");
    add(other);

    expect(taken(1_000)).toEqual([other]);
    expect(lanes.next(1_000)).toEqual({ wakeAt: 5_000 });
    expect(next(5_000)).toBe(broken);
  });

  test("rests no longer than it should where our clock was set back", () => {
    const one = ban("!a:x");
    add(one);
    taken(86_400_000);
    lanes.ended(one, { now: 86_400_000, ms: 4_000 });
    lanes.putBack(one);

    expect(lanes.next(1_000)).toEqual({ wakeAt: 5_000 });
    expect(next(5_000)).toBe(one);
  });

  test("counts how often in a row it failed", () => {
    const one = ban("!a:x");
    add(one);
    for (let i = 1; i <= 3; i++) {
      next(10_000 * i);
      lanes.ended(one, { now: 0, ms: 0 });
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

test("what waits is counted by its class of requests", () => {
  add(ban("!a:x"), redact("!b:x", "$1"), readRoom("!c:x"), join("!d:x"));
  taken();
  add(ban("!a:x"), readRoom("!e:x"));

  expect(lanes.waiting).toBe(2);
  expect(lanes.waitingFor("write")).toBe(1);
  expect(lanes.waitingFor("look")).toBe(1);
});

test("a slot that is not free holds up nothing that needs another", () => {
  const [slow, look, other] = [ban("!slow:x"), readRoom("!a:x"), edit("!b:x", "key", 1)];
  add(slow, look, other);
  lanes.noteSlow("!slow:x", true);
  const without = (...slots: readonly SlotKind[]) => lanes.next(0, (slot) => !slots.includes(slot));

  expect(without("slow-write")).toEqual({ step: other, slot: "write" });
  expect(without("slow-write", "look")).toEqual({ wakeAt: undefined });
  expect(without()).toEqual({ step: slow, slot: "slow-write" });

  lanes.noteSlow("!slow:x", false);
  lanes.ended(slow);
  lanes.putBack(slow);
  expect(without("slow-write")).toEqual({ step: slow, slot: "write" });
});

describe("a walk over all lanes", () => {
  /** What the heaps stand for, said without them. */
  class Naive {
    readonly waiting: { step: Step; order: number }[] = [];
    readonly underWay: Step[] = [];
    readonly notBefore = new Map<string, number>();
    readonly orders = new Map<Step, number>();

    add(step: Step, order: number): void {
      this.orders.set(step, order);
      this.waiting.push({ step, order });
      this.waiting.sort(
        (a, b) => a.step.priority - b.step.priority || a.step.rank - b.step.rank || a.order - b.order,
      );
    }

    next(now: number, isFree: (slot: SlotKind) => boolean): Step | undefined {
      const heads = new Map<string, Step>();
      for (const { step } of this.waiting) if (!heads.has(step.lane)) heads.set(step.lane, step);
      const best = [...heads.values()].find(
        (step) =>
          (this.notBefore.get(step.lane) ?? 0) <= now &&
          isFree(requestClassOf(step.decision.action)) &&
          this.#mayGo(step),
      );
      if (!best) return undefined;
      this.withdraw(best);
      this.underWay.push(best);
      return best;
    }

    withdraw(step: Step): void {
      this.waiting.splice(
        this.waiting.findIndex((one) => one.step === step),
        1,
      );
    }

    #mayGo({ lane, decision: { action }, priority: urgency }: Step): boolean {
      const here = this.underWay.filter((one) => one.lane === lane).map((one) => one.decision.action);
      const looks = here.filter((one) => requestClassOf(one) === "look").length;
      const states = here.filter(isStateWrite).length;
      const others = here.length - looks - states;
      if (states > 0) return false;
      if (isStateWrite(action)) return others === 0 || urgency < priority.redact;
      return (requestClassOf(action) === "look" ? looks : others) < 2;
    }
  }

  const place = fc.constantFrom("!a:x", "!b:x", "!c:x", "!d:x", "!e:x");
  const happening = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("add" as const),
        lane: place,
        kind: fc.constantFrom("ban", "redact", "acl", "lift", "look", "join"),
        rank: fc.constantFrom(-1, 0, 0, 0, 1),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("next" as const),
        busy: fc.subarray(["write", "join", "look"] as const, { maxLength: 1 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("end" as const),
        which: fc.nat(),
        restMs: fc.constantFrom(undefined, undefined, 0, 30, 200),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat({ max: 100 }) }) },
  );
  const make = (kind: string, lane: string): Step => {
    if (kind === "ban") return ban(lane);
    if (kind === "redact") return redact(lane, "$1");
    if (kind === "acl") return acl(lane);
    if (kind === "look") return readRoom(lane);
    return kind === "join" ? join(lane) : lift(lane);
  };

  test("finds the same step every time", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 120 }), (happenings) => {
        const fast = new Lanes();
        const naive = new Naive();
        let now = 0;
        let order = 0;
        const both: (readonly [Step | undefined, Step | undefined])[] = [];
        for (const one of happenings) {
          if (one.do === "pass") now += one.ms;
          else if (one.do === "add") {
            const made = { ...make(one.kind, one.lane), rank: one.rank };
            fast.add(made);
            naive.add(made, order++);
          } else if (one.do === "next") {
            const isFree = (slot: SlotKind) => !(one.busy as readonly SlotKind[]).includes(slot);
            const found = fast.next(now, isFree);
            both.push(["step" in found ? found.step : undefined, naive.next(now, isFree)]);
          } else if (one.do === "withdraw") {
            const chosen = naive.waiting[one.which % Math.max(1, naive.waiting.length)]?.step;
            if (!chosen) continue;
            naive.withdraw(chosen);
            both.push([fast.withdraw(chosen.lane, (step) => step === chosen), chosen]);
          } else {
            const [ended] = naive.underWay.splice(one.which % Math.max(1, naive.underWay.length), 1);
            if (!ended) continue;
            const rest = one.restMs === undefined ? undefined : { now, ms: one.restMs };
            naive.notBefore.set(ended.lane, rest ? now + rest.ms : 0);
            fast.ended(ended, rest);
            if (!rest) continue;
            fast.putBack(ended);
            naive.add(ended, naive.orders.get(ended)!);
          }
          expect(fast.waiting).toBe(naive.waiting.length);
        }
        expect(both.filter(([fastOne, naiveOne]) => fastOne !== naiveOne)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
