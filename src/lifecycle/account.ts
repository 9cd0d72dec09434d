/** Who we are: the token of the config, or a login by password whose token is kept (logins are limited hard). */
import { loginOf } from "../config/login.ts";
import type { Config } from "../config/schema.ts";
import { asObject, asString } from "../kit/json.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import { logInByPassword, whoAmI } from "../matrix/session.ts";
import type { Transport } from "../matrix/http/transport.ts";
import type { UserId } from "../model/ids.ts";
import { noServerPowers, type ServerPowers } from "../model/server-powers.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { deviceKey } from "./build-encryption.ts";

/** Something a person has to put right before we can start. */
export class CannotStart extends Error {}

type Patiently = <T>(attempt: () => Promise<T>) => Promise<T>;

/** Kept in the data folder under this name between a token that ran out and the next login. */
const deviceToGoOnWith = "device to go on with";
/** Commands may wait for this answer. */
const powersTimeoutMs = 10_000;

export class Account {
  readonly #config: Config;
  readonly #transport: Transport;
  readonly #snapshot: Snapshot;
  /** The token was got by password just now. */
  hasLoggedIn = false;

  constructor(options: { config: Config; transport: Transport; snapshot: Snapshot }) {
    this.#config = options.config;
    this.#transport = options.transport;
    this.#snapshot = options.snapshot;
    const login = loginOf(options.config);
    options.transport.accessToken =
      login.kind === "token" ? login.accessToken : options.snapshot.kept("accessToken");
  }

  /** The account this data folder belongs to, once one is known. */
  get known(): UserId | undefined {
    return this.#snapshot.user;
  }

  async logIn(untilReachable: Patiently): Promise<UserId> {
    const login = loginOf(this.#config);
    if (this.#transport.accessToken === undefined && login.kind === "password") {
      const { user, password } = login;
      const device = this.#snapshot.kept(deviceToGoOnWith);
      const token = await untilReachable(() =>
        logInByPassword(this.#transport, { user, password, device }),
      ).catch((error: unknown) => {
        if (!(error instanceof MatrixFault) || error.isPassing) throw error;
        throw new CannotStart(
          `the homeserver refused the login of ${user}: ${error.message}. Check homeserver.user and the password.`,
        );
      });
      if (token === undefined) throw new CannotStart("the homeserver let us log in and gave no access token");
      this.#snapshot.keep("accessToken", token);
      this.#snapshot.forget(deviceToGoOnWith);
      this.#transport.accessToken = token;
      this.hasLoggedIn = true;
    }
    return this.check(untilReachable);
  }

  /** Asks the homeserver who we are, and refuses to mix two accounts in one data folder. */
  async check(untilReachable: Patiently): Promise<UserId> {
    const now = await untilReachable(() => whoAmI(this.#transport, { retries: 0 }));
    if (!now)
      throw new CannotStart(
        `${this.#config.homeserver.url} does not say who we are: is it a Matrix homeserver?`,
      );
    const { known } = this;
    if (known && known !== now) {
      throw new CannotStart(
        `the account is ${now}, and ${this.#config.dataPath} belongs to ${known}. Use another data folder for another account.`,
      );
    }
    if (!known) this.#snapshot.keep("user", now);
    return now;
  }

  /**
   * Forgets a kept token that is no longer good. Answers whether there is a password to get a new one with. `keepsDevice`: the
   * next login goes on with the device that we have keys of; they would be lost with it.
   */
  forgetToken({ keepsDevice = false }: { readonly keepsDevice?: boolean } = {}): boolean {
    if (loginOf(this.#config).kind === "token" || this.#snapshot.kept("accessToken") === undefined)
      return false;
    const device = this.#snapshot.kept(deviceKey);
    if (keepsDevice && device !== undefined) this.#snapshot.keep(deviceToGoOnWith, device);
    this.#snapshot.forget("accessToken");
    this.#transport.accessToken = undefined;
    return true;
  }

  /** What the homeserver lets us do as its administrator; nothing where it does not answer. */
  async serverPowers(self: UserId, signal: AbortSignal): Promise<ServerPowers> {
    const client = new RestClient(this.#transport, {
      signal,
      retries: 0,
      on429: "fail",
      timeoutMs: powersTimeoutMs,
    });
    const software = await softwareOf(client);
    const known = software === undefined ? {} : { software };
    if (await isSynapseAdmin(client, self)) return { admin: true, suspend: true, lock: true, ...known };
    const answer = await orFault(client.call("GET", "/_matrix/client/v3/capabilities"));
    const capabilities = answer instanceof MatrixFault ? undefined : asObject(answer["capabilities"]);
    const moderation = asObject(capabilities?.["m.account_moderation"]);
    return {
      ...noServerPowers,
      suspend: moderation?.["suspend"] === true,
      lock: moderation?.["lock"] === true,
      ...known,
    };
  }
}

/** Told to other homeservers, and mostly under the same address. */
async function softwareOf(client: RestClient): Promise<string | undefined> {
  const answer = await orFault(client.call("GET", "/_matrix/federation/v1/version"));
  return answer instanceof MatrixFault ? undefined : asString(asObject(answer["server"])?.["name"]);
}

async function isSynapseAdmin(client: RestClient, self: UserId): Promise<boolean> {
  const answer = await orFault(client.adminApis.synapse.isAdmin(self));
  if (!(answer instanceof MatrixFault)) return answer;
  if (answer.errcode !== "M_UNRECOGNIZED") return false;
  // With the Matrix Authentication Service that endpoint does not exist. Only administrators may read an account.
  return !((await orFault(client.adminApis.synapse.getUser(self))) instanceof MatrixFault);
}

async function orFault<T>(answer: Promise<T>): Promise<T | MatrixFault> {
  return answer.catch((error: unknown) => {
    if (error instanceof MatrixFault) return error;
    throw error;
  });
}
