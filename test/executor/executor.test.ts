import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Executor, type Attempt, type ExecutorLimits } from "../../src/executor/executor.ts";
import type { Clock } from "../../src/kit/clock.ts";
import { actKey, isStateWrite, roomOf } from "../../src/model/actions/traits.ts";
import type { Decision, Outcome, Step } from "../../src/model/decision.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { acl, answer, ban, edit, join, lift, readRoom, redact } from "./steps.ts";

const usual: ExecutorLimits = { start: 8, max: 64, maxQueuedPerRoom: 1_000 };
const done: Attempt = { kind: "done" };
const forbidden: Attempt = { kind: "failed", lasting: true, code: "M_FORBIDDEN", message: "no" };
const unavailable: Attempt = { kind: "unavailable", everywhere: false, message: "502" };

interface Performed {
  readonly decision: Decision;
  readonly from: number;
  to: number;
}

/** An executor whose acts take 20 ms, or as long and as badly as `script` says. */
class Bench {
  readonly fake = new FakeClock(1_000_000);
  readonly performed: Performed[] = [];
  readonly outcomes: Outcome[] = [];
  readonly executor: Executor;
  script: (decision: Decision, times: number) => { ms?: number; attempt?: Attempt } = () => ({});

  constructor(limits: Partial<ExecutorLimits> = {}) {
    // As kit/clock.ts promises: a sleep that is cut short is over, not broken.
    const clock: Clock = {
      now: () => this.fake.now(),
      sleep: (ms, signal) => this.fake.sleep(ms, signal).catch(() => {}),
    };
    this.executor = new Executor({
      clock,
      limits: { ...usual, ...limits },
      ended: (outcome) => this.outcomes.push(outcome),
      perform: async (decision, signal) => {
        const one: Performed = { decision, from: this.fake.now(), to: Infinity };
        this.performed.push(one);
        const times = this.performed.filter((other) => other.decision.id === decision.id).length;
        const { ms = 20, attempt = done } = this.script(decision, times);
        await clock.sleep(ms, signal);
        one.to = this.fake.now();
        return attempt;
      },
    });
  }

  /** Milliseconds after the start at which each act was begun, by room. */
  get began(): readonly (readonly [string, number])[] {
    return this.performed.map(({ decision, from }) => [roomOf(decision.action)!, from - 1_000_000] as const);
  }

  get results(): readonly string[] {
    return this.outcomes.map(({ result }) => result.kind);
  }

  async finish(limitMs = 600_000): Promise<void> {
    await this.fake.runUntil(this.executor.whenIdle(), { limitMs, what: "the executor being idle" });
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const rooms = (n: number) => Array.from({ length: n }, (_, i) => `!r${i}:x`);

test("nothing to do is done at once", async () => {
  await bench.executor.whenIdle();

  expect(bench.executor.pending).toBe(0);
});

test("in one room one state write follows the other", async () => {
  bench.executor.enqueue(["@a:x", "@b:x", "@c:x"].map((who) => ban("!r:x", who)));
  await bench.finish();

  expect(bench.began.map(([, at]) => at)).toEqual([0, 20, 40]);
});

describe("of acts on one place", () => {
  test("the newest takes the place of those that wait", async () => {
    const [first, other, banned, lifted] = [
      ban("!r:x", "@b:x"),
      lift("!r:x", "@c:x"),
      ban("!r:x"),
      lift("!r:x"),
    ];
    bench.executor.enqueue([first, other, banned]);
    bench.executor.enqueue([lifted]);
    await bench.finish();

    expect(bench.outcomes.map(({ decision, result }) => [decision.id, result.kind])).toEqual([
      [banned.decision.id, "superseded"],
      ...[first, other, lifted].map((one) => [one.decision.id, "done"]),
    ]);
  });

  test("one that is being done is done, and the newest after it", async () => {
    const [lifted, banned] = [lift("!r:x"), ban("!r:x")];
    bench.executor.enqueue([lifted]);
    bench.executor.enqueue([banned]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.id)).toEqual([
      lifted.decision.id,
      banned.decision.id,
    ]);
  });

  test("one whose request got no answer is done first, however urgent the newest is", async () => {
    const [lifted, banned] = [lift("!r:x"), ban("!r:x")];
    bench.script = ({ id }, times) =>
      id === lifted.decision.id && times === 1 ? { attempt: unavailable } : {};
    bench.executor.enqueue([lifted]);
    bench.executor.enqueue([banned]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.action.kind)).toEqual(["unban", "unban", "ban"]);
    expect(bench.results).toEqual(["done", "done"]);
  });

  test("one that waits for its next try after no answer is done first, too", async () => {
    const [banned, lifted] = [ban("!r:x"), lift("!r:x")];
    bench.script = ({ id }, times) =>
      id === banned.decision.id && times === 1 ? { attempt: unavailable } : {};
    bench.executor.enqueue([banned]);
    await bench.fake.advance(50);
    bench.executor.enqueue([lifted]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.action.kind)).toEqual(["ban", "ban", "unban"]);
  });

