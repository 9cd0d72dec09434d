import { expect, test } from "@jest/globals";
import { nudgeIfHeldBack } from "../../../src/matrix/sync/nudge.ts";
import { me } from "../../support/make.ts";
import { forbidden, ScriptedServer, type Scripted } from "../scripted.ts";

/** What was requested within a minute, where /sync is answered after so many ms. */
async function requested(
  answeredAfterMs: number,
  answer: Scripted = { body: {} },
  stop = new AbortController(),
) {
  const hs = new ScriptedServer(answer);
  const asked = hs.clock.sleep(answeredAfterMs);
  const done = nudgeIfHeldBack(asked, { transport: hs.transport, clock: hs.clock, self: me }, stop.signal);
  await hs.fake.advance(60_000);
  await done;
  return hs.requests.map(({ method, path }) => `${method} ${path}`);
}

test("an answer that does not come within a second is asked for by a message to our own device", async () => {
  expect(await requested(5_000)).toEqual([
    expect.stringMatching(/^PUT \/_matrix\/client\/v3\/sendToDevice\/org\.tyr\.nudge\/nudge-\d+$/),
  ]);
});

test("one that comes at once is not", async () => {
  expect(await requested(200)).toEqual([]);
});

test("nor is one for which nobody waits any more", async () => {
  const stop = new AbortController();
  stop.abort();

  expect(await requested(5_000, { body: {} }, stop)).toEqual([]);
});

test("that the message is refused does no harm", async () => {
  await expect(requested(5_000, forbidden)).resolves.toHaveLength(1);
});
