/**
 * Whose keys the homeserver has for our device. It is looked at before anything is uploaded: with other keys under the same
 * device the homeserver takes ours without a word, and then nobody can write to either ("Device keys").
 */
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RestClient } from "../http/client.ts";
import type { Engine } from "./engine.ts";
import { identityIn, type PublicIdentity } from "./identity-keys.ts";
import { isSignedBy } from "./signed-json.ts";

/**
 * `new`: no keys were ever uploaded. `ours`: it has those of our store. `foreign`: those of another program, or of a store
 * that is lost. `gone`: it had ours and has none.
 */
export type DeviceState = "new" | "ours" | "foreign" | "gone";

export interface KnownDevice {
  /** Ed25519 key of the device as the homeserver has it; undefined where it has none. */
  readonly atHomeserver: string | undefined;
  /** Ed25519 key of our store; undefined where there is no store. */
  readonly ours: string | undefined;
  /** Our keys were uploaded once. */
  readonly wasUploaded: boolean;
}

export function deviceState({ atHomeserver, ours, wasUploaded }: KnownDevice): DeviceState {
  if (atHomeserver === undefined) return wasUploaded ? "gone" : "new";
  return atHomeserver === ours ? "ours" : "foreign";
}

interface Account {
  readonly self: string;
  readonly device: string;
}

/** Asks our own homeserver alone, and writes nothing. Rejects with a `MatrixFault`. */
export async function keyAtHomeserver(
  client: RestClient,
  { self, device }: Account,
): Promise<string | undefined> {
  return keyIn(await ownKeys(client, self), { self, device });
}

/** What others are shown of our account. */
export interface ShownDevice {
  /** Ed25519 key; undefined where it has none. */
  readonly key: string | undefined;
  /** The account's identity has signed it. */
  readonly isSigned: boolean;
  readonly identity: PublicIdentity | undefined;
}

/** Asked without an engine: by `tyr check`, `tyr setup`, before a takeover. Rejects with a `MatrixFault`. */
export async function shownDevice(client: RestClient, { self, device }: Account): Promise<ShownDevice> {
  const answer = await ownKeys(client, self);
  const identity = identityIn(answer, self);
  const { master, selfSigning } = identity ?? {};
  const [signer, keys] = [
    asObject(asObject(answer["self_signing_keys"])?.[self]),
    deviceIn(answer, self, device),
  ];
  const isSigned =
    master !== undefined &&
    selfSigning !== undefined &&
    signer !== undefined &&
    keys !== undefined &&
    isSignedBy(signer, { user: self, key: master }) &&
    isSignedBy(keys, { user: self, key: selfSigning });
  return { key: keyIn(answer, { self, device }), isSigned, identity };
}

/** The answer of `POST /keys/query` about ourselves: devices and identity. */
export function ownKeys(client: RestClient, self: string): Promise<JsonObject> {
  return client.call("POST", "/_matrix/client/v3/keys/query", { body: { device_keys: { [self]: [] } } });
}

function keyIn(answer: JsonObject, { self, device }: Account): string | undefined {
  return asString(asObject(deviceIn(answer, self, device)?.["keys"])?.[`ed25519:${device}`]);
}

function deviceIn(answer: JsonObject, self: string, device: string): JsonObject | undefined {
  return asObject(asObject(asObject(answer["device_keys"])?.[self])?.[device]);
}

export async function lookAtDevice(
  account: Account & { readonly client: RestClient; readonly engine: Engine },
): Promise<DeviceState> {
  const { client, engine } = account;
  const [atHomeserver, { ed25519: ours }, wanted] = await Promise.all([
    keyAtHomeserver(client, account),
    engine.ownDevice(),
    engine.requests(),
  ]);
  // The engine wants to upload its device keys until that was done once.
  const wasUploaded = !wanted.some(({ kind, body }) => kind === "keys-upload" && "device_keys" in body);
  return deviceState({ atHomeserver, ours, wasUploaded });
}
