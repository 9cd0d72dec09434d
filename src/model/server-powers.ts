/** What the homeserver lets us do to accounts, files and rooms: as its administrator, or by the standard's account moderation. */

export interface ServerPowers {
  /** Synapse's admin API is open to us. */
  readonly admin: boolean;
  /** `m.account_moderation` of the specification (MSC4323), on any server that has it. */
  readonly suspend: boolean;
  readonly lock: boolean;
  /** Which program the homeserver is, as far as we could find out: advice for Synapse helps on no other. */
  readonly software?: string;
}

export type ServerPower = Exclude<keyof ServerPowers, "software">;

export const noServerPowers: ServerPowers = { admin: false, suspend: false, lock: false };

/** Whether it is another than Synapse for certain. */
export function isOtherThanSynapse({ admin, software }: ServerPowers): boolean {
  return !admin && software !== undefined && software.toLowerCase() !== "synapse";
}

/** Synapse's administrators can do all of it by Synapse's own API. */
export function hasServerPower(powers: ServerPowers, power: ServerPower): boolean {
  return powers.admin || powers[power];
}
