/** Whether a JSON object is signed by a key ("Signing JSON"), for looks at keys without an engine. */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";

const keyBytes = 32;

/** `key`: an ed25519 key in base64, which is its name, too, as with keys of an identity. Never throws. */
export function isSignedBy(object: JsonObject, { user, key }: { user: string; key: string }): boolean {
  const signature = asString(
    asObject(asObject(object["signatures"])?.[user])?.[`ed25519:${key.replaceAll("=", "")}`],
  );
  const signer = publicKey(key);
  if (signature === undefined || signer === undefined) return false;
  const { signatures: _signatures, unsigned: _unsigned, ...signed } = object;
  return verify(undefined, Buffer.from(canonical(signed)), signer, Buffer.from(signature, "base64"));
}

/** Keys in order, no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const object = asObject(value);
  if (!object) return JSON.stringify(value);
  const entries = Object.keys(object)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`);
  return `{${entries.join(",")}}`;
}

function publicKey(base64: string): KeyObject | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length !== keyBytes) return undefined;
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") },
    format: "jwk",
  });
}
