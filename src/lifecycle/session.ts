/** Builds one bot from its settings and its seams, and walks it through its life: log in, catch up, follow, stop. */
import { Account, CannotStart } from "./account.ts";
import type { Bot } from "../bot/bot.ts";
import { buildBot, type BuiltBot } from "./build-bot.ts";
import type { Config } from "../config/schema.ts";
import { beginRehearsal, endRehearsal } from "./dry-run.ts";
import { startMessage } from "./start-message.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Random } from "../kit/random.ts";
import { plain, say, type Say } from "../kit/say.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import { displayNameOf } from "../matrix/look-ups.ts";
import { untilReachable } from "../matrix/http/until-reachable.ts";
import { AccountStatus } from "../matrix/account-status.ts";
import { firstSync, follow, type SyncOptions } from "../matrix/sync/sync.ts";
import { Transport, type Send } from "../matrix/http/transport.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Decision } from "../model/decision.ts";
import type { UserId } from "../model/ids.ts";
import { ruleEventTypes } from "../model/policy-list.ts";
import { watchedStateTypes } from "../model/room.ts";
import type { WorldLimits } from "../model/world/limits.ts";
import { World } from "../model/world/world.ts";
import { describeLost, ConfiguredRooms, type Settled } from "./configured-rooms.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { Snapshot } from "../store/snapshot.ts";
import { DataUnusable, undamaged, unusableNow } from "../store/storage-errors.ts";
import { findTakeover, readAccountData } from "./read-earlier-bot.ts";
import { accountKeys } from "../takeover/account-data.ts";
import { madeRoom } from "../takeover/draupnir.ts";
import { nothingTaken, type Takeover } from "../takeover/earlier-bot.ts";
import { AccountDataMirror } from "./account-data-mirror.ts";
import type { Pulse } from "../model/health.ts";

export interface Seams {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: Send;
  readonly log: Log;
  /** Opens the data folder; the real one unless a test wants to see it fail. */
  readonly openDatabase?: (dataPath: string) => Database;
  /** Asked of each act in a dry run: whether it is recorded instead of performed. The usual answer is `isForEarnest`. */
  readonly isRecorded?: (decision: Decision) => boolean;
}

/** Why a run ended. */
export type Ending =
  | { readonly kind: "stopped" }
  /** The access token is not, or no longer, good. */
  | { readonly kind: "token-revoked"; readonly message: string }
  /** Something a person has to put right before we can start. */
  | { readonly kind: "cannot-start"; readonly message: string };

export interface Tyr {
  /** Runs until `signal` aborts or nothing can be done any more. Rejects only on a fault of ours. */
  run(signal: AbortSignal): Promise<Ending>;
  /** Resolves with the first message when Tyr watches. */
  readonly ready: Promise<Say>;
  readonly world: () => World | undefined;
  readonly bot: () => Bot | undefined;
  /** How the run is getting on, for those who ask from outside. */
  readonly pulse: () => Pulse;
}

/** What is under way when we are told to stop gets so long to end. */
const stopGraceMs = 5_000;
/** The first message waits this long for rooms to be read. */
const firstReadsMs = 30_000;
/** While we write much, a sync for every write of ours would cost the server as much as the writes. */
const breathMs = 250;
const muchWork = 4;
/** A login that lasts less than this is not repeated. */
const shortestLifeMs = 60_000;
const lookAgainMs = 5 * 60_000;
const rowsInOneGo = 20_000;

const noPulse: Pulse = {
  isCaughtUp: false,
  quietForMs: undefined,
  isUnanswered: false,
  isLocked: false,
  isDiskInTrouble: false,
};

/** `inForce`: the config as moderators may look at it. */
export function assemble(config: Config, seams: Seams, inForce: readonly SettingInForce[] = []): Tyr {
  const { clock, log, random, send } = seams;
  let tellReady: (say: Say) => void;
  const ready = new Promise<Say>((resolve) => (tellReady = resolve));
  let life: Session | undefined;

  async function run(signal: AbortSignal): Promise<Ending> {
    const db = openOrRefusal(config.dataPath, seams.openDatabase ?? openDatabase);
    if (typeof db === "string") return { kind: "cannot-start", message: db };
    try {
      for (;;) {
        const transport = new Transport({ send, clock, random, limits: config.network });
        life = new Session({ config, inForce, seams, db, transport, tellReady });
        const begunAt = clock.now();
        const ending = await life.run(signal);
        // A token that we got by password is replaced once it is no longer good; one of the config is a person's affair,
        // and so is a homeserver that takes back every token it gives.
        const livedMs = clock.now() - begunAt;
        // Less than nothing is a clock that was set back.
        const isFresh = life.account.hasLoggedIn && livedMs >= 0 && livedMs < shortestLifeMs;
        if (ending.kind !== "token-revoked" || isFresh || !life.account.forgetToken()) return ending;
        log.warn({}, "the kept access token is no longer good; logging in again");
      }
    } finally {
      db.close();
    }
  }

  return { run, ready, world: () => life?.world, bot: () => life?.bot, pulse: () => life?.pulse ?? noPulse };
}

