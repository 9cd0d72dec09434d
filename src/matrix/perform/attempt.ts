/** What a fault of the homeserver means to the act that met it: wait, try again later, or give up. */
import type { Outcome } from "../../model/decision.ts";
import type { MatrixFault } from "../http/errors.ts";

/** The same as the executor's `Attempt`; declared here so that `matrix` need not know the executor. */
export type Performed =
  | Outcome["result"]
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  | { readonly kind: "unavailable"; readonly everywhere: boolean; readonly message: string };

/** Where a 429 does not say how long to wait. */
const usualWaitMs = 1_000;

export function attemptFrom(fault: MatrixFault): Performed {
  if (fault.isLimited) return { kind: "limited", retryAfterMs: fault.retryAfterMs ?? usualWaitMs };
  // A revoked token or a locked account is no verdict on the act: it stays open until that is over.
  const isOurs = fault.isUnknownToken || fault.isAccountTrouble;
  if (fault.isPassing || isOurs)
    return { kind: "unavailable", everywhere: fault.isUnreachable || isOurs, message: fault.message };
  return {
    kind: "failed",
    lasting: fault.status === 403 || fault.status === 404 || fault.status === 413,
    code: fault.errcode,
    message: fault.message,
  };
}