  test("one that the server's limits put off needs no second try", async () => {
    const [lifted, banned] = [lift("!r:x"), ban("!r:x")];
    bench.script = ({ id }) =>
      id === lifted.decision.id ? { attempt: { kind: "limited", retryAfterMs: 100 } } : {};
    bench.executor.enqueue([lifted]);
    bench.executor.enqueue([banned]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.action.kind)).toEqual(["unban", "ban"]);
    expect(bench.results).toEqual(["superseded", "done"]);
  });
});

test("rooms go side by side, wider with each success, once the leader is through", async () => {
  bench.executor.enqueue(rooms(20).map((lane) => ban(lane)));
  await bench.finish();

  const starts = bench.began.map(([, at]) => at);
  expect(starts.filter((at) => at === 0)).toHaveLength(1);
  expect(starts.filter((at) => at === 20)).toHaveLength(8);
  expect(Math.max(...starts)).toBe(60);
});

test("a slow leader holds the others for 80 ms and no longer", async () => {
  bench.script = ({ action }) => ({ ms: roomOf(action) === "!r0:x" ? 5_000 : 20 });
  bench.executor.enqueue(rooms(4).map((lane) => ban(lane)));
  await bench.finish();

  const [leader, ...others] = bench.began.map(([, at]) => at);
  expect(leader).toBe(0);
  expect(Math.min(...others)).toBeGreaterThan(0);
  expect(Math.min(...others)).toBeLessThanOrEqual(80);
});

test("what is urgent goes first, whenever it came", async () => {
  bench = new Bench({ start: 1 });
  const [slow, redaction, lifted, ordinary, contained] = [
    ban("!r0:x"),
    redact("!r1:x", "$1"),
    lift("!r2:x"),
    ban("!r3:x"),
    acl("!r4:x"),
  ];
  bench.executor.enqueue([slow, redaction, lifted]);
  bench.executor.enqueue([ordinary, contained]);
  await bench.finish();

  expect(bench.began.map(([lane]) => lane)).toEqual(["!r0:x", "!r4:x", "!r3:x", "!r2:x", "!r1:x"]);
});

