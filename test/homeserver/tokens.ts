/** Positions in the stream as the opaque tokens clients carry around. */
import { badRequest } from "./matrix-error.ts";

export function syncToken(position: number): string {
  return `s${position}_0_0`;
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
