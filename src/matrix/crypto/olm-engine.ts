/**
 * The engine over matrix-sdk-crypto, the library of Element's clients, compiled to WebAssembly. The only importer of it.
 * Its objects are used up by the calls that they are handed to, so each call makes new ones.
 */
import {
  Attachment,
  CollectStrategy,
  DecryptionErrorCode,
  DecryptionSettings,
  DeviceId,
  DeviceLists,
  EncryptedAttachment,
  EncryptionSettings,
  HistoryVisibility,
  initAsync,
  type MegolmDecryptionError,
  OlmMachine,
  OwnUserIdentity,
  ProcessedToDeviceEventType,
  RoomId,
  ShieldColor,
  type ShieldState,
  ShieldStateCode,
  StoreHandle,
  TrustRequirement,
  UserId,
} from "@matrix-org/matrix-sdk-crypto-wasm";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import { keysOfOthers, type KeyStore } from "./old-keys.ts";
import { parsed, requestOf, typesByKind } from "./library-requests.ts";
import { keyNews, withheldNews } from "./session-news.ts";
import type {
  Decrypted,
  Engine,
  IdentitySeeds,
  NewIdentity,
  OutgoingRequest,
  OwnDevice,
  SealedFile,
  Received,
  SharedKey,
  SyncNews,
} from "./engine.ts";

/** Of the messages of one session; the library ends the process where more are encrypted than it was told. */
const messagesOfSession = 100n;
/** Microseconds. */
const sessionLasts = 7n * 86_400n * 1_000_000n;

const visibilities: Readonly<Record<string, HistoryVisibility>> = {
  invited: HistoryVisibility.Invited,
  joined: HistoryVisibility.Joined,
  shared: HistoryVisibility.Shared,
  world_readable: HistoryVisibility.WorldReadable,
};

/** Keys are in the IndexedDB of the globals (`store/indexed.ts`). Rejects where the store belongs to another device. */
export async function openOlmEngine({
  user,
  device,
  store,
  key,
}: {
  readonly user: string;
  readonly device: string;
  /** In the IndexedDB of the globals. */
  readonly store: KeyStore;
  readonly key?: Uint8Array | undefined;
}): Promise<Engine> {
  await initAsync();
  const { storeName } = store;
  const handle = await (key
    ? StoreHandle.openWithKey(storeName, key)
    : StoreHandle.open(storeName, undefined));
  const machine = await OlmMachine.initFromStore(new UserId(user), new DeviceId(device), handle);
  // We need no old words, and nobody gets keys from us but by sharing.
  machine.roomKeyRequestsEnabled = false;
  machine.roomKeyForwardingEnabled = false;
  return new OlmEngine(machine, store);
}

class OlmEngine implements Engine {
  readonly #machine: OlmMachine;
  readonly #store: KeyStore;

  constructor(machine: OlmMachine, store: KeyStore) {
    this.#machine = machine;
    this.#store = store;
  }

  ownDevice(): Promise<OwnDevice> {
    const { ed25519, curve25519 } = this.#machine.identityKeys;
    return Promise.resolve({ ed25519: ed25519.toBase64(), curve25519: curve25519.toBase64() });
  }