describe("a 429", () => {
  test("pauses every room for as long as the server says, and the same step is tried again", async () => {
    bench.script = ({ action }, times) =>
      roomOf(action) === "!r0:x" && times === 1 ? { attempt: { kind: "limited", retryAfterMs: 3_000 } } : {};
    const steps = rooms(3).map((lane) => ban(lane));
    bench.executor.enqueue(steps);
    await bench.fake.advance(30);
    expect(bench.executor.pauseLeft()).toBe(2_990);
    await bench.finish();

    expect(bench.began[0]).toEqual(["!r0:x", 0]);
    expect(bench.began.slice(1).every(([, at]) => at >= 3_020)).toBe(true);
    expect(bench.performed.filter(({ decision }) => decision.id === steps[0]!.decision.id)).toHaveLength(2);
    expect(bench.results).toEqual(["done", "done", "done"]);
  });

  test("on every attempt is waited out for as long as it takes", async () => {
    bench.script = (_, times) => (times < 10 ? { attempt: { kind: "limited", retryAfterMs: 1_000 } } : {});
    bench.executor.enqueue([ban("!r:x")]);
    await bench.finish();

    expect(bench.results).toEqual(["done"]);
    expect(bench.performed).toHaveLength(10);
  });

  test("does not keep a newer ACL from taking the place of the one refused", async () => {
    bench.script = (_, times) => (times === 1 ? { attempt: { kind: "limited", retryAfterMs: 1_000 } } : {});
    const [old, young] = [acl("!r:x", "a"), acl("!r:x", "a", "b")];
    bench.executor.enqueue([old]);
    await bench.fake.advance(10);
    bench.executor.enqueue([young]);
    await bench.finish();

    expect(bench.outcomes.map(({ decision, result }) => [decision.id, result.kind])).toEqual([
      [old.decision.id, "superseded"],
      [young.decision.id, "done"],
    ]);
  });
});

describe("a limit of a server that is slow to refuse", () => {
  const answerMs = 1_300;
  const everyMs = 5_000;

  /** Synapse's bucket: ten writes at once, then one in five seconds. Every answer takes its time. */
  beforeEach(() => {
    let free = 10;
    let nextAt = 0;
    bench.script = () => {
      const now = bench.fake.now();
      if (free > 0) {
        free--;
        nextAt = now + everyMs;
        return { ms: answerMs };
      }
      if (now >= nextAt) {
        nextAt += everyMs;
        return { ms: answerMs };
      }
      return {
        ms: answerMs,
        attempt: { kind: "limited", retryAfterMs: Math.max(1, nextAt - now - answerMs) },
      };
    };
  });

  test("is probed by few writes at a time, not by all that were refused at first", async () => {
    bench.executor.enqueue(rooms(30).map((lane) => ban(lane)));
    await bench.finish();

    expect(bench.results.filter((result) => result === "done")).toHaveLength(30);
    expect(bench.performed.length).toBeLessThan(30 + 30 + 3 * 20);
  });

  test("lets the answer through first that was given before anybody knew of the limit", async () => {
    bench.executor.enqueue(rooms(30).map((lane) => ban(lane)));
    await bench.fake.advance(1_000);
    bench.executor.enqueue([answer("!management:x", "key")]);
    await bench.finish();

    const ended = bench.outcomes.findIndex(({ decision }) => decision.action.kind === "tell");
    expect(ended).toBeLessThan(13);
  });
});

describe("ACLs of one room", () => {
  test("that wait are replaced by the newest", async () => {
    bench.script = () => ({ ms: 1_000 });
    const [first, second, third] = [acl("!r:x", "a"), acl("!r:x", "b"), acl("!r:x", "c")];
    bench.executor.enqueue([first]);
    bench.executor.enqueue([second, third]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.id)).toEqual([
      first.decision.id,
      third.decision.id,
    ]);
    expect(bench.results).toEqual(["superseded", "done", "done"]);
  });

  test("of other rooms are left alone", async () => {
    bench.executor.enqueue([acl("!r0:x", "a"), acl("!r1:x", "a")]);
    await bench.finish();

    expect(bench.results).toEqual(["done", "done"]);
  });
});

