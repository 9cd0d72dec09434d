/** Logging in and out, and whose an access token is. */
import { asObject, asString } from "../kit/json.ts";
import { parseUserId, type UserId } from "../model/ids.ts";
import { RestClient } from "./http/client.ts";
import type { RequestOptions, Transport } from "./http/transport.ts";

type Options = Pick<RequestOptions, "signal" | "retries">;

/**
 * The access token of a new device, or of `device` where that is given, which is gone on with; undefined where the answer holds none. The SDK's `MatrixAuth` makes clients of its
 * own, which would not use our transport.
 */
export async function logInByPassword(
  transport: Transport,
  {
    user,
    password,
    device,
  }: { readonly user: string; readonly password: string; readonly device?: string | undefined },
  options: Options = {},
): Promise<string | undefined> {
  const body = {
    type: "m.login.password",
    identifier: { type: "m.id.user", user },
    password,
    initial_device_display_name: "Tyr",
    ...(device === undefined ? {} : { device_id: device }),
  };
  const answer = await transport.request("POST", "/_matrix/client/v3/login", { ...options, body });
  return asString(asObject(answer)?.["access_token"]);
}

/** Undefined where the answer names no user: the server may not be a Matrix homeserver. */
export async function whoAmI(transport: Transport, options: Options = {}): Promise<UserId | undefined> {
  return parseUserId((await new RestClient(transport, options).getWhoAmI()).user_id);
}

/** The device of our access token; undefined where it has none, as a token that an administrator's API has made. */
export async function deviceOf(transport: Transport, options: Options = {}): Promise<string | undefined> {
  const answer = await transport.request("GET", "/_matrix/client/v3/account/whoami", options);
  return asString(asObject(answer)?.["device_id"]);
}

/** Gives up the device of our access token. Never rejects: a device that is left behind does no harm. */
export async function logOut(transport: Transport): Promise<void> {
  await transport.request("POST", "/_matrix/client/v3/logout", { body: {}, retries: 0 }).catch(() => {});
}
