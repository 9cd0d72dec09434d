import { afterEach, expect, test } from "@jest/globals";
import { addressOf, callbackResults } from "../../src/cli/check-antispam.ts";
import { hide } from "../../src/config/kinds.ts";
import type { Pulse } from "../../src/model/health.ts";
import { startWeb, type Web } from "../../src/web/server.ts";

let web: Web | undefined;
afterEach(() => web?.close());

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
async function listening(secret: string | undefined): Promise<number> {
  web = await startWeb({
    ...{ host: "127.0.0.1", port: 0, stuckAfterMs: 60_000, pulse: () => ({}) as Pulse, log },
    callbacks: secret === undefined ? undefined : { secret, answer: () => "allowed" },
  });
  return web.port!;
}
const results = async (port: number, { secret = "s3cret", isRunning = true, has = true } = {}) => {
  const config = {
    antispam: {
      secret: has ? hide(secret) : undefined,
      secretFile: undefined,
      noInvitesTo: [],
      events: false,
    },
    web: {
      enabled: true,
      metrics: false,
      host: "127.0.0.1",
      port,
      sessionHours: 12,
      idleMinutes: 30,
      stuckAfterMs: 60_000,
    },
  };
  const all = await callbackResults({ config, isRunning, clock: { now: () => 0 } });
  return all.map(({ weight, text }) => `${weight}: ${text}`);
};

test("nothing is said of callbacks that are not answered", async () => {
  expect(await results(1, { has: false })).toEqual([]);
});

test("a Tyr that runs is asked as Synapse asks it", async () => {
  const port = await listening("s3cret");

  expect(await results(port)).toEqual([`ok: are answered at http://127.0.0.1:${port}/antispam/v1 (in 0 ms)`]);
});

test("one that does not run is not asked", async () => {
  expect(await results(8787, { isRunning: false })).toEqual([
    "ok: are answered at http://127.0.0.1:8787/antispam/v1 while Tyr runs",
  ]);
});

test.each<[string, string | undefined, string]>([
  ["another secret", "other", "has another secret: restart it"],
  ["no secret", undefined, "knows of no secret: restart it"],
])("a Tyr with %s is a problem, with what to do", async (_what, secret, said) => {
  const port = await listening(secret);

  expect((await results(port)).join()).toMatch(new RegExp(`^problem: .*${said}`));
});

test("a Tyr that runs and does not answer is a problem", async () => {
  const port = await listening("s3cret");
  await web!.close();

  expect(await results(port)).toEqual([
    expect.stringMatching(/^problem: Tyr runs, and nothing answers at http/),
  ]);
});

test("a port that is another at each start cannot be told to Synapse", async () => {
  expect(await results(0)).toEqual([expect.stringMatching(/^warning: web.port is 0/)]);
});

test("an address for all of the machine's is asked at by one of them", () => {
  expect(["0.0.0.0", "::", "10.0.0.3"].map((host) => addressOf({ host, port: 1 }))).toEqual([
    "http://127.0.0.1:1/antispam/v1",
    "http://[::1]:1/antispam/v1",
    "http://10.0.0.3:1/antispam/v1",
  ]);
});
