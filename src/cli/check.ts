/**
 * `tyr check`: looks at everything that a start needs, and runs a start on a copy of the data to tell what it would do. Its
 * transport refuses requests that write, so nothing is changed on the homeserver.
 */
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Account, CannotStart } from "../lifecycle/account.ts";
import { assemble, type Tyr } from "../lifecycle/assemble.ts";
import type { Seams } from "../lifecycle/session.ts";
import { callbackResults } from "./check-antispam.ts";
import { encryptionResults } from "./check-encryption.ts";
import { resultsOf, ok, plural, problem, render, warning, type CheckResult } from "./check-summary.ts";
import type { Config } from "../config/schema.ts";
import { asArray } from "../kit/json.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import { resolveAlias } from "../matrix/look-ups.ts";
import { oneSync } from "../matrix/http/one-sync.ts";
import { readOnly } from "../matrix/http/read-only.ts";
import { logOut } from "../matrix/session.ts";
import { Transport } from "../matrix/http/transport.ts";
import type { Action } from "../model/actions/action.ts";
import { parseRoomAlias, parseRoomId, type RoomId, type UserId } from "../model/ids.ts";
import type { WorldView } from "../model/world/view.ts";
import { isForEarnest } from "../lifecycle/dry-run.ts";
import { backUp, NoBackup } from "../store/backup.ts";
import { databaseFile, openDatabase } from "../store/database.ts";
import { lockFolder } from "../store/lock.ts";
import { Snapshot } from "../store/snapshot.ts";
import { DataUnusable, FolderInUse, unusable } from "../store/storage-errors.ts";

export type CheckSeams = Pick<Seams, "clock" | "random" | "send">;

export interface Checked {
  readonly text: string;
  readonly isWell: boolean;
}

/** A first start of a large account reads for minutes. After this time, what was read by then is reported. */
const rehearsalMs = 5 * 60_000;
/** Shorter than a run's: somebody waits, and a homeserver that is down is reported at once. */
const patience = { timeoutMs: 30_000, retries: 1 };