describe("a room that cannot be written to", () => {
  test("rests longer and longer, while the others go on", async () => {
    bench.script = ({ action }, times) =>
      roomOf(action) === "!broken:x" && times <= 3 ? { attempt: unavailable } : {};
    bench.executor.enqueue([ban("!broken:x"), ban("!fine:x", "@a:x"), ban("!fine:x", "@b:x")]);
    await bench.finish();

    const broken = bench.began.filter(([lane]) => lane === "!broken:x").map(([, at]) => at);
    const fine = bench.began.filter(([lane]) => lane === "!fine:x").map(([, at]) => at);
    expect(broken).toEqual([0, 120, 340, 1_360]);
    expect(Math.max(...fine)).toBeLessThan(200);
  });

  test("rests a minute at most", async () => {
    bench.script = (_, times) => (times <= 10 ? { attempt: unavailable } : {});
    bench.executor.enqueue([ban("!broken:x")]);
    await bench.finish();

    const at = bench.began.map(([, when]) => when);
    expect(at.at(-1)! - at.at(-2)!).toBe(60_020);
  });

  test("because nothing can be reached holds up everybody for a while", async () => {
    const everywhere: Attempt = { kind: "unavailable", everywhere: true, message: "ECONNREFUSED" };
    bench.script = ({ action }, times) =>
      roomOf(action) === "!r0:x" && times === 1 ? { attempt: everywhere } : {};
    bench.executor.enqueue(rooms(2).map((lane) => ban(lane)));
    await bench.finish();

    expect(bench.began.slice(1).every(([, at]) => at >= 120 && at < 200)).toBe(true);
    expect(bench.results).toEqual(["done", "done"]);
  });
});

describe("one room", () => {
  const others = rooms(40);
  const odd = "!odd:x";
  /** Milliseconds until the last ban in the other rooms is through, with the odd room's bans among them. */
  async function othersTake(script: Bench["script"], { odds = 1, lead = false } = {}): Promise<number> {
    const run = new Bench({ start: 16 });
    run.script = (decision, times) =>
      roomOf(decision.action)!.startsWith(odd.slice(0, 4)) ? script(decision, times) : { ms: 30 };
    const trouble = Array.from({ length: odds }, (_, i) => `!odd${i}:x`).flatMap((lane) =>
      ["@a:x", "@b:x", "@c:x"].map((who) => ban(lane, who, { rank: lead ? -2 : 0 })),
    );
    run.executor.enqueue([
      ...trouble,
      ...others.flatMap((lane, i) =>
        ["@a:x", "@b:x"].map((who) => ban(lane, who, { rank: i === 0 ? -1 : 0 })),
      ),
    ]);
    const isThrough = () =>
      run.performed.filter(({ decision, to }) => others.includes(roomOf(decision.action)!) && to < Infinity)
        .length >=
      others.length * 2;
    await run.fake.runUntil(isThrough, { what: "the other rooms" });
    const took = run.fake.now() - 1_000_000;
    await run.finish(3_600_000);
    return took;
  }
  let undisturbed: number;
  beforeEach(async () => {
    undisturbed = await othersTake(() => ({ ms: 30 }));
  });

  test.each([
    ["that answers after ten seconds", () => ({ ms: 10_000 })],
    ["that never answers in time", () => ({ ms: 60_000, attempt: unavailable })],
    ["that fails at once", () => ({ ms: 1, attempt: unavailable })],
    ["that fails after a while", () => ({ ms: 350, attempt: unavailable })],
    ["that refuses", () => ({ ms: 30, attempt: forbidden })],
  ] as const)("%s costs the others no more than a fifth", async (_, script) => {
    expect(await othersTake(script)).toBeLessThanOrEqual(undisturbed * 1.2);
    expect(await othersTake(script, { lead: true })).toBeLessThanOrEqual(undisturbed * 1.2 + 50);
  });

  test("of twenty that fail takes places for its first attempt only", async () => {
    const took = await othersTake(() => ({ ms: 30, attempt: unavailable }), { odds: 20 });

    expect(took).toBeLessThanOrEqual(undisturbed * 1.2 + 60);
  });

  test("of twenty that are slow is let go within a third of a second, and known the next time", async () => {
    bench = new Bench({ start: 16 });
    const slow = Array.from({ length: 20 }, (_, i) => `!slow${i}:x`);
    bench.script = ({ action }) => ({ ms: slow.includes(roomOf(action)!) ? 10_000 : 30 });
    const burst = (who: string) => {
      const from = bench.fake.now();
      bench.executor.enqueue([...slow, ...rooms(16)].map((lane) => ban(lane, who)));
      const done = () =>
        bench.performed.filter(
          ({ decision, from: begun, to }) =>
            begun >= from && to < Infinity && rooms(16).includes(roomOf(decision.action)!),
        ).length === 16;
      return bench.fake.runUntil(done, { what: "the sound rooms" }).then(() => bench.fake.now() - from);
    };

    const first = await burst("@a:x");
    await bench.finish();
    await bench.fake.advance(10_000);
    const second = await burst("@b:x");
    await bench.finish();

    expect(first).toBeLessThan(900);
    expect(second).toBeLessThan(200);
  });

  test("that is slow holds nobody up while the server counts our writes", async () => {
    let used = 0;
    bench.script = ({ action }) => {
      used += 1;
      if (used === 3) return { attempt: { kind: "limited", retryAfterMs: 500 } };
      return { ms: roomOf(action) === odd ? 10_000 : 20 };
    };
    bench.executor.enqueue([ban(odd), ...rooms(6).map((lane) => ban(lane))]);
    await bench.fake.advance(2_500);

    expect(bench.results.filter((kind) => kind === "done")).toHaveLength(6);
    await bench.finish();
  });
});

