/**
 * `tyr setup`: makes a config that Tyr can be started with. Finds the homeserver, logs in, makes or joins the management
 * room, writes the config, and checks it. If it fails before the config is written, a login of its own is logged out.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CannotStart } from "../../lifecycle/account.ts";
import { checkCommand, type Checked, type CheckSeams } from "../check.ts";
import { renderProblem } from "../../config/explain.ts";
import { loadConfig } from "../../config/load.ts";
import { systemClock, type Clock } from "../../kit/clock.ts";
import { newPassword, systemRandom, type Random } from "../../kit/random.ts";
import { MatrixFault } from "../../matrix/http/errors.ts";
import { Transport, type Send } from "../../matrix/http/transport.ts";
import { undiciSend } from "../../matrix/http/undici-send.ts";
import { antispamFile, antispamSteps } from "./antispam.ts";
import { collect, type Answers, type Ask } from "./answers.ts";
import { readFlags, setupUsage } from "./flags.ts";
import { configFile, configText, Draft, existingFiles, passwordFile, tokenFile } from "./files.ts";
import { readyForEncryption } from "./encryption.ts";
import { findHomeserver, liftRateLimits, logIn, SetupFault, type LoggedIn } from "./homeserver.ts";
import { managementRoomFor } from "./management-room.ts";
import { terminal } from "./terminal.ts";
import { writeSecretLine } from "../../store/crypto-files.ts";
import { recoveryKeyFile } from "../../store/files.ts";
import { unusable } from "../../store/storage-errors.ts";

export interface SetupSeams {
  readonly clock: Clock;
  readonly random: Random;
  /** Sends requests to the server at an address. */
  readonly sendTo: (url: string) => { send: Send; close: () => Promise<void> };
  readonly readFile: (file: string) => string;
  /** Undefined without a terminal. */
  readonly ask: Ask | undefined;
  readonly newPassword: () => string;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
  /** Runs `tyr check` with the new config. */
  readonly check: (configFile: string, seams: CheckSeams) => Promise<Checked>;
}

export type SetupEnding =
  | { readonly kind: "done" }
  /** The config is written, and its check found problems. */
  | { readonly kind: "unwell" }
  /** `asked`: the flags are wrong or incomplete; otherwise the setup failed. */
  | { readonly kind: "refused"; readonly text: string; readonly asked: boolean }
  | { readonly kind: "interrupted"; readonly text: string };

/** Shorter than a run's: somebody waits at the terminal. */
const patience = { timeoutMs: 20_000, retries: 1 };

/** With the process's terminal, clock, files and network. */
export async function setupAtTerminal(
  argv: readonly string[],
  {
    input,
    output,
    isTerminal,
    interrupt,
  }: {
    input: NodeJS.ReadableStream;
    output: NodeJS.WritableStream;
    isTerminal: boolean;
    interrupt: AbortController;
  },
): Promise<SetupEnding> {
  const readFile = (file: string) => readFileSync(file, "utf8");
  const ask = isTerminal ? terminal({ input, output }, interrupt) : undefined;
  try {
    return await setupCommand(argv, {
      clock: systemClock,
      random: systemRandom,
      newPassword,
      readFile,
      ask,
      sendTo: (url) => undiciSend(url, { connections: 8, answerMegabytes: 256 }),
      signal: interrupt.signal,
      tell: (text) => void output.write(`${text}\n`),
      check: (file, seams) => {
        const loaded = loadConfig({ argv: ["--config", file], env: {}, readFile });
        if (!loaded.ok) throw new Error(loaded.problems.map((one) => renderProblem(one)).join("\n"));
        return checkCommand(loaded.config, seams);
      },
    });
  } finally {
    ask?.close();
  }
}

