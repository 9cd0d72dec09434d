/** Routes of encryption: a device's public keys, and those of others. */
import { type Call, deviceOf } from "./call.ts";
import { withSignatures } from "./cross-signing.ts";
import { deviceLists, noteDeviceChange } from "./device-lists.ts";
import { asObject, asString, asStrings, frozenCopy, type JsonObject } from "./json.ts";
import { badRequest } from "./matrix-error.ts";
import { onlyKey } from "./signatures.ts";
import { positionOf } from "./tokens.ts";
import type { User } from "./world.ts";

/** In Synapse's order: device keys are overwritten before one-time keys are refused. */
export async function uploadKeys(call: Call): Promise<unknown> {
  const device = call.device;
  if (device === undefined) {
    throw badRequest("To upload keys, you must pass device_id when authenticating", "M_UNKNOWN");
  }
  const { device_keys: deviceKeys } = call.body;
  if (deviceKeys !== undefined) requireOwn(call, asObject(deviceKeys));
  await call.load.write(undefined, () => {
    if (deviceKeys !== undefined && device.setKeys(frozenCopy(asObject(deviceKeys)).copy)) {
      noteDeviceChange(call.world, { userId: call.user.id });
    }
    device.addOneTimeKeys(frozenCopy(asObject(call.body["one_time_keys"])).copy);
    device.addFallbackKeys(frozenCopy(asObject(call.body["fallback_keys"])).copy);
  });
  return { one_time_key_counts: device.oneTimeKeyCounts };
}

function requireOwn(call: Call, keys: Readonly<JsonObject>): void {
  const names = { user_id: call.user.id, device_id: deviceOf(call).id };
  for (const [name, own] of Object.entries(names)) {
    if (keys[name] !== own) {
      throw badRequest(
        `Provided \`${name}\` in \`device_keys\` does not match that of the authenticated user`,
      );
    }
  }
}

/** People of other servers have no devices here. */
export async function queryKeys(call: Call): Promise<unknown> {
  await call.load.read();
  const answer: Record<string, Record<string, unknown>> = {
    device_keys: {},
    master_keys: {},
    self_signing_keys: {},
    user_signing_keys: {},
  };
  const put = (group: string, userId: string, value: unknown): void => {
    if (value !== undefined) answer[group]![userId] = value;
  };
  for (const [userId, ids] of Object.entries(asObject(call.body["device_keys"]))) {
    const owner = call.world.users.get(userId);
    put("device_keys", userId, owner === undefined ? {} : devicesOf(call.user, owner, asStrings(ids) ?? []));
    if (owner === undefined) continue;
    put("master_keys", userId, signedMaster(call.user, owner));
    put("self_signing_keys", userId, owner.identity.keys.get("self_signing"));
    if (owner === call.user) put("user_signing_keys", userId, owner.identity.keys.get("user_signing"));
  }
  return { ...answer, failures: {} };
}

function devicesOf(asker: User, owner: User, wanted: readonly string[]): JsonObject {
  const result: JsonObject = {};
  for (const device of owner.devices.values()) {
    const keys = device.shownKeys;
    if (keys === undefined || (wanted.length > 0 && !wanted.includes(device.id))) continue;
    result[device.id] = withSignatures(keys, { target: device.id, owner, asker });
  }
  return result;
}

function signedMaster(asker: User, owner: User): JsonObject | undefined {
  const master = owner.identity.keys.get("master");
  if (master === undefined) return undefined;
  return withSignatures(master, { target: onlyKey(master)?.key ?? "", owner, asker });
}

export async function claimKeys(call: Call): Promise<unknown> {
  const claimed: Record<string, JsonObject> = {};
  await call.load.write(undefined, () => {
    for (const [userId, devices] of Object.entries(asObject(call.body["one_time_keys"]))) {
      for (const [deviceId, algorithm] of Object.entries(asObject(devices))) {
        const device = call.world.users.get(userId)?.devices.get(deviceId);
        const key = device?.claim(asString(algorithm) ?? "");
        if (key !== undefined) claimed[userId] = { ...claimed[userId], [deviceId]: key };
      }
    }
  });
  return { one_time_keys: claimed, failures: {} };
}

/** `to` is not looked at, as in Synapse. */
export async function keyChanges(call: Call): Promise<unknown> {
  await call.load.read();
  const since = positionOf(call.query["from"] ?? "");
  return deviceLists(call.world, call.user, { since, upTo: call.world.position });
}
