import { expect, test } from "@jest/globals";
import { secretBytes } from "../../src/kit/random.ts";
import { keyBytes, Sealer } from "../../src/kit/seal.ts";

const sealer = new Sealer(secretBytes(keyBytes));

test("what is sealed is read with the same key, about the same thing", () => {
  const sealed = sealer.seal("buy now ü", "$event");

  expect(sealer.open(sealed, "$event")).toBe("buy now ü");
  expect(Buffer.from(sealed).includes("buy")).toBe(false);
});

test("with another key, about another thing, changed or cut off it is not read, and nothing breaks", () => {
  const sealed = sealer.seal("buy now", "$event");
  const changed = Uint8Array.from(sealed, (byte, i) => (i === sealed.length - 1 ? byte ^ 1 : byte));

  expect(new Sealer(secretBytes(keyBytes)).open(sealed, "$event")).toBeUndefined();
  expect(sealer.open(sealed, "$other")).toBeUndefined();
  expect(sealer.open(changed, "$event")).toBeUndefined();
  for (const length of [0, 5, 12, 20, 28])
    expect(sealer.open(sealed.subarray(0, length), "$event")).toBeUndefined();
});

test("the same text is never sealed to the same bytes, and keys are told apart by their ids", () => {
  expect(sealer.seal("a", "$e")).not.toEqual(sealer.seal("a", "$e"));
  expect(new Sealer(new Uint8Array(32)).keyId).not.toBe(new Sealer(new Uint8Array(32).fill(1)).keyId);
});
