/** User-interactive authentication: what is dangerous needs the password once more. */
import type { Call } from "./call.ts";
import { asObject, asString } from "./json.ts";
import { badRequest, MatrixError } from "./matrix-error.ts";

const flows = [{ stages: ["m.login.password"] }];

/** Returns quietly where the body's `auth` holds the password; otherwise the refusal that tells how to go on. */
export function requirePassword(call: Call): void {
  const auth = asObject(call.body["auth"]);
  const session = asString(auth["session"]);
  if (session !== undefined && !call.world.authSessions.has(session)) {
    throw badRequest(`Unknown session ID: ${session}`, "M_UNKNOWN");
  }
  const fields = { session: session ?? newSession(call), flows, params: {} };
  if (auth["type"] === undefined) throw new Unauthenticated(fields);
  const name = asString(asObject(auth["identifier"])["user"]) ?? asString(auth["user"]) ?? "";
  const userId = name.startsWith("@") ? name : `@${name}:${call.world.serverName}`;
  const isRight = auth["type"] === "m.login.password" && auth["password"] === call.user.password;
  if (isRight && userId === call.user.id) return;
  const refusal = { errcode: "M_FORBIDDEN", error: "Invalid username or password" };
  throw new Unauthenticated({ ...fields, completed: [], ...refusal });
}

function newSession(call: Call): string {
  const session = call.world.ids.plain("session");
  call.world.authSessions.add(session);
  return session;
}

/** 401 with the flows, and no errcode unless a stage has failed. */
class Unauthenticated extends MatrixError {
  constructor(fields: Readonly<Record<string, unknown>>) {
    super(401, "", "", fields);
  }

  override body(): Record<string, unknown> {
    return { ...this.fields };
  }
}
