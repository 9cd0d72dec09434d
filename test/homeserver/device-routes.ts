/** Routes about logins: in and out, a person's devices, messages from one device to others. */
import { type Call, parameter } from "./call.ts";
import { noteDeviceChange } from "./device-lists.ts";
import { Device } from "./device.ts";
import { asObject, asString, asStrings, frozenCopy } from "./json.ts";
import { badRequest, forbidden, MatrixError, notFound } from "./matrix-error.ts";
import { requirePassword } from "./ui-auth.ts";
import type { User, World } from "./world.ts";

export function login(world: World, body: Readonly<Record<string, unknown>>): unknown {
  if (body["type"] !== "m.login.password") {
    throw badRequest("Unknown login type", "M_UNKNOWN");
  }
  const name = asString(asObject(body["identifier"])["user"]) ?? asString(body["user"]) ?? "";
  const userId = name.startsWith("@") ? name : `@${name}:${world.serverName}`;
  const user = world.users.get(userId);
  if (user?.isDeactivated)
    throw new MatrixError(403, "M_USER_DEACTIVATED", "This account has been deactivated");
  if (user === undefined || user.password !== body["password"]) {
    throw forbidden("Invalid username or password");
  }
  const deviceId = asString(body["device_id"]);
  const displayName = asString(body["initial_device_display_name"]);
  const device = deviceFor(user, { id: deviceId, displayName });
  const token = newToken(world, user, device);
  return { user_id: userId, access_token: token, device_id: device.id, home_server: world.serverName };
}

/** One that is there is gone on with, whatever keys it has. Older tokens of it go on working, as on Synapse. */
export function deviceFor(
  user: User,
  { id, displayName }: { id?: string | undefined; displayName?: string | undefined } = {},
): Device {
  const known = id === undefined ? undefined : user.devices.get(id);
  if (known !== undefined) return known;
  const device = new Device(id ?? nameOfNext(user), displayName);
  user.devices.set(device.id, device);
  return device;
}

/** Readable where a test fails: MOD1, MOD2. */
function nameOfNext(user: User): string {
  user.logins += 1;
  return `${user.localpart.toUpperCase().replace(/[^A-Z0-9]/g, "")}${user.logins}`;
}

export function newToken(world: World, user: User, device: Device | undefined): string {
  const token = world.ids.accessToken(user.localpart);
  world.tokens.set(token, { userId: user.id, deviceId: device?.id, isExpired: false });
  return token;
}

/** A token that an administrator made has no device. */
export function whoami(call: Call): unknown {
  const device = call.device === undefined ? {} : { device_id: call.device.id };
  return { user_id: call.user.id, is_guest: false, ...device };
}

/** With the device go its keys and what waited for it. */
export async function logout(call: Call): Promise<unknown> {
  await call.load.write(undefined, () => {
    if (call.device === undefined) call.world.tokens.delete(call.token);
    else removeDevices(call.world, call.user, [call.device.id]);
  });
  return {};
}

export async function logoutAll(call: Call): Promise<unknown> {
  await call.load.write(undefined, () => {
    removeDevices(call.world, call.user, [...call.user.devices.keys()]);
    for (const [token, { userId }] of call.world.tokens)
      if (userId === call.user.id) call.world.tokens.delete(token);
  });
  return {};
}

export function removeDevices(world: World, user: User, ids: readonly string[]): void {
  for (const id of ids) {
    if (!user.devices.delete(id)) continue;
    for (const [token, login] of world.tokens)
      if (login.userId === user.id && login.deviceId === id) world.tokens.delete(token);
    noteDeviceChange(world, { userId: user.id });
  }
}

export async function listDevices(call: Call): Promise<unknown> {
  await call.load.read();
  return { devices: [...call.user.devices.values()].map((device) => shown(call, device)) };
}

export async function oneDevice(call: Call): Promise<unknown> {
  await call.load.read();
  return shown(call, namedDevice(call));
}

export async function renameDevice(call: Call): Promise<unknown> {
  const device = namedDevice(call);
  await call.load.write(undefined, () => {
    device.displayName = asString(call.body["display_name"]) ?? device.displayName;
    noteDeviceChange(call.world, { userId: call.user.id });
  });
  return {};
}

export async function deleteDevice(call: Call): Promise<unknown> {
  requirePassword(call);
  await call.load.write(undefined, () => removeDevices(call.world, call.user, [parameter(call, "device")]));
  return {};
}

export async function deleteDevices(call: Call): Promise<unknown> {
  requirePassword(call);
  const ids = asStrings(call.body["devices"]) ?? [];
  await call.load.write(undefined, () => removeDevices(call.world, call.user, ids));
  return {};
}

function namedDevice(call: Call): Device {
  const device = call.user.devices.get(parameter(call, "device"));
  if (device === undefined) throw notFound("No device found");
  return device;
}

function shown(call: Call, device: Device): unknown {
  return {
    device_id: device.id,
    user_id: call.user.id,
    display_name: device.displayName ?? null,
    last_seen_ip: "127.0.0.1",
    last_seen_ts: call.world.clock.now(),
  };
}

/** PUT sendToDevice: `*` stands for all devices of the person; who is unknown here gets nothing. */
export async function sendToDevice(call: Call): Promise<unknown> {
  const { world } = call;
  const type = parameter(call, "type");
  await call.load.write(undefined, () => {
    for (const [userId, contents] of Object.entries(asObject(call.body["messages"]))) {
      const user = world.users.get(userId);
      if (user === undefined) continue;
      for (const [id, content] of Object.entries(asObject(contents))) {
        const copy = frozenCopy(asObject(content)).copy;
        post(world, user, { device: id, message: { type, sender: call.user.id, content: copy } });
      }
    }
  });
  return {};
}

export function post(
  world: World,
  user: User,
  { device, message }: { readonly device: string; readonly message: Parameters<Device["inbox"]["put"]>[0] },
): void {
  const targets = device === "*" ? [...user.devices.values()] : [user.devices.get(device)];
  for (const target of targets) target?.inbox.put(message, () => world.nextPosition());
  world.changes.announce((one) => one === user.id);
}
