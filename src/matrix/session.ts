/** Logging in and out, and whose an access token is. */
import { asObject, asString } from "../kit/json.ts";
import { parseUserId, type UserId } from "../model/ids.ts";
import type { RequestOptions, Transport } from "./http/transport.ts";

type Options = Pick<RequestOptions, "signal" | "retries">;

/** The access token of a new device; undefined where the answer holds none. */
export async function logInByPassword(
  transport: Transport,
  { user, password }: { readonly user: string; readonly password: string },
  options: Options = {},
): Promise<string | undefined> {
  const body = {
    type: "m.login.password",
    identifier: { type: "m.id.user", user },
    password,
    initial_device_display_name: "Tyr",
  };
  const answer = await transport.request("POST", "/_matrix/client/v3/login", { ...options, body });
  return asString(asObject(answer)?.["access_token"]);
}

/** Undefined where the server does not say: it may be none of Matrix. */
export async function whoAmI(transport: Transport, options: Options = {}): Promise<UserId | undefined> {
  const answer = await transport.request("GET", "/_matrix/client/v3/account/whoami", options);
  return parseUserId(asObject(answer)?.["user_id"]);
}

/** Gives a login of ours back. A device that is left behind is no reason to fail. */
export async function logOut(transport: Transport): Promise<void> {
  await transport.request("POST", "/_matrix/client/v3/logout", { body: {}, retries: 0 }).catch(() => {});
}
