// Types of the part of @matrix-org/matrix-sdk-crypto-nodejs 0.4 that this package provides.

export declare class UserId {
  constructor(id: string);
  toString(): string;
}

export declare class DeviceId {
  constructor(id: string);
  toString(): string;
}

export declare class RoomId {
  constructor(id: string);
  toString(): string;
}

export declare class DeviceLists {
  constructor(changed?: UserId[] | null, left?: UserId[] | null);
}

export declare const enum EncryptionAlgorithm {
  OlmV1Curve25519AesSha2 = 0,
  MegolmV1AesSha2 = 1,
}

export declare const enum HistoryVisibility {
  Invited = 0,
  Joined = 1,
  Shared = 2,
  WorldReadable = 3,
}

export declare const enum StoreType {
  Sqlite = 0,
}

export declare const enum RequestType {
  KeysUpload = 0,
  KeysQuery = 1,
  KeysClaim = 2,
  ToDevice = 3,
  SignatureUpload = 4,
  RoomMessage = 5,
  KeysBackup = 6,
}

export declare class EncryptionSettings {
  algorithm: EncryptionAlgorithm | undefined;
  historyVisibility: HistoryVisibility;
  /** In milliseconds. */
  rotationPeriod: bigint;
  rotationPeriodMessages: bigint;
}

export interface PublicKey {
  toBase64(): string;
}

export interface OutgoingRequest {
  readonly id: string;
  readonly type: RequestType;
  readonly body: string;
  /** Of to-device requests only. */
  readonly eventType?: string;
  readonly txnId?: string;
}

export interface MaybeSignature {
  readonly isValid: boolean;
  readonly signature: PublicKey | undefined;
}

export interface Signatures {
  get(userId: UserId): Record<string, MaybeSignature> | null;
}

export declare class OlmMachine {
  private constructor();
  static initialize(
    userId: UserId,
    deviceId: DeviceId,
    storePath?: string | null,
    storePassphrase?: string | null,
    storeType?: StoreType | null,
  ): Promise<OlmMachine>;
  readonly identityKeys: { readonly ed25519: PublicKey; readonly curve25519: PublicKey };
  outgoingRequests(): Promise<OutgoingRequest[]>;
  markRequestAsSent(requestId: string, requestType: RequestType, response?: string): Promise<boolean>;
  updateTrackedUsers(users: UserId[]): Promise<void>;
  getMissingSessions(users: UserId[]): Promise<OutgoingRequest | null>;
  shareRoomKey(roomId: RoomId, users: UserId[], settings: EncryptionSettings): Promise<OutgoingRequest[]>;
  encryptRoomEvent(roomId: RoomId, eventType: string, content: string): Promise<string>;
  decryptRoomEvent(event: string, roomId: RoomId): Promise<{ readonly event: string }>;
  receiveSyncChanges(
    toDeviceEvents: string,
    deviceLists: DeviceLists,
    oneTimeKeyCounts: Record<string, number>,
    unusedFallbackKeys: string[],
  ): Promise<string>;
  sign(message: string): Promise<Signatures>;
  close(): void;
}

export declare class EncryptedAttachment {
  constructor(encryptedData: Uint8Array, mediaEncryptionInfo: string);
  readonly encryptedData: Uint8Array;
  readonly mediaEncryptionInfo: string;
}

export declare class Attachment {
  static encrypt(data: Uint8Array): EncryptedAttachment;
  static decrypt(attachment: EncryptedAttachment): Uint8Array;
}
