import { expect, test } from "@jest/globals";
import { hasSignature } from "../../src/kit/signed-json.ts";
import { aPolicyKey } from "../support/policy-signing.ts";

// The keys, objects and signatures of the specification ("Cryptographic Test Vectors", "JSON Signing").
const key = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI";
const by = { by: "domain", name: "1", key };
const signedAs = (signature: string) => ({ signatures: { domain: { "ed25519:1": signature } } });

test("takes what the specification has signed", () => {
  const empty = signedAs(
    "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ",
  );
  const data = {
    one: 1,
    two: "Two",
    ...signedAs("KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw"),
  };

  expect(hasSignature(empty, by)).toBe(true);
  expect(hasSignature(data, by)).toBe(true);
  expect(hasSignature({ ...data, unsigned: { age: 1 } }, by)).toBe(true);
  expect(hasSignature({ ...data, one: 2 }, by)).toBe(false);
});

test.each([
  ["no signatures", {}],
  ["signatures that are none", { signatures: "yes" }],
  ["a signature that is no base64", signedAs("!!!")],
  ["an empty signature", signedAs("")],
  [
    "what is nested very deeply",
    { ...signedAs("YQ"), deep: JSON.parse("[".repeat(30_000) + "]".repeat(30_000)) as unknown },
  ],
  ["a signature of somebody else", aPolicyKey().signed({}, "domain")],
])("refuses %s without throwing", (_what, object) => {
  expect(hasSignature(object, by)).toBe(false);
  expect(hasSignature(object, { ...by, key: "short" })).toBe(false);
});
