/** Whether a JSON object is signed by a key, for looks at keys without an engine. */
import type { JsonObject } from "../../kit/json.ts";
import { hasSignature } from "../../kit/signed-json.ts";

/** `key`: an ed25519 key in base64, which is its name, too, as with keys of an identity. Never throws. */
export function isSignedBy(object: JsonObject, { user, key }: { user: string; key: string }): boolean {
  return hasSignature(object, { by: user, name: key.replaceAll("=", ""), key });
}