describe("what only looks", () => {
  test("never holds the place of a write", async () => {
    bench.script = ({ action }) => ({ ms: action.kind === "read-room" ? 30_000 : 20 });
    bench.executor.enqueue(rooms(100).map((lane) => readRoom(lane)));
    await bench.fake.advance(1_000);
    bench.executor.enqueue(rooms(8).map((lane) => ban(lane)));
    await bench.fake.advance(300);

    expect(bench.results).toHaveLength(8);
    await bench.finish();
  });

  test("leaves three quarters of the places to others", async () => {
    bench.script = () => ({ ms: 30_000 });
    bench.executor.enqueue(rooms(100).map((lane) => readRoom(lane)));
    await bench.fake.advance(20_000);

    expect(bench.performed).toHaveLength(16);
    await bench.finish();
  });

  test("waits for the ban before it in its room", async () => {
    bench.executor.enqueue([readRoom("!r:x"), ban("!r:x")]);
    await bench.finish();

    expect(bench.performed.map(({ decision }) => decision.action.kind)).toEqual(["ban", "read-room"]);
  });
});

test("a limit on joins stops joins alone", async () => {
  bench.script = ({ action }, times) =>
    action.kind === "join" && times === 1 ? { attempt: { kind: "limited", retryAfterMs: 100_000 } } : {};
  bench.executor.enqueue([join("!new:x")]);
  await bench.fake.advance(100);
  bench.executor.enqueue(rooms(8).map((lane) => ban(lane)));
  await bench.fake.advance(300);

  expect(bench.results).toHaveLength(8);
  expect(bench.executor.expectedMs()).toBeUndefined();
  await bench.finish();
  expect(bench.results).toHaveLength(9);
});

describe("words", () => {
  test("of an answer go before the bans while the server counts our writes, and after them otherwise", async () => {
    bench = new Bench({ start: 1 });
    bench.executor.enqueue([...rooms(3).map((lane) => ban(lane)), answer("!management:x", "one")]);
    await bench.finish();
    expect(bench.began.at(-1)![0]).toBe("!management:x");

    bench.script = (_, times) => (times === 1 ? { attempt: { kind: "limited", retryAfterMs: 5_000 } } : {});
    bench.executor.enqueue(rooms(3).map((lane) => ban(lane, "@b:x")));
    await bench.fake.advance(1_000);
    bench.executor.enqueue([answer("!management:x", "two")]);
    bench.performed.length = 0;
    await bench.finish();

    expect(bench.began[0]![0]).toBe("!management:x");
  });

  test("that a newer edit replaces are not sent", async () => {
    bench.script = () => ({ ms: 1_000 });
    bench.executor.enqueue([answer("!m:x", "other"), answer("!m:x", "key")]);
    bench.executor.enqueue([edit("!m:x", "key", 1), edit("!m:x", "another", 1)]);
    bench.executor.enqueue([edit("!m:x", "key", 2)]);
    await bench.finish();

    const sent = bench.performed.map(({ decision: { action } }) =>
      action.kind === "tell" ? `${action.key} ${action.revision}` : "",
    );
    expect(sent).toEqual(["other 0", "key 0", "another 1", "key 2"]);
    expect(bench.results.filter((kind) => kind === "superseded")).toHaveLength(1);
  });
});

