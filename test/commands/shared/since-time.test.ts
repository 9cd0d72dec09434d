import { expect, test } from "@jest/globals";
import { sinceIn } from "../../../src/commands/shared/since-time.ts";

const at = Date.parse("2026-11-21T13:04Z");

test.each([
  ["2h", "2026-11-21T11:04Z"],
  ["since 2h", "2026-11-21T11:04Z"],
  ["03:10", "2026-11-21T03:10Z"],
  ["since 03:10 UTC", "2026-11-21T03:10Z"],
  ["23:59", "2026-11-20T23:59Z"],
  ["2026-11-01", "2026-11-01T00:00Z"],
  ["2026-11-01 7:30", "2026-11-01T07:30Z"],
  ["2026-11-01T07:30Z", "2026-11-01T07:30Z"],
  ["2024-02-29", "2024-02-29T00:00Z"],
])("%s is %s", (text, then) => {
  expect(sinceIn(text, at)).toBe(Date.parse(then));
});

test.each([
  "",
  "yesterday",
  "2026-02-30",
  "2026-13-01",
  "24:00",
  "2026-11-01 24:00",
  "2026-11-01x",
  "2026-11-01 2h",
])("%s is no time", (text) => {
  expect(sinceIn(text, at)).toBeUndefined();
});