/** One stretch between logging in and losing the token or being stopped. */
class Session {
  readonly account: Account;
  world: World | undefined;
  #built: BuiltBot | undefined;
  readonly #config: Config;
  readonly #inForce: readonly SettingInForce[];
  readonly #seams: Seams;
  readonly #db: Database;
  readonly #snapshot: Snapshot;
  readonly #transport: Transport;
  readonly #tellReady: (say: Say) => void;
  readonly #end = new AbortController();
  readonly #standing = new AccountStatus((trouble) => this.#tellStanding(trouble));
  #accountDataMirror: AccountDataMirror | undefined;
  #ending: Ending | Error | undefined;

  constructor(options: {
    config: Config;
    inForce: readonly SettingInForce[];
    seams: Seams;
    db: Database;
    transport: Transport;
    tellReady: (say: Say) => void;
  }) {
    this.#config = options.config;
    this.#inForce = options.inForce;
    this.#seams = options.seams;
    this.#db = options.db;
    this.#transport = options.transport;
    this.#tellReady = options.tellReady;
    this.#snapshot = new Snapshot(options.db);
    this.account = new Account({
      config: options.config,
      transport: options.transport,
      snapshot: this.#snapshot,
    });
  }

  get bot(): Bot | undefined {
    return this.#built?.bot;
  }

  get pulse(): Pulse {
    return this.#built?.health.pulse ?? noPulse;
  }

  async run(signal: AbortSignal): Promise<Ending> {
    const stop = () => this.#endWith({ kind: "stopped" });
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      await this.#live();
    } catch (error) {
      this.#endWithFault(error);
    } finally {
      signal.removeEventListener("abort", stop);
      this.bot?.stop();
      this.#accountDataMirror?.stop();
      await this.bot?.executor.stop(stopGraceMs);
    }
    if (this.#ending instanceof Error) throw this.#ending;
    return this.#ending ?? { kind: "stopped" };
  }

  async #live(): Promise<void> {
    const { signal } = this.#end;
    const known = this.#transport.accessToken === undefined ? undefined : this.account.known;
    const self = known ?? (await this.account.logIn(this.#untilReachable));
    // The account behind the token may have changed since the last run; that is checked while we catch up.
    if (known) this.#inBackground(this.account.check(this.#untilReachable));
    const seed = Math.floor(this.#seams.random.next() * 2 ** 32);
    this.#enter();
    const world = (this.world = new World(self, worldLimits(this.#config), seed));
    await this.#restore(world);
    const client = new RestClient(this.#config.homeserver.url, this.#transport);
    const accountDataMirror = (this.#accountDataMirror = new AccountDataMirror({
      client,
      world,
      snapshot: this.#snapshot,
      log: this.#seams.log,
    }));
    const built = (this.#built = buildBot({
      config: this.#config,
      inForce: this.#inForce,
      clock: this.#seams.clock,
      log: this.#seams.log,
      db: this.#db,
      snapshot: this.#snapshot,
      world,
      client,
      standing: this.#standing,
      tokenRevoked: (fault) => this.#endWithFault(fault),
      // What a Mjolnir reads is kept in step.
      settingsChanged: () => this.#keepInStep(accountDataMirror),
      lookAtServerPowers: () => this.#lookAtServerPowers(self),
      isRecorded: this.#seams.isRecorded,
    }));
    const { bot } = built;
    this.#inBackground(
      displayNameOf(this.#transport, self).then((name) => {
        if (name !== undefined) built.isCalled(name);
      }),
    );
    this.#inBackground(this.#lookAtServerPowers(self));

    const isFirstStart = this.#snapshot.kept("settled") === undefined;
    const caughtUp = signalled();
    const sync = this.#syncOptions(world, { built, told: caughtUp.tell });
    const since = this.#snapshot.kept("token") ?? (await this.#untilReachable(() => firstSync(sync, signal)));
    const settling = new ConfiguredRooms({
      config: this.#config,
      transport: this.#transport,
      snapshot: this.#snapshot,
      clock: this.#seams.clock,
      log: this.#seams.log,
      receive: (seen) => bot.receive(seen),
      untilReachable: this.#untilReachable,
    });
    const taken = isFirstStart ? await this.#takeOver(settling, world) : nothingTaken;
    if (!isFirstStart) await settling.useManagementRoom(world);
    const settled = await settling.useRooms(world, taken);
    // A later start writes nothing of its own: it must be possible on a full disk.
    if (isFirstStart) this.#snapshot.keep("settled", "yes");
    this.#inBackground(follow(sync, since, signal));
    await Promise.race([caughtUp.promise, aborted(signal)]);
    if (!signal.aborted) await this.#begin({ built, world, settling, taken, settled, isFirstStart });
    this.#keepInStep(accountDataMirror);
    this.#inBackground(this.#lookAgain(settling, { built, world }));
    await aborted(signal);
  }

