/**
 * The keys of an identity ("Cross-signing", Client-Server API): three pairs, of which the homeserver has the public halves, and
 * whoever signs with them the private ones, as seeds of 32 bytes in base64.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { IdentitySeeds } from "./engine.ts";

const groups = {
  master: "master_keys",
  selfSigning: "self_signing_keys",
  userSigning: "user_signing_keys",
} as const;
export const parts = [
  "master",
  "selfSigning",
  "userSigning",
] as const satisfies readonly (keyof IdentitySeeds)[];

/** What secret storage calls them. */
export const secretNames = {
  master: "m.cross_signing.master",
  selfSigning: "m.cross_signing.self_signing",
  userSigning: "m.cross_signing.user_signing",
} as const;

/** Public halves in unpadded base64; undefined where the homeserver shows none. */
export type PublicIdentity = { readonly [part in keyof IdentitySeeds]: string | undefined };

/** Of the answer of `POST /keys/query`; undefined where the account has no identity. */
export function identityIn(answer: JsonObject, user: string): PublicIdentity | undefined {
  const keyOf = (part: keyof IdentitySeeds) => {
    const keys = asObject(asObject(asObject(answer[groups[part]])?.[user])?.["keys"]);
    return asString(Object.values(keys ?? {})[0]);
  };
  const master = keyOf("master");
  return master === undefined
    ? undefined
    : { master, selfSigning: keyOf("selfSigning"), userSigning: keyOf("userSigning") };
}

/** Whether these are the private halves of that identity. */
export function fits(seeds: IdentitySeeds, identity: PublicIdentity): boolean {
  return parts.every((part) => publicKeyOf(seeds[part]) === identity[part]);
}

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** In unpadded base64; undefined for what is no seed. */
function publicKeyOf(seed: string): string | undefined {
  const bytes = Buffer.from(seed, "base64");
  if (bytes.length !== 32) return undefined;
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, bytes]), format: "der", type: "pkcs8" });
  const { x } = createPublicKey(key).export({ format: "jwk" });
  return Buffer.from(x!, "base64url").toString("base64").replaceAll("=", "");
}
