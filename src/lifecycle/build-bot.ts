/**
 * One bot out of the config: makes each part, hands it what it needs, and lists all of them in the order in which their
 * hooks are called. Nothing runs yet.
 */
import { Bot } from "../bot/bot.ts";
import {
  blockedActsPart,
  aclDebouncePart,
  coalescedActsPart,
  lateUndoPart,
  pruningPart,
  Searches,
  pendingRulesPart,
  revocationsPart,
  watchdogPart,
} from "../bot/in-flight.ts";
import { Mailbox } from "../bot/mailbox.ts";
import { OwnHealth } from "../bot/own-health.ts";
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import { commands } from "../commands/index.ts";
import type { Config } from "../config/schema.ts";
import type { Judging } from "../decisions/judge/judge.ts";
import { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import { GapHealing } from "../decisions/judge/gap-healing.ts";
import { Watchdog } from "../decisions/judge/watchdog.ts";
import { BlastRadius } from "../decisions/guard/blast-radius.ts";
import { CoalescedActs } from "../decisions/in-flight/coalesced-acts.ts";
import { BlockedActs } from "../decisions/in-flight/blocked-acts.ts";
import { PendingRules } from "../decisions/in-flight/pending-rules.ts";
import { Revocations } from "../decisions/in-flight/revocations.ts";
import { stillHolds } from "../decisions/in-flight/still-holds.ts";
import { endedWhile } from "../model/stopped.ts";
import { Journal, rehearsalAt } from "../journal/journal.ts";
import { JournalPast } from "../journal/past.ts";
import { Pruning } from "../journal/pruning.ts";
import type { Clock } from "../kit/clock.ts";
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import { say, type Say } from "../kit/say.ts";
import type { RestClient } from "../matrix/http/client.ts";
import type { MatrixFault } from "../matrix/http/errors.ts";
import type { AccountStatus } from "../matrix/account-status.ts";
import { isLevelChange } from "../model/actions/action.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Decision } from "../model/decision.ts";
import type { Seen } from "../model/observation.ts";
import type { World } from "../model/world/world.ts";
import { RedactReasons } from "../policy/redact-reasons.ts";
import { RulesInForce } from "../policy/rules-in-force.ts";
import { protections } from "../protections/index.ts";
import { BufferedWrites } from "../store/buffered-writes.ts";
import type { Database } from "../store/database.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { buildExecutor } from "./build-executor.ts";
import { buildManagementRoom } from "./build-management-room.ts";
import { Refusals } from "../management-room/refusals.ts";

export interface BotIngredients {
  readonly config: Config;
  /** The config as moderators may look at it. */
  readonly inForce: readonly SettingInForce[];
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly client: RestClient;
  readonly accountStatus: AccountStatus;
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  /** Moderators' settings may have changed. */
  readonly settingsChanged: () => void;
  readonly lookAtServerPowers: () => Promise<void>;
  /** Asked of each act in a dry run: whether it is recorded instead of performed. */
  readonly isRecorded: ((decision: Decision) => boolean) | undefined;
}

export interface BuiltBot {
  readonly bot: Bot;
  readonly health: OwnHealth;
  /** How many commands were said while we were away, and are not obeyed. */
  readonly ignoredCommands: () => number;
  /** Our display name, as far as our profile tells. */
  readonly isCalled: (displayName: string) => void;
  /** Says something to the moderators that no batch led to. `what` makes it unique; `isTrouble`: they are notified. */
  readonly announce: (text: Say, what: string, isTrouble: boolean) => void;
}

/** What an earlier run did not finish is completed if it is not older. */
const repliesKeptMs = dayMs;

const dryRunNotice = say`Dry run: I write nothing to any room but this one. What I would do I say, and what you settle with me (rooms, lists, exemptions) I keep.`;

export function buildBot(ingredients: BotIngredients): BuiltBot {
  const { config, clock, log, world } = ingredients;
  const memory = buildMemory(ingredients);
  const { mailbox, blockedActs, revocations, rulesInForce, journal, past, searches, writes } = memory;
  const health = buildHealth(ingredients, memory, () => bot);
  const facts = factsOf(ingredients, memory);
  const room = buildManagementRoom({
    ...memory,
    ...ingredients,
    facts,
    health,
    executor: () => bot.executor,
  });
  const executor = buildExecutor({
    ...ingredients,
    receive: mailbox.receive,
    reports: {
      ended: (outcome) =>
        mailbox.receive([{ kind: "outcome", outcome: endedWhile(world.settings.stopping.stop, outcome) }]),
      stillHolds: (decision) => stillHolds(decision, { world, ...memory }),
    },
    completed: (decision) => completed(decision, world),
    newest: (decision) => room.progress.newest(decision),
  });
  const { startedAt } = health;
  const bot: Bot = new Bot({
    log,
    mailbox,
    judging: judgingOf(facts, memory),
    search: (id) => searches.get(id),
    responding: { world, rulesInForce, protections, isUndone: (incident) => revocations.isUndone(incident) },
    guarding: {
      blast: memory.blast,
      refusals: new Refusals(world.limits.refusalsRemembered),
      isBlocked: (decision) => blockedActs.isBlocked(decision),
      redactionLimit: config.redaction.limit,
      prefix: config.commands.prefixes[0]!,
    },
    handOver: { world, writes, journal, past, executor, clock },
    left: {
      open: journal.unfinished().map((entry) => entry.decision),
      unanswered: journal.unanswered(startedAt - repliesKeptMs),
    },
    health,
    parts: partsInOrder(ingredients, { memory, room, pending: () => executor.pending }),
  });
  return {
    bot,
    health,
    ignoredCommands: () => room.desk.ignored,
    isCalled: (displayname) => room.listener.ownMembershipChanged({ displayname }),
    announce: (text, what, isTrouble) => {
      const message = room.announcements.ofRun(text, { what, isTrouble, at: clock.now() });
      if (message) bot.say([message]);
    },
  };
}

function buildHealth(
  { config, clock }: BotIngredients,
  { rulesInForce, writes, aclDebounce }: Memory,
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
      };
    },
    aclsDueAt: () => aclDebounce.rulesDueAt(),
    diskTrouble: () => writes.trouble,
  });
}

