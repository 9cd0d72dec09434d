/** What health probes are answered: is Tyr alive, is it ready. No rooms, people or words of a server are in the answers. */

import type { Pulse } from "../model/health.ts";

export interface ProbeResult {
  /** HTTP status. */
  readonly status: 200 | 503;
  readonly body: { readonly ok: boolean; readonly reasons: readonly string[] };
}

/**
 * `/healthz`: unhealthy means that a restart might help. A homeserver that is down does not count, as a new process could
 * not reach it either; nor does a start that takes long.
 */
export function health({ quietForMs }: Pulse, stuckAfterMs: number): ProbeResult {
  const isStuck = quietForMs !== undefined && quietForMs > stuckAfterMs;
  return resultOf(
    isStuck ? [`nothing has come of the sync for ${Math.floor(quietForMs / 1_000)} s`] : [],
    !isStuck,
  );
}

/** `/readyz`: whether rooms are protected right now. */
export function readiness(pulse: Pulse, stuckAfterMs: number): ProbeResult {
  const reasons = [
    ...(pulse.isCaughtUp ? [] : ["still starting: logging in and reading rooms"]),
    ...health(pulse, stuckAfterMs).body.reasons,
    ...(pulse.isUnanswered ? ["the homeserver does not answer; trying again"] : []),
    ...(pulse.isLocked ? ["the account is locked or suspended by the homeserver's administrator"] : []),
  ];
  // A full disk is told, but does not make Tyr unready: rooms are protected without it.
  const disk = pulse.isDiskInTrouble ? ["the data folder cannot be written; protecting all the same"] : [];
  return resultOf([...reasons, ...disk], reasons.length === 0);
}

function resultOf(reasons: readonly string[], ok: boolean): ProbeResult {
  return { status: ok ? 200 : 503, body: { ok, reasons } };
}