  async receive(news: SyncNews): Promise<Received> {
    const processed = await this.#machine.receiveSyncChanges(
      JSON.stringify(news.toDevice),
      new DeviceLists(usersOf(news.changed), usersOf(news.left)),
      new Map(Object.entries(news.counts)),
      news.unusedFallback && new Set(news.unusedFallback),
    );
    const [opened, plain] = [ProcessedToDeviceEventType.Decrypted, ProcessedToDeviceEventType.PlainText].map(
      (wanted) => processed.filter(({ type }) => type === wanted).map(({ rawEvent }) => parsed(rawEvent)),
    ) as [JsonObject[], JsonObject[]];
    return {
      keys: [...opened.flatMap(keyNews), ...plain.flatMap(withheldNews)],
      begunAnew: opened.flatMap((event) => (event["type"] === "m.dummy" && asString(event["sender"])) || []),
    };
  }

  async track(users: readonly string[]): Promise<void> {
    await this.#machine.updateTrackedUsers(usersOf(users));
  }

  async requests(): Promise<readonly OutgoingRequest[]> {
    return (await this.#machine.outgoingRequests()).flatMap((request) => requestOf(request) ?? []);
  }

  async sent({ id, kind, answer }: Parameters<Engine["sent"]>[0]): Promise<void> {
    await this.#machine.markRequestAsSent(id, typesByKind[kind], JSON.stringify(answer));
  }

  async missingSessions(users: readonly string[]): Promise<OutgoingRequest | undefined> {
    const request = await this.#machine.getMissingSessions(usersOf(users));
    return request ? requestOf(request) : undefined;
  }

  async share({ room, users, historyVisibility }: SharedKey): Promise<readonly OutgoingRequest[]> {
    const settings = new EncryptionSettings();
    settings.historyVisibility = visibilities[historyVisibility] ?? HistoryVisibility.Shared;
    settings.rotationPeriodMessages = messagesOfSession;
    settings.rotationPeriod = sessionLasts;
    settings.sharingStrategy = CollectStrategy.allDevices();
    const requests = await this.#machine.shareRoomKey(new RoomId(room), usersOf(users), settings);
    return requests.flatMap((request) => requestOf(request) ?? []);
  }

  async encrypt({ room, type, content }: Parameters<Engine["encrypt"]>[0]): Promise<JsonObject> {
    return parsed(await this.#machine.encryptRoomEvent(new RoomId(room), type, JSON.stringify(content)));
  }

  async decrypt({ room, event }: Parameters<Engine["decrypt"]>[0]): Promise<Decrypted> {
    // Whoever reads judges by whom it was said: a rule may look at what no command may come from.
    const anybody = new DecryptionSettings(TrustRequirement.Untrusted);
    try {
      const opened = await this.#machine.decryptRoomEvent(JSON.stringify(event), new RoomId(room), anybody);
      const clear = parsed(opened.event);
      const [type, content] = [asString(clear["type"]), asObject(clear["content"])];
      if (type === undefined || !content) return closed("what is inside is no event");
      const device = opened.senderDevice?.toString();
      return { kind: "opened", type, content, by: byOf(opened.shieldState(false)), device };
    } catch (error) {
      return closedBy(error);
    }
  }

  async countDevices(users: readonly string[]): Promise<number> {
    let count = 0;
    for (const user of usersOf(users)) count += (await this.#machine.getUserDevices(user)).devices().length;
    return count;
  }

  async forgetKeys(cameBefore: number): Promise<void> {
    await this.#store.deleteOlder({ ...keysOfOthers, madeBefore: cameBefore });
  }

  async beginAnew(room: string): Promise<void> {
    await this.#machine.invalidateGroupSession(new RoomId(room));
  }

  async encryptFile(bytes: Uint8Array): Promise<SealedFile> {
    const { encryptedData, mediaEncryptionInfo } = Attachment.encrypt(bytes);
    return { bytes: encryptedData, info: parsed(mediaEncryptionInfo ?? "{}") };
  }

  async decryptFile({ bytes, info }: SealedFile): Promise<Uint8Array> {
    return Attachment.decrypt(new EncryptedAttachment(bytes, JSON.stringify(info)));
  }

  async query(users: readonly string[]): Promise<OutgoingRequest> {
    return requestOf(this.#machine.queryKeysForUsers(usersOf(users)))!;
  }

  async makeIdentity({ replaces }: Parameters<Engine["makeIdentity"]>[0]): Promise<NewIdentity> {
    const { uploadSigningKeysRequest, uploadSignaturesRequest } =
      await this.#machine.bootstrapCrossSigning(replaces);
    return { keys: parsed(uploadSigningKeysRequest.body), signatures: requestOf(uploadSignaturesRequest)! };
  }

  async seeds(): Promise<IdentitySeeds | undefined> {
    const found = await this.#machine.exportCrossSigningKeys();
    const { masterKey: master, self_signing_key: selfSigning, userSigningKey: userSigning } = found ?? {};
    return master && selfSigning && userSigning ? { master, selfSigning, userSigning } : undefined;
  }

  async adoptIdentity({ master, selfSigning, userSigning }: IdentitySeeds): Promise<void> {
    const imported = await this.#machine.importCrossSigningKeys(master, selfSigning, userSigning);
    if (!imported.hasMaster || !imported.hasSelfSigning || !imported.hasUserSigning)
      throw new Error("the keys do not fit the identity that the homeserver has");
  }

  async missingSignatures(): Promise<readonly OutgoingRequest[]> {
    const { userId, deviceId } = this.#machine;
    const device = await this.#machine.getDevice(userId, deviceId);
    const identity = await this.#machine.getIdentity(userId.clone());
    const requests = [
      device && !device.isCrossSignedByOwner() ? await device.verify() : undefined,
      identity instanceof OwnUserIdentity && !identity.isVerified() ? await identity.verify() : undefined,
    ];
    return requests.flatMap((request) => (request ? (requestOf(request) ?? []) : []));
  }

  async isSigned(): Promise<boolean> {
    const { userId, deviceId } = this.#machine;
    return (await this.#machine.getDevice(userId, deviceId))?.isCrossSignedByOwner() ?? false;
  }

  close(): Promise<void> {
    this.#machine.close();
    return Promise.resolve();
  }
}

/** Without ids that the library takes for none, as one of a server with an underscore: nobody has devices there. */
function usersOf(users: readonly string[]): UserId[] {
  return users.flatMap((user) => {
    try {
      return [new UserId(user)];
    } catch {
      return [];
    }
  });
}

function byOf(shield: ShieldState): "signed" | "unsigned" | "unknown" | "forged" {
  if (shield.color === ShieldColor.None) return "signed";
  if (shield.code === ShieldStateCode.MismatchedSender) return "forged";
  const isUnsigned =
    shield.code === ShieldStateCode.UnsignedDevice || shield.code === ShieldStateCode.VerificationViolation;
  return isUnsigned ? "unsigned" : "unknown";
}

function closed(why: string): Decrypted {
  return { kind: "closed", because: "other", why };
}

function closedBy(error: unknown): Decrypted {
  const { code, description, withheldCode } = error as Partial<MegolmDecryptionError>;
  if (withheldCode !== undefined) return { kind: "closed", because: "withheld", why: withheldCode };
  const isMissing =
    code === DecryptionErrorCode.MissingRoomKey || code === DecryptionErrorCode.UnknownMessageIndex;
  if (isMissing) return { kind: "closed", because: "no key", why: description ?? "no key for it came" };
  if (code === DecryptionErrorCode.MismatchedSender)
    return closed("the key belongs to somebody else than its sender");
  if (code === undefined) throw error;
  return closed(description ?? "it cannot be decrypted");
}
