// Cross-signing with node:crypto alone: a person's identity for clients that have none of their own, and a look at
// somebody's chain of signatures that shares no line with what made it.

import { type KeyObject, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { type Content, RequestFailed, TestClient } from "../synapse/client.ts";
import type { OwnDevice } from "./other-client.ts";

interface SignedObject extends Content {
  readonly signatures?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface KeysOf {
  readonly device_keys: Record<string, Record<string, SignedObject>>;
  readonly master_keys: Record<string, SignedObject>;
  readonly self_signing_keys: Record<string, SignedObject>;
}

const usages = ["master", "self_signing", "user_signing"] as const;

/**
 * Gives the account an identity, as Element does when an account is new, and signs the device with it, as a person
 * does who verifies it. The answer signs further devices.
 */
export async function giveIdentity(
  url: string,
  own: OwnDevice,
  password: string,
): Promise<(device: string) => Promise<void>> {
  const client = new TestClient(url, own.token);
  const pairs = usages.map((usage) => ({ usage, pair: generateKeyPairSync("ed25519") }));
  const [master, selfSigning] = pairs.map(({ pair }) => pair) as [KeyPair, KeyPair];
  const keys = pairs.map(({ usage, pair }) => {
    const key = rawKey(pair.publicKey);
    const object = { user_id: own.user, usage: [usage], keys: { [`ed25519:${key}`]: key } };
    return [`${usage}_key`, usage === "master" ? object : signed(object, own.user, master)] as const;
  });
  await uploadIdentity(client, own.user, { password, keys: Object.fromEntries(keys) });
  const signDevice = async (device: string): Promise<void> => {
    const { device_keys } = await keysOf(client, own.user);
    const keysOfDevice = device_keys[own.user]?.[device];
    if (keysOfDevice === undefined) throw new Error(`${device} has uploaded no keys`);
    const { failures } = await client.request("POST", "/keys/signatures/upload", {
      [own.user]: { [device]: signed(keysOfDevice, own.user, selfSigning) },
    });
    if (Object.keys(failures as Content).length > 0) throw new Error(JSON.stringify(failures));
  };
  await signDevice(own.device);
  return signDevice;
}

/**
 * The fingerprint of the device, once every signature from the account's master key down to it has been found right;
 * otherwise it throws and says which is not.
 */
export async function fingerprintBySignatures(
  reader: TestClient,
  user: string,
  device: string,
): Promise<string> {
  const keys = await keysOf(reader, user);
  const master = onlyKey(keys.master_keys[user], "master", user);
  const selfSigning = onlyKey(keys.self_signing_keys[user], "self_signing", user);
  expectSigned(
    keys.self_signing_keys[user]!,
    user,
    master,
    "the self-signing key is not signed by the master key",
  );
  const deviceKeys = keys.device_keys[user]?.[device];
  if (deviceKeys === undefined) throw new Error(`${user} has no keys for device ${device}`);
  if (deviceKeys["user_id"] !== user || deviceKeys["device_id"] !== device)
    throw new Error("the keys of the device name another");
  const fingerprint = (deviceKeys["keys"] as Record<string, string>)[`ed25519:${device}`]!;
  expectSigned(deviceKeys, user, fingerprint, "the device has not signed its own keys", device);
  expectSigned(deviceKeys, user, selfSigning, "the device is not signed by its owner");
  return fingerprint;
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function keysOf(client: TestClient, user: string): Promise<KeysOf> {
  return (await client.request("POST", "/keys/query", { device_keys: { [user]: [] } })) as unknown as KeysOf;
}

/** The first identity of an account needs no password on a Synapse of today; any other does. */
async function uploadIdentity(
  client: TestClient,
  user: string,
  { password, keys }: { password: string; keys: Content },
): Promise<void> {
  const path = "/keys/device_signing/upload";
  try {
    await client.request("POST", path, keys);
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.status !== 401) throw error;
    const identifier = { type: "m.id.user", user };
    const auth = { type: "m.login.password", session: error.body["session"], identifier, password };
    await client.request("POST", path, { ...keys, auth });
  }
}

function onlyKey(object: SignedObject | undefined, usage: string, user: string): string {
  if (object === undefined) throw new Error(`${user} has no ${usage} key`);
  if (object["user_id"] !== user) throw new Error(`the ${usage} key names another`);
  if (JSON.stringify(object["usage"]) !== JSON.stringify([usage])) throw new Error(`not a ${usage} key`);
  const [key, ...more] = Object.values(object["keys"] as Record<string, string>);
  if (key === undefined || more.length > 0) throw new Error(`not one ${usage} key`);
  return key;
}

function signed(object: SignedObject, user: string, { privateKey, publicKey }: KeyPair): SignedObject {
  const signature = unpadded(sign(null, bytesToSign(object), privateKey));
  const signatures = { ...object.signatures?.[user], [`ed25519:${rawKey(publicKey)}`]: signature };
  return { ...object, signatures: { ...object.signatures, [user]: signatures } };
}

/** `keyName` is the name behind the colon where it is not the key itself. */
function expectSigned(
  object: SignedObject,
  user: string,
  key: string,
  otherwise: string,
  keyName = key,
): void {
  const signature = object.signatures?.[user]?.[`ed25519:${keyName}`];
  const isRight =
    signature !== undefined &&
    verify(null, bytesToSign(object), publicKeyOf(key), Buffer.from(signature, "base64"));
  if (!isRight) throw new Error(otherwise);
}

function bytesToSign({ signatures: _signatures, unsigned: _unsigned, ...rest }: SignedObject): Buffer {
  return Buffer.from(canonical(rest));
}

/** Canonical JSON, for the strings, lists and objects that keys are made of. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(",")}}`;
}

function rawKey(key: KeyObject): string {
  return unpadded(Buffer.from(key.export({ format: "jwk" }).x!, "base64url"));
}

function publicKeyOf(raw: string): KeyObject {
  const x = Buffer.from(raw, "base64").toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
