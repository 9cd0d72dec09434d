import { expect, test } from "@jest/globals";
import { RedactReasons } from "../../src/policy/redact-reasons.ts";

const reasons = new RedactReasons(["spam", "advertis*", "csam?"]);

test.each(["spam", "SPAM", "  spam\n", "advertising crypto", "csam!"])("%p means removal", (reason) => {
  expect(reasons.match(reason)).toBe(true);
});

test.each(["", "no spam", "spammer", "csam", "rude advertising", "s.am"])("%p does not", (reason) => {
  expect(reasons.match(reason)).toBe(false);
});

test("without patterns nothing does", () => {
  expect(new RedactReasons([]).match("spam")).toBe(false);
});