export async function setupCommand(argv: readonly string[], seams: SetupSeams): Promise<SetupEnding> {
  if (argv.includes("--help") || argv.includes("-h")) {
    seams.tell(setupUsage.trimEnd());
    return { kind: "done" };
  }
  const { flags, problems } = readFlags(argv);
  if (problems.length > 0) return refused(problems.join("\n"), true);
  const connections: { close: () => Promise<void> }[] = [];
  const sendTo = (url: string): Send => {
    const connection = seams.sendTo(url);
    connections.push(connection);
    return connection.send;
  };
  try {
    // Before anything is asked.
    const existing = refuseOverwriting(resolve(flags.out ?? "."), { ...flags, hasPassword: false });
    if (existing !== undefined) return refused(existing, false);
    const collected = await collect(flags, seams);
    if (!collected.ok) return refused(collected.problems.join("\n"), true);
    const { answers } = collected;
    const existingNow = refuseOverwriting(answers.out, {
      ...answers,
      hasPassword: answers.login.kind === "register",
    });
    if (existingNow !== undefined) return refused(existingNow, false);
    const written = await write(answers, seams, sendTo);
    return await finish(answers, written, { seams, sendTo });
  } catch (error) {
    if (seams.signal.aborted) return { kind: "interrupted", text: "Interrupted. No config was written." };
    if (error instanceof SetupFault || error instanceof CannotStart) return refused(error.message, false);
    if (error instanceof MatrixFault) return refused(`the homeserver: ${error.message}`, false);
    throw error;
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

function refuseOverwriting(
  out: string,
  { force, ...asked }: { force: boolean; hasPassword: boolean; antispam: boolean },
): string | undefined {
  const files = force ? [] : existingFiles(out, asked);
  return files.length === 0
    ? undefined
    : `${files.join(" and ")}: there already, and nothing is overwritten without --force.`;
}

interface Written {
  readonly url: string;
  readonly loggedIn: LoggedIn;
  readonly file: string;
}

/** Logs in, makes or joins the management room, and then writes the files. */
async function write(answers: Answers, seams: SetupSeams, sendTo: (url: string) => Send): Promise<Written> {
  const { out, dataPath, login, antispam, profile } = answers;
  const draft = draftIn(out);
  try {
    const transportTo = (url: string) => new Transport({ ...seams, send: sendTo(url), limits: patience });
    const url = await findHomeserver(answers.homeserver, transportTo);
    seams.signal.throwIfAborted();
    const transport = transportTo(url);
    const password = seams.newPassword();
    const firstLogin = await logIn(login, transport, { password, signal: seams.signal });
    seams.tell(`Tyr is ${firstLogin.self} on ${url}.`);
    // Only we know the new password: it is written at once, lest a later fault lose it.
    if (login.kind === "register") {
      draft.write({ [passwordFile]: `${password}\n` });
      seams.tell(`It is registered now; its password is in ${join(out, passwordFile)}.`);
    }
    const ready = await readyForEncryption(answers, { loggedIn: firstLogin, transport, seams });
    const { loggedIn, recoveryKey } = ready;
    const managementRoom = await managementRoomFor(answers, { loggedIn, transport, seams });
    if (recoveryKey !== undefined) keepRecoveryKey(dataPath, { recoveryKey, tell: seams.tell });
    draft.write({
      [tokenFile]: `${loggedIn.accessToken}\n`,
      ...(antispam ? { [antispamFile]: `${seams.newPassword()}\n` } : {}),
      [configFile]: configText({ url, managementRoom, out, dataPath, profile, antispam }),
    });
    return { url, loggedIn, file: join(out, configFile) };
  } finally {
    draft.close();
  }
}

/** Where Tyr keeps one that it makes itself: a service and a container read it there, too. */
function keepRecoveryKey(
  dataPath: string,
  { recoveryKey, tell }: { recoveryKey: string; tell: (text: string) => void },
): void {
  const file = join(dataPath, recoveryKeyFile);
  try {
    mkdirSync(dataPath, { recursive: true, mode: 0o700 });
    writeSecretLine(file, recoveryKey);
  } catch (error) {
    throw new SetupFault(`the recovery key cannot be written to ${file}: ${(error as Error).message}`);
  }
  tell(`The recovery key is in ${file} (readable by you alone).`);
}

/** Lifts rate limits and checks the config, which is written by now: both may fail, and can be done again. */
async function finish(
  answers: Answers,
  { url, loggedIn, file }: Written,
  { seams, sendTo }: { seams: SetupSeams; sendTo: (url: string) => Send },
): Promise<SetupEnding> {
  const { clock, random, signal, tell } = seams;
  tell(`Wrote ${file} and ${join(answers.out, tokenFile)} (readable by you alone).`);
  await liftLimitsIfAsked(answers, {
    loggedIn,
    transport: new Transport({ clock, random, send: sendTo(url), limits: patience }),
    seams,
  });
  const checked = await Promise.race([
    seams.check(file, { clock, random, send: sendTo(url) }),
    interrupted(signal),
  ]);
  if (checked) tell(`\n${checked.text}`);
  tell(nextSteps(file, answers));
  if (answers.antispam) tell(`\n${antispamSteps(join(answers.out, antispamFile))}`);
  if (!checked)
    return {
      kind: "interrupted",
      text: `Interrupted. tyr check --config ${file} looks whether all is well.`,
    };
  return { kind: checked.isWell ? "done" : "unwell" };
}

function interrupted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}

/** With an administrator's token, where one was given. A refusal is reported and does not end the setup. */
async function liftLimitsIfAsked(
  { adminToken }: Answers,
  { loggedIn, transport, seams }: { loggedIn: LoggedIn; transport: Transport; seams: SetupSeams },
): Promise<void> {
  if (adminToken === undefined) return;
  transport.accessToken = adminToken;
  const why = await liftRateLimits(loggedIn.self, transport, seams.signal);
  seams.tell(
    why === undefined
      ? "The homeserver's rate limits no longer hold for Tyr."
      : `The homeserver's rate limits could not be lifted: ${why}. Tyr works with them, only slower.`,
  );
}

function draftIn(out: string): Draft {
  try {
    return new Draft(out);
  } catch (error) {
    const known = unusable(error, out);
    if (known === error) throw error;
    throw new SetupFault(`nothing can be written to ${out}: ${(error as Error).message}`);
  }
}

function nextSteps(file: string, { managementRoom, profile, dataPath }: Answers): string {
  const prefix = "!tyr";
  return [
    "What comes next:",
    ...(managementRoom === undefined ? ["- Accept the invitation to the management room."] : []),
    `- Start Tyr: tyr run --config ${file}`,
    `- In the management room: ${prefix} rooms add #room:server protects a room (invite Tyr and give it level 100),`,
    `  ${prefix} lists create NAME makes a policy list, ${prefix} lists watch #list:server follows another.`,
    `- What Tyr removes is kept for 30 days for moderators to read, encrypted with a key in tyr-stash.key`,
    `  beside the database. "stash: { enabled: false }" in the config switches that off.`,
    `- The management room may be encrypted: Tyr makes its keys when it is. The recovery key of its account is`,
    `  then in ${join(dataPath, recoveryKeyFile)}: keep a copy of that elsewhere.`,
    ...(profile === "none" || profile === "ask"
      ? []
      : [
          `- The protections of the profile ${profile} are on from the first start: ${prefix} protections shows them,`,
          `  ${prefix} protections profile the others.`,
        ]),
    `- To look first and write nothing, add "dryRun: true" to the config.`,
  ].join("\n");
}

function refused(text: string, asked: boolean): SetupEnding {
  return { kind: "refused", text, asked };
}
