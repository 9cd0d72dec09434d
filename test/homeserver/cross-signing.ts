/** A person's identity as the server keeps it: three public keys, and the signatures that they and the devices made. */
import { isDeepStrictEqual } from "node:util";
import type { Call } from "./call.ts";
import { noteDeviceChange } from "./device-lists.ts";
import { asObject, isObject, type JsonObject } from "./json.ts";
import { badRequest, MatrixError } from "./matrix-error.ts";
import { isSignedBy, onlyKey, signatureOf } from "./signatures.ts";
import type { User } from "./world.ts";
import { requirePassword } from "./ui-auth.ts";

export type KeyUsage = "master" | "self_signing" | "user_signing";

export interface Signature {
  /** The key that signed: `ed25519:…`. */
  readonly keyId: string;
  readonly userId: string;
  /** A device, or the public part of a master key. */
  readonly target: string;
  readonly signature: string;
}

export interface Identity {
  readonly keys: Map<KeyUsage, JsonObject>;
  /** Synapse forgets none, not even of a device that is gone or has other keys. */
  readonly signatures: Signature[];
}

const usages: readonly KeyUsage[] = ["master", "self_signing", "user_signing"];

/** POST keys/device_signing/upload: the first keys are taken as they are, others need the password. */
export async function uploadSigningKeys(call: Call): Promise<unknown> {
  const { identity, id } = call.user;
  const given = usages.filter((usage) => isObject(call.body[`${usage}_key`]));
  const keys = new Map(given.map((usage) => [usage, asObject(call.body[`${usage}_key`])]));
  if (given.every((usage) => isDeepStrictEqual(identity.keys.get(usage), keys.get(usage)))) return {};
  if (identity.keys.has("master")) requirePassword(call);
  const master = keys.get("master") ?? identity.keys.get("master");
  if (master === undefined) throw badRequest("No master key available", "M_MISSING_PARAM");
  for (const [usage, key] of keys) checkKey(key, usage, { id, master });
  await call.load.write(undefined, () => {
    for (const [usage, key] of keys) identity.keys.set(usage, key);
    const isPublic = keys.has("master") || keys.has("self_signing");
    noteDeviceChange(call.world, { userId: id, ...(isPublic ? {} : { toldOnly: id }) });
  });
  return {};
}

function checkKey(
  key: Readonly<JsonObject>,
  usage: KeyUsage,
  { id, master }: { readonly id: string; readonly master: Readonly<JsonObject> },
): void {
  const isListed = Array.isArray(key["usage"]) && key["usage"].includes(usage);
  if (key["user_id"] !== id || !isListed || onlyKey(key) === undefined) {
    throw badRequest(`Invalid ${usage} key`, "M_INVALID_PARAM");
  }
  if (usage === "master") return;
  const signer = onlyKey(master);
  if (signer === undefined || !isSignedBy(key, id, signer)) {
    throw new MatrixError(400, "M_INVALID_SIGNATURE", `Invalid signature on ${usage} key`);
  }
}

/** An object with the signatures that its owner and whoever asks have made of it. */
export function withSignatures(
  object: Readonly<JsonObject>,
  { target, owner, asker }: { readonly target: string; readonly owner: User; readonly asker?: User },
): JsonObject {
  const signatures: Record<string, JsonObject> = {};
  for (const [userId, own] of Object.entries(asObject(object["signatures"])))
    signatures[userId] = asObject(own);
  for (const signer of new Set([owner, asker ?? owner])) {
    const made = signer.identity.signatures.filter((one) => one.userId === owner.id && one.target === target);
    if (made.length === 0) continue;
    const added = Object.fromEntries(made.map(({ keyId, signature }) => [keyId, signature]));
    signatures[signer.id] = { ...signatures[signer.id], ...added };
  }
  return { ...object, signatures };
}

/** Whether the device is signed by its owner's identity: every link of the chain, checked without any engine. */
export function isDeviceSigned(user: User, deviceId: string): boolean {
  const device = user.devices.get(deviceId)?.keys;
  const master = user.identity.keys.get("master");
  const selfSigning = user.identity.keys.get("self_signing");
  if (device === undefined || master === undefined || selfSigning === undefined) return false;
  const root = onlyKey(master);
  const signer = onlyKey(selfSigning);
  if (root === undefined || signer === undefined) return false;
  const shown = withSignatures(device, { target: deviceId, owner: user });
  return isSignedBy(selfSigning, user.id, root) && isSignedBy(shown, user.id, signer);
}

/** Whether the key's signature of it is known already. */
export function hasSignature(
  object: Readonly<JsonObject>,
  { by, keyId, ...where }: { by: string; keyId: string; target: string; owner: User; asker: User },
): boolean {
  return signatureOf(withSignatures(object, where), by, keyId) !== undefined;
}
