/** What probes are told: whether Tyr lives, and whether it is ready. Neither names rooms or people, nor repeats what servers say. */

import type { Pulse } from "../model/health.ts";

export interface Report {
  readonly status: 200 | 503;
  readonly body: { readonly ok: boolean; readonly reasons: readonly string[] };
}

/**
 * `/healthz`: a new process might do better. A homeserver that is down is no reason, as a new process could not reach it
 * either; nor is a start that takes long.
 */
export function health({ quietForMs }: Pulse, stuckAfterMs: number): Report {
  const isStuck = quietForMs !== undefined && quietForMs > stuckAfterMs;
  return reportOf(
    isStuck ? [`nothing has come of the sync for ${Math.floor(quietForMs / 1_000)} s`] : [],
    !isStuck,
  );
}

/** `/readyz`: rooms are being protected right now. */
export function readiness(pulse: Pulse, stuckAfterMs: number): Report {
  const reasons = [
    ...(pulse.isCaughtUp ? [] : ["still starting: logging in and reading rooms"]),
    ...health(pulse, stuckAfterMs).body.reasons,
    ...(pulse.isUnanswered ? ["the homeserver does not answer; trying again"] : []),
    ...(pulse.isLocked ? ["the account is locked or suspended by the homeserver's administrator"] : []),
  ];
  // Rooms are protected all the same, so this alone is no reason to be unready.
  const disk = pulse.isDiskInTrouble ? ["the data folder cannot be written; protecting all the same"] : [];
  return reportOf([...reasons, ...disk], reasons.length === 0);
}

function reportOf(reasons: readonly string[], ok: boolean): Report {
  return { status: ok ? 200 : 503, body: { ok, reasons } };
}
