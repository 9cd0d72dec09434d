import { beforeEach, expect, test } from "@jest/globals";
import { SparedMarks } from "../../src/executor/spared-marks.ts";
import { decide, type Cause, type Step } from "../../src/model/decision.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { desk, event, user } from "../support/make.ts";
import { answer } from "./steps.ts";

let clock: FakeClock;
let marks: SparedMarks;
let queued: number[];
beforeEach(() => {
  clock = new FakeClock(0);
  marks = new SparedMarks(clock);
  queued = [];
});

const { signal } = new AbortController();
const command: Cause = { kind: "command", event: event("$c"), by: user("@mod:x"), text: "help" };
const mark = (because: Cause = command): Step => ({
  decision: decide({ kind: "react", room: desk, event: event("$c"), with: "✅" }, because, {
    at: 0,
    replaces: "",
  }),
  lane: desk,
  priority: 6,
  rank: 0,
});
const hold = (step: Step) => marks.hold(step, () => queued.push(clock.now()), signal);
const write = (times: number) => {
  for (let i = 0; i < times; i++) marks.passed(clock.now());
};

test("a mark goes at once while most of the burst is left", () => {
  write(3);

  expect(hold(mark())).toBe(false);
});

test("a mark is held back until enough is left, and no longer than four seconds", async () => {
  write(4);
  expect(hold(mark())).toBe(true);
  expect(marks.held).toBe(1);

  await clock.advance(60_000);

  expect(queued).toEqual([1_000]);
  expect(marks.held).toBe(0);

  write(9);
  hold(mark());
  await clock.advance(60_000);
  expect(queued[1]).toBe(64_000);
});

test("answers, and marks by which a question is answered, are never held", () => {
  write(9);

  expect(hold(answer(desk, "a"))).toBe(false);
  expect(hold(mark({ kind: "self", what: "question 1" }))).toBe(false);
});

test("once more got through than a limit would let, marks go at once, until something is refused", () => {
  write(13);
  expect(hold(mark())).toBe(false);

  marks.refused();

  expect(hold(mark())).toBe(true);
});
