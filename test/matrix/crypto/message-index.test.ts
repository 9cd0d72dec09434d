import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { messageIndexOf } from "../../../src/matrix/crypto/message-index.ts";

/** The beginning of a message as the specification lays it out: version 3, tag 8, the index seven bits at a time. */
function cipher(index: number, rest = "some cipher that follows"): string {
  const bytes = [3, 8];
  let left = index;
  while (left >= 0x80) {
    bytes.push((left % 0x80) + 0x80);
    left = Math.floor(left / 0x80);
  }
  return Buffer.from([...bytes, left, ...Buffer.from(rest)])
    .toString("base64")
    .replace(/=+$/, "");
}

describe("the index of a message", () => {
  test("is read of every length that it can have", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (index) => messageIndexOf(cipher(index)) === index,
      ),
    );
  });

  test.each(["", "Aw", "BAgA", "Awg", "%%%%", "Awj///////////"])(
    "is none in what is no message: %j",
    (text) => {
      expect(messageIndexOf(text)).toBeUndefined();
    },
  );

  test("is asked of any text without a fault", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const index = messageIndexOf(text);
        return index === undefined || (Number.isSafeInteger(index) && index >= 0);
      }),
    );
  });
});
