/** Refusals: what a fault of the homeserver's means to an act, and refusals of our own. */
import { MatrixFault } from "../http/errors.ts";

/** Ours, not the server's; a later attempt would end in the same way. */
export function refusal(message: string): MatrixFault {
  return new MatrixFault(403, "REFUSED", message);
}

/** The server does not have the endpoint: an older version, or another server than Synapse. */
export function isUnknownEndpoint(fault: unknown): boolean {
  return fault instanceof MatrixFault && fault.errcode === "M_UNRECOGNIZED";
}

export function isNotFound(fault: unknown): boolean {
  return fault instanceof MatrixFault && fault.errcode === "M_NOT_FOUND";
}

/** The same refusal of the server, with what can be done about it. */
export function withAdvice(fault: unknown, advice: string): unknown {
  if (!(fault instanceof MatrixFault) || fault.isPassing || fault.isLimited || fault.isUnknownToken)
    return fault;
  return new MatrixFault(fault.status, fault.errcode, `${fault.message}. ${advice}`);
}
