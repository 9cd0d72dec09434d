// What probes are told of a run, from its start to a homeserver that falls silent.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { health, readiness } from "../../src/web/probes.ts";
import { Story } from "../support/story.ts";

let story: Story;
beforeEach(() => {
  story = new Story();
});
afterEach(() => story.stop());

const stuckAfterMs = 300_000;
const isWell = () => health(story.tyr.pulse(), stuckAfterMs).body.ok;
const isReady = () => readiness(story.tyr.pulse(), stuckAfterMs).body.ok;

test("a run is well from the start, and ready when it watches", async () => {
  story.launch();
  expect([isWell(), isReady()]).toEqual([true, false]);

  await story.until(isReady, "readiness");
  await story.pass(3_600_000);

  expect([isWell(), isReady()]).toEqual([true, true]);
});

test("while the homeserver is down a run is well and not ready, and ready again by itself", async () => {
  await story.start();

  story.homeserver.goDown();
  await story.pass(3_600_000);
  expect([isWell(), isReady()]).toEqual([true, false]);

  story.homeserver.comeUp();
  await story.until(isReady, "readiness");
  expect(isWell()).toBe(true);
});

test("a homeserver that is down at the start keeps a run well and not ready", async () => {
  story.homeserver.goDown();
  story.launch();
  await story.pass(3_600_000);

  expect([isWell(), isReady()]).toEqual([true, false]);
});

test("monitoring is told of a start that cannot reach the homeserver, and since when, or no alert would come", async () => {
  const told = () => new Map(story.tyr.readings().map(({ name, value }) => [name, value]));
  story.homeserver.goDown();
  story.launch();
  await story.pass(600_000);
  const begunAt = told().get("tyr_heard_timestamp_seconds")!;

  await story.pass(600_000);
  expect(told().get("tyr_ready")).toBe(0);
  expect(told().get("tyr_heard_timestamp_seconds")).toBe(begunAt);

  story.homeserver.comeUp();
  await story.until(isReady, "readiness");
  expect(told().get("tyr_ready")).toBe(1);
  expect(told().get("tyr_heard_timestamp_seconds")! - begunAt).toBeGreaterThan(1_199);
});
