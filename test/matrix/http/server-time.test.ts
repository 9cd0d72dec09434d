import { beforeEach, describe, expect, test } from "@jest/globals";
import { ServerTime } from "../../../src/matrix/http/server-time.ts";
import { Transport } from "../../../src/matrix/http/transport.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { ScriptedServer } from "../scripted.ts";

const noon = Date.UTC(2025, 0, 1, 12);
const header = (ms: number) => new Date(ms).toUTCString();
const year = 365 * 86_400_000;

let time: ServerTime;
beforeEach(() => {
  time = new ServerTime();
});

test("before the first answer nothing is due", () => {
  expect(time.dueBy(noon)).toBe(0);
});

describe("where no answer tells the time", () => {
  test.each([undefined, "", "yesterday", 7, ["Wed, 01 Jan 2025 12:00:00 GMT"]])(
    "(%p) ours alone counts",
    (date) => {
      time.answered(date, noon);

      expect(time.dueBy(noon + year)).toBe(noon + year);
    },
  );
});

describe("of two clocks the earlier counts", () => {
  test("ours, where the server's is ahead", () => {
    time.answered(header(noon + 3_600_000), noon);

    expect(time.dueBy(noon + 10)).toBe(noon + 10);
  });

  test("the server's, where ours is ahead; it goes on between answers", () => {
    time.answered(header(noon), noon + year);

    expect(time.dueBy(noon + year)).toBe(noon + 1_000);
    expect(time.dueBy(noon + year + 5_000)).toBe(noon + 6_000);
  });

  test("both, where they agree: not even the second that the header swallows is lost", () => {
    time.answered(header(noon + 999), noon + 999);

    expect(time.dueBy(noon + 999)).toBe(noon + 999);
    expect(time.dueBy(noon + 30_999)).toBe(noon + 30_999);
  });
});

test("of a long poll it is the time at which it was asked, as Synapse tells it", async () => {
  const fake = new FakeClock(1_000_000);
  const transport = new Transport({
    send: async () => {
      await fake.sleep(30_000);
      return { status: 200, headers: { date: header(1_000_000) }, body: {} };
    },
    clock: fake,
    random: { next: () => 0.5 },
    limits: { timeoutMs: 60_000, retries: 0 },
  });

  await fake.runUntil(transport.request("GET", "/_matrix/client/v3/sync"));

  expect(transport.serverTime.dueBy(1_030_000)).toBe(1_030_000);
});

test("a jump of ours between two answers takes the server's time along by a minute and a half at most", () => {
  time.answered(header(noon), noon);

  expect(time.dueBy(noon + 10 * year)).toBe(noon + 91_000);
});

test("a step back of ours does not take it back", () => {
  time.answered(header(noon), noon + year);

  expect(time.dueBy(noon + 500)).toBe(noon + 500);
});

test("the newest answer counts, whatever its status", async () => {
  const hs = new ScriptedServer(
    { headers: { date: header(500_000) } },
    { status: 403, headers: { date: header(600_000) }, body: { errcode: "M_FORBIDDEN" } },
  );
  const ask = () => hs.fake.runUntil(hs.transport.request("GET", "/_matrix/client/versions")).catch(() => {});
  expect(hs.transport.serverTime.dueBy(1_000_000)).toBe(0);
  await ask();
  expect(hs.transport.serverTime.dueBy(1_000_000)).toBe(501_000);

  await ask();

  expect(hs.transport.serverTime.dueBy(1_000_000)).toBe(601_000);
});
