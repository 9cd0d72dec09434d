/** An account's secret storage, as far as its identity is kept there: account data, read and written (`secrets.ts`). */
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import { path, type RestClient } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import type { IdentitySeeds } from "./engine.ts";
import { parts, secretNames } from "./identity-keys.ts";
import {
  bytesOf,
  decryptSecret,
  describe,
  descriptionType,
  encryptSecret,
  idOf,
  keyFor,
  type StorageKey,
} from "./secrets.ts";

const defaultKey = "m.secret_storage.default_key";
const seedBytes = 32;
/** Keys under which somebody keeps the same secret: one, or two after a change. */
const mostKeys = 10;

export type OpenedIdentity =
  | { readonly ok: true; readonly id: string; readonly seeds: IdentitySeeds }
  /** About the recovery key, as "it". */
  | { readonly ok: false; readonly problem: string };

export class SecretStorage {
  readonly #client: RestClient;
  readonly #self: string;

  constructor(client: RestClient, self: string) {
    this.#client = client.with({ on429: "wait" });
    this.#self = self;
  }

  /** `typed`: a recovery key or passphrase. Tried on each key under which the identity is kept, the default one first. */
  async open(typed: string): Promise<OpenedIdentity> {
    const kept = asObject((await this.#read(secretNames.master))?.["encrypted"]);
    const first = await this.defaultId();
    const ids = Object.keys(kept ?? {}).toSorted((a, b) => Number(b === first) - Number(a === first));
    let problem = "the account keeps no identity in its secret storage, which it could open";
    for (const [at, id] of ids.slice(0, mostKeys).entries()) {
      const found = await keyFor(typed, await this.#read(descriptionType(id)));
      if (found.ok) return this.#seeds({ id, key: found.key });
      if (at === 0) problem = found.problem;
    }
    return { ok: false, problem };
  }

  async #seeds(key: StorageKey): Promise<OpenedIdentity> {
    const seeds: Record<string, string> = {};
    for (const part of parts) {
      const opened = decryptSecret(key, secretNames[part], await this.#read(secretNames[part]));
      if (!opened.ok) return opened;
      const seed = bytesOf(opened.secret.trim(), seedBytes);
      if (!seed) return { ok: false, problem: `it opens ${secretNames[part]}, and that is no key` };
      seeds[part] = Buffer.from(seed).toString("base64").replaceAll("=", "");
    }
    return { ok: true, id: key.id, seeds: seeds as unknown as IdentitySeeds };
  }

  /** Under which id the key is known then. Others find it when it is made the default. */
  async write(key: Uint8Array, seeds: IdentitySeeds): Promise<string> {
    const id = idOf(key);
    await this.#write(descriptionType(id), describe(key));
    for (const part of parts) {
      const name = secretNames[part];
      const before = asObject((await this.#read(name))?.["encrypted"]);
      const ours = asObject(encryptSecret({ id, key }, name, seeds[part])["encrypted"]);
      await this.#write(name, { encrypted: { ...before, ...ours } });
    }
    return id;
  }

  async defaultId(): Promise<string | undefined> {
    return asString((await this.#read(defaultKey))?.["key"]);
  }

  /** Last of all: with it other clients take the storage for whole. */
  async makeDefault(id: string): Promise<void> {
    await this.#write(defaultKey, { key: id });
  }

  /** Undefined where there is none. */
  async #read(type: string): Promise<JsonObject | undefined> {
    try {
      return await this.#client.call("GET", this.#path(type));
    } catch (error) {
      if (error instanceof MatrixFault && error.status === 404) return undefined;
      throw error;
    }
  }

  async #write(type: string, content: JsonObject): Promise<void> {
    await this.#client.call("PUT", this.#path(type), { body: content });
  }

  #path(type: string): string {
    return path`/_matrix/client/v3/user/${this.#self}/account_data/${type}`;
  }
}
