/** One stretch between logging in and losing the token or being stopped: builds the bot, starts it, follows, stops. */
import type { Bot } from "../bot/bot.ts";
import type { Config } from "../config/schema.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import type { Random } from "../kit/random.ts";
import type { Stopwatch } from "../automod/rule-costs.ts";
import type { Say } from "../kit/say.ts";
import { AccountStatus } from "../matrix/account-status.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Send, Transport } from "../matrix/http/transport.ts";
import { untilReachable } from "../matrix/http/until-reachable.ts";
import { displayNameOf } from "../matrix/look-ups.ts";
import { pollReports } from "../matrix/report-poll.ts";
import { firstSync, follow } from "../matrix/sync/sync.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Decision } from "../model/decision.ts";
import type { Asked, CallbackAnswer } from "../model/callbacks.ts";
import type { Pulse } from "../model/health.ts";
import type { UserId } from "../model/ids.ts";
import type { WebDesk } from "../model/web-desk.ts";
import { World } from "../model/world/world.ts";
import type { Database } from "../store/database.ts";
import { Snapshot } from "../store/snapshot.ts";
import { DataUnusable, unusableNow } from "../store/storage-errors.ts";
import { AccountDataMirror } from "./account-data-mirror.ts";
import type { Encryption } from "../matrix/crypto/encryption.ts";
import type { OpenEngine } from "../matrix/crypto/engine.ts";
import { Account, CannotStart } from "./account.ts";
import { buildBot, type BotIngredients, type BuiltBot } from "./build-bot.ts";
import { buildEncryption } from "./build-encryption.ts";
import { noteAccountTrouble, reportPollOf, syncOptionsOf } from "./follow.ts";
import { rehearsalsOf, tellOfRehearsalBefore } from "./build-rehearsal.ts";
import type { Rehearsals } from "./rehearsals.ts";
import { RuleFiles, type RuleFileSource } from "./rule-files.ts";
import { aborted, begin, enterDryRun, findRooms, isFirst, lookAgain, restore } from "./start.ts";
import { readingsBefore, readingsOf } from "../bot/readings.ts";
import type { Meter, Reading } from "../model/metrics.ts";
import { worldLimits } from "./world-limits.ts";

export interface Seams {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: Send;
  readonly log: Log;
  /** By which it is measured what rules cost; unless said, it is not. */
  readonly stopwatch?: Stopwatch;
  /** Where what passes is counted for monitoring; nowhere unless said. */
  readonly meter?: Meter | undefined;
  /** Where rule files of the community are; nowhere unless said. */
  readonly ruleFiles?: RuleFileSource;
  /** The engine of encryption; the one in a worker unless a test wants another. */
  readonly openEngine?: OpenEngine;
  /** Opens the data folder; the real one unless a test wants to see it fail. */
  readonly openDatabase?: (dataPath: string) => Database;
  /**
   * Asked of each act in a dry run: whether it is recorded instead of performed. The usual answer is `isForEarnest`.
   */
  readonly isRecorded?: (decision: Decision) => boolean;
}

/** Why a run ended. */
export type Ending =
  | { readonly kind: "stopped" }
  /** The access token is not, or no longer, good. */
  | {
      readonly kind: "token-revoked";
      readonly message: string;
      /** It ran out: our device is still there, with its keys. */
      readonly keepsDevice?: boolean;
    }
  /** Something a person has to put right before we can start. */
  | { readonly kind: "cannot-start"; readonly message: string };

export interface SessionOptions {
  readonly config: Config;
  /** The config as moderators may look at it. */
  readonly inForce: readonly SettingInForce[];
  readonly seams: Seams;
  readonly db: Database;
  readonly transport: Transport;
  /** Told the first message when Tyr watches. */
  readonly tellReady: (say: Say) => void;
}

/** What is under way when we are told to stop gets so long to end. */
const stopGraceMs = 5_000;

