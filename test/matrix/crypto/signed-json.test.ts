import { expect, test } from "@jest/globals";
import { generateKeyPairSync, sign } from "node:crypto";
import { isSignedBy } from "../../../src/matrix/crypto/signed-json.ts";

const user = "@tyr:example.org";
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url")
  .toString("base64")
  .replaceAll("=", "");
const signature = sign(undefined, Buffer.from('{"a":[1,{"c":"é","d":null}],"b":true}'), privateKey).toString(
  "base64",
);
const signed = (more = {}, name = `ed25519:${key}`) => ({
  ...{ b: true, a: [1, { d: null, c: "é" }], unsigned: { age: 5 } },
  ...{ signatures: { [user]: { [name]: signature } } },
  ...more,
});

test("an object is signed whatever the order of its keys, and what the homeserver adds", () => {
  expect(isSignedBy(signed(), { user, key })).toBe(true);
});

test.each([
  ["it was changed", signed({ b: false })],
  ["something was added", signed({ e: 1 })],
  ["another key is named", signed({}, "ed25519:other")],
  ["there are no signatures", signed({ signatures: undefined })],
  ["the signature is none", signed({ signatures: { [user]: { [`ed25519:${key}`]: "no" } } })],
  ["signatures are of an odd shape", signed({ signatures: { [user]: [7] } })],
])("it is not where %s", (_why, object) => {
  expect(isSignedBy(object, { user, key })).toBe(false);
});

test("it is not by a key that is none", () => {
  expect(isSignedBy(signed({}, "ed25519:abc"), { user, key: "abc" })).toBe(false);
});
