/** What the homeserver lets us do beyond the rooms: as an administrator of it, or by the standard's account moderation. */
import type { Action } from "./actions/action.ts";

export interface ServerPowers {
  /** Synapse's admin API is open to us. */
  readonly admin: boolean;
  /** `m.account_moderation` of the specification (MSC4323), on any server that has it. */
  readonly suspend: boolean;
  readonly lock: boolean;
}

export type ServerPower = keyof ServerPowers;

export const noServerPowers: ServerPowers = { admin: false, suspend: false, lock: false };

/** Synapse's administrators can do all of it by its own API. */
export function hasServerPower(powers: ServerPowers, power: ServerPower): boolean {
  return powers.admin || powers[power];
}

/** The power that the act needs; none where rights in a room or on an alias are enough. */
export function serverPowerFor({ kind }: Action): ServerPower | undefined {
  switch (kind) {
    case "suspend":
    case "unsuspend":
      return "suspend";
    case "lock":
    case "unlock":
      return "lock";
    case "deactivate":
    case "find-media":
    case "quarantine-media":
    case "unquarantine-media":
    case "quarantine-media-of-user":
    case "quarantine-media-of-room":
    case "shutdown-room":
    case "make-room-admin":
      return "admin";
    default:
      return undefined;
  }
}
