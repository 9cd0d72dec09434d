/**
 * What `tyr check` says of encryption: whose keys our device has, whether others believe it, and which rooms are not read.
 * The homeserver is asked what it shows to others, and our own keys are left alone: a running Tyr has them open.
 */
import { existsSync } from "node:fs";
import { roomName } from "../commands/shared/room-names.ts";
import { loginOf } from "../config/login.ts";
import type { Config } from "../config/schema.ts";
import { deviceKey, fingerprintKey, recoveryFileOf, storeKey } from "../lifecycle/build-encryption.ts";
import { advice } from "../matrix/crypto/advice.ts";
import { deviceState, shownDevice, type DeviceState, type ShownDevice } from "../matrix/crypto/device.ts";
import { fits, type PublicIdentity } from "../matrix/crypto/identity-keys.ts";
import { parseRecoveryKey } from "../matrix/crypto/recovery-key.ts";
import { SecretStorage } from "../matrix/crypto/secret-storage.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { deviceOf } from "../matrix/session.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { cryptoPath, readSecretLine } from "../store/crypto-files.ts";
import { readKept } from "../store/read-one-value.ts";
import { ok, problem, warning, type CheckResult } from "./check-summary.ts";

export interface EncryptionCheck {
  readonly config: Config;
  /** Folder with the copy of the database. */
  readonly copy: string;
  readonly transport: Transport;
  readonly self: UserId;
  /** The device is one of this check, and is given up after it. */
  readonly hasLoggedIn: boolean;
  /** Undefined where no start could be rehearsed: then no room is known to be encrypted. */
  readonly world: WorldView | undefined;
}

const about = "encryption";
/** Rooms named in one line; the others are counted. */
const namedRooms = 5;

export async function encryptionResults(check: EncryptionCheck): Promise<readonly CheckResult[]> {
  const { config, world } = check;
  const rooms = encryptedRooms(world);
  const unread = config.encryption.protectedRooms ? [] : rooms.protectedOnes;
  const isNeeded = rooms.isManagement || (config.encryption.protectedRooms && rooms.protectedOnes.length > 0);
  return [
    ...(await deviceResults(check, isNeeded).catch((error: unknown) => notTold(error, isNeeded))),
    ...(unread.length === 0 || !world ? [] : [warning(about, unreadRooms(unread, world))]),
  ];
}

/** Where no room is encrypted it is of no importance. */
function notTold(error: unknown, isNeeded: boolean): readonly CheckResult[] {
  if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
  return isNeeded
    ? [problem(about, `the homeserver does not tell which keys the account has: ${error.message}`)]
    : [];
}

function encryptedRooms(world: WorldView | undefined): {
  readonly isManagement: boolean;
  readonly protectedOnes: readonly RoomId[];
} {
  const isEncrypted = (id: RoomId | undefined) =>
    id !== undefined && world?.rooms.get(id)?.isEncrypted === true;
  return {
    isManagement: isEncrypted(world?.settings.managementRoom),
    protectedOnes: world ? [...world.protectedIds()].filter(isEncrypted) : [],
  };
}

function unreadRooms(rooms: readonly RoomId[], world: WorldView): string {
  const named = rooms.slice(0, namedRooms).map((id) => roomName(id, world).text);
  const more = rooms.length > namedRooms ? ` and ${rooms.length - namedRooms} more` : "";
  const what = rooms.length === 1 ? "is encrypted and not read" : "are encrypted and not read";
  return `${named.join(", ")}${more} ${what} (encryption.protectedRooms is no): floods are seen, words are not`;
}

async function deviceResults(
  { config, copy, transport, self, hasLoggedIn }: EncryptionCheck,
  isNeeded: boolean,
): Promise<readonly CheckResult[]> {
  if (config.encryption.enabled === "no") return isNeeded ? [problem(about, advice.disabled)] : [];
  const client = new RestClient(transport);
  const device = hasLoggedIn ? undefined : await deviceOf(transport);
  if (device === undefined && !hasLoggedIn) return isNeeded ? [problem(about, advice.noDevice)] : [];
  const shown = await shownDevice(client, { self, device: device ?? "" });
  const state = device === undefined ? "new" : stateOf(config, { copy, device, shown });
  if (state === "foreign" || state === "gone")
    return lostDevice(config, { text: lossOf(state, { config, copy, device: device!, shown }), isNeeded });
  if (!isNeeded) return [];
  const unusable = secretProblem(config) ?? (await identityProblem(config, client, { self, shown }));
  if (unusable !== undefined) return [problem(about, unusable)];
  return [ok(about, wellText(config, { device, shown })), ...recoveryWarning(config, shown)];
}

