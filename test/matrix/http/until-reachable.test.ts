import { expect, test } from "@jest/globals";
import { faultFrom, unreachable, type MatrixFault } from "../../../src/matrix/http/errors.ts";
import { untilReachable } from "../../../src/matrix/http/until-reachable.ts";
import { ScriptedServer } from "../scripted.ts";

const broken = faultFrom(502, {}, "<h1>Bad Gateway</h1>");
const locked = faultFrom(401, {}, { errcode: "M_USER_LOCKED", error: "locked" });
const forbidden = faultFrom(403, {}, { errcode: "M_FORBIDDEN", error: "no" });

/** Fails with these faults, one after the other, and succeeds then. */
function failing(...faults: readonly Error[]) {
  const { fake, clock } = new ScriptedServer();
  const left = [...faults];
  const told: MatrixFault[] = [];
  const times: number[] = [];
  const stop = new AbortController();
  const attempt = (): Promise<string> => {
    times.push(fake.now() - 1_000_000);
    const fault = left.shift();
    return fault ? Promise.reject(fault) : Promise.resolve("reached");
  };
  const run = untilReachable(attempt, { clock, signal: stop.signal, told: (fault) => told.push(fault) });
  return { run, fake, stop, told, times };
}

test("what works at once is neither repeated nor told", async () => {
  const { run, told, times } = failing();

  expect(await run).toBe("reached");
  expect(times).toEqual([0]);
  expect(told).toEqual([]);
});

test("passing faults and a locked account are waited out, ever longer, and the first is told", async () => {
  const { run, fake, told, times } = failing(broken, locked, unreachable("away"), broken, broken, broken);

  expect(await fake.runUntil(run)).toBe("reached");
  expect(times).toEqual([0, 100, 600, 1_600, 3_600, 8_600, 13_600]);
  expect(told).toEqual([broken]);
});

test.each([
  ["a refusal", forbidden],
  ["an error of ours", new TypeError("bug")],
])("%s is no reason to wait", async (_what, error) => {
  const { run, told } = failing(error);

  await expect(run).rejects.toBe(error);
  expect(told).toEqual([]);
});

test("a stop ends the wait at once, with the last fault", async () => {
  const { run, fake, stop, times } = failing(broken, broken);
  const ended = run.catch((error: unknown) => error);
  await fake.advance(10);

  stop.abort();

  expect(await ended).toBe(broken);
  expect(times).toEqual([0]);
});
