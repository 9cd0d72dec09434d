/**
 * What is asked of the engine that does the cryptography (Olm and Megolm; specification, "End-to-end encryption"), in plain
 * values that can be handed to a worker. `olm-engine.ts` is the engine itself, `worker-client.ts` the one in a worker.
 */
import type { JsonObject } from "../../kit/json.ts";

/** The engine cannot be had any more. */
export class EngineLost extends Error {}

/** The engine could not survive the question; it is there again, and is not asked that once more. */
export class EngineDied extends Error {}

/** A request that the engine wants sent; its answer goes back with `sent`. */
export interface OutgoingRequest {
  /** Undefined: the engine does not want to know the answer. */
  readonly id: string | undefined;
  readonly kind: "keys-upload" | "keys-query" | "keys-claim" | "to-device" | "signatures-upload";
  readonly body: JsonObject;
  /** Of `to-device`. */
  readonly eventType?: string;
  readonly transactionId?: string;
}

/** What an answer of `/sync` says of encryption. */
export interface SyncNews {
  readonly toDevice: readonly unknown[];
  /** People whose devices changed, and those with whom we share no encrypted room any more. */
  readonly changed: readonly string[];
  readonly left: readonly string[];
  /** One-time keys that the homeserver still has of us, by algorithm. */
  readonly counts: Readonly<Record<string, number>>;
  /** Algorithms of fallback keys that were not used yet; undefined where the server does not say. */
  readonly unusedFallback: readonly string[] | undefined;
}

/** A room's session of which a key came, or of which we are told that we get none. */
export interface SessionNews {
  readonly room: string;
  readonly session: string;
  /** Why the key is withheld (`m.unverified` and the like); undefined where it came. */
  readonly withheld?: string;
}

/** What the news brought. */
export interface Received {
  readonly keys: readonly SessionNews[];
  /** Whose devices could not read what we sent to them, and have begun anew with us ("Recovering from undecryptable messages"). */
  readonly begunAnew: readonly string[];
}

export type Decrypted =
  | {
      readonly kind: "opened";
      readonly type: string;
      readonly content: JsonObject;
      readonly by: "signed" | "unsigned" | "unknown" | "forged";
      readonly device: string | undefined;
    }
  | { readonly kind: "closed"; readonly because: "no key" | "other"; readonly why: string }
  | { readonly kind: "closed"; readonly because: "withheld"; readonly why: string };

/** The private keys of an identity, as 32 bytes in unpadded base64 ("Cross-signing"). */
export interface IdentitySeeds {
  readonly master: string;
  readonly selfSigning: string;
  readonly userSigning: string;
}

/** An identity that was made and is on no homeserver yet. */
export interface NewIdentity {
  /** Of `POST /keys/device_signing/upload`, without `auth`. */
  readonly keys: JsonObject;
  readonly signatures: OutgoingRequest;
}

export interface OwnDevice {
  readonly ed25519: string;
  readonly curve25519: string;
}

export interface SharedKey {
  readonly room: string;
  /** Who may read what is said from now on. */
  readonly users: readonly string[];
  readonly historyVisibility: string;
}

/** An encrypted file: `info` is the `file` of a message, but for its `url` ("Sending encrypted attachments"). */
export interface SealedFile {
  readonly bytes: Uint8Array;
  readonly info: JsonObject;
}

/** All that can be asked. */
export type Engine = Device & Rooms & Files & Identity & { close(): Promise<void> };

/** Our device, and what keeps it known to the homeserver and to others. */
interface Device {
  ownDevice(): Promise<OwnDevice>;
  /** On disk when it resolves. */
  receive(news: SyncNews): Promise<Received>;
  /** Whose devices are to be known. */
  track(users: readonly string[]): Promise<void>;
  requests(): Promise<readonly OutgoingRequest[]>;
  sent(request: {
    readonly id: string;
    readonly kind: OutgoingRequest["kind"];
    readonly answer: JsonObject;
  }): Promise<void>;
  /** Asks for the devices and identities of these people anew. */
  query(users: readonly string[]): Promise<OutgoingRequest>;
  /** How many devices these people have that we know of. */
  countDevices(users: readonly string[]): Promise<number>;
}

interface Rooms {
  /** One-time keys that have to be claimed before something can be shared with these people. */
  missingSessions(users: readonly string[]): Promise<OutgoingRequest | undefined>;
  /** Gives the room's key to everybody who does not have it yet; begins a new session where that is due. */
  share(shared: SharedKey): Promise<readonly OutgoingRequest[]>;
  /** Only after `share`, and one at a time for each room: otherwise the engine panics. */
  encrypt(message: {
    readonly room: string;
    readonly type: string;
    readonly content: JsonObject;
  }): Promise<JsonObject>;
  decrypt(sealed: { readonly room: string; readonly event: unknown }): Promise<Decrypted>;
  /** Deletes the keys to what others said that came before (milliseconds): it stays closed from then on. */
  forgetKeys(cameBefore: number): Promise<void>;
  /** The next message of the room begins a new session. */
  beginAnew(room: string): Promise<void>;
}

interface Files {
  encryptFile(bytes: Uint8Array): Promise<SealedFile>;
  decryptFile(file: SealedFile): Promise<Uint8Array>;
}

interface Identity {
  /**
   * `replaces`: other private keys take the place of those that there are, at once: only with the upload at hand. Otherwise new
   * ones are made only where there are none.
   */
  makeIdentity(how: { readonly replaces: boolean }): Promise<NewIdentity>;
  seeds(): Promise<IdentitySeeds | undefined>;
  /** Rejects where they do not fit the identity that the homeserver has; that has to be queried before. */
  adoptIdentity(seeds: IdentitySeeds): Promise<void>;
  /** What signs our device with our identity, and the identity with our device; empty where both are signed. */
  missingSignatures(): Promise<readonly OutgoingRequest[]>;
  /** Whether our device is signed by our identity, as far as the engine knows. */
  isSigned(): Promise<boolean>;
}

/** The questions, by name, for whoever passes them on. */
export const engineQuestions = [
  "ownDevice",
  "receive",
  "track",
  "requests",
  "sent",
  "missingSessions",
  "share",
  "encrypt",
  "decrypt",
  "countDevices",
  "forgetKeys",
  "beginAnew",
  "encryptFile",
  "decryptFile",
  "query",
  "makeIdentity",
  "seeds",
  "adoptIdentity",
  "missingSignatures",
  "isSigned",
  "close",
] as const satisfies readonly (keyof Engine)[];

/** Where the keys are: the path of a database file, or ":memory:". */
export interface EngineStore {
  readonly path: string;
  /** 32 bytes by which everything in it is encrypted; in clear where undefined. */
  readonly key?: Uint8Array;
}

export type OpenEngine = (device: {
  readonly user: string;
  readonly device: string;
  readonly store: EngineStore;
}) => Promise<Engine>;