/** As `lookAtDevice` does it, by what the last run has kept in place of the engine. */
function stateOf(
  config: Config,
  { copy, device, shown }: { copy: string; device: string; shown: ShownDevice },
): DeviceState {
  const isKept = readKept(copy, deviceKey) === device && existsSync(cryptoPath(config.dataPath));
  const ours = isKept ? readKept(copy, fingerprintKey) : undefined;
  return deviceState({ atHomeserver: shown.key, ours, wasUploaded: ours !== undefined });
}

function lossOf(
  state: "foreign" | "gone",
  { config, copy, device, shown }: { config: Config; copy: string; device: string; shown: ShownDevice },
): string {
  const isOurLoss = state === "foreign" && readKept(copy, fingerprintKey) === shown.key;
  return isOurLoss
    ? `${cryptoPath(config.dataPath)} is gone, and with it the keys of the device ${device}. ${advice.anotherDevice}`
    : advice[state](device);
}

/** With a password the start gets over it by itself. */
function lostDevice(
  config: Config,
  { text, isNeeded }: { text: string; isNeeded: boolean },
): readonly CheckResult[] {
  if (loginOf(config).kind === "password")
    return isNeeded ? [warning(about, `${text} The password is there: the next start logs in anew.`)] : [];
  return isNeeded
    ? [problem(about, text)]
    : [warning(about, `${text} No room needs that yet: it is for the day that one is encrypted.`)];
}

/** Both files are read at a start, too. */
function secretProblem(config: Config): string | undefined {
  try {
    storeKey(config.encryption.storeKeyFile);
    readSecretLine(recoveryFileOf(config));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Undefined where the device is signed, or the next start can sign it. */
async function identityProblem(
  config: Config,
  client: RestClient,
  { self, shown: { identity, isSigned } }: { self: UserId; shown: ShownDevice },
): Promise<string | undefined> {
  const typed = readSecretLine(recoveryFileOf(config));
  if (isSigned) return undefined;
  if (identity) return adoptionProblem(config, { storage: new SecretStorage(client, self), identity, typed });
  const parsed = typed === undefined ? undefined : parseRecoveryKey(typed);
  return parsed?.ok === false ? advice.noRecoveryKeyInFile(parsed.problem) : undefined;
}

async function adoptionProblem(
  config: Config,
  {
    storage,
    identity,
    typed,
  }: { storage: SecretStorage; identity: PublicIdentity; typed: string | undefined },
): Promise<string | undefined> {
  const opened = typed === undefined ? undefined : await storage.open(typed);
  if (opened?.ok && fits(opened.seeds, identity)) return undefined;
  if (config.encryption.newIdentity)
    return loginOf(config).kind === "password" ? undefined : advice.newIdentityNeedsPassword;
  if (!opened) return advice.noRecoveryKey;
  return advice.wrongRecoveryKey(opened.ok ? advice.earlierIdentity : opened.problem);
}

function wellText(
  config: Config,
  { device, shown }: { device: string | undefined; shown: ShownDevice },
): string {
  const { key, isSigned, identity } = shown;
  if (key !== undefined && isSigned)
    return `device ${device!}, signed; fingerprint ${key.replace(/.{4}(?=.)/g, "$& ")}`;
  const what =
    key === undefined ? "the next start makes the keys of its device" : "the next start signs its device";
  return identity
    ? `${what}${key === undefined ? " and signs them" : ""}`
    : `${what} and an identity for the account; the recovery key is in ${recoveryFileOf(config)} then: keep a copy elsewhere`;
}

/** An identity that only `crypto.db` opens goes with it. */
function recoveryWarning(config: Config, { isSigned }: ShownDevice): readonly CheckResult[] {
  const file = recoveryFileOf(config);
  return !isSigned || existsSync(file)
    ? []
    : [
        warning(
          about,
          `the account's identity is opened by crypto.db alone, as there is no ${file}. Put its recovery key there, lest both be lost together.`,
        ),
      ];
}
