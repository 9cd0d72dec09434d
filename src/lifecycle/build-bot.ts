/** One bot out of the config: hands each of its parts what it needs. Nothing runs yet. */
import { Bot } from "../bot/bot.ts";
import { commands } from "../commands/index.ts";
import type { Config } from "../config/schema.ts";
import { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import { GapHealing } from "../decisions/judge/room-upkeep.ts";
import { Watchdog } from "../decisions/judge/watchdog.ts";
import { isForEarnest, recording } from "./dry-run.ts";
import { Executor } from "../executor/executor.ts";
import { Journal, rehearsalAt } from "../journal/journal.ts";
import { JournalPast } from "../journal/past.ts";
import { Pruning } from "../journal/pruning.ts";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { say } from "../kit/say.ts";
import type { RestClient } from "../matrix/http/client.ts";
import type { MatrixFault } from "../matrix/http/errors.ts";
import { eventOf, peopleCalled, resolveAlias } from "../matrix/look-ups.ts";
import { performer } from "../matrix/perform/perform.ts";
import type { AccountStatus } from "../matrix/account-status.ts";
import { isLocal, type ActionOf } from "../model/actions/action.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Decision } from "../model/decision.ts";
import type { World } from "../model/world/world.ts";
import { renderingOnSend } from "./render-on-send.ts";
import { listAsFile } from "../policy/list-file.ts";
import { RedactReasons } from "../policy/redact-reasons.ts";
import { protections } from "../protections/index.ts";
import type { Database } from "../store/database.ts";
import type { Snapshot } from "../store/snapshot.ts";

export interface BotParts {
  readonly config: Config;
  /** The config as moderators may look at it. */
  readonly inForce: readonly SettingInForce[];
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly client: RestClient;
  readonly standing: AccountStatus;
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  /** The settings may have changed. */
  readonly settled: () => void;
  readonly lookAtServerPowers: () => Promise<void>;
  /** Asked of each act in a dry run: whether it is recorded instead of performed. */
  readonly isRecorded: ((decision: Decision) => boolean) | undefined;
}

const dryRunNotice = say`Dry run: I write nothing to any room but this one. What I would do I say, and what you settle with me (rooms, lists, exemptions) I keep.`;

export function buildBot(parts: BotParts): Bot {
  const { config, clock, log, world, db, client } = parts;
  const { transport } = client;
  const { dryRun, redaction, acl } = config;
  const bot: Bot = new Bot({
    world,
    db,
    snapshot: parts.snapshot,
    journal: new Journal(db, dryRun ? rehearsalAt(clock.now()) : undefined),
    past: new JournalPast(db, config.limits),
    clock,
    log,
    commands,
    protections,
    // A dry run leaves the room as it is.
    commandSettings: { ...config.commands, describe: config.commands.describe && !dryRun },
    redactReasons: new RedactReasons(redaction.reasons),
    redactionLimit: redaction.limit,
    acl: acl.enabled ? acl : undefined,
    aclDebounce: new AclDebounce(acl),
    gapHealing: new GapHealing(config.sync.healEveryMs),
    pruning: new Pruning({ db, log, keepDays: config.journal.keepDays }),
    watchdog: new Watchdog(config.watchdog, clock.now()),
    offers: config.offers,
    tell: config.answers,
    guard: config.guard,
    executor: (reports) => executorFor(parts, () => bot, reports),
    restriction: dryRun ? dryRunNotice : undefined,
    lookUps: {
      alias: (alias) => resolveAlias(transport, alias),
      people: (name) => peopleCalled(transport, name),
      event: (room, event) => eventOf(transport, room, event),
    },
    lookAtServerPowers: parts.lookAtServerPowers,
    makeRoomAdmin: config.admin.makeRoomAdmin,
    config: parts.inForce,
    dueBy: (at) => transport.serverTime.dueBy(at),
  });
  return bot;
}

type Perform = ReturnType<typeof performer>;
type Reports = Pick<ConstructorParameters<typeof Executor>[0], "ended" | "stillHolds">;

function executorFor(parts: BotParts, bot: () => Bot, reports: Reports): Executor {
  const { startConcurrency, maxConcurrency, maxQueuedPerRoom } = parts.config.executor;
  const perform = renderingOnSend(performFor(parts, bot), (decision) => bot().newest(decision));
  return new Executor({
    ...reports,
    clock: parts.clock,
    limits: { start: startConcurrency, max: maxConcurrency, maxQueuedPerRoom },
    perform: async (decision, signal) => {
      const { action } = decision;
      if (!isLocal(action)) return perform(bot().completed(decision), signal);
      settle(action, bot());
      parts.settled();
      return { kind: "done" };
    },
  });
}

/** Ours to do, not the homeserver's. */
function settle(action: ActionOf<"change-settings" | "answer-question">, bot: Bot): void {
  bot.receive([
    action.kind === "change-settings"
      ? { kind: "settings-changed", change: action.change }
      : { ...action, kind: "answered" },
  ]);
}

/** On the homeserver, or, in a dry run, written down as if it had been. */
function performFor(parts: BotParts, bot: () => Bot): Perform {
  const { config, world } = parts;
  const { redaction, sync, answers, limits, network } = config;
  const perform = performer({
    client: parts.client,
    clock: parts.clock,
    self: world.self,
    limits: {
      maxSearchPages: redaction.maxPages,
      maxGapPages: sync.maxGapPages,
      maxAnswerLength: answers.maxLength,
      maxBans: limits.bansRead,
      maxReason: limits.reasonLength,
      writeTimeoutMs: Math.min(network.writeTimeoutMs, network.timeoutMs),
    },
    deliver: (seen) => bot().receive(seen),
    tokenRevoked: parts.tokenRevoked,
    standing: parts.standing,
    fileOf: ({ list: room, format }) => {
      const list = world.lists.get(room);
      return list && listAsFile(list, { format, maxBytes: world.limits.exportKilobytes * 1024 });
    },
  });
  if (!config.dryRun) return perform;
  const isForEarnestHere = ({ action }: Decision) => isForEarnest(action, world.settings.managementRoom);
  return recording(perform, parts.isRecorded ?? isForEarnestHere);
}
