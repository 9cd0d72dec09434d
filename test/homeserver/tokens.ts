/** Positions in the stream as the opaque tokens clients carry around. */
import { badRequest } from "./matrix-error.ts";

/** `toDevice`: how far the device has its messages, where that is less far. */
export function syncToken(position: number, toDevice = position): string {
  return `s${position}_${toDevice === position ? 0 : toDevice}_0`;
}

export function historyToken(position: number): string {
  return `t${position}_0_0`;
}

/** Sync and history tokens are interchangeable, as on Synapse. */
export function positionOf(token: string): number {
  const match = /^[st](\d+)(_|$)/.exec(token);
  if (match === null) throw badRequest("Invalid stream token", "M_UNKNOWN");
  return Number(match[1]);
}

export function toDevicePositionOf(token: string): number {
  const behind = Number(/^s\d+_(\d+)_/.exec(token)?.[1] ?? 0);
  return behind === 0 ? positionOf(token) : behind;
}
