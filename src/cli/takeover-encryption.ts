/**
 * What `tyr takeover --dry-run` says where the management room of the earlier bot is encrypted: its keys stay its own, and
 * what a person has to do so that Tyr can read there.
 */
import { existsSync } from "node:fs";
import { loginOf } from "../config/login.ts";
import type { Config } from "../config/schema.ts";
import { fingerprintKey, recoveryFileOf } from "../lifecycle/build-encryption.ts";
import { advice } from "../matrix/crypto/advice.ts";
import { shownDevice } from "../matrix/crypto/device.ts";
import { path, RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { deviceOf } from "../matrix/session.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import { readKept } from "../store/read-one-value.ts";

export interface TakeoverRoom {
  readonly config: Config;
  readonly transport: Transport;
  readonly self: UserId;
  readonly room: RoomId | undefined;
}

const head = "The management room is encrypted. Tyr reads it with keys of its own:";
const always = [
  "What was said before its first start stays closed to it.",
  "It obeys a moderator's device that its owner has verified (in Element: All settings, Sessions).",
];

/** Lines; none where the room is not encrypted, or the homeserver does not say. Writes nothing. */
export async function encryptionAdvice({
  config,
  transport,
  self,
  room,
}: TakeoverRoom): Promise<readonly string[]> {
  const client = new RestClient(transport);
  if (room === undefined || !(await isEncrypted(client, room))) return [];
  if (config.encryption.enabled === "no") return [`The management room is encrypted. ${advice.disabled}`];
  const device = await deviceOf(transport);
  const shown = await orNothing(shownDevice(client, { self, device: device ?? "" }));
  const hasKeysOfOthers = shown?.key !== undefined && shown.key !== readKept(config.dataPath, fingerprintKey);
  const needsLogin = loginOf(config).kind === "token" && (device === undefined || hasKeysOfOthers);
  const needsKey = shown?.identity !== undefined && !existsSync(recoveryFileOf(config));
  const toDo = [
    ...(needsLogin ? [device === undefined ? advice.noDevice : advice.foreign(device)] : []),
    ...(needsKey ? [advice.noRecoveryKey] : []),
    ...always,
  ];
  return ["", head, ...toDo.map((line) => `• ${line}`)];
}

async function isEncrypted(client: RestClient, room: RoomId): Promise<boolean> {
  const where = path`/_matrix/client/v3/rooms/${room}/state/m.room.encryption/`;
  return (await orNothing(client.call("GET", where))) !== undefined;
}

/** Undefined where the homeserver refuses. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (!(error instanceof MatrixFault) || error.isPassing || error.isUnknownToken) throw error;
    return undefined;
  });
}
