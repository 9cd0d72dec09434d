/** Whether a JSON object is signed by a key (Matrix: "Signing JSON"), by the key alone. */
import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { asObject, asString, type JsonObject } from "./json.ts";

const keyBytes = 32;
/** What goes deeper is nested to exhaust whoever follows it. */
const mostLevels = 50;

/** `by`: who signed; `name`: of the key, behind `ed25519:`; `key`: an ed25519 key in base64. Never throws. */
export function hasSignature(
  object: JsonObject,
  { by, name, key }: { readonly by: string; readonly name: string; readonly key: string },
): boolean {
  const signature = asString(asObject(asObject(object["signatures"])?.[by])?.[`ed25519:${name}`]);
  const signer = publicKey(key);
  if (signature === undefined || signer === undefined || isDeeperThan(object, mostLevels)) return false;
  const { signatures: _signatures, unsigned: _unsigned, ...signed } = object;
  return verify(undefined, Buffer.from(canonicalJson(signed)), signer, Buffer.from(signature, "base64"));
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** Keys in order, no spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = asObject(value);
  if (!object) return JSON.stringify(value);
  const entries = Object.keys(object)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(object[name])}`);
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
