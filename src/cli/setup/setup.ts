/**
 * `tyr setup`: from a few answers to a Tyr that can be started. Finds the homeserver, gets at the account, makes the
 * management room, writes the config, and checks it. Until the end nothing is written, and what was begun is undone.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CannotStart } from "../../lifecycle/account.ts";
import { checkCommand, type Checked, type CheckSeams } from "../check.ts";
import { renderProblem } from "../../config/explain.ts";
import { loadConfig } from "../../config/load.ts";
import { systemClock, type Clock } from "../../kit/clock.ts";
import { newPassword, systemRandom, type Random } from "../../kit/random.ts";
import { joinManagementRoom, makeManagementRoom } from "../../lifecycle/join-management-room.ts";
import { RestClient } from "../../matrix/http/client.ts";
import { MatrixFault } from "../../matrix/http/errors.ts";
import { logOut } from "../../matrix/session.ts";
import { Transport, type Send } from "../../matrix/http/transport.ts";
import { undiciSend } from "../../matrix/http/undici-send.ts";
import { serverOf, type RoomId, type UserId } from "../../model/ids.ts";
import { collect, type Answers, type Ask } from "./answers.ts";
import { readFlags, setupUsage } from "./flags.ts";
import { configFile, configText, Draft, filesThere, passwordFile, tokenFile } from "./files.ts";
import { enter, findHomeserver, liftLimits, SetupFault, type Entry } from "./homeserver.ts";
import { terminal } from "./terminal.ts";
import { unusable } from "../../store/storage-errors.ts";

export interface SetupSeams {
  readonly clock: Clock;
  readonly random: Random;
  /** A way to the server at an address. */
  readonly sendTo: (url: string) => { send: Send; close: () => Promise<void> };
  readonly readFile: (file: string) => string;
  /** Undefined where nobody is at a terminal. */
  readonly ask: Ask | undefined;
  readonly newPassword: () => string;
  /** Aborts when the person has thought better of it. */
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
  /** Checks what was written. */
  readonly check: (configFile: string, seams: CheckSeams) => Promise<Checked>;
}

export type SetupEnding =
  | { readonly kind: "done" }
  /** Written, and the check found something to put right. */
  | { readonly kind: "unwell" }
  /** `asked`: the answers make no sense or are not enough; otherwise it could not be done. */
  | { readonly kind: "refused"; readonly text: string; readonly asked: boolean }
  | { readonly kind: "interrupted"; readonly text: string };

/** Somebody waits at the terminal. */
const patience = { timeoutMs: 20_000, retries: 1 };

/** The real thing, at a terminal or without one. */
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
  const ways: { close: () => Promise<void> }[] = [];
  const sendTo = (url: string): Send => {
    const way = seams.sendTo(url);
    ways.push(way);
    return way.send;
  };
  try {
    // Nobody is asked five questions for nothing.
    const inTheWay = occupied(resolve(flags.out ?? "."), { force: flags.force, hasPassword: false });
    if (inTheWay !== undefined) return refused(inTheWay, false);
    const collected = await collect(flags, seams);
    if (!collected.ok) return refused(collected.problems.join("\n"), true);
    const { answers } = collected;
    const there = occupied(answers.out, {
      force: answers.force,
      hasPassword: answers.way.kind === "register",
    });
    if (there !== undefined) return refused(there, false);
    const written = await write(answers, seams, sendTo);
    return await conclude(answers, written, { seams, sendTo });
  } catch (error) {
    if (seams.signal.aborted) return { kind: "interrupted", text: "Interrupted. No config was written." };
    if (error instanceof SetupFault || error instanceof CannotStart) return refused(error.message, false);
    if (error instanceof MatrixFault) return refused(`the homeserver: ${error.message}`, false);
    throw error;
  } finally {
    await Promise.all(ways.map((way) => way.close()));
  }
}

function occupied(
  out: string,
  { force, hasPassword }: { force: boolean; hasPassword: boolean },
): string | undefined {
  const there = force ? [] : filesThere(out, { hasPassword });
  return there.length === 0
    ? undefined
    : `${there.join(" and ")}: there already, and nothing is overwritten without --force.`;
}

interface Written {
  readonly url: string;
  readonly entry: Entry;
  readonly file: string;
}

