/** The one way to log in that a config names. The only place where secrets leave the config. */
import type { Config } from "./schema.ts";

export type Login =
  | { readonly kind: "token"; readonly accessToken: string }
  | { readonly kind: "password"; readonly user: string; readonly password: string };

export function loginOf(config: Config): Login {
  const { accessToken, user, password } = config.homeserver;
  if (accessToken !== undefined) return { kind: "token", accessToken: accessToken.reveal() };
  if (user === undefined || password === undefined) throw new Error("config was not validated: no login");
  return { kind: "password", user, password: password.reveal() };
}
