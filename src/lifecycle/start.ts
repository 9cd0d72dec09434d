/**
 * A start, step by step: what was stored is put back, an earlier bot and the configured rooms are found, everything is
 * judged once, and the moderators get the first message.
 */
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { problemsOf } from "../commands/shared/problems.ts";
import type { Say } from "../kit/say.ts";
import type { Encryption } from "../matrix/crypto/encryption.ts";
import type { Transport } from "../matrix/http/transport.ts";
import type { World } from "../model/world/world.ts";
import type { Database } from "../store/database.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { undamaged } from "../store/storage-errors.ts";
import { accountKeys } from "../takeover/account-data.ts";
import { madeRoom } from "../takeover/draupnir.ts";
import { emptyTakeover, type Takeover } from "../takeover/earlier-bot.ts";
import { CannotStart } from "./account.ts";
import type { BuiltBot } from "./build-bot.ts";
import { ConfiguredRooms, describeLost, type TakenOver } from "./configured-rooms.ts";
import { beginDryRun, endDryRun } from "./dry-run.ts";
import { findTakeover, readAccountData } from "./read-earlier-bot.ts";
import { startMessage } from "./start-message.ts";

export interface StartOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly snapshot: Snapshot;
  readonly transport: Transport;
  readonly encryption: Pick<Encryption, "settled">;
  readonly world: World;
  readonly built: BuiltBot;
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  readonly untilReachable: <T>(attempt: () => Promise<T>) => Promise<T>;
}

/** What a start has found. */
export interface Found {
  readonly configuredRooms: ConfiguredRooms;
  /** What an earlier bot had set; nothing but at the first start. */
  readonly earlierBot: Takeover;
  /** What of its rooms and lists is in force. */
  readonly takenOver: TakenOver;
  readonly isFirstStart: boolean;
}

/** The first message waits this long for rooms to be read. */
const firstReadsMs = 30_000;
const lookAgainMs = 5 * 60_000;
const rowsInOneGo = 20_000;
/** Set in the data folder once a start has found its rooms, under this name. */
const startedKey = "settled";
/** What was wrong when a start told of it last. */
const toldTroubleKey = "told trouble";

/** A dry run and one in earnest may follow each other on one data folder. */
export function enterDryRun(
  { dryRun, dataPath }: Config,
  { snapshot, db, at }: { snapshot: Snapshot; db: Database; at: number },
): void {
  if (dryRun) beginDryRun(snapshot, at);
  else endDryRun({ snapshot, db, at, dataPath });
}

/** In slices, so that a million rows do not hold up everything else for seconds. */
export async function restore(
  world: World,
  {
    snapshot,
    dataPath,
    clock,
    signal,
  }: { snapshot: Snapshot; dataPath: string; clock: Clock; signal: AbortSignal },
): Promise<void> {
  let rows = 0;
  for (const row of undamaged(snapshot.read(), dataPath)) {
    world.restore(row);
    if (++rows % rowsInOneGo === 0) await clock.sleep(0, signal);
  }
}

/** Whether no start on this data folder has found its rooms yet. */
export function isFirst(snapshot: Snapshot): boolean {
  return snapshot.kept(startedKey) === undefined;
}

/** The management room, and the rooms and lists that config and an earlier bot name. */
export async function findRooms(options: StartOptions, isFirstStart: boolean): Promise<Found> {
  const { snapshot, world, built } = options;
  const configuredRooms = new ConfiguredRooms({ ...options, receive: built.bot.receive });
  const earlierBot = isFirstStart ? await takeOver(configuredRooms, options) : emptyTakeover;
  if (!isFirstStart) await configuredRooms.useManagementRoom(world);
  const takenOver = await configuredRooms.useRooms(world, earlierBot);
  // A later start writes nothing of its own: it must be possible on a full disk.
  if (isFirstStart) snapshot.keep(startedKey, "yes");
  return { configuredRooms, earlierBot, takenOver, isFirstStart };
}

