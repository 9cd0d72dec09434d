import { describe, expect, test } from "@jest/globals";
import { faultFrom, unreachable } from "../../../src/matrix/http/errors.ts";

describe("a 429", () => {
  test.each([
    ["the body", {}, { retry_after_ms: 2_500 }, 2_500],
    ["the header", { "retry-after": "3" }, {}, 3_000],
    ["the body before the header", { "retry-after": "3" }, { retry_after_ms: 2_500 }, 2_500],
    ["neither: a second", {}, {}, 1_000],
    [
      "a date, which is by another clock: a second",
      { "retry-after": "Wed, 21 Oct 2025 07:28:00 GMT" },
      {},
      1_000,
    ],
    ["an odd body: the header", { "retry-after": "3" }, { retry_after_ms: "soon" }, 3_000],
  ])("waits as told by %s", (_what, headers, body, ms) => {
    const fault = faultFrom(429, headers, { errcode: "M_LIMIT_EXCEEDED", ...body });

    expect(fault.isLimited).toBe(true);
    expect(fault.retryAfterMs).toBe(ms);
  });

  test("of a proxy, in HTML, is one as well", () => {
    const fault = faultFrom(429, { "retry-after": "7" }, "<h1>Slow down</h1>");

    expect(fault.isLimited).toBe(true);
    expect(fault.retryAfterMs).toBe(7_000);
  });
});

test("nothing else has a time to wait", () => {
  expect(faultFrom(503, { "retry-after": "3" }, {}).retryAfterMs).toBeUndefined();
});

test.each([
  [0, {}, true],
  [500, { errcode: "M_UNKNOWN" }, true],
  [502, "<h1>Bad Gateway</h1>", true],
  [404, "<h1>nginx</h1>", true],
  [403, { errcode: "M_FORBIDDEN" }, false],
  [404, { errcode: "M_NOT_FOUND" }, false],
  [400, {}, false],
  [413, { errcode: "M_TOO_LARGE" }, false],
])("status %p with %p may pass: %p", (status, body, passes) => {
  expect(faultFrom(status, {}, body).isPassing).toBe(passes);
});

test.each([
  [401, { errcode: "M_UNKNOWN_TOKEN" }, true],
  [401, { errcode: "M_MISSING_TOKEN" }, true],
  [401, { errcode: "M_USER_LOCKED", soft_logout: true }, false],
  [403, { errcode: "M_UNKNOWN_TOKEN" }, false],
  [401, "<h1>Log in</h1>", false],
])("status %p with %p means that the token is no good: %p", (status, body, isGone) => {
  expect(faultFrom(status, {}, body).isUnknownToken).toBe(isGone);
});

test("the server's words are kept, but not all 60 kB of them", () => {
  expect(faultFrom(403, {}, { errcode: "M_FORBIDDEN", error: "You are banned" }).message).toBe(
    "You are banned",
  );
  expect(faultFrom(403, {}, { error: "x".repeat(60_000) }).message).toHaveLength(500);
});

test.each([[null], [[]], [5], [{ errcode: 7, error: {} }], [undefined]])(
  "%p as body is still a fault",
  (body) => {
    const fault = faultFrom(400, {}, body);

    expect(fault).toMatchObject({ status: 400, errcode: "UNKNOWN" });
    expect(fault.message).toContain("status 400");
  },
);

describe("no answer at all", () => {
  test("is passing, with the name of the reason", () => {
    const fault = unreachable(Object.assign(new Error("connect failed"), { code: "ECONNREFUSED" }));

    expect(fault.isUnreachable).toBe(true);
    expect(fault.isPassing).toBe(true);
    expect(fault.errcode).toBe("ECONNREFUSED");
    expect(fault.message).toBe("connect failed (ECONNREFUSED)");
  });

  test.each([["text"], [undefined], [null], [{}], [new Error("")]])(
    "because of %p has words all the same",
    (cause) => {
      expect(unreachable(cause).message).not.toBe("");
    },
  );
});
