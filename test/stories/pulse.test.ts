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
