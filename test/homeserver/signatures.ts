/** Signed JSON, checked with node:crypto alone: no engine marks its own work. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { asObject, asString, isObject, type JsonObject } from "./json.ts";

/** Keys in order, no spaces, nothing escaped that need not be; what a signature is made of. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
  return `{${entries.join(",")}}`;
}

/** The one key of a cross-signing key object: its name (`ed25519:…`) and its public part. */
export function onlyKey(
  object: Readonly<JsonObject>,
): { readonly id: string; readonly key: string } | undefined {
  const [entry, ...more] = Object.entries(asObject(object["keys"]));
  if (entry === undefined || more.length > 0) return undefined;
  return { id: entry[0], key: asString(entry[1]) ?? "" };
}

export function signatureOf(object: Readonly<JsonObject>, userId: string, keyId: string): string | undefined {
  return asString(asObject(asObject(object["signatures"])[userId])[keyId]);
}

/** Whether the user's key signed the object. */
export function isSignedBy(
  object: Readonly<JsonObject>,
  userId: string,
  signer: { readonly id: string; readonly key: string },
): boolean {
  const signature = signatureOf(object, userId, signer.id);
  if (signature === undefined) return false;
  const text = Buffer.from(canonicalJson(bare(object)), "utf8");
  const key = publicKey(signer.key);
  return key !== undefined && verify(undefined, text, key, Buffer.from(signature, "base64"));
}

/** What is signed: everything but the signatures and what the server adds. */
export function bare(object: Readonly<JsonObject>): JsonObject {
  const { signatures: _signatures, unsigned: _unsigned, ...rest } = object;
  return rest;
}

function publicKey(base64: string): KeyObject | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== 32) return undefined;
  const x = bytes.toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}