/** Everything up to the files, which are written together at the end. */
async function write(answers: Answers, seams: SetupSeams, sendTo: (url: string) => Send): Promise<Written> {
  const { out, dataPath, way } = answers;
  const draft = draftIn(out);
  try {
    const transportTo = (url: string) => new Transport({ ...seams, send: sendTo(url), limits: patience });
    const url = await findHomeserver(answers.homeserver, transportTo);
    seams.signal.throwIfAborted();
    const transport = transportTo(url);
    const password = seams.newPassword();
    const entry = await enter(way, transport, { password, signal: seams.signal });
    seams.tell(`Tyr is ${entry.self} on ${url}.`);
    // From here on nobody else knows it.
    if (way.kind === "register") {
      draft.write({ [passwordFile]: `${password}\n` });
      seams.tell(`It is registered now; its password is in ${join(out, passwordFile)}.`);
    }
    const managementRoom = await roomFor(answers, { entry, transport, seams });
    draft.write({
      [tokenFile]: `${entry.accessToken}\n`,
      [configFile]: configText({ url, managementRoom, out, dataPath }),
    });
    return { url, entry, file: join(out, configFile) };
  } finally {
    draft.close();
  }
}

/** The config is there: what is still to be done may fail, and be done again. */
async function conclude(
  answers: Answers,
  { url, entry, file }: Written,
  { seams, sendTo }: { seams: SetupSeams; sendTo: (url: string) => Send },
): Promise<SetupEnding> {
  const { clock, random, signal, tell } = seams;
  tell(`Wrote ${file} and ${join(answers.out, tokenFile)} (readable by you alone).`);
  await lift(answers, {
    entry,
    transport: new Transport({ clock, random, send: sendTo(url), limits: patience }),
    seams,
  });
  const checked = await Promise.race([
    seams.check(file, { clock, random, send: sendTo(url) }),
    interrupted(signal),
  ]);
  if (checked) tell(`\n${checked.text}`);
  tell(whatNext(file, answers));
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

/** A login that leads to nothing is given back; an account that was registered stays, and its password is in its file. */
async function roomFor(
  { managementRoom, manager }: Answers,
  { entry, transport, seams }: { entry: Entry; transport: Transport; seams: SetupSeams },
): Promise<RoomId> {
  try {
    seams.signal.throwIfAborted();
    if (managementRoom !== undefined) {
      const room = await joinManagementRoom(transport, managementRoom, {
        self: entry.self,
        untilReachable: (attempt) => attempt(),
      });
      seams.tell(`Joined the management room ${managementRoom}.`);
      return room;
    }
    await refuseNobody(manager!, { entry, transport });
    const room = await makeManagementRoom(transport, manager!);
    seams.tell(`Made a management room, ${room}, and invited ${manager!} to it.`);
    return room;
  } catch (error) {
    if (entry.isNew) await logOut(transport);
    throw error;
  }
}

/** An invitation of a misspelt account succeeds, and nobody would be there to command Tyr. */
async function refuseNobody(
  manager: UserId,
  { entry, transport }: { entry: Entry; transport: Transport },
): Promise<void> {
  // Of other servers' accounts ours may know nothing yet.
  if (serverOf(manager) !== serverOf(entry.self)) return;
  try {
    await new RestClient(transport, { retries: 0 }).getUserProfile(manager);
  } catch (error) {
    if (error instanceof MatrixFault && error.status === 404)
      throw new SetupFault(`there is no account ${manager} on the homeserver. Check --manager.`);
  }
}

/** The account's own token is enough where the account is an administrator; that it is none is no trouble. */
async function lift(
  { adminToken }: Answers,
  { entry, transport, seams }: { entry: Entry; transport: Transport; seams: SetupSeams },
): Promise<void> {
  if (adminToken === undefined) return;
  transport.accessToken = adminToken;
  const why = await liftLimits(entry.self, transport, seams.signal);
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

function whatNext(file: string, { managementRoom }: Answers): string {
  const prefix = "!tyr";
  return [
    "What comes next:",
    ...(managementRoom === undefined ? ["- Accept the invitation to the management room."] : []),
    `- Start Tyr: tyr run --config ${file}`,
    `- In the management room: ${prefix} rooms add #room:server protects a room (invite Tyr and give it level 100),`,
    `  ${prefix} lists create NAME makes a policy list, ${prefix} lists watch #list:server follows another.`,
    `- To look first and write nothing, add "dryRun: true" to the config.`,
  ].join("\n");
}

function refused(text: string, asked: boolean): SetupEnding {
  return { kind: "refused", text, asked };
}