test("what is refused for good is told and not tried again", async () => {
  bench.script = () => ({ attempt: forbidden });
  bench.executor.enqueue([ban("!r:x")]);
  await bench.finish();

  expect(bench.outcomes[0]!.result).toEqual(forbidden);
  expect(bench.performed).toHaveLength(1);
});

test("a performer that throws is a fault of ours, told as such, and the next step goes on", async () => {
  bench.script = (_, times) => {
    if (bench.performed.length === 1 && times === 1) throw new Error("broken inside");
    return {};
  };
  bench.executor.enqueue([ban("!r:x", "@a:x"), ban("!r:x", "@b:x")]);
  await bench.finish();

  expect(bench.outcomes[0]!.result).toMatchObject({
    kind: "failed",
    code: "INTERNAL",
    message: "broken inside",
  });
  expect(bench.results).toEqual(["failed", "done"]);
});

describe("a full lane", () => {
  test("refuses what comes on top, says so, and other rooms are not concerned", async () => {
    bench = new Bench({ maxQueuedPerRoom: 2 });
    bench.script = () => ({ ms: 1_000 });
    bench.executor.enqueue(["@a:x", "@b:x", "@c:x", "@d:x"].map((who) => ban("!r:x", who)));
    bench.executor.enqueue([ban("!other:x")]);
    await bench.finish();

    const failed = bench.outcomes.filter(({ result }) => result.kind === "failed");
    expect(failed.every(({ result }) => result.kind === "failed" && result.code === "QUEUE_FULL")).toBe(true);
    expect(failed.length).toBeGreaterThan(0);
    expect(bench.results.filter((kind) => kind === "done")).toHaveLength(5 - failed.length);
  });
});

describe("what is under way", () => {
  test("is known from being enqueued to its end", async () => {
    const one = ban("!r:x");
    const key = actKey(one.decision.action);
    bench.executor.enqueue([one]);
    expect(bench.executor.isUnderWay(key)).toBe(true);
    expect(bench.executor.pending).toBe(1);

    await bench.finish();

    expect(bench.executor.isUnderWay(key)).toBe(false);
    expect(bench.executor.pending).toBe(0);
  });

  test("includes what waits for its next attempt", async () => {
    bench.script = (_, times) => (times === 1 ? { attempt: unavailable } : {});
    const one = ban("!r:x");
    bench.executor.enqueue([one]);
    await bench.fake.advance(50);

    expect(bench.executor.isUnderWay(actKey(one.decision.action))).toBe(true);
    await bench.finish();
  });
});

describe("stopping", () => {
  test("begins nothing new and waits for what is under way", async () => {
    bench.script = () => ({ ms: 100 });
    bench.executor.enqueue([ban("!r:x", "@a:x"), ban("!r:x", "@b:x")]);
    await bench.fake.advance(10);
    await bench.fake.runUntil(bench.executor.stop(5_000));

    expect(bench.fake.now()).toBe(1_000_100);
    expect(bench.results).toEqual(["done"]);
    expect(bench.performed).toHaveLength(1);
    expect(bench.executor.pending).toBe(1);
  });

  test("waits no longer than it is told, and leaves open what did not end", async () => {
    bench.script = () => ({ ms: 60_000 });
    bench.executor.enqueue([ban("!r:x")]);
    await bench.fake.advance(10);
    await bench.fake.runUntil(bench.executor.stop(1_000));
    await bench.fake.advance(120_000);

    expect(bench.outcomes).toEqual([]);
  });

  test("with nothing under way is over at once", async () => {
    await bench.fake.runUntil(bench.executor.stop(1_000));

    expect(bench.fake.now()).toBe(1_000_000);
  });

  test("during a pause begins nothing when the pause is over", async () => {
    bench.script = () => ({ attempt: { kind: "limited", retryAfterMs: 1_000 } });
    bench.executor.enqueue([ban("!r:x")]);
    await bench.fake.advance(50);
    await bench.fake.runUntil(bench.executor.stop(100));
    await bench.fake.advance(10_000);

    expect(bench.performed).toHaveLength(1);
  });
});

