/** POST keys/signatures/upload: each signature is checked, and what is refused is named in the answer, as Synapse does. */
import { isDeepStrictEqual } from "node:util";
import type { Call } from "./call.ts";
import { hasSignature, type KeyUsage, type Signature } from "./cross-signing.ts";
import { noteDeviceChange } from "./device-lists.ts";
import { asObject, type JsonObject } from "./json.ts";
import { MatrixError, notFound } from "./matrix-error.ts";
import { bare, isSignedBy, onlyKey, signatureOf } from "./signatures.ts";
import type { User } from "./world.ts";

interface SignedObject {
  /** A device, or the public part of a master key. */
  readonly target: string;
  readonly object: JsonObject;
}

export async function uploadSignatures(call: Call): Promise<unknown> {
  const failures: Record<string, Record<string, unknown>> = {};
  await call.load.write(undefined, () => {
    for (const [userId, objects] of Object.entries(call.body)) {
      const owner = call.world.users.get(userId);
      const made: Signature[] = [];
      for (const [target, object] of Object.entries(asObject(objects))) {
        try {
          made.push(...signaturesOf(call.user, owner, { target, object: asObject(object) }));
        } catch (error) {
          if (!(error instanceof MatrixError)) throw error;
          const failure = { status: error.status, errcode: error.errcode, message: error.message };
          failures[userId] = { ...failures[userId], [target]: failure };
        }
      }
      if (made.length === 0) continue;
      call.user.identity.signatures.push(...made);
      const isOwn = userId === call.user.id;
      noteDeviceChange(call.world, { userId, ...(isOwn ? {} : { toldOnly: call.user.id }) });
    }
  });
  return { failures };
}

/** The new signatures on the object; whoever signs what is signed already is not even looked at. */
function signaturesOf(signer: User, owner: User | undefined, signed: SignedObject): readonly Signature[] {
  if (owner === undefined) throw notFound("No master key found");
  if (owner !== signer) return ofMasterKey(signer, owner, signed);
  const master = keyOf(owner, "master");
  return signed.target === master.key ? ofOwnMasterKey(owner, signed) : ofOwnDevice(owner, signed);
}

/** A device signs the master key of its owner. */
function ofOwnMasterKey(owner: User, { target, object }: SignedObject): readonly Signature[] {
  const stored = owner.identity.keys.get("master")!;
  return Object.entries(asObject(asObject(object["signatures"])[owner.id])).map(([keyId, signature]) => {
    const device = owner.devices.get(keyId.slice("ed25519:".length));
    const key = asObject(device?.keys?.["keys"])[keyId];
    if (typeof key !== "string" || typeof signature !== "string") throw invalidSignature();
    check(object, stored, { userId: owner.id, id: keyId, key });
    return { keyId, userId: owner.id, target, signature };
  });
}

function ofOwnDevice(owner: User, { target, object }: SignedObject): readonly Signature[] {
  const signer = keyOf(owner, "self_signing");
  const signature = signatureOf(object, owner.id, signer.id);
  if (signature === undefined) throw invalidSignature();
  const stored = owner.devices.get(target)?.keys;
  if (stored === undefined) throw notFound("Unknown device");
  const place = { by: owner.id, keyId: signer.id, target, owner, asker: owner };
  if (hasSignature(stored, place)) return [];
  check(object, stored, { userId: owner.id, ...signer });
  return [{ keyId: signer.id, userId: owner.id, target, signature }];
}

/** Somebody else's identity is verified: the user-signing key signs their master key. */
function ofMasterKey(signer: User, owner: User, { target, object }: SignedObject): readonly Signature[] {
  const key = keyOf(signer, "user_signing");
  const master = keyOf(owner, "master");
  if (target !== master.key) throw notFound("Unknown device");
  const stored = owner.identity.keys.get("master")!;
  if (hasSignature(stored, { by: signer.id, keyId: key.id, target, owner, asker: signer })) return [];
  check(object, stored, { userId: signer.id, ...key });
  return [{ keyId: key.id, userId: owner.id, target, signature: signatureOf(object, signer.id, key.id)! }];
}

function keyOf(user: User, usage: KeyUsage): { readonly id: string; readonly key: string } {
  const found = onlyKey(user.identity.keys.get(usage) ?? {});
  if (found === undefined) throw notFound(`No ${usage} key found for ${user.id}`);
  return found;
}

function check(
  object: Readonly<JsonObject>,
  stored: Readonly<JsonObject>,
  { userId, ...signer }: { readonly userId: string; readonly id: string; readonly key: string },
): void {
  if (!isDeepStrictEqual(bare(object), bare(stored))) {
    throw new MatrixError(400, "M_UNKNOWN", "Key does not match");
  }
  if (!isSignedBy(object, userId, signer)) throw invalidSignature();
}

function invalidSignature(): MatrixError {
  return new MatrixError(400, "M_INVALID_SIGNATURE", "Invalid signature");
}