  /** Management room, settings and prefixes of an earlier bot; its rooms and lists are for the caller to find. */
  async #takeOver(settling: ConfiguredRooms, world: World): Promise<Takeover> {
    const { signal } = this.#end;
    const transport = this.#transport;
    const accountData = await this.#untilReachable(() => readAccountData(transport, world.self, signal));
    await settling.useManagementRoom(world, madeRoom(accountData.get(accountKeys.madeRoom)));
    const { managementRoom } = world.settings;
    const writesAcls = this.#config.acl.enabled;
    const taken = await this.#untilReachable(() =>
      findTakeover(accountData, { transport, managementRoom, signal, writesAcls }),
    );
    settling.takeOver(taken);
    return taken;
  }

  /** A dry run and one in earnest may follow each other on one data folder. */
  #enter(): void {
    const now = this.#seams.clock.now();
    if (this.#config.dryRun) beginRehearsal(this.#snapshot, now);
    else endRehearsal({ snapshot: this.#snapshot, db: this.#db, at: now, dataPath: this.#config.dataPath });
  }

  /** In slices, so that a million rows do not hold up everything else for seconds. */
  async #restore(world: World): Promise<void> {
    let rows = 0;
    for (const row of undamaged(this.#snapshot.read(), this.#config.dataPath)) {
      world.restore(row);
      if (++rows % rowsInOneGo === 0) await this.#seams.clock.sleep(0, this.#end.signal);
    }
  }

  /** Everything is judged once; when the rooms are read, the moderators are told what we watch. */
  async #begin({
    built,
    world,
    settling,
    taken,
    settled,
    isFirstStart,
  }: {
    built: BuiltBot;
    world: World;
    settling: ConfiguredRooms;
    taken: Takeover;
    settled: Settled;
    isFirstStart: boolean;
  }): Promise<void> {
    const { signal } = this.#end;
    const { bot, health } = built;
    refusePublicManagementRoom(world);
    health.lost = settling.lost.map(describeLost);
    bot.resume();
    bot.reconsiderEverything();
    bot.caughtUp();
    // Only a first start, or rooms that are new, has anything to read.
    const reads = isFirstStart || bot.executor.pending > 0 ? bot.executor.whenIdle() : undefined;
    const wait = new AbortController();
    if (reads)
      await Promise.race([reads, this.#seams.clock.sleep(firstReadsMs, wait.signal), aborted(signal)]);
    wait.abort();
    if (signal.aborted) return;
    const first = startMessage({
      built,
      world,
      settling,
      taken,
      settled,
      prefix: this.#config.commands.prefixes[0]!,
    });
    built.announce(first, `start ${this.#seams.clock.now()}`);
    this.#seams.log.info(
      { rooms: world.settings.rooms.size, lists: world.settings.lists.length },
      "watching",
    );
    health.isWatching = true;
    this.#tellReady(first);
  }

  async #lookAtServerPowers(self: UserId): Promise<void> {
    const powers = await this.account.serverPowers(self, this.#end.signal);
    this.bot?.receive([{ kind: "server-powers", powers }]);
  }

  /** What a Mjolnir would read of our settings. A dry run leaves it as it is. */
  #keepInStep(accountDataMirror: AccountDataMirror): void {
    if (!this.#config.dryRun) void accountDataMirror.write();
  }

  /** Aliases that led nowhere may lead somewhere later. */
  async #lookAgain(
    settling: ConfiguredRooms,
    { built, world }: { built: BuiltBot; world: World },
  ): Promise<void> {
    const { signal } = this.#end;
    while (settling.lost.length > 0 && !signal.aborted) {
      await this.#seams.clock.sleep(lookAgainMs, signal);
      if (!signal.aborted) await settling.findLost(world).catch(this.#unlessDisk);
      built.health.lost = settling.lost.map(describeLost);
    }
  }

  #syncOptions(world: World, { built, told }: { built: BuiltBot; told: () => void }): SyncOptions {
    const { bot, health } = built;
    let isFollowing = false;
    return {
      transport: this.#transport,
      clock: this.#seams.clock,
      self: world.self,
      limits: this.#config.sync,
      stateTypes: watchedStateTypes(ruleEventTypes),
      isJoined: (room) => world.rooms.get(room)?.ownMembership === "join",
      wentRound: () => (health.wentRoundAt = this.#seams.clock.now()),
      breathMs: () => (bot.executor.pending > muchWork ? breathMs : 0),
      deliver: (seen) => {
        bot.receive(seen);
        if (seen.at(-1)?.kind !== "synced") return;
        if (isFollowing || world.settings.managementRoom) told();
        isFollowing = true;
      },
      trouble: (fault) => {
        health.syncTrouble = fault?.isAccountTrouble ? undefined : fault?.message;
        if (fault) this.#standing.refused(fault, "sync");
        else this.#standing.succeeded("sync");
        if (fault)
          this.#seams.log.warn(
            { reason: fault.message, code: fault.errcode },
            "sync failed; trying again until it works",
          );
        else this.#seams.log.info({}, "sync works again");
      },
    };
  }

  /** The moderators hear of it when it is over: until then nothing can be said. */
  #tellStanding(trouble: string | undefined): void {
    const { clock, log } = this.#seams;
    if (trouble !== undefined)
      log.warn({ reason: trouble }, "our account is locked or suspended; going on when it is free");
    else log.info({}, "our account is free again; going on");
    if (!this.#built) return;
    const { health, announce } = this.#built;
    const before = health.accountTrouble;
    health.accountTrouble = trouble;
    if (trouble === undefined && before !== undefined)
      announce(
        say`My account was locked or suspended by an administrator of the homeserver (${plain(before, 200)}). It is free again, and I go on with what was left.`,
        `account free ${clock.now()}`,
      );
  }

  readonly #untilReachable = <T>(attempt: () => Promise<T>): Promise<T> =>
    untilReachable(attempt, {
      clock: this.#seams.clock,
      signal: this.#end.signal,
      told: (fault) =>
        this.#seams.log.warn(
          { url: this.#config.homeserver.url, reason: fault.message },
          "the homeserver does not answer yet; waiting for it",
        ),
    });

  /** What is looked up is kept for the next start; that it cannot be kept on a full disk is told by the bot. */
  readonly #unlessDisk = (error: unknown): void => {
    if (unusableNow(error, this.#config.dataPath) === error) throw error;
    this.#seams.log.warn({ err: error }, "the data folder cannot be written");
  };

  /** Work that nobody waits for; if it breaks, the run ends with it. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#endWithFault(error));
  }

  #endWithFault(fault: unknown): void {
    const error = unusableNow(fault, this.#config.dataPath);
    if (error instanceof CannotStart || error instanceof DataUnusable)
      this.#endWith({ kind: "cannot-start", message: error.message });
    else if (error instanceof MatrixFault && error.isUnknownToken)
      this.#endWith({ kind: "token-revoked", message: error.message });
    else this.#endWith(error instanceof Error ? error : new Error(String(error)));
  }

  /** The first reason counts; what breaks because we are stopping is no news. */
  #endWith(ending: Ending | Error): void {
    this.#ending ??= ending;
    this.#end.abort();
  }
}

function worldLimits({ history, guard, limits }: Config): WorldLimits {
  const { regularAfterDays: afterDays, regularDays: days, regularsRemembered: people } = guard;
  return { ...history, regulars: { afterDays, days, people }, limits };
}

function openOrRefusal(dataPath: string, open: (dataPath: string) => Database): Database | string {
  try {
    return open(dataPath);
  } catch (error) {
    if (error instanceof DataUnusable) return error.message;
    throw error;
  }
}

/** Whoever is in the management room commands Tyr: it must not be open to everybody. */
function refusePublicManagementRoom(world: World): void {
  const { managementRoom } = world.settings;
  const room = managementRoom && world.rooms.get(managementRoom);
  if (!room?.isPublic) return;
  throw new CannotStart(
    `the management room ${room.label} (${room.id}) can be joined by anybody, and everybody in it commands Tyr. Make it invite-only, then start again.`,
  );
}

function signalled(): { promise: Promise<void>; tell: () => void } {
  let tell: () => void = () => {};
  const promise = new Promise<void>((resolve) => (tell = resolve));
  return { promise, tell };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