export async function checkCommand(config: Config, seams: CheckSeams): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), "tyr-check-"));
  try {
    const results = [...(await inspect(config, { ...seams, send: oneSync(readOnly(seams.send)) }, folder))];
    if (config.dryRun) results.push(warning("dry run", "dryRun is on: Tyr writes nothing but answers"));
    return { text: render(results), isWell: results.every(({ weight }) => weight !== "problem") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each step needs the one before it: after a problem, the steps that need it are left out. */
async function inspect(config: Config, seams: CheckSeams, folder: string): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [
    ok("config", "every setting is understood"),
    dataFolder(config.dataPath, folder),
  ];
  const onCopy = { ...config, dataPath: folder };
  const transport = new Transport({ ...seams, limits: patience });
  let isNewLogin = false;
  try {
    const login = await logIn(onCopy, transport);
    isNewLogin = login.hasLoggedIn;
    results.push(...login.results);
    const { found, world } = login.isJoined ? await rehearse(onCopy, seams) : noRehearsal;
    results.push(...found);
    results.push(...(await encryptionResults({ config, copy: folder, transport, ...login, world })));
    const isRunning = existsSync(join(config.dataPath, databaseFile)) && isInUse(config.dataPath);
    results.push(...(await callbackResults({ config, isRunning, clock: seams.clock })));
  } catch (error) {
    results.push(faultOf(error, config));
  }
  // Only a login of this check is logged out: an access token that the data folder holds is Tyr's.
  if (isNewLogin) await logOut(transport);
  return results;
}

/** Logs in, and tells whose account it is and whether it is in the management room. */
async function logIn(
  config: Config,
  transport: Transport,
): Promise<{ results: readonly CheckResult[]; self: UserId; isJoined: boolean; hasLoggedIn: boolean }> {
  const db = openDatabase(config.dataPath);
  try {
    const snapshot = new Snapshot(db);
    const account = new Account({ config, transport, snapshot });
    const self = await account.logIn((attempt) => attempt());
    const room = await managementRoom(config, { transport, known: storedManagementRoom(snapshot) });
    const results = [ok("account", `${self} on ${config.homeserver.url}`), ...room.results];
    return { results, self, isJoined: room.isJoined, hasLoggedIn: account.hasLoggedIn };
  } finally {
    db.close();
  }
}

/** Copies the database, which reads every row, also while Tyr runs. Where there is none, the rest is checked as for a first start. */
function dataFolder(dataPath: string, folder: string): CheckResult {
  const about = "data folder";
  try {
    if (!existsSync(join(dataPath, databaseFile))) {
      accessSync(`${nearestFolder(resolve(dataPath))}/.`, constants.W_OK);
      return ok(about, `${dataPath} holds nothing yet; it is filled at the first start`);
    }
    const { rooms, decisions } = backUp(dataPath, join(folder, databaseFile));
    const holds = `${dataPath} is sound: ${plural(rooms, "room")}, ${plural(decisions, "decision")}`;
    return ok(about, isInUse(dataPath) ? `${holds}; in use by a Tyr that runs` : holds);
  } catch (error) {
    const known = unusable(error, dataPath);
    if (known instanceof NoBackup || known instanceof DataUnusable) return problem(about, known.message);
    throw error;
  }
}

/** The existing folder in which the data folder would be made. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

/** Whether a Tyr runs on this data folder, which does not keep a check from reading it. */
function isInUse(dataPath: string): boolean {
  try {
    lockFolder(dataPath).release();
    return false;
  } catch (error) {
    if (error instanceof FolderInUse) return true;
    throw error;
  }
}

function storedManagementRoom(snapshot: Snapshot): RoomId | undefined {
  for (const row of snapshot.read()) return row.kind === "settings" ? row.settings.managementRoom : undefined;
  return undefined;
}

/** Whether it can be found, and whether we are in it: without its members no room is judged, and the check ends there. */
async function managementRoom(
  config: Config,
  { transport, known }: { transport: Transport; known: RoomId | undefined },
): Promise<{ results: readonly CheckResult[]; isJoined: boolean }> {
  const about = "management room";
  const wanted = config.managementRoom ?? known;
  if (wanted === undefined) {
    const text = `is made at the first start, and ${config.initialManager!} invited`;
    return { results: [ok(about, text)], isJoined: false };
  }
  const alias = parseRoomAlias(wanted);
  const found = alias ? await resolveAlias(transport, alias) : { room: parseRoomId(wanted)! };
  if ("problem" in found)
    return { results: [problem(about, `${wanted} leads nowhere: ${found.problem}`)], isJoined: false };
  const joined = asArray(await new RestClient(transport).getJoinedRooms());
  if (joined?.includes(found.room)) return { results: [], isJoined: true };
  const text = `Tyr is not in ${wanted} yet. Invite it: it joins at the start. Rooms and lists can be checked then.`;
  return { results: [warning(about, text)], isJoined: false };
}

interface Rehearsed {
  readonly found: readonly CheckResult[];
  /** As the start saw it; undefined where it did not come so far. */
  readonly world: WorldView | undefined;
}

const noRehearsal: Rehearsed = { found: [], world: undefined };

/** Runs a start on the copy. What it would do or say is recorded instead of done. */
async function rehearse(config: Config, seams: CheckSeams): Promise<Rehearsed> {
  const wanted: Action[] = [];
  const stop = new AbortController();
  const tyr = assemble(
    // Nobody writes rules meanwhile, so there is no burst of rules to wait for before ACLs are compiled.
    // An engine would upload keys, and ours are not in the copy.
    {
      ...config,
      dryRun: true,
      acl: { ...config.acl, quietMs: 0 },
      encryption: { ...config.encryption, enabled: "no" },
    },
    {
      ...seams,
      log: silentLog,
      isRecorded: ({ action }) => {
        const isAct = isForEarnest(action, undefined);
        if (isAct) wanted.push(action);
        return isAct;
      },
    },
  );
  const ended = tyr.run(stop.signal);
  const ending = await Promise.race([
    ended,
    untilIdle(tyr).then(() => undefined),
    seams.clock.sleep(rehearsalMs, stop.signal).then(() => "late" as const),
  ]);
  const [world, bot] = [tyr.world(), tyr.bot()];
  const found =
    typeof ending === "object" && ending.kind !== "stopped"
      ? [problem("start", ending.message)]
      : world && bot
        ? resultsOf(world, { health: bot.health, wanted, prefix: config.commands.prefixes[0]! })
        : [];
  stop.abort();
  await ended;
  const late = `reading took longer than ${rehearsalMs / 60_000} minutes; this is what was read by then`;
  return { found: ending === "late" ? [warning("start", late), ...found] : found, world };
}

/** Until all rooms are read and judged, and what follows from it is carried out. */
async function untilIdle(tyr: Tyr): Promise<void> {
  await tyr.ready;
  await tyr.bot()?.executor.whenIdle();
}

function faultOf(error: unknown, { homeserver }: Config): CheckResult {
  if (error instanceof CannotStart) return problem("account", error.message);
  if (!(error instanceof MatrixFault)) throw error;
  if (error.isUnknownToken)
    return problem(
      "account",
      `the access token is not accepted (${error.message}). Put a new one into the config.`,
    );
  return problem(
    "homeserver",
    `${homeserver.url}: ${error.message}. Check homeserver.url and whether it runs.`,
  );
}

const silentLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