export class Session {
  readonly account: Account;
  world: World | undefined;
  #built: BuiltBot | undefined;
  readonly #options: SessionOptions;
  readonly #begunAt: number;
  readonly #snapshot: Snapshot;
  readonly #end = new AbortController();
  readonly #accountStatus: AccountStatus;
  #accountDataMirror: AccountDataMirror | undefined;
  #encryption: Encryption | undefined;
  #rehearsals: Rehearsals | undefined;
  #ending: Ending | Error | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#begunAt = options.seams.clock.now();
    const { config, transport, seams } = options;
    this.#snapshot = new Snapshot(options.db);
    this.account = new Account({ config, transport, snapshot: this.#snapshot });
    this.#accountStatus = new AccountStatus((trouble) =>
      noteAccountTrouble(trouble, { built: this.#built, clock: seams.clock, log: seams.log }),
    );
  }

  get bot(): Bot | undefined {
    return this.#built?.bot;
  }

  /** Undefined before there is a bot. */
  get pulse(): Pulse | undefined {
    return this.#built?.health.pulse;
  }

  /** For a homeserver that asks; undefined before there is a bot. */
  answer(asked: Asked): CallbackAnswer | undefined {
    return this.#built?.answer(asked);
  }

  /** For the web page; undefined before there is a bot, and where there is none. */
  get desk(): WebDesk | undefined {
    return this.#built?.desk;
  }

  /** For monitoring. */
  get readings(): readonly Reading[] {
    const { world } = this;
    return this.#built && world
      ? readingsOf({ world, health: this.#built.health })
      : readingsBefore(this.#begunAt);
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
      this.#rehearsals?.stop();
      this.bot?.stop();
      this.#accountDataMirror?.stop();
      await this.bot?.executor.stop(stopGraceMs);
      this.desk?.close();
      await this.#encryption?.stop();
    }
    if (this.#ending instanceof Error) throw this.#ending;
    return this.#ending ?? { kind: "stopped" };
  }

  async #live(): Promise<void> {
    const { signal } = this.#end;
    const { config, seams, transport } = this.#options;
    const world = await this.#loggedIn();
    const built = this.#build(world);
    const ruleFiles = seams.ruleFiles && new RuleFiles({ ...seams, source: seams.ruleFiles, world, built });
    ruleFiles?.takeAll();
    const mirror = this.#accountDataMirror!;
    this.#inBackground(
      displayNameOf(transport, world.self).then((name) => {
        if (name !== undefined) built.isCalled(name);
      }),
    );
    this.#inBackground(this.#lookAtServerPowers(world.self));

    const isFirstStart = isFirst(this.#snapshot);
    const caughtUp = Promise.withResolvers<void>();
    const shared = { config, clock: seams.clock, log: seams.log, transport, world, built };
    const [encryption, rehearsals] = [this.#encryption!, this.#rehearsals!];
    const follows = { ...shared, encryption, rehearsals, accountStatus: this.#accountStatus };
    const sync = syncOptionsOf(follows, () => caughtUp.resolve());
    encryption.keepUp();
    const since = this.#snapshot.kept("token") ?? (await this.#untilReachable(() => firstSync(sync, signal)));
    const start = { ...follows, snapshot: this.#snapshot, signal, untilReachable: this.#untilReachable };
    const found = await findRooms(start, isFirstStart);
    this.#inBackground(follow(sync, since, signal));
    await Promise.race([caughtUp.promise, aborted(signal)]);
    const first = signal.aborted ? undefined : await begin(start, found);
    if (first) this.#options.tellReady(first);
    tellOfRehearsalBefore(this.#snapshot, built, seams.clock.now());
    this.#keepInStep(mirror);
    this.#inBackground(pollReports(reportPollOf(shared), signal));
    if (ruleFiles) this.#inBackground(ruleFiles.follow(signal));
    this.#inBackground(lookAgain(start, found.configuredRooms, this.#unlessDisk));
    await aborted(signal);
  }

  /** The world as it was stored, of the account that we are. */
  async #loggedIn(): Promise<World> {
    const { config, seams, db, transport } = this.#options;
    const { clock, random } = seams;
    const known = transport.accessToken === undefined ? undefined : this.account.known;
    const self = known ?? (await this.account.logIn(this.#untilReachable));
    // The account behind the token may have changed since the last run; that is checked while we catch up.
    if (known) this.#inBackground(this.account.check(this.#untilReachable));
    const seed = Math.floor(random.next() * 2 ** 32);
    enterDryRun(config, { snapshot: this.#snapshot, db, at: clock.now() });
    const world = (this.world = new World(self, worldLimits(config), seed));
    const { dataPath } = config;
    await restore(world, { snapshot: this.#snapshot, dataPath, clock, signal: this.#end.signal });
    return world;
  }

  #build(world: World): BuiltBot {
    const { config, inForce, seams, db, transport } = this.#options;
    const { clock, log, isRecorded } = seams;
    const snapshot = this.#snapshot;
    const client = new RestClient(transport, { self: world.self });
    const mirror = (this.#accountDataMirror = new AccountDataMirror({ client, world, snapshot, log }));
    const encryption = (this.#encryption = buildEncryption({
      ...{ config, clock, log, snapshot, world, client },
      openEngine: seams.openEngine,
      receive: (seen) => this.bot?.receive(this.#rehearsals!.taken(seen)),
      untilReachable: this.#untilReachable,
      logInAnew: () =>
        this.#endWith({ kind: "token-revoked", message: "another program encrypts with this device" }),
      signal: this.#end.signal,
    }));
    const ingredients: Omit<BotIngredients, "rehearsal"> = {
      config,
      inForce,
      clock,
      log,
      db,
      world,
      client,
      accountStatus: this.#accountStatus,
      tokenRevoked: (fault) => this.#endWithFault(fault),
      settingsChanged: () => this.#keepInStep(mirror),
      lookAtServerPowers: () => this.#lookAtServerPowers(world.self),
      encryption,
      isRecorded,
      measuring: seams,
    };
    const rehearsal = (this.#rehearsals = rehearsalsOf(ingredients, () => this.#built));
    return (this.#built = buildBot({ ...ingredients, rehearsal }));
  }

  async #lookAtServerPowers(self: UserId): Promise<void> {
    const powers = await this.account.serverPowers(self, this.#end.signal);
    this.bot?.receive([{ kind: "server-powers", powers }]);
  }

  /** What a Mjolnir would read of our settings. A dry run leaves it as it is. */
  #keepInStep(mirror: AccountDataMirror): void {
    if (!this.#options.config.dryRun) void mirror.write();
  }

  readonly #untilReachable = <T>(attempt: () => Promise<T>): Promise<T> =>
    untilReachable(attempt, {
      clock: this.#options.seams.clock,
      signal: this.#end.signal,
      told: (fault) =>
        this.#options.seams.log.warn(
          { url: this.#options.config.homeserver.url, reason: fault.message },
          "the homeserver does not answer yet; waiting for it",
        ),
    });

  /** What is looked up is kept for the next start; that it cannot be kept on a full disk is told by the bot. */
  readonly #unlessDisk = (error: unknown): void => {
    if (unusableNow(error, this.#options.config.dataPath) === error) throw error;
    this.#options.seams.log.warn({ err: error }, "the data folder cannot be written");
  };

  /** Work that nobody waits for; if it breaks, the run ends with it. */
  #inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#endWithFault(error));
  }

  #endWithFault(fault: unknown): void {
    const error = unusableNow(fault, this.#options.config.dataPath);
    if (error instanceof CannotStart || error instanceof DataUnusable)
      this.#endWith({ kind: "cannot-start", message: error.message });
    else if (error instanceof MatrixFault && error.isUnknownToken)
      this.#endWith({ kind: "token-revoked", message: error.message, keepsDevice: error.isSoftLogout });
    else this.#endWith(error instanceof Error ? error : new Error(String(error)));
  }

  /** The first reason counts; what breaks because we are stopping is no news. */
  #endWith(ending: Ending | Error): void {
    this.#ending ??= ending;
    this.#end.abort();
  }
}
