/**
 * The second engine of the tests: keys in memory, strict as Element is since April 2026. It gives no keys to devices that
 * their owner has not signed, and opens nothing that comes from one. That of a device that is itself unsigned is lax, as
 * clients were before: a strict one refuses to speak at all.
 */
import * as sdk from "@matrix-org/matrix-sdk-crypto-wasm";
import { asObject, asStrings } from "../../homeserver/json.ts";
import { closed, opened, type Opened, type RawEvent } from "./opened.ts";

/** The private parts of an identity, as one device of a person gives them to another. */
export interface Secrets {
  readonly master: string;
  readonly selfSigning: string;
  readonly userSigning: string;
}

/** A request that the engine wants sent. */
export type Wanted =
  | sdk.KeysUploadRequest
  | sdk.KeysQueryRequest
  | sdk.KeysClaimRequest
  | sdk.ToDeviceRequest
  | sdk.SignatureUploadRequest;

export interface Sharing {
  readonly roomId: string;
  readonly users: readonly string[];
  readonly visibility: string;
}

export class Engine {
  readonly userId: string;
  readonly deviceId: string;
  readonly #machine: sdk.OlmMachine;
  readonly #isStrict: boolean;

  constructor(machine: sdk.OlmMachine, { isStrict }: { readonly isStrict: boolean }) {
    this.#machine = machine;
    this.#isStrict = isStrict;
    this.userId = machine.userId.toString();
    this.deviceId = machine.deviceId.toString();
    machine.roomKeyRequestsEnabled = false;
    machine.roomKeyForwardingEnabled = false;
  }

  static async start(
    userId: string,
    deviceId: string,
    options: { readonly isStrict: boolean },
  ): Promise<Engine> {
    await sdk.initAsync();
    const machine = await sdk.OlmMachine.initialize(new sdk.UserId(userId), new sdk.DeviceId(deviceId));
    return new Engine(machine, options);
  }

  get fingerprint(): string {
    return this.#machine.identityKeys.ed25519.toBase64();
  }

  close(): void {
    this.#machine.close();
  }

  /** The part of a sync answer that is about encryption. */
  async receive(answer: Readonly<Record<string, unknown>>): Promise<void> {
    const lists = asObject(answer["device_lists"]);
    await this.#machine.receiveSyncChanges(
      JSON.stringify(asObject(answer["to_device"])["events"] ?? []),
      new sdk.DeviceLists(users(asStrings(lists["changed"])), users(asStrings(lists["left"]))),
      new Map(Object.entries(asObject(answer["device_one_time_keys_count"])) as [string, number][]),
      new Set(asStrings(answer["device_unused_fallback_key_types"]) ?? []),
      this.#trust(),
    );
  }

  async wants(): Promise<readonly Wanted[]> {
    return this.#machine.outgoingRequests();
  }

  async sent(request: Wanted, answer: unknown): Promise<void> {
    if (request.id !== undefined)
      await this.#machine.markRequestAsSent(request.id, request.type, JSON.stringify(answer));
  }

  async track(userIds: readonly string[]): Promise<void> {
    await this.#machine.updateTrackedUsers(users(userIds));
  }

  query(userIds: readonly string[]): Wanted {
    return this.#machine.queryKeysForUsers(users(userIds));
  }

  async missingSessions(userIds: readonly string[]): Promise<Wanted | undefined> {
    return (await this.#machine.getMissingSessions(users(userIds))) ?? undefined;
  }

  async share({ roomId, users: userIds, visibility }: Sharing): Promise<readonly Wanted[]> {
    const settings = new sdk.EncryptionSettings();
    settings.sharingStrategy = this.#isStrict
      ? sdk.CollectStrategy.identityBasedStrategy()
      : sdk.CollectStrategy.allDevices();
    settings.historyVisibility = visibilities[visibility] ?? sdk.HistoryVisibility.Shared;
    return this.#machine.shareRoomKey(new sdk.RoomId(roomId), users(userIds), settings);
  }

  /** `/discardsession`: the next word begins a new one, which is shared anew. */
  async discardSession(roomId: string): Promise<void> {
    await this.#machine.invalidateGroupSession(new sdk.RoomId(roomId));
  }

  async encrypt(roomId: string, type: string, content: object): Promise<Record<string, unknown>> {
    const text = await this.#machine.encryptRoomEvent(new sdk.RoomId(roomId), type, JSON.stringify(content));
    return JSON.parse(text) as Record<string, unknown>;
  }

  async open(roomId: string, event: RawEvent): Promise<Opened> {
    const text = JSON.stringify({ ...event, room_id: roomId });
    try {
      const decrypted = await this.#machine.decryptRoomEvent(text, new sdk.RoomId(roomId), this.#trust());
      return opened(roomId, event, decrypted);
    } catch (error) {
      return closed(roomId, event, error);
    }
  }

  // Identity

  makeIdentity(): Promise<sdk.CrossSigningBootstrapRequests> {
    return this.#machine.bootstrapCrossSigning(true);
  }

  async secrets(): Promise<Secrets> {
    const found = await this.#machine.exportCrossSigningKeys();
    const { masterKey, self_signing_key: selfSigning, userSigningKey } = found ?? {};
    if (masterKey === undefined || selfSigning === undefined || userSigningKey === undefined)
      throw new Error(`${this.userId} ${this.deviceId} has no identity to give`);
    return { master: masterKey, selfSigning, userSigning: userSigningKey };
  }

  async adopt({ master, selfSigning, userSigning }: Secrets): Promise<void> {
    await this.#machine.importCrossSigningKeys(master, selfSigning, userSigning);
  }

  /** Signs a device of one's own. */
  async signDevice(deviceId: string): Promise<Wanted> {
    const device = await this.#device(this.userId, deviceId);
    if (device === undefined) throw new Error(`${this.userId} does not know its device ${deviceId}`);
    return device.verify();
  }

  /** Signs somebody's identity, as after a comparison of emoji; one's own is signed by the device. */
  async verify(userId: string): Promise<Wanted> {
    const identity = await this.#machine.getIdentity(new sdk.UserId(userId));
    if (identity === undefined) throw new Error(`${userId} has no identity`);
    return identity.verify();
  }

  async isVerified(userId: string): Promise<boolean> {
    return (await this.#machine.getIdentity(new sdk.UserId(userId)))?.isVerified() ?? false;
  }

  /** What this engine thinks of somebody's device; undefined where it knows none. */
  async isDeviceSigned(userId: string, deviceId: string): Promise<boolean | undefined> {
    return (await this.#device(userId, deviceId))?.isCrossSignedByOwner();
  }

  #trust(): sdk.DecryptionSettings {
    const { CrossSigned, Untrusted } = sdk.TrustRequirement;
    return new sdk.DecryptionSettings(this.#isStrict ? CrossSigned : Untrusted);
  }

  async #device(userId: string, deviceId: string): Promise<sdk.Device | undefined> {
    return this.#machine.getDevice(new sdk.UserId(userId), new sdk.DeviceId(deviceId));
  }
}

const visibilities: Readonly<Record<string, sdk.HistoryVisibility>> = {
  invited: sdk.HistoryVisibility.Invited,
  joined: sdk.HistoryVisibility.Joined,
  shared: sdk.HistoryVisibility.Shared,
  world_readable: sdk.HistoryVisibility.WorldReadable,
};

/** Made anew each time: the engine consumes what it is given. */
function users(ids: readonly string[] = []): sdk.UserId[] {
  return ids.map((id) => new sdk.UserId(id));
}
