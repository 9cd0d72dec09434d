/** Faults of requests to the homeserver, classified in this file alone. */
import { asNumber, asString, isObject } from "../../kit/json.ts";

interface FaultDetails {
  readonly authSession?: string | undefined;
  readonly isSoftLogout?: boolean;
}

/** An answer whose status is an error, or no answer at all (`status` 0; `errcode` is then the code of the socket). */
export class MatrixFault extends Error {
  readonly status: number;
  readonly errcode: string;
  readonly retryAfterMs: number | undefined;
  /** Of an endpoint that wants the password once more (status 401): to be sent along with it. */
  readonly authSession: string | undefined;
  /** Of an access token that ran out: the device stays, and may log in again. */
  readonly isSoftLogout: boolean;

  constructor(
    status: number,
    errcode: string,
    message: string,
    retryAfterMs?: number,
    { authSession, isSoftLogout = false }: FaultDetails = {},
  ) {
    super(message);
    this.status = status;
    this.errcode = errcode;
    this.retryAfterMs = retryAfterMs;
    this.authSession = authSession;
    this.isSoftLogout = isSoftLogout;
  }

  /** Rate-limited: `retryAfterMs` says how long to wait. */
  get isLimited(): boolean {
    return this.status === 429 || this.errcode === "M_LIMIT_EXCEEDED";
  }

  /** The access token is revoked or missing: nothing works until there is another. */
  get isUnknownToken(): boolean {
    return this.status === 401 && (this.errcode === "M_UNKNOWN_TOKEN" || this.errcode === "M_MISSING_TOKEN");
  }

  /** Our account is locked or suspended, until an administrator of the homeserver frees it. */
  get isAccountTrouble(): boolean {
    return this.errcode === "M_USER_LOCKED" || this.errcode === "M_USER_SUSPENDED";
  }

  /** No answer, a broken server, or a proxy that answered in its place: the same request may work later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.errcode === "NOT_JSON";
  }

  /** The server could not be reached at all. */
  get isUnreachable(): boolean {
    return this.status === 0 && unreachableCodes.includes(this.errcode);
  }
}

/** Codes of sockets that concern all requests. A time-out may concern one request only. */
const unreachableCodes = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];
/** After this long the server is asked again, even where it wanted a longer wait. */
const longestRetryAfterMs = 3_600_000;
/** Where a 429 does not say how long to wait. */
const defaultRetryAfterMs = 1_000;

export function faultFrom(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: unknown,
): MatrixFault {
  const error = isObject(body) ? body : {};
  const errcode = asString(error["errcode"]) ?? (typeof body === "string" ? "NOT_JSON" : "UNKNOWN");
  const said =
    asString(error["error"]) ??
    `the homeserver answered with status ${status}${typeof body === "string" ? " and something that is not JSON" : ""}`;
  const retryAfterMs =
    status === 429
      ? (asNumber(error["retry_after_ms"]) ?? fromHeader(headers["retry-after"]) ?? defaultRetryAfterMs)
      : undefined;
  const waitMs =
    retryAfterMs === undefined ? undefined : Math.min(longestRetryAfterMs, Math.max(0, retryAfterMs));
  const details = { authSession: asString(error["session"]), isSoftLogout: error["soft_logout"] === true };
  return new MatrixFault(status, errcode, said.slice(0, 500), waitMs, details);
}

/** `Retry-After` in whole seconds. The form with a date is ignored: the server's clock may differ from ours. */
function fromHeader(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

export function unreachable(cause: unknown): MatrixFault {
  const code = isObject(cause) ? asString((cause as { code?: unknown }).code) : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new MatrixFault(
    0,
    code ?? "UNREACHABLE",
    code && !message.includes(code) ? `${message} (${code})` : message || "no answer",
  );
}
