/** How to log in, as the config says: by token or by password. Only here are secrets of the config revealed. */
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
