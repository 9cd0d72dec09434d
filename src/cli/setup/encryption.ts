/**
 * Encryption, while `tyr setup` runs: leads away from an access token whose device belongs to another program, and takes the
 * recovery key of an identity that the account has already. Nothing is uploaded; whoever wants none of it goes on without.
 */
import { join } from "node:path";
import { fingerprintKey } from "../../lifecycle/build-encryption.ts";
import { shownDevice, type ShownDevice } from "../../matrix/crypto/device.ts";
import { fits, type PublicIdentity } from "../../matrix/crypto/identity-keys.ts";
import { parseRecoveryKey } from "../../matrix/crypto/recovery-key.ts";
import { SecretStorage } from "../../matrix/crypto/secret-storage.ts";
import { RestClient } from "../../matrix/http/client.ts";
import { MatrixFault } from "../../matrix/http/errors.ts";
import type { Transport } from "../../matrix/http/transport.ts";
import { deviceOf, logOut } from "../../matrix/session.ts";
import { readSecretLine } from "../../store/crypto-files.ts";
import { recoveryKeyFile } from "../../store/files.ts";
import { readKept } from "../../store/read-one-value.ts";
import type { Answers, Ask } from "./answers.ts";
import { logIn, SetupFault, type LoggedIn } from "./homeserver.ts";

interface EncryptionSeams {
  readonly ask: Ask | undefined;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

interface Ingredients {
  readonly loggedIn: LoggedIn;
  readonly transport: Transport;
  readonly seams: EncryptionSeams;
}

export interface ReadyForEncryption {
  /** Another login where the token's device belongs to another program. */
  readonly loggedIn: LoggedIn;
  /** To be kept in the data folder; undefined where there is nothing new to keep. */
  readonly recoveryKey: string | undefined;
}

type Asked = Pick<Answers, "login" | "dataPath" | "recoveryKey">;

/** Where it fails, a login of this setup is logged out. */
export async function readyForEncryption(
  answers: Asked,
  ingredients: Ingredients,
): Promise<ReadyForEncryption> {
  let { loggedIn } = ingredients;
  try {
    loggedIn = await withOwnDevice(answers, ingredients);
    const recoveryKey = await recoveryKeyFor(answers, { ...ingredients, loggedIn });
    return { loggedIn, recoveryKey };
  } catch (error) {
    if (loggedIn.isNew) await logOut(ingredients.transport);
    throw error;
  }
}

const noDevice =
  "This access token has no device, as one that an administrator's API has made, so Tyr could not read encrypted rooms with it.";
const foreignDevice =
  "This access token belongs to a device on which another program encrypts (Element, or an earlier bot), so Tyr could not read encrypted rooms with it.";

async function withOwnDevice(
  { login, dataPath }: Asked,
  { loggedIn, transport, seams }: Ingredients,
): Promise<LoggedIn> {
  if (login.kind !== "token") return loggedIn;
  const device = await deviceOf(transport);
  const key = device === undefined ? undefined : (await shown(transport, loggedIn, device))?.key;
  // With our own keys: Tyr has run with this data folder and this token before.
  const isOurs = key === undefined || key === readKept(dataPath, fingerprintKey);
  if (device !== undefined && isOurs) return loggedIn;
  const why = device === undefined ? noDevice : foreignDevice;
  if (!seams.ask) {
    seams.tell(`${why} Everything else works. With --passwordFile it gets a device of its own.`);
    return loggedIn;
  }
  seams.tell(why);
  for (;;) {
    const password = await seams.ask.secret(
      `Give the account's password instead (Enter: go on without encryption): `,
    );
    if (password === "") return loggedIn;
    const byPassword = { kind: "password", user: loggedIn.self, password } as const;
    const found = await logIn(byPassword, transport, { password: "", signal: seams.signal }).catch(
      told(seams),
    );
    if (found) return found;
  }
}

function told({ tell }: EncryptionSeams): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof SetupFault)) throw error;
    tell(error.message);
    return undefined;
  };
}

/** Undefined where the homeserver does not tell: `tyr check` says so where it matters. */
async function shown(
  transport: Transport,
  { self }: LoggedIn,
  device: string,
): Promise<ShownDevice | undefined> {
  return shownDevice(new RestClient(transport), { self, device }).catch((error: unknown) => {
    if (error instanceof MatrixFault) return undefined;
    throw error;
  });
}

async function recoveryKeyFor(
  { dataPath, recoveryKey: given }: Asked,
  { loggedIn, transport, seams }: Ingredients,
): Promise<string | undefined> {
  const { identity, isSigned } = (await shown(transport, loggedIn, (await deviceOf(transport)) ?? "")) ?? {};
  if (!identity) return forNewIdentity(given);
  const opening = (typed: string) => problemOf(typed, { identity, storage: storageOf(transport, loggedIn) });
  if (given !== undefined) {
    const problem = await opening(given);
    if (problem === undefined) return given;
    throw new SetupFault(`--recoveryKeyFile: it does not open the account's identity: ${problem}.`);
  }
  const kept = readSecretLine(join(dataPath, recoveryKeyFile));
  if (isSigned || (kept !== undefined && (await opening(kept)) === undefined)) return undefined;
  return asked(seams, opening);
}

/** Tyr makes an identity, and this its recovery key. */
function forNewIdentity(given: string | undefined): string | undefined {
  const parsed = given === undefined ? undefined : parseRecoveryKey(given);
  if (parsed?.ok === false) throw new SetupFault(`--recoveryKeyFile: no recovery key: ${parsed.problem}.`);
  return given;
}

async function asked(
  { ask, tell }: EncryptionSeams,
  opening: (typed: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const why = "This account has an identity, made in another client.";
  if (!ask) {
    tell(`${why} To read encrypted rooms Tyr needs its recovery key (--recoveryKeyFile). All else works.`);
    return undefined;
  }
  for (;;) {
    const typed = await ask.secret(`${why} Its recovery key (Enter: go on without encryption): `);
    if (typed.trim() === "") return undefined;
    const problem = await opening(typed.trim());
    if (problem === undefined) return typed.trim();
    tell(`That does not open it: ${problem}.`);
  }
}

function storageOf(transport: Transport, { self }: LoggedIn): SecretStorage {
  return new SecretStorage(new RestClient(transport), self);
}

async function problemOf(
  typed: string,
  { storage, identity }: { storage: SecretStorage; identity: PublicIdentity },
): Promise<string | undefined> {
  const opened = await storage.open(typed);
  if (!opened.ok) return opened.problem;
  return fits(opened.seeds, identity) ? undefined : "it opens one that the account had before";
}
