/** Encryption of one bot out of the config: where its keys are, who signs its device, and what happens to a device that is lost. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loginOf } from "../config/login.ts";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { Encryption } from "../matrix/crypto/encryption.ts";
import type { Engine, OpenEngine } from "../matrix/crypto/engine.ts";
import type { IdentitySource } from "../matrix/crypto/identity.ts";
import { engineInWorker } from "../matrix/crypto/worker-client.ts";
import type { RestClient } from "../matrix/http/client.ts";
import { deviceOf } from "../matrix/session.ts";
import type { Seen } from "../model/observation.ts";
import type { World } from "../model/world/world.ts";
import { cryptoPath, readSecretLine, writeSecretLine } from "../store/crypto-files.ts";
import { recoveryKeyFile } from "../store/files.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { removeOldKeys, setKeysAside } from "./set-aside-keys.ts";

export interface EncryptionIngredients {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly client: RestClient;
  /** The engine; the one in a worker unless a test wants another. */
  readonly openEngine: OpenEngine | undefined;
  readonly receive: (seen: readonly Seen[]) => void;
  readonly untilReachable: <T>(attempt: () => Promise<T>) => Promise<T>;
  /** Gives up the device of our token, and begins again with a login. */
  readonly logInAnew: () => void;
  readonly signal: AbortSignal;
}

/** Whose keys are in the store, and their fingerprint once they are the homeserver's as well; kept in the data folder under these names. */
export const deviceKey = "crypto device";
export const fingerprintKey = "crypto fingerprint";

/** Bytes of the key by which the store is encrypted. */
const storeKeyBytes = 32;

export function buildEncryption(ingredients: EncryptionIngredients): Encryption {
  const { config, snapshot, world, client, receive, untilReachable } = ingredients;
  const { enabled, protectedRooms, mostDevices, keepKeysDays } = config.encryption;
  const hasPassword = loginOf(config).kind === "password";
  return new Encryption({
    ...ingredients,
    self: world.self,
    enabled: enabled === "auto",
    readsProtectedRooms: protectedRooms,
    bounds: { mostDevices, keepKeysDays },
    device: () => untilReachable(() => deviceOf(client.transport, { retries: 0 })),
    keys: {
      open: (device) => openStore(device, ingredients),
      keep: ({ fingerprint }) => snapshot.keep(fingerprintKey, fingerprint),
      removeSetAside: (at) => removeOldKeys(at, { dataPath: config.dataPath, snapshot }),
    },
    identity: identitySource(config),
    logInAnew: hasPassword ? ingredients.logInAnew : undefined,
    deliver: receive,
  });
}

async function openStore(
  device: string,
  { config, clock, snapshot, world, openEngine }: EncryptionIngredients,
): Promise<Engine> {
  const { dataPath } = config;
  const before = snapshot.kept(deviceKey);
  if (before !== undefined && before !== device) {
    setKeysAside(before, clock.now(), { dataPath, snapshot });
    snapshot.forget(fingerprintKey);
  }
  // Before the store is made, also where the device then turns out not to be ours alone.
  if (before !== device) snapshot.keep(deviceKey, device);
  const open = openEngine ?? engineInWorker(clock);
  const key = storeKey(config.encryption.storeKeyFile);
  return open({
    user: world.self,
    device,
    store: { path: cryptoPath(dataPath), ...(key ? { key } : {}) },
  });
}

/** Rejects with a sentence where the file is no key. */
export function storeKey(file: string | undefined): Uint8Array | undefined {
  if (file === undefined) return undefined;
  const key = Buffer.from(readSecretLine(file) ?? "", "base64");
  if (key.length !== storeKeyBytes)
    throw new Error(`${file} (encryption.storeKeyFile) does not hold ${storeKeyBytes} bytes in base64`);
  return key;
}

/** Where the recovery key is, or will be. */
export function recoveryFileOf({ dataPath, encryption }: Config): string {
  return encryption.recoveryKeyFile ?? join(dataPath, recoveryKeyFile);
}

function identitySource(config: Config): IdentitySource {
  const { dataPath, encryption, dryRun } = config;
  const file = recoveryFileOf(config);
  const isKept = dataPath !== ":memory:" || encryption.recoveryKeyFile !== undefined;
  const login = loginOf(config);
  return {
    recoveryKey: () => (isKept && existsSync(file) ? readSecretLine(file) : undefined),
    keepRecoveryKey: (key) => {
      if (isKept) writeSecretLine(file, key);
    },
    password: login.kind === "password" ? login : undefined,
    newIdentity: encryption.newIdentity,
    isDryRun: dryRun,
  };
}
