/** Errors as a homeserver words them: a status, an errcode, a sentence and sometimes more fields. */

export class MatrixError extends Error {
  readonly status: number;
  readonly errcode: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    errcode: string,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "MatrixError";
    this.status = status;
    this.errcode = errcode;
    this.fields = fields;
  }

  body(): Record<string, unknown> | undefined {
    return { errcode: this.errcode, error: this.message, ...this.fields };
  }
}

/** A status and nothing else, as a server that has lost its words. */
export class BareStatus extends MatrixError {
  constructor(status: number) {
    super(status, "", "");
  }

  override body(): undefined {
    return undefined;
  }
}

export type ForbiddenReason = "INSUFFICIENT_POWER" | "NOT_JOINED" | "ALREADY_JOINED";

/** `reason` is MSC3848's finer errcode, which Synapse adds beside M_FORBIDDEN. */
export function forbidden(message: string, reason?: ForbiddenReason): MatrixError {
  const fields =
    reason === undefined ? {} : { "org.matrix.msc3848.unstable.errcode": `ORG.MATRIX.MSC3848.${reason}` };
  return new MatrixError(403, "M_FORBIDDEN", message, fields);
}

export function badState(message: string): MatrixError {
  return new MatrixError(403, "M_BAD_STATE", message);
}

export function notFound(message: string): MatrixError {
  return new MatrixError(404, "M_NOT_FOUND", message);
}

export function badRequest(message: string, errcode = "M_BAD_JSON"): MatrixError {
  return new MatrixError(400, errcode, message);
}

/** What a client sees when the server cannot be reached: no HTTP answer at all. */
export function connectionError(code: "ECONNREFUSED" | "ECONNRESET"): Error & { code: string } {
  return Object.assign(new Error(`scripted homeserver: ${code}`), { code });
}
