/** One login of a person as the server keeps it: public keys for encryption, and messages that wait for it. */
import { isDeepStrictEqual } from "node:util";
import { Inbox } from "./inbox.ts";
import { isObject, type JsonObject } from "./json.ts";
import { badRequest, MatrixError } from "./matrix-error.ts";

/** Synapse's. */
const mostOneTimeKeys = 500;

interface FallbackKey {
  readonly name: string;
  readonly key: unknown;
  isUsed: boolean;
}

export class Device {
  readonly id: string;
  displayName: string | undefined;
  /** As the device uploaded them. */
  keys: JsonObject | undefined;
  readonly inbox = new Inbox();
  /** By `algorithm:id`, the oldest first. */
  readonly #oneTimeKeys = new Map<string, unknown>();
  /** One an algorithm. */
  readonly #fallbackKeys = new Map<string, FallbackKey>();

  constructor(id: string, displayName?: string) {
    this.id = id;
    this.displayName = displayName;
  }

  /** What /keys/query tells, without the signatures that others have added. */
  get shownKeys(): JsonObject | undefined {
    if (this.keys === undefined) return undefined;
    const { displayName } = this;
    return {
      ...this.keys,
      unsigned: displayName === undefined ? {} : { device_display_name: displayName },
    };
  }

  /** As Synapse: zero is said, so that a device that has run out knows. */
  get oneTimeKeyCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = { signed_curve25519: 0 };
    for (const name of this.#oneTimeKeys.keys()) {
      const algorithm = algorithmOf(name);
      counts[algorithm] = (counts[algorithm] ?? 0) + 1;
    }
    return counts;
  }

  get unusedFallbackKeyTypes(): readonly string[] {
    return [...this.#fallbackKeys].filter(([, { isUsed }]) => !isUsed).map(([algorithm]) => algorithm);
  }

  /** True where they differ from what was there: Synapse overwrites without a word. */
  setKeys(keys: JsonObject): boolean {
    if (isDeepStrictEqual(this.keys, keys)) return false;
    this.keys = keys;
    return true;
  }

  addOneTimeKeys(keys: Readonly<JsonObject>): void {
    const fresh = Object.entries(keys).filter(([name, key]) => {
      const known = this.#oneTimeKeys.get(name);
      if (known === undefined) return true;
      if (isDeepStrictEqual(unsigned(known), unsigned(key))) return false;
      const both = `Old key: ${JSON.stringify(known)}; new key: ${JSON.stringify(key)}`;
      throw badRequest(`One time key ${name} already exists. ${both}`, "M_UNKNOWN");
    });
    if (this.#oneTimeKeys.size + fresh.length > mostOneTimeKeys) {
      throw new MatrixError(400, "M_TOO_LARGE", `over the limit of ${mostOneTimeKeys} one-time keys`);
    }
    for (const [name, key] of fresh) this.#oneTimeKeys.set(name, key);
  }

  /** The same key again stays used. */
  addFallbackKeys(keys: Readonly<JsonObject>): void {
    for (const [name, key] of Object.entries(keys)) {
      const algorithm = algorithmOf(name);
      if (isDeepStrictEqual(this.#fallbackKeys.get(algorithm)?.key, key)) continue;
      this.#fallbackKeys.set(algorithm, { name, key, isUsed: false });
    }
  }

  /** A one-time key goes with the claim; the fallback key is given out again and again. */
  claim(algorithm: string): JsonObject | undefined {
    for (const [name, key] of this.#oneTimeKeys) {
      if (algorithmOf(name) !== algorithm) continue;
      this.#oneTimeKeys.delete(name);
      return { [name]: key };
    }
    const fallback = this.#fallbackKeys.get(algorithm);
    if (fallback === undefined) return undefined;
    fallback.isUsed = true;
    return { [fallback.name]: fallback.key };
  }

  /** As if others had claimed all of them. */
  useUpOneTimeKeys(): void {
    this.#oneTimeKeys.clear();
  }
}

function algorithmOf(name: string): string {
  return name.slice(0, name.indexOf(":"));
}

/** Each upload may sign anew. */
function unsigned(key: unknown): unknown {
  if (!isObject(key)) return key;
  const { signatures: _signatures, ...rest } = key;
  return rest;
}
