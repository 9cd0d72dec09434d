/**
 * Devices that have keys on the homeserver and that nobody uses: whoever speaks to them has the work, and no engine is
 * needed for each. With node:crypto alone.
 */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { canonicalJson } from "../../homeserver/signatures.ts";
import type { JsonObject } from "../../homeserver/json.ts";

/** The body of `POST keys/upload` of a new device, with a fallback key, so that all who want can speak to it. */
export function keysToUpload(user: string, device: string): JsonObject {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const signed = (object: JsonObject): JsonObject => {
    const signature = sign(null, Buffer.from(canonicalJson(object)), privateKey).toString("base64");
    return {
      ...object,
      signatures: { [user]: { [`ed25519:${device}`]: signature.replace(/=+$/, "") } },
    };
  };
  return {
    device_keys: signed({
      user_id: user,
      device_id: device,
      algorithms: ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"],
      keys: { [`ed25519:${device}`]: raw(publicKey), [`curve25519:${device}`]: newCurveKey() },
    }),
    fallback_keys: { "signed_curve25519:AAAA": signed({ key: newCurveKey(), fallback: true }) },
  };
}

function newCurveKey(): string {
  return raw(generateKeyPairSync("x25519").publicKey);
}

function raw(key: KeyObject): string {
  return Buffer.from(key.export({ format: "jwk" }).x!, "base64url")
    .toString("base64")
    .replace(/=+$/, "");
}
