// Recovery keys, as people type them.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatRecoveryKey, parseRecoveryKey } from "../../../src/matrix/crypto/recovery-key.ts";

/** The test data of matrix-rust-sdk. */
const published = "EsT           pRvZTnjck8    YrhRAtw XLS84Nr2r9S9LGAWDaExVAPBvLRK   ";

test("a published key is read as it is meant, whatever the white space", () => {
  const bytes = [
    159, 189, 70, 187, 52, 81, 113, 198, 246, 2, 44, 154, 37, 213, 104, 27, 165, 78, 236, 106, 108, 73, 83,
    243, 173, 192, 185, 110, 157, 145, 173, 163,
  ];

  expect(parseRecoveryKey(published)).toEqual({ ok: true, key: Uint8Array.from(bytes) });
  expect(parseRecoveryKey(published.replaceAll(" ", "\r\n\t"))).toEqual({
    ok: true,
    key: Uint8Array.from(bytes),
  });
  expect(formatRecoveryKey(Uint8Array.from(bytes))).toBe(
    "EsTp RvZT njck 8Yrh RAtw XLS8 4Nr2 r9S9 LGAW DaEx VAPB vLRK",
  );
});

test("every key comes back as it was, in twelve groups of four", () => {
  const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.oneof(keys, fc.constantFrom(new Uint8Array(32), new Uint8Array(32).fill(0xff))), (key) => {
      const text = formatRecoveryKey(key);

      expect(text).toMatch(/^E[st]\w\w( \w{4}){11}$/);
      expect(parseRecoveryKey(text)).toEqual({ ok: true, key });
    }),
  );
});

test("one character that is mistyped is seen, but for one time in 256, and never crashes", () => {
  const text = formatRecoveryKey(new Uint8Array(32).fill(0x5a)).replaceAll(" ", "");
  const others = [...text].flatMap((one, at) =>
    [..."13Zz9"]
      .filter((other) => other !== one)
      .map((other) => text.slice(0, at) + other + text.slice(at + 1)),
  );

  const seen = others.filter((other) => !parseRecoveryKey(other).ok);

  expect(seen.length).toBeGreaterThan(others.length * 0.97);
});

test.each([
  ["", "it is empty"],
  [" \n", "it is empty"],
  ["correct horse battery staple", "it has 25 characters, and a recovery key has 48"],
  ["EsTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLR", "it has 47 characters, and a recovery key has 48"],
  ["x".repeat(1_000_000), "it has 1000000 characters, and a recovery key has 48"],
  ["0sTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLRK", "without 0, O, I, l and signs"],
  ["EsTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLR\u00e9", "without 0, O, I, l and signs"],
  ["AsTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLRK", "it does not begin as a recovery key does"],
  ["111111111111111111111111111111111111111111111111", "it does not begin as a recovery key does"],
  ["zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "it does not begin as a recovery key does"],
  ["EsTpRvZTnjck8YrhRAtwXLS84Nr2r9S9LGAWDaExVAPBvLRk", "a character in it is mistyped"],
])("%j is refused with what is wrong", (text, problem) => {
  const parsed = parseRecoveryKey(text);

  expect(parsed).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});
