/**
 * The identity of our account ("Cross-signing"), by which our device is signed: clients give no keys to a device that its owner
 * has not signed, and do not show what it says. Made where the account has none, adopted by its recovery key where there is
 * one. One that others may have verified is replaced only where the config says so.
 */
import type { JsonObject } from "../../kit/json.ts";
import type { RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import { advice } from "./advice.ts";
import type { Engine, IdentitySeeds } from "./engine.ts";
import { fits, identityIn, type PublicIdentity } from "./identity-keys.ts";
import type { OutgoingRequests } from "./outgoing-requests.ts";
import { formatRecoveryKey, parseRecoveryKey, type ParsedKey } from "./recovery-key.ts";
import { SecretStorage } from "./secret-storage.ts";
import { newKey } from "./secrets.ts";

export interface IdentitySource {
  /** A recovery key or passphrase, as a person wrote it down; undefined where there is none. */
  readonly recoveryKey: () => string | undefined;
  /** Keeps one that we made. Called before anything is written that only it opens. */
  readonly keepRecoveryKey: (key: string) => void;
  readonly password: { readonly user: string; readonly password: string } | undefined;
  /** An identity that nothing opens may be replaced. Needs the password. */
  readonly newIdentity: boolean;
  /** Account data is not written. */
  readonly isDryRun: boolean;
}

export interface IdentityOptions {
  readonly client: RestClient;
  readonly engine: Engine;
  readonly self: string;
  readonly outgoing: OutgoingRequests;
  readonly source: IdentitySource;
}

/**
 * Resolves when our device is signed, or with the reason, for moderators, why that cannot be. Rejects with a `MatrixFault`; may
 * be called again then, and goes on where it was.
 */
export function readyIdentity(options: IdentityOptions): Promise<string | undefined> {
  return new Identity(options).ready();
}

/** Why it cannot be; undefined where all is well. */
type Problem = string | undefined;

class Identity {
  readonly #options: IdentityOptions;
  readonly #storage: SecretStorage;

  constructor(options: IdentityOptions) {
    this.#options = options;
    this.#storage = new SecretStorage(options.client, options.self);
  }

  async ready(): Promise<Problem> {
    const identity = await this.#look();
    const problem = identity ? await this.#own(identity) : await this.#make({ replaces: false });
    return problem ?? (await this.#sign()) ?? (await this.#store());
  }

  /** The identity that the homeserver has; the engine learns of it, too. */
  async #look(): Promise<PublicIdentity | undefined> {
    const { engine, outgoing, self } = this.#options;
    return identityIn(await outgoing.send(await engine.query([self])), self);
  }

  /** Makes the engine have its private keys. */
  async #own(identity: PublicIdentity): Promise<Problem> {
    const { engine, source } = this.#options;
    const seeds = await engine.seeds();
    if (seeds && fits(seeds, identity)) return undefined;
    const typed = source.recoveryKey();
    const problem = typed === undefined ? advice.noRecoveryKey : await this.#adopt(typed, identity);
    if (problem === undefined || !source.newIdentity) return problem;
    if (!source.password) return advice.newIdentityNeedsPassword;
    // Whoever has verified the old one is warned: no rehearsal.
    return source.isDryRun ? advice.newIdentityWaits : this.#make({ replaces: true });
  }

  async #adopt(typed: string, identity: PublicIdentity): Promise<Problem> {
    const opened = await this.#storage.open(typed);
    if (!opened.ok) return advice.wrongRecoveryKey(opened.problem);
    if (!fits(opened.seeds, identity)) return advice.wrongRecoveryKey(advice.earlierIdentity);
    await this.#options.engine.adoptIdentity(opened.seeds);
    return undefined;
  }

  /**
   * Its secrets are stored before the homeserver has it, and are found by other clients after: at whatever point this ends, the
   * recovery key that is kept opens what there is, or the next start begins again; with the same keys, as the homeserver may
   * have them already, or get them in a moment, from a request that we did not live to see answered.
   */
  async #make({ replaces }: { readonly replaces: boolean }): Promise<Problem> {
    const { engine, outgoing, source } = this.#options;
    const recovery = this.#recoveryKey();
    if (!recovery.ok) return advice.noRecoveryKeyInFile(recovery.problem);
    // Those in the engine may be replaced before the homeserver has taken the new ones.
    const before = await engine.seeds();
    const made = await engine.makeIdentity({ replaces });
    const seeds = await engine.seeds();
    const id = seeds && !source.isDryRun ? await this.#storage.write(recovery.key, seeds) : undefined;
    const refused = await this.#upload(made.keys);
    if (refused !== undefined) {
      await this.#putBack(before);
      return refused;
    }
    await outgoing.send(made.signatures);
    if (id !== undefined) await this.#storage.makeDefault(id);
    await this.#look();
    return undefined;
  }

  /** The one that a person or setup gave us; otherwise a new one, which is kept at once. */
  #recoveryKey(): ParsedKey {
    const { source } = this.#options;
    const typed = source.recoveryKey();
    if (typed !== undefined) return parseRecoveryKey(typed);
    const key = newKey();
    source.keepRecoveryKey(formatRecoveryKey(key));
    return { ok: true, key };
  }

  /** Only a homeserver that has an identity already, or an old one, wants the password. */
  async #upload(keys: JsonObject): Promise<Problem> {
    const { password: login } = this.#options.source;
    const refused = await this.#tryUpload(keys);
    if (!refused) return undefined;
    if (!login) return advice.identityNeedsPassword;
    const { user, password } = login;
    const identifier = { type: "m.id.user", user };
    const session = refused.authSession === undefined ? {} : { session: refused.authSession };
    const auth = { type: "m.login.password", identifier, password, ...session };
    const again = await this.#tryUpload({ ...keys, auth });
    return again && advice.identityRefused(again.message);
  }

  /** The fault of a homeserver that wants to be sure who we are. */
  async #tryUpload(body: JsonObject): Promise<MatrixFault | undefined> {
    try {
      await this.#options.client.call("POST", "/_matrix/client/v3/keys/device_signing/upload", { body });
      return undefined;
    } catch (fault) {
      if (fault instanceof MatrixFault && !fault.isUnknownToken && [401, 403].includes(fault.status))
        return fault;
      throw fault;
    }
  }

  async #putBack(seeds: IdentitySeeds | undefined): Promise<void> {
    // Keys that fit nothing that the homeserver has were of no use before either.
    if (seeds) await this.#options.engine.adoptIdentity(seeds).catch(() => {});
  }

  /** Our device with our identity, and the identity with our device; only what is missing. */
  async #sign(): Promise<Problem> {
    const { engine, outgoing } = this.#options;
    // The engine waits a second for whoever has news that were not asked for: /sync told of our own keys.
    await outgoing.round();
    const missing = await engine.missingSignatures();
    for (const request of missing) await outgoing.send(request);
    if (missing.length > 0) await this.#look();
    return (await engine.isSigned()) ? undefined : advice.unsigned;
  }

  /** Finishes what a dry run left out, or a crash: an identity that is nowhere but in our own store would go with it. */
  async #store(): Promise<Problem> {
    const { engine, source } = this.#options;
    const seeds = await engine.seeds();
    if (source.isDryRun || !seeds) return undefined;
    const known = await this.#storage.defaultId();
    if (known !== undefined) return this.#finishReplacing(known);
    const recovery = this.#recoveryKey();
    if (recovery.ok) await this.#storage.makeDefault(await this.#storage.write(recovery.key, seeds));
    return undefined;
  }

  /** A crash came between the new identity and the word that it is the one. */
  async #finishReplacing(known: string): Promise<undefined> {
    const { source } = this.#options;
    const typed = source.newIdentity ? source.recoveryKey() : undefined;
    const opened = typed === undefined ? undefined : await this.#storage.open(typed);
    if (opened?.ok && opened.id !== known) await this.#storage.makeDefault(opened.id);
  }
}
