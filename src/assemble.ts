/** Builds one bot from its settings and its seams, and walks it through its life: log in, catch up, follow, stop. */
import { commands } from "./commands/index.ts";
import { problemsOf, summaryOf } from "./commands/status.ts";
import type { Config } from "./config/schema.ts";
import { AclPace } from "./decisions/acl-pace.ts";
import { HealPace } from "./decisions/upkeep.ts";
import { Executor } from "./executor/executor.ts";
import { Journal } from "./journal/journal.ts";
import type { Clock } from "./kit/clock.ts";
import { asObject, asString } from "./kit/json.ts";
import type { Log } from "./kit/log.ts";
import type { Random } from "./kit/random.ts";
import { bullets, code, lines, plain, say, type Say } from "./kit/say.ts";
import { Bot } from "./bot.ts";
import { path, RestClient } from "./matrix/client.ts";
import { MatrixFault } from "./matrix/errors.ts";
import { performer } from "./matrix/perform.ts";
import { firstSync, follow, type SyncOptions } from "./matrix/sync.ts";
import { Transport, type Send } from "./matrix/transport.ts";
import type { Decision } from "./model/decision.ts";
import {
  parseRoomAlias,
  parseRoomId,
  parseUserId,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "./model/ids.ts";
import type { ResolvedAlias } from "./model/observation.ts";
import { ruleEventTypes } from "./model/policy-list.ts";
import { watchedStateTypes } from "./model/room.ts";
import type { SettingChange } from "./model/settings.ts";
import { World } from "./model/world.ts";
import { RedactReasons } from "./policy/redact-reasons.ts";
import { openDatabase } from "./store/database.ts";
import { Snapshot } from "./store/snapshot.ts";
import {
  mjolnirKeys,
  mjolnirLists,
  mjolnirRooms,
  parseAddress,
  readMjolnir,
  type Address,
  type Taken,
} from "./takeover.ts";

export interface Seams {
  readonly clock: Clock;
  readonly random: Random;
  readonly send: Send;
  readonly log: Log;
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
  readonly transport: Transport;
}

class CannotStart extends Error {}

/** First waits between attempts to reach a homeserver that is down at the start. */
const startBackoffMs = [100, 500, 1_000, 2_000, 5_000];
/** What is under way when we are told to stop gets so long to end. */
const stopGraceMs = 5_000;
/** The first message waits this long for rooms to be read. */
const firstReadsMs = 30_000;

export function assemble(config: Config, seams: Seams): Tyr {
  const { clock, random, send, log } = seams;
  const transport = new Transport({ send, clock, random, limits: config.network });
  let announceReady: (say: Say) => void;
  const ready = new Promise<Say>((resolve) => (announceReady = resolve));
  let world: World | undefined;
  let bot: Bot | undefined;

  async function run(signal: AbortSignal): Promise<Ending> {
    const db = openDatabase(config.dataPath);
    const life = new AbortController();
    const end = () => life.abort();
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
    try {
      return await live({ db, life });
    } catch (error) {
      if (error instanceof CannotStart) return { kind: "cannot-start", message: error.message };
      if (error instanceof MatrixFault && error.isUnknownToken)
        return { kind: "token-revoked", message: error.message };
      if (signal.aborted) return { kind: "stopped" };
      throw error;
    } finally {
      end();
      signal.removeEventListener("abort", end);
      bot?.stop();
      await bot?.executor.stop(stopGraceMs);
      db.close();
    }
  }

  async function live({
    db,
    life,
  }: {
    db: ReturnType<typeof openDatabase>;
    life: AbortController;
  }): Promise<Ending> {
    const snapshot = new Snapshot(db);
    const { signal } = life;
    let revoked: MatrixFault | undefined;
    const tokenRevoked = (fault: MatrixFault) => {
      revoked ??= fault;
      life.abort();
    };
    transport.accessToken = config.homeserver.accessToken?.reveal() ?? snapshot.kept("accessToken");
    const known = snapshot.user;
    const self = known ?? (await logIn(snapshot, signal));
    const client = new RestClient(config.homeserver.url, transport);
    const here = (world = new World(self, config.history));
    for (const row of snapshot.read()) here.restore(row);

    const theBot = (bot = buildBot({ db, snapshot, world: here, client, self, tokenRevoked }));
    // The account behind the token may have changed since the last run; that is checked while we catch up.
    if (known)
      void checkAccount(known, signal).catch((error: unknown) =>
        error instanceof MatrixFault && error.isUnknownToken ? tokenRevoked(error) : stopWith(error),
      );
    let broken: Error | undefined;
    function stopWith(error: unknown): void {
      if (signal.aborted) return;
      broken = error instanceof Error ? error : new Error(String(error));
      life.abort();
    }
    void askWhetherAdmin(here, signal);

    const isFirstStart = snapshot.kept("token") === undefined;
    const taken = isFirstStart
      ? await readAccountData(self, signal)
      : { rooms: [], lists: [], unreadable: [] };
    const problems = await settleRooms({ bot: theBot, world: here, client, self, taken, signal });
    let caughtUp = false;
    const reachable = new Promise<void>((resolve) => {
      const options: SyncOptions = {
        transport,
        clock,
        self,
        limits: config.sync,
        stateTypes: watchedStateTypes(ruleEventTypes),
        isJoined: (room) => here.rooms.get(room)?.ownMembership === "join",
        deliver: (seen) => {
          theBot.receive(seen);
          if (!caughtUp) resolve();
          caughtUp = true;
        },
        trouble: (fault) => {
          theBot.syncTrouble = fault?.message;
          if (fault)
            log.warn(
              { reason: fault.message, code: fault.errcode },
              "sync failed; trying again until it works",
            );
          else log.info({}, "sync works again");
        },
      };
      void (async () => {
        try {
          const since = snapshot.kept("token") ?? (await patiently(() => firstSync(options, signal), signal));
          await follow(options, since, signal);
        } catch (error) {
          if (error instanceof MatrixFault && error.isUnknownToken) tokenRevoked(error);
          else stopWith(error);
        } finally {
          resolve();
        }
      })();
    });
    await reachable;
    if (!signal.aborted) await start({ bot: theBot, world: here, isFirstStart, problems, taken, signal });
    await untilAborted(signal);
    if (revoked) return { kind: "token-revoked", message: revoked.message };
    if (broken !== undefined) throw broken;
    return { kind: "stopped" };
  }

  /** Everything is judged once; when the rooms are read, the moderators are told what we watch. */
  async function start({
    bot,
    world,
    isFirstStart,
    problems,
    taken,
    signal,
  }: {
    bot: Bot;
    world: World;
    isFirstStart: boolean;
    problems: readonly Say[];
    taken: Taken;
    signal: AbortSignal;
  }): Promise<void> {
    refusePublicManagementRoom(world);
    bot.resume();
    bot.reconsiderEverything();
    bot.caughtUp();
    const wait = new AbortController();
    signal.addEventListener("abort", () => wait.abort(), { once: true });
    // Only a first start, or rooms that are new, has anything to read.
    if (isFirstStart || bot.executor.pending > 0)
      await Promise.race([bot.executor.whenIdle(), clock.sleep(firstReadsMs, wait.signal)]);
    wait.abort();
    if (signal.aborted) return;
    const tookOver =
      taken.rooms.length + taken.lists.length > 0
        ? say`Taken over from a Mjolnir: ${taken.rooms.length} rooms and ${taken.lists.length} lists.`
        : undefined;
    const unreadable = taken.unreadable.map(
      (entry) => say`Not taken over, as it is no address: ${code(entry)}`,
    );
    const all = [...problems, ...unreadable];
    const first = lines(
      summaryOf(world),
      tookOver,
      all.length > 0 ? bullets(all) : undefined,
      problemsOf(world, bot.health),
    );
    bot.announce(first, `start ${clock.now()}`);
    log.info({ rooms: world.settings.rooms.size, lists: world.settings.lists.length }, "watching");
    announceReady(first);
  }

  function buildBot({
    db,
    snapshot,
    world,
    client,
    self,
    tokenRevoked,
  }: {
    db: ReturnType<typeof openDatabase>;
    snapshot: Snapshot;
    world: World;
    client: RestClient;
    self: UserId;
    tokenRevoked: (fault: MatrixFault) => void;
  }): Bot {
    const performOnMatrix = performer({
      client,
      clock,
      self,
      limits: {
        maxSearchPages: config.redaction.maxPages,
        maxGapPages: config.sync.maxGapPages,
        maxAnswerLength: config.answers.maxLength,
      },
      deliver: (seen) => bot?.receive(seen),
      tokenRevoked,
    });
    const perform = (decision: Decision, signal: AbortSignal) => {
      return decision.action.kind === "change-settings"
        ? changeSettings(decision.action.change)
        : performOnMatrix(decision, signal);
    };
    /** Ours to do, not the homeserver's; the account data that a Mjolnir reads is kept in step as well as we can. */
    async function changeSettings(change: SettingChange) {
      bot?.receive([{ kind: "settings-changed", change }]);
      // The mailbox may be at work on the batch that led here; the change is in the world once that is done.
      await Promise.resolve();
      for (const [type, content] of mjolnirKeys(world.settings, change)) {
        await client
          .setAccountData(type, content)
          .catch((error: unknown) => log.warn({ type, reason: String(error) }, "account data not written"));
      }
      return { kind: "done" } as const;
    }
    return new Bot({
      world,
      db,
      snapshot,
      journal: new Journal(db),
      clock,
      log,
      commands,
      prefixes: config.commands.prefixes,
      redactReasons: new RedactReasons(config.redaction.reasons),
      redactionLimit: config.redaction.limit,
      acl: config.acl.enabled ? config.acl : undefined,
      aclPace: new AclPace(config.acl),
      healPace: new HealPace(config.sync.healEveryMs),
      tell: config.answers,
      executor: (ended) =>
        new Executor({
          clock,
          perform,
          ended,
          limits: {
            start: config.executor.startConcurrency,
            max: config.executor.maxConcurrency,
            maxQueuedPerRoom: config.executor.maxQueuedPerRoom,
          },
        }),
      resolveAlias: (alias) => resolveAlias(client, alias),
    });
  }

  /** Who we are; with a password, once, as logins are limited hard and the token is kept. */
  async function logIn(snapshot: Snapshot, signal: AbortSignal): Promise<UserId> {
    const { user, password } = config.homeserver;
    if (transport.accessToken === undefined && user !== undefined && password !== undefined) {
      const answer = await patiently(
        () =>
          transport.request("POST", "/_matrix/client/v3/login", {
            body: {
              type: "m.login.password",
              identifier: { type: "m.id.user", user },
              password: password.reveal(),
              initial_device_display_name: "Tyr",
            },
            signal,
          }),
        signal,
      );
      const token = asString(asObject(answer)?.["access_token"]);
      if (token === undefined) throw new CannotStart("the homeserver let us log in and gave no access token");
      snapshot.keep("accessToken", token);
      transport.accessToken = token;
    }
    const self = await whoAmI(signal);
    snapshot.keep("user", self);
    return self;
  }

  async function whoAmI(signal: AbortSignal): Promise<UserId> {
    const answer = asObject(
      await patiently(
        () => transport.request("GET", "/_matrix/client/v3/account/whoami", { signal, retries: 0 }),
        signal,
      ),
    );
    const user = parseUserId(answer?.["user_id"]);
    if (!user)
      throw new CannotStart(`${config.homeserver.url} does not say who we are: is it a Matrix homeserver?`);
    return user;
  }

  async function checkAccount(known: UserId, signal: AbortSignal): Promise<void> {
    const now = await whoAmI(signal);
    if (now !== known)
      throw new CannotStart(
        `the access token is that of ${now}, and ${config.dataPath} belongs to ${known}. Use another data folder for another account.`,
      );
  }

  async function askWhetherAdmin(world: World, signal: AbortSignal): Promise<void> {
    try {
      const answer = await transport.request("GET", path`/_synapse/admin/v1/users/${world.self}/admin`, {
        signal,
        retries: 0,
      });
      world.isServerAdmin = asObject(answer)?.["admin"] === true;
    } catch {
      // Not an admin, or not Synapse: both mean no admin API.
    }
  }

  async function readAccountData(self: UserId, signal: AbortSignal): Promise<Taken> {
    const read = (type: string) =>
      patiently(
        () =>
          transport
            .request("GET", path`/_matrix/client/v3/user/${self}/account_data/${type}`, { signal })
            .catch((error: unknown) => {
              if (error instanceof MatrixFault && error.status === 404) return undefined;
              throw error;
            }),
        signal,
      );
    const [rooms, lists] = await Promise.all([read(mjolnirRooms), read(mjolnirLists)]);
    return readMjolnir(rooms, lists);
  }

  /** The management room, and what config and account data name besides what we know. What cannot be found is told. */
  async function settleRooms({
    bot,
    world,
    client,
    self,
    taken,
    signal,
  }: {
    bot: Bot;
    world: World;
    client: RestClient;
    self: UserId;
    taken: Taken;
    signal: AbortSignal;
  }): Promise<readonly Say[]> {
    const problems: Say[] = [];
    const settle = (change: SettingChange) => bot.receive([{ kind: "settings-changed", change }]);
    const room = await managementRoom({ world, client, self, signal });
    if (room !== world.settings.managementRoom) settle({ kind: "use-management-room", room });
    const rooms = [...taken.rooms, ...addressesIn(config.protectedRooms, problems)];
    const lists = [...taken.lists, ...addressesIn(config.watchedLists, problems)];
    for (const { id, via } of await resolved(lists, { client, problems })) {
      if (!world.isWatched(id))
        settle({ kind: "watch", list: { room: id, via, liftsBans: config.lists.liftBans } });
    }
    for (const { id, via } of await resolved(rooms, { client, problems })) {
      if (!world.isProtected(id) && id !== room)
        settle({ kind: "protect", room: { room: id, via, space: undefined } });
    }
    return problems;
  }

  /** By id or alias from the config; else the one made before; else a new one for the first manager. */
  async function managementRoom({
    world,
    client,
    self,
    signal,
  }: {
    world: World;
    client: RestClient;
    self: UserId;
    signal: AbortSignal;
  }): Promise<RoomId> {
    const wanted = config.managementRoom;
    if (wanted === undefined) return world.settings.managementRoom ?? (await makeManagementRoom(signal));
    const id = parseRoomId(wanted);
    if (id) {
      if (world.rooms.get(id)?.ownMembership !== "join") await joinManagementRoom(wanted, signal);
      return id;
    }
    const alias = parseRoomAlias(wanted);
    const known = world.settings.managementRoom;
    // The alias may be re-pointed by others; the room it led to when it was configured stays ours.
    if (known && world.rooms.get(known)?.ownMembership === "join") return known;
    if (!alias) throw new CannotStart(`managementRoom: ${wanted} is neither a room id nor an alias`);
    return joinManagementRoom(alias, signal);

    async function joinManagementRoom(where: string, abort: AbortSignal): Promise<RoomId> {
      try {
        const answer = asObject(
          await patiently(
            () =>
              transport.request("POST", path`/_matrix/client/v3/join/${where}`, { body: {}, signal: abort }),
            abort,
          ),
        );
        return parseRoomId(answer?.["room_id"]) ?? fail("the homeserver did not say which room it is");
      } catch (error) {
        if (error instanceof MatrixFault && !error.isUnknownToken) fail(error.message);
        throw error;
      }
      function fail(why: string): never {
        throw new CannotStart(
          `managementRoom: I cannot join ${where}: ${why}. Invite ${self} there and start again.`,
        );
      }
    }
    async function makeManagementRoom(abort: AbortSignal): Promise<RoomId> {
      const manager = config.initialManager;
      const room = await client.createRoom({
        preset: "private_chat",
        name: "Tyr management",
        topic: "Commands to Tyr. Whoever is in this room is a moderator.",
        invite: manager === undefined ? [] : [manager],
        initial_state: [],
      });
      log.info({ room, manager }, "management room made");
      return parseRoomId(room) ?? (abort.throwIfAborted(), fail());
      function fail(): never {
        throw new CannotStart("the homeserver made a management room and did not say which");
      }
    }
  }

  async function resolved(
    addresses: readonly Address[],
    { client, problems }: { client: RestClient; problems: Say[] },
  ): Promise<readonly { id: RoomId; via: readonly string[] }[]> {
    const found = await Promise.all(
      addresses.map(async ({ id, via }) => {
        const alias = parseRoomAlias(id);
        if (!alias) return { id: id as RoomId, via };
        const answer = await resolveAlias(client, alias);
        if ("room" in answer) return { id: answer.room, via: answer.via.slice(0, 5) };
        problems.push(say`${code(id)} leads nowhere: ${plain(answer.problem, 200)}`);
        return undefined;
      }),
    );
    return found.filter((one) => one !== undefined);
  }

  /** A server that is down is waited for, and said; a refusal is not. */
  async function patiently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof MatrixFault) || !error.isPassing || signal.aborted) throw error;
        if (failures === 0)
          log.warn(
            { url: config.homeserver.url, reason: error.message },
            "the homeserver does not answer yet; waiting for it",
          );
        await clock.sleep(startBackoffMs[Math.min(failures, startBackoffMs.length - 1)]!, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  return { run, ready, world: () => world, bot: () => bot, transport };
}

function addressesIn(entries: readonly string[], problems: Say[]): readonly Address[] {
  return entries.flatMap((entry) => {
    const address = parseAddress(entry);
    if (!address) problems.push(say`${code(entry)} in the config is neither a room id, an alias nor a link`);
    return address ?? [];
  });
}

async function resolveAlias(client: RestClient, alias: RoomAlias): Promise<ResolvedAlias> {
  try {
    const { roomId, residentServers } = await client.lookupRoomAlias(alias);
    const room = parseRoomId(roomId);
    return room ? { room, via: residentServers } : { problem: "the directory's answer names no room" };
  } catch (error) {
    return { problem: error instanceof MatrixFault ? error.message : String(error) };
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

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