test("whatever attempts do, every step ends once, and no room ever has two state writes under way", async () => {
  const attempt = fc.oneof(
    { weight: 5, arbitrary: fc.constant(done) },
    fc.constant(forbidden),
    fc.constant(unavailable),
    fc.constant<Attempt>({ kind: "unavailable", everywhere: true, message: "reset" }),
    fc.nat({ max: 3_000 }).map((retryAfterMs): Attempt => ({ kind: "limited", retryAfterMs })),
  );
  const planned = fc.record({
    kind: fc.constantFrom("ban", "redact", "acl", "lift"),
    lane: fc.constantFrom("!a:x", "!b:x", "!c:x"),
    who: fc.constantFrom("@a:x", "@b:x", "@c:x"),
    after: fc.constantFrom(0, 0, 0, 15, 700),
    script: fc.array(fc.record({ ms: fc.constantFrom(0, 5, 40, 200), attempt }), { maxLength: 4 }),
  });
  const make = ({ kind, lane, who }: { kind: string; lane: string; who: string }): Step => {
    if (kind === "ban") return ban(lane, who);
    if (kind === "redact") return redact(lane, `$${who}`);
    return kind === "acl" ? acl(lane, who) : lift(lane, who);
  };

  await fc.assert(
    fc.asyncProperty(fc.array(planned, { maxLength: 15 }), async (all) => {
      const run = new Bench({ start: 3, max: 6 });
      const scripts = new Map<string, readonly { ms: number; attempt: Attempt }[]>();
      run.script = ({ id }, times) => scripts.get(id)?.[times - 1] ?? {};
      const ids: string[] = [];
      for (const one of all) {
        const made = make(one);
        scripts.set(made.decision.id, one.script);
        ids.push(made.decision.id);
        if (one.after > 0) await run.fake.advance(one.after);
        run.executor.enqueue([made]);
      }
      await run.finish();

      expect(run.outcomes.map(({ decision }) => decision.id).sort()).toEqual(ids.sort());
      expect(run.executor.pending).toBe(0);
      const writes = run.performed.filter(({ decision }) => isStateWrite(decision.action));
      for (const one of writes)
        for (const other of writes) {
          if (one === other || roomOf(one.decision.action) !== roomOf(other.decision.action)) continue;
          expect(one.to <= other.from || other.to <= one.from).toBe(true);
        }
    }),
    { numRuns: 40 },
  );
});

test("what is dropped is done no more, and what is under way goes on", async () => {
  bench = new Bench({ start: 1 });
  bench.executor.enqueue([ban("!r0:x"), ban("!r1:x"), lift("!r2:x"), ban("!r0:x", "@b:x")]);

  const dropped = bench.executor.drop(({ action }) => action.kind === "ban");
  await bench.finish();

  expect(dropped.map(({ action }) => roomOf(action))).toEqual(["!r0:x", "!r1:x"]);
  expect(bench.began.map(([lane]) => lane)).toEqual(["!r0:x", "!r2:x"]);
  expect(dropped.some(({ action }) => bench.executor.isUnderWay(actKey(action)))).toBe(false);
});

test("a reply that goes first overtakes everything that waits", async () => {
  bench = new Bench({ start: 1 });
  const reply = answer("!desk:x", "stop");
  const { decision } = reply;
  bench.executor.enqueue([ban("!r0:x")]);
  bench.executor.enqueue([acl("!r1:x"), answer("!desk:x", "help")]);

  bench.executor.enqueue([
    {
      ...reply,
      decision: { ...decision, action: { ...decision.action, goesFirst: true } as typeof decision.action },
    },
  ]);
  await bench.finish();

  expect(bench.began.map(([lane]) => lane)).toEqual(["!r0:x", "!desk:x", "!r1:x", "!desk:x"]);
});