/** Management room, settings and prefixes of an earlier bot; its rooms and lists are for the caller to find. */
async function takeOver(
  configuredRooms: ConfiguredRooms,
  { config, transport, world, signal, untilReachable }: StartOptions,
): Promise<Takeover> {
  const accountData = await untilReachable(() => readAccountData(transport, world.self, signal));
  await configuredRooms.useManagementRoom(world, madeRoom(accountData.get(accountKeys.madeRoom)));
  const { managementRoom } = world.settings;
  const writesAcls = config.acl.enabled;
  const prefix = config.commands.prefixes[0]!;
  const earlierBot = await untilReachable(() =>
    findTakeover(accountData, { transport, managementRoom, signal, writesAcls, prefix }),
  );
  configuredRooms.takeOver(earlierBot);
  return earlierBot;
}

/**
 * Everything is judged once; when the rooms are read, the moderators are told what we watch. Gives that message, or
 * undefined where the session has ended meanwhile.
 */
export async function begin(options: StartOptions, found: Found): Promise<Say | undefined> {
  const { config, clock, log, world, built, signal, encryption } = options;
  const { bot, health } = built;
  refusePublicManagementRoom(world);
  health.lost = found.configuredRooms.lost.map(describeLost);
  bot.resume();
  bot.reconsiderEverything();
  bot.caughtUp();
  // Only a first start, or rooms that are new, has anything to read.
  const reads = found.isFirstStart || bot.executor.pending > 0 ? bot.executor.whenIdle() : undefined;
  const wait = new AbortController();
  if (reads) await Promise.race([reads, clock.sleep(firstReadsMs, wait.signal), aborted(signal)]);
  wait.abort();
  // What is wrong with encryption belongs into the first message: nobody could ask for it.
  await Promise.race([encryption.settled(), aborted(signal)]);
  if (signal.aborted) return undefined;
  const first = startMessage({ built, world, ...found, prefix: config.commands.prefixes[0]! });
  const trouble = problemsOf(world, health.now, config.commands.prefixes[0]!)?.text ?? "";
  built.announce(first, `start ${clock.now()}`, isNewTrouble(trouble, options, found));
  log.info({ rooms: world.settings.rooms.size, lists: world.settings.lists.length }, "watching");
  health.isWatching = true;
  return first;
}

/** Whether something is wrong that no start has told yet. Whoever starts Tyr for the first time looks at it. */
function isNewTrouble(trouble: string, { snapshot, log }: StartOptions, { isFirstStart }: Found): boolean {
  if (snapshot.kept(toldTroubleKey) === trouble) return false;
  try {
    snapshot.keep(toldTroubleKey, trouble);
  } catch (error) {
    // On a full disk: it is told once more at the next start.
    log.warn({ err: error }, "what the start told could not be kept");
  }
  return trouble !== "" && !isFirstStart;
}

/** Aliases that led nowhere may lead somewhere later. `failed` is told what could not be kept. */
export async function lookAgain(
  { clock, signal, world, built }: StartOptions,
  configuredRooms: ConfiguredRooms,
  failed: (error: unknown) => void,
): Promise<void> {
  while (configuredRooms.lost.length > 0 && !signal.aborted) {
    await clock.sleep(lookAgainMs, signal);
    if (!signal.aborted) await configuredRooms.findLost(world).catch(failed);
    built.health.lost = configuredRooms.lost.map(describeLost);
  }
}

/** Everybody in the management room commands Tyr: it must not be open to all. */
function refusePublicManagementRoom(world: World): void {
  const { managementRoom } = world.settings;
  const room = managementRoom && world.rooms.get(managementRoom);
  if (!room?.isPublic) return;
  throw new CannotStart(
    `the management room ${room.label} (${room.id}) can be joined by anybody, and everybody in it commands Tyr. Make it invite-only, then start again.`,
  );
}

export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
