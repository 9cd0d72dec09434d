/** One authenticated request on its way through a route. */
import type { Device } from "./device.ts";
import type { Load } from "./load.ts";
import type { Manners } from "./manners.ts";
import { badRequest, MatrixError } from "./matrix-error.ts";
import type { SyncScript } from "./sync-script.ts";
import type { User, World } from "./world.ts";
import type { WriteLimit } from "./write-limit.ts";

export interface Settings {
  /** What the homeserver does in its own way. */
  manners: Manners;
  /** GET /messages answers as if no senders had been asked for. */
  ignoresSenderFilter: boolean;
  /** Synapse's `encryption_enabled_by_default_for_room_type`: which new rooms are encrypted without being asked. */
  encryptsRooms: "off" | "invite" | "all";
  /** MSC4222: /sync knows use_state_after. */
  supportsStateAfter: boolean;
  /** MSC4323: what the server offers of it. */
  accountModeration: { readonly suspend: boolean; readonly lock: boolean } | undefined;
}

export interface Call {
  readonly world: World;
  readonly load: Load;
  readonly limit: WriteLimit;
  readonly settings: Settings;
  readonly syncScript: SyncScript;
  readonly user: User;
  readonly token: string;
  /** Undefined where the token has none. */
  readonly device: Device | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came: text, where it is an upload. */
  readonly payload: unknown;
  readonly signal: AbortSignal | undefined;
}

export function parameter(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no parameter ":${name}"`);
  return value;
}

export function deviceOf(call: Call): Device {
  if (call.device === undefined) throw new Error("the route asks for a device that nobody has looked for");
  return call.device;
}

export function bodyString(call: Call, name: string): string {
  const value = call.body[name];
  if (value === undefined) throw badRequest(`Missing params: ['${name}']`, "M_MISSING_PARAM");
  if (typeof value !== "string") throw badRequest(`'${name}' must be a string`, "M_INVALID_PARAM");
  return value;
}

/** A suspended account reads, leaves and takes back its own words; it says and changes nothing else. */
export function requireGoodStanding(call: Call): void {
  if (call.user.standing === "suspended") {
    throw new MatrixError(
      403,
      "M_USER_SUSPENDED",
      "Sending messages while account is suspended is not allowed.",
    );
  }
}

export function requireAdmin(call: Call): void {
  if (!call.user.isAdmin) throw new MatrixError(403, "M_FORBIDDEN", "You are not a server admin");
}
