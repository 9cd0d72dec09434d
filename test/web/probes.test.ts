import { describe, expect, test } from "@jest/globals";
import type { Pulse } from "../../src/model/health.ts";
import { health, readiness } from "../../src/web/probes.ts";

const well: Pulse = {
  isCaughtUp: true,
  quietForMs: 30_000,
  isUnanswered: false,
  isLocked: false,
  isDiskInTrouble: false,
};
const stuckAfterMs = 300_000;
const healthOf = (change: Partial<Pulse>) => health({ ...well, ...change }, stuckAfterMs);
const readinessOf = (change: Partial<Pulse>) => readiness({ ...well, ...change }, stuckAfterMs);

describe("health", () => {
  test("is good while the sync goes round", () => {
    expect(healthOf({})).toEqual({ status: 200, body: { ok: true, reasons: [] } });
    expect(healthOf({ quietForMs: stuckAfterMs }).status).toBe(200);
  });

  test("is bad when the sync does not go round any more", () => {
    expect(healthOf({ quietForMs: stuckAfterMs + 1 })).toEqual({
      status: 503,
      body: { ok: false, reasons: ["nothing has come of the sync for 300 s"] },
    });
  });

  test.each<[string, Partial<Pulse>]>([
    ["a start that takes long", { isCaughtUp: false, quietForMs: undefined }],
    ["a homeserver that does not answer", { isUnanswered: true }],
    ["a locked account", { isLocked: true }],
    ["a full disk", { isDiskInTrouble: true }],
  ])("is not bad for %s: a new process would do no better", (_what, change) => {
    expect(healthOf(change).status).toBe(200);
  });
});

describe("readiness", () => {
  test("comes with having caught up", () => {
    expect(readinessOf({}).body).toEqual({ ok: true, reasons: [] });
    expect(readinessOf({ isCaughtUp: false })).toEqual({
      status: 503,
      body: { ok: false, reasons: ["still starting: logging in and reading rooms"] },
    });
  });

  test("goes, with every reason, while rooms cannot be protected", () => {
    const { status, body } = readinessOf({ isUnanswered: true, isLocked: true, quietForMs: 400_000 });

    expect(status).toBe(503);
    expect(body.reasons).toHaveLength(3);
  });

  test("stays, and says so, while only the data folder cannot be written", () => {
    expect(readinessOf({ isDiskInTrouble: true })).toEqual({
      status: 200,
      body: { ok: true, reasons: ["the data folder cannot be written; protecting all the same"] },
    });
  });
});