function judgingOf(facts: CommandFacts, memory: Memory): Judging {
  return {
    ...memory,
    world: facts.world,
    redactReasons: facts.config.redactReasons,
    acl: facts.config.acl,
    commandBehind: (rule) => memory.pendingRules.commandBehind(rule),
  };
}

/** Whatever remembers and reacts. Their hooks are called in this order. */
function partsInOrder(
  { config, db, log, world }: BotIngredients,
  {
    memory,
    room,
    pending,
  }: { memory: Memory; room: ReturnType<typeof buildManagementRoom>; pending: () => number },
): readonly Part[] {
  const {
    blockedActs,
    pendingRules,
    revocations,
    rulesInForce,
    past,
    searches,
    aclDebounce,
    watchdog,
    coalesced,
  } = memory;
  return [
    blockedActsPart(blockedActs),
    pendingRulesPart(pendingRules),
    revocationsPart(revocations),
    pruningPart(new Pruning({ db, log, keepDays: config.journal.keepDays })),
    searches,
    aclDebouncePart(aclDebounce),
    // Before the desk, which replies to commands with what they have found.
    room.deferred,
    // Before the desk: a command that the guard holds back has no effect and puts no question of its own.
    room.questions,
    room.desk,
    room.followUp,
    lateUndoPart({ revocations, world, rulesInForce, past }),
    watchdogPart(watchdog, { world, pending }),
    ...(room.descriptions ? [room.descriptions] : []),
    coalescedActsPart(coalesced, {
      isUnderWay: (key) => room.isUnderWay(key),
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
    room.roomOffers,
    // Last: their messages tell of what the others have done.
    room.progress,
    room.stop,
    room.roomNews,
  ];
}

export type Memory = ReturnType<typeof buildMemory>;

/** What is remembered of this run, and where it is written down. */
function buildMemory({ config, clock, log, db, snapshot, world, client }: BotIngredients) {
  const rulesInForce = new RulesInForce(world);
  const journal = new Journal(db, config.dryRun ? rehearsalAt(clock.now()) : undefined);
  const blast = new BlastRadius(config.guard, config.acl.enabled ? config.acl : undefined);
  const counted = clock.now() - config.guard.windowMinutes * minuteMs;
  for (const { list, user, at } of journal.bannedForLists(counted)) blast.remember(list, user, at);
  for (const acl of journal.aclsForLists(counted)) blast.rememberAcl(acl, { world, rulesInForce });
  return {
    mailbox: new Mailbox({ clock, log, dueBy: (at) => client.transport.serverTime.dueBy(at) }),
    rulesInForce,
    journal,
    past: new JournalPast(db, config.limits),
    writes: new BufferedWrites({ db, snapshot, log, maxKept: world.limits.unwrittenEntries }),
    blast,
    blockedActs: new BlockedActs(world.limits.setbacksRemembered),
    pendingRules: new PendingRules(world.limits.setbacksRemembered),
    revocations: new Revocations(world.limits.setbacksRemembered),
    coalesced: new CoalescedActs(),
    searches: new Searches(),
    aclDebounce: new AclDebounce(config.acl),
    gapHealing: new GapHealing(config.sync.healEveryMs),
    watchdog: new Watchdog(config.watchdog, clock.now()),
    /** Our own doing, believed at once. */
    believe: (seen: Seen, at: number) => world.apply({ ...seen, at, dueBy: world.dueBy }),
  };
}

/** What every command may look at. */
function factsOf({ config, inForce, world }: BotIngredients, { rulesInForce, past }: Memory): CommandFacts {
  return {
    world,
    rulesInForce,
    past,
    commands,
    protections,
    config: {
      entries: inForce,
      redactReasons: new RedactReasons(config.redaction.reasons),
      redactionLimit: config.redaction.limit,
      makeRoomAdmin: config.admin.makeRoomAdmin,
      guard: config.guard,
      acl: config.acl.enabled ? config.acl : undefined,
    },
  };
}

/** A room's power levels may have changed while the act waited. */
function completed(decision: Decision, world: World): Decision {
  const { action } = decision;
  return isLevelChange(action)
    ? { ...decision, action: { ...action, levels: world.levelsAfter(action) } }
    : decision;
}
