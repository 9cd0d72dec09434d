/** Encryption for tests to look at and to disturb: what devices have on the server, and what becomes of their messages. */
import { isDeviceSigned, type KeyUsage } from "./cross-signing.ts";
import { newToken, post, removeDevices } from "./device-routes.ts";
import type { Device } from "./device.ts";
import type { Faults } from "./faults.ts";
import type { ToDeviceMessage } from "./inbox.ts";
import { asObject, asString, type JsonObject } from "./json.ts";
import { onlyKey } from "./signatures.ts";
import type { User, World } from "./world.ts";

/** A person, or one device of theirs. */
export interface Whose {
  readonly user: string;
  readonly device?: string;
}

export class DeviceScript {
  readonly #world: World;
  readonly #faults: Faults;

  constructor(world: World, faults: Faults) {
    this.#world = world;
    this.#faults = faults;
  }

  // Looking

  /** Ids of a person's devices, the oldest first. */
  of(userId: string): readonly string[] {
    return [...this.#user(userId).devices.keys()];
  }

  /** The device that a token belongs to; undefined where there is none. */
  ofToken(token: string): string | undefined {
    return this.#world.tokens.get(token)?.deviceId;
  }

  /** The public key by which people compare devices (ed25519); undefined where none was uploaded. */
  fingerprint(userId: string, deviceId: string): string | undefined {
    const keys = asObject(this.#device(userId, deviceId).keys?.["keys"]);
    return asString(keys[`ed25519:${deviceId}`]);
  }

  keysOf(userId: string, deviceId: string): Readonly<JsonObject> | undefined {
    return this.#device(userId, deviceId).keys;
  }

  oneTimeKeys(userId: string, deviceId: string): number {
    return this.#device(userId, deviceId).oneTimeKeyCounts["signed_curve25519"] ?? 0;
  }

  hasUnusedFallbackKey(userId: string, deviceId: string): boolean {
    return this.#device(userId, deviceId).unusedFallbackKeyTypes.includes("signed_curve25519");
  }

  /** The public part of a key of the person's identity. */
  identity(userId: string, usage: KeyUsage = "master"): string | undefined {
    return onlyKey(this.#user(userId).identity.keys.get(usage) ?? {})?.key;
  }

  /** Whether its owner's identity has signed the device, by node:crypto alone. */
  isSigned(userId: string, deviceId: string): boolean {
    return isDeviceSigned(this.#user(userId), deviceId);
  }

  /** Messages that the server keeps for the device: not yet told, or not yet acknowledged. */
  waitingFor(userId: string, deviceId: string): readonly ToDeviceMessage[] {
    return this.#device(userId, deviceId).inbox.waiting;
  }

  // Trouble

  /** Others have claimed all one-time keys; the fallback key is left. */
  useUpOneTimeKeys(userId: string, deviceId: string): void {
    this.#device(userId, deviceId).useUpOneTimeKeys();
  }

  /** A message to a device as any other device, on any server, could have sent it. */
  post(userId: string, deviceId: string, message: ToDeviceMessage): void {
    post(this.#world, this.#user(userId), { device: deviceId, message });
  }

  /** The next requests that carry messages from devices of this person (of everybody) to others are refused. */
  refuseToDevice(times: number, { status = 500, from }: { status?: number; from?: string } = {}): void {
    this.#faults.failNext({
      match: ({ path, headers }) => {
        if (!path.includes("/sendToDevice/")) return false;
        const token = (headers["authorization"] ?? "").slice("Bearer ".length);
        return from === undefined || this.#world.tokens.get(token)?.userId === from;
      },
      status,
      times,
    });
  }

  /** What is sent to the devices from now on is late: it comes when it is let go. */
  hold(whose: Whose): void {
    for (const { inbox } of this.#devices(whose)) inbox.hold();
  }

  release(whose: Whose): void {
    for (const { inbox } of this.#devices(whose)) inbox.release(() => this.#world.nextPosition());
    this.#world.changes.announce((userId) => userId === whose.user);
  }

  /** What is sent to the devices from now on comes so often once more, after it was acknowledged. */
  repeat(whose: Whose, times = 1): void {
    for (const { inbox } of this.#devices(whose)) inbox.repeat(times);
  }

  /** The token is refused as of now; the device stays, with its keys, and may log in again. */
  softLogout(token: string): void {
    const login = this.#world.tokens.get(token);
    if (login !== undefined) login.isExpired = true;
  }

  /** Logged out from elsewhere: token, keys and waiting messages go. */
  remove(userId: string, deviceId: string): void {
    removeDevices(this.#world, this.#user(userId), [deviceId]);
  }

  /** A token as Synapse's admin API makes them: of no device. */
  tokenWithoutDevice(userId: string): string {
    return newToken(this.#world, this.#user(userId), undefined);
  }

  #devices({ user, device }: Whose): readonly Device[] {
    if (device !== undefined) return [this.#device(user, device)];
    return [...this.#user(user).devices.values()];
  }

  #device(userId: string, deviceId: string): Device {
    const device = this.#user(userId).devices.get(deviceId);
    if (device === undefined) throw new Error(`${userId} has no device ${deviceId}`);
    return device;
  }

  #user(userId: string): User {
    const user = this.#world.users.get(userId);
    if (user === undefined) throw new Error(`no account: ${userId}`);
    return user;
  }
}
