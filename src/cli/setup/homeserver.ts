/** What `tyr setup` asks of the homeserver: its address, an access token, freedom from rate limits. */
import { createHmac } from "node:crypto";
import { asObject, asString } from "../../kit/json.ts";
import { MatrixFault } from "../../matrix/http/errors.ts";
import { logInByPassword, whoAmI } from "../../matrix/session.ts";
import type { Transport } from "../../matrix/http/transport.ts";
import type { UserId } from "../../model/ids.ts";
import type { LoginMethod } from "./answers.ts";

/** A fault that the person at the terminal can correct; its message says how. */
export class SetupFault extends Error {}

export interface LoggedIn {
  readonly self: UserId;
  readonly accessToken: string;
  /** The token comes from a login of this setup, which is logged out again if the setup fails. */
  readonly isNew: boolean;
}

type TransportTo = (url: string) => Transport;

/** The address of the client API: as given, or discovered by `.well-known` (client-server API, "Server Discovery"). */
export async function findHomeserver(given: string, transportTo: TransportTo): Promise<string> {
  if (/^https?:\/\//.test(given)) {
    const url = given.replace(/\/+$/, "");
    await expectMatrix(url, transportTo);
    return url;
  }
  const name = given.replace(/^@[^:]+:/, "");
  const host = name.replace(/:\d+$/, "");
  const url = (await wellKnown(`https://${host}`, transportTo)) ?? `https://${name}`;
  await expectMatrix(url, transportTo);
  return url;
}

async function wellKnown(origin: string, transportTo: TransportTo): Promise<string | undefined> {
  const where = `${origin}/.well-known/matrix/client`;
  try {
    const answer = await transportTo(origin).request("GET", "/.well-known/matrix/client");
    const url = asString(asObject(asObject(answer)?.["m.homeserver"])?.["base_url"])?.replace(/\/+$/, "");
    if (url !== undefined && /^https?:\/\//.test(url) && URL.canParse(url)) return url;
    throw new SetupFault(`${where} does not name a homeserver. Give its address: --homeserver https://…`);
  } catch (error) {
    // Without a `.well-known`, the client API is expected at the server's name.
    if (error instanceof MatrixFault && error.status >= 400 && error.status < 500) return undefined;
    throw error instanceof MatrixFault
      ? new SetupFault(
          `${where}: ${error.message}. Check the name, or give the address: --homeserver https://…`,
        )
      : error;
  }
}

async function expectMatrix(url: string, transportTo: TransportTo): Promise<void> {
  try {
    const answer = asObject(await transportTo(url).request("GET", "/_matrix/client/versions"));
    if (Array.isArray(answer?.["versions"])) return;
  } catch (error) {
    if (!(error instanceof MatrixFault)) throw error;
    throw new SetupFault(`no homeserver answers at ${url}: ${error.message}. Check the address.`);
  }
  throw new SetupFault(`${url} is no Matrix homeserver. Check the address.`);
}

export interface LogInOptions {
  /** For an account that is registered in this setup. */
  readonly password: string;
  readonly signal: AbortSignal;
}

/** Gets an access token, asks the homeserver whose it is, and sets it on the transport. */
export async function logIn(
  login: LoginMethod,
  transport: Transport,
  options: LogInOptions,
): Promise<LoggedIn> {
  const accessToken = await tokenBy(login, transport, options);
  transport.accessToken = accessToken;
  const self = await whoAmI(transport, { signal: options.signal }).catch((error: unknown) => {
    if (!(error instanceof MatrixFault)) throw error;
    throw new SetupFault(`the access token is not accepted: ${error.message}. Get a new one.`);
  });
  if (!self) throw new SetupFault("the homeserver does not say who we are");
  return { self, accessToken, isNew: login.kind !== "token" };
}

function tokenBy(login: LoginMethod, transport: Transport, options: LogInOptions): Promise<string> {
  switch (login.kind) {
    case "token":
      return Promise.resolve(login.accessToken);
    case "password":
      return logInWithPassword(login, transport, options);
    case "register":
      return register(login, transport, options);
  }
}

async function logInWithPassword(
  { user, password }: Extract<LoginMethod, { kind: "password" }>,
  transport: Transport,
  { signal }: LogInOptions,
): Promise<string> {
  try {
    return expectToken(await logInByPassword(transport, { user, password }, { signal, retries: 0 }));
  } catch (error) {
    if (!(error instanceof MatrixFault)) throw error;
    throw new SetupFault(
      `the homeserver refused the login of ${user}: ${error.message}. Check user id and password; where people log in through a web page, use an access token.`,
    );
  }
}

/** Synapse's admin API, "Shared-Secret Registration". The account is no administrator, as Tyr need not be one. */
async function register(
  { localpart, secret }: Extract<LoginMethod, { kind: "register" }>,
  transport: Transport,
  { password, signal }: LogInOptions,
): Promise<string> {
  const where = "/_synapse/admin/v1/register";
  try {
    const nonce = asString(asObject(await transport.request("GET", where, { signal }))?.["nonce"]) ?? "";
    const mac = createHmac("sha1", secret)
      .update([nonce, localpart, password, "notadmin"].join("\0"))
      .digest("hex");
    const body = { nonce, username: localpart, password, admin: false, mac };
    const answer = await transport.request("POST", where, { body, signal, retries: 0 });
    return expectToken(asString(asObject(answer)?.["access_token"]));
  } catch (error) {
    if (!(error instanceof MatrixFault)) throw error;
    throw new SetupFault(
      `the account was not registered: ${error.message.replace(/\.$/, "")}. ${adviceOn(error)}`,
    );
  }
}

function adviceOn({ errcode, status }: MatrixFault): string {
  if (errcode === "M_USER_IN_USE") return "It exists already: log in with its password or an access token.";
  if (status === 403) return "Check the shared secret.";
  return "Only Synapse can do this, and often only where its admin API can be reached; else register the account by hand.";
}

function expectToken(token: string | undefined): string {
  if (token === undefined) throw new SetupFault("the homeserver let us in and gave no access token");
  return token;
}

/**
 * Synapse's admin API, "Override ratelimiting for users": zero means no limit. Undefined where it worked, else the reason why
 * not, which does not end the setup.
 */
export async function liftRateLimits(
  self: UserId,
  transport: Transport,
  signal: AbortSignal,
): Promise<string | undefined> {
  const where = `/_synapse/admin/v1/users/${encodeURIComponent(self)}/override_ratelimit`;
  const body = { messages_per_second: 0, burst_count: 0 };
  try {
    await transport.request("POST", where, { body, signal, retries: 0 });
    return undefined;
  } catch (error) {
    if (error instanceof MatrixFault) return error.message;
    throw error;
  }
}
