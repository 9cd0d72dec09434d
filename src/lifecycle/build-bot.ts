/**
 * One bot out of the config: makes each part, hands it what it needs, and lists all of them in the order in which their
 * hooks are called. Nothing runs yet.
 */
import { Bot } from "../bot/bot.ts";
import {
  actsInFlightPart,
  blockedActsPart,
  aclDebouncePart,
  coalescedActsPart,
  pruningPart,
  pendingRulesPart,
  watchdogPart,
} from "../bot/in-flight.ts";
import { LateUndo } from "../bot/late-undo.ts";
import { stashPart } from "../bot/stash-part.ts";
import { MetricsPart } from "../bot/metrics-part.ts";
import { OwnHealth } from "../bot/own-health.ts";
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import { commands } from "../commands/index.ts";
import type { Config } from "../config/schema.ts";
import type { Judging } from "../decisions/judge/judge.ts";
import { stillHolds } from "../decisions/in-flight/still-holds.ts";
import { endedWhile } from "../model/stopped.ts";
import { Pruning } from "../journal/pruning.ts";
import type { Clock } from "../kit/clock.ts";
import { dayMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import { say, type Say } from "../kit/say.ts";
import type { Encryption } from "../matrix/crypto/encryption.ts";
import type { RestClient } from "../matrix/http/client.ts";
import type { MatrixFault } from "../matrix/http/errors.ts";
import { lookUpsOf } from "./build-look-ups.ts";
import type { AccountStatus } from "../matrix/account-status.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomEvent } from "../model/event.ts";
import type { Meter } from "../model/metrics.ts";
import type { World } from "../model/world/world.ts";
import { Expected } from "../policy/expected.ts";
import { Registry } from "../automod/registry.ts";
import { RuleCosts, type Stopwatch } from "../automod/rule-costs.ts";
import { heat } from "../automod/heat.ts";
import { shipped } from "../protections/shipped.ts";
import type { Database } from "../store/database.ts";
import { RuleReadings } from "../store/rule-readings.ts";
import { answeringCallbacks } from "./build-callbacks.ts";
import { trialsOf } from "./begin-trial.ts";
import { buildWebDesk, type BuiltWebDesk } from "./build-web-desk.ts";
import { buildExecutor, type ExecutorOptions } from "./build-executor.ts";
import { commandConfigOf } from "./command-config.ts";
import { completed } from "./completed.ts";
import { buildMemory, type Memory } from "./build-memory.ts";
import { recogniserOf } from "./build-recogniser.ts";
import { buildManagementRoom } from "./build-management-room.ts";
import type { Rehearsals } from "./rehearsals.ts";
import { Refusals } from "../management-room/refusals.ts";

/** By what it is measured what rules cost, and where what passes is counted; neither unless it is there. */
export interface Measuring {
  readonly stopwatch?: Stopwatch;
  readonly meter?: Meter | undefined;
}

export interface BotIngredients {
  readonly config: Config;
  /** The config as moderators may look at it. */
  readonly inForce: readonly SettingInForce[];
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly world: World;
  readonly client: RestClient;
  readonly accountStatus: AccountStatus;
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  /** Moderators' settings may have changed. */
  readonly settingsChanged: () => void;
  readonly lookAtServerPowers: () => Promise<void>;
  readonly encryption: Encryption;
  readonly measuring: Measuring;
  /** Asked of each act in a dry run: whether it is recorded instead of performed. */
  readonly isRecorded: ((decision: Decision) => boolean) | undefined;
  /** The rehearsals of this bot; or what stands between its acts and the homeserver, where it plays in one. */
  readonly rehearsal: Rehearsals | { readonly perform: NonNullable<ExecutorOptions["playing"]> };
}

export interface BuiltBot {
  readonly bot: Bot;
  readonly health: OwnHealth;
  /** What a homeserver is told that asks before it lets something happen. */
  readonly answer: ReturnType<typeof answeringCallbacks>;
  readonly desk: BuiltWebDesk["desk"];
  /** How many commands were said while we were away, and are not obeyed. */
  readonly ignoredCommands: () => number;
  /** The line of a command, as it was heard; undefined where the event is none. */
  readonly lineOf: (event: RoomEvent) => string | undefined;
  /** Our display name, as far as our profile tells. */
  readonly isCalled: (displayName: string) => void;
  /** Says something to the moderators that no batch led to. `what` makes it unique; `isTrouble`: they are notified. */
  readonly announce: (text: Say, what: string, isTrouble: boolean) => void;
}

type ManagementRoom = ReturnType<typeof buildManagementRoom>;

/** What an earlier run did not finish is completed if it is not older. */
const repliesKeptMs = dayMs;

const dryRunNotice = say`Dry run: I write nothing to any room but this one. What I would do I say, and what you settle with me (rooms, lists, exemptions) I keep.`;

export function buildBot(ingredients: BotIngredients): BuiltBot {
  const { config, clock, log, world } = ingredients;
  const memory = buildMemory(ingredients);
  const { mailbox, revocations, rulesInForce, journal, past, searches, writes } = memory;
  const costs = new RuleCosts(ingredients.measuring.stopwatch);
  const readings = new RuleReadings(ingredients.db);
  const registry = new Registry(shipped, { ...config.limits, code: [heat], readings, costs });
  const health = buildHealth(ingredients, { ...memory, registry }, () => bot);
  const facts = factsOf(ingredients, memory, registry);
  const room = buildManagementRoom({
    ...memory,
    ...ingredients,
    facts,
    health,
    lookUps: lookUpsOf(ingredients),
    executor: () => bot.executor,
  });
  const executor = executorOf(ingredients, { memory, registry, room });
  const pending = () => executor.pending;
  const web = buildWebDesk({ ...ingredients, facts, health, room, send: (words) => bot.say(words) });
  const bot: Bot = new Bot({
    log,
    mailbox,
    judging: judgingOf(facts, memory, ingredients),
    search: (id) => searches.get(id),
    recogniser: recogniserOf(config, world, rulesInForce),
    responding: { world, rulesInForce, registry, isUndone: (incident) => revocations.isUndone(incident) },
    guarding: guardingOf(ingredients, memory),
    handOver: { world, writes, journal, past, stash: memory.stash, executor, clock },
    left: {
      open: journal.unfinished().map((entry) => entry.decision),
      unanswered: journal.unanswered(health.startedAt - repliesKeptMs),
    },
    health,
    parts: [readings, ...partsInOrder(ingredients, { memory, room, pending }), ...web.parts],
  });
  return {
    bot,
    health,
    answer: answeringCallbacks({ ...ingredients, rulesInForce, health }),
    desk: web.desk,
    ignoredCommands: () => room.desk.ignored,
    lineOf: (event) => room.listener.lineOf(event),
    isCalled: (displayname) => room.listener.ownMembershipChanged({ displayname }),
    announce: (text, what, isTrouble) => {
      const message = room.announcements.ofRun(text, { what, isTrouble, at: clock.now() });
      if (message) bot.say([message]);
    },
  };
}

function executorOf(
  ingredients: BotIngredients,
  { memory, registry, room }: { memory: Memory; registry: Registry; room: ManagementRoom },
) {
  const { config, world, rehearsal } = ingredients;
  const { mailbox, stash, trial } = memory;
  return buildExecutor({
    ...ingredients,
    sealing: ingredients.encryption,
    playing: "perform" in rehearsal ? rehearsal.perform : undefined,
    stash,
    receive: mailbox.receive,
    beginTrial: trialsOf({ ...memory, config, world, registry, running: trial }),
    reports: {
      ended: (outcome) =>
        mailbox.receive([{ kind: "outcome", outcome: endedWhile(world.settings.stopping.stop, outcome) }]),
      stillHolds: (decision, mayBeDone) => stillHolds(decision, { world, ...memory, mayBeDone }),
    },
    renewed: {
      act: (decision) => completed(decision, world),
      message: (decision) => room.progress.newest(decision),
    },
  });
}

function guardingOf({ config, world }: BotIngredients, { blast, blockedActs, inFlight }: Memory) {
  return {
    blast,
    refusals: new Refusals(world.limits.refusalsRemembered),
    isBlocked: (decision: Decision) => blockedActs.isBlocked(decision),
    inFlight,
    redactionLimit: config.redaction.limit,
    prefix: config.commands.prefixes[0]!,
  };
}

function buildHealth(
  { config, clock, world, encryption }: BotIngredients,
  { rulesInForce, writes, stash, aclDebounce, registry }: Memory & { readonly registry: Registry },
  bot: () => Bot,
): OwnHealth {
  return new OwnHealth({
    clock,
    rulesInForce,
    restriction: config.dryRun ? dryRunNotice : undefined,
    work: () => {
      const { pending, executor } = bot();
      return {
        pending,
        atWork: () => executor.atWork(),
        pauseLeftMs: executor.pauseLeft(),
        expectedMs: executor.expectedMs(),
        limitedEveryMs: executor.rateLimit.knownMs,
      };
    },
    protectionsBroken: () => registry.known(world.settings).broken,
    aclsDueAt: () => aclDebounce.rulesDueAt(),
    diskTrouble: () => writes.trouble,
    stashTrouble: () => stash.trouble,
    encryption: () => encryption.health,
  });
}

function judgingOf(facts: CommandFacts, memory: Memory, { encryption }: BotIngredients): Judging {
  return {
    ...memory,
    world: facts.world,
    redactReasons: facts.config.redactReasons,
    acl: facts.config.acl,
    readsEncrypted: () => encryption.health.kind !== "off",
    commandBehind: (rule) => memory.pendingRules.commandBehind(rule),
  };
}

/** Whatever remembers and reacts. Their hooks are called in this order. */
function partsInOrder(
  { config, db, log, world, rehearsal, measuring: { meter } }: BotIngredients,
  { memory, room, pending }: { memory: Memory; room: ManagementRoom; pending: () => number },
): readonly Part[] {
  const { blockedActs, pendingRules, searches, aclDebounce, watchdog, coalesced, inFlight } = memory;
  return [
    actsInFlightPart(inFlight),
    blockedActsPart(blockedActs),
    pendingRulesPart(pendingRules),
    pruningPart(new Pruning({ db, log, keepDays: config.journal.keepDays, stash: memory.stash })),
    stashPart(memory.stash, world),
    searches,
    aclDebouncePart(aclDebounce),
    memory.trial,
    // Before the desk, which replies to commands with what they have found.
    room.deferred,
    // Before the desk: a command that the guard holds back has no effect and puts no question of its own.
    ...room.asking,
    room.desk,
    room.followUp,
    new LateUndo({ ...memory, world }),
    watchdogPart(watchdog, { world, pending }),
    memory.containing,
    ...(room.descriptions ? [room.descriptions] : []),
    coalescedActsPart(coalesced, {
      isUnderWay: (key) => room.isUnderWay(key),
      isReplaced: (action) => inFlight.isAnyOn(action),
      counts: (decision) => {
        room.deferred.handedOver(decision);
        room.progress.handedOver(decision);
      },
      ended: (outcome, at) => {
        room.deferred.ended(outcome);
        room.progress.ended(outcome, at);
      },
    }),
    room.announcements,
    room.encryptedWords,
    room.manualBans,
    ...room.offers,
    // Last: their messages tell of what the others have done.
    room.progress,
    ...room.behind,
    ...("perform" in rehearsal ? [] : [rehearsal, ...(meter ? [new MetricsPart(meter)] : [])]),
  ];
}

/** What every command may look at. */
function factsOf(
  { config, inForce, world, rehearsal }: BotIngredients,
  { rulesInForce, past, inFlight }: Memory,
  registry: Registry,
): CommandFacts {
  return {
    world,
    expected: new Expected(world, inFlight),
    rulesInForce,
    past,
    commands,
    registry,
    config: commandConfigOf({ config, inForce, rehearsal }),
  };
}
