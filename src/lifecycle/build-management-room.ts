/** The management room's side of one bot: what hears moderators, replies to them, asks them and tells them. */
import type { OwnHealth } from "../bot/own-health.ts";
import type { Mailbox } from "../bot/mailbox.ts";
import { isServerPowerMissing } from "../commands/server-power.ts";
import type { Config } from "../config/schema.ts";
import type { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import type { Watchdog } from "../decisions/judge/watchdog.ts";
import type { BlastRadius } from "../decisions/guard/blast-radius.ts";
import { isCalledOff, isTakenBack } from "../decisions/in-flight/still-holds.ts";
import type { Revocations } from "../decisions/in-flight/revocations.ts";
import type { Executor } from "../executor/executor.ts";
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import { Announcements } from "../management-room/announcements.ts";
import { Calls } from "../management-room/calls.ts";
import { CommandDescriptions } from "../management-room/command-descriptions.ts";
import { DeferredCommands } from "../management-room/deferred-commands.ts";
import { Desk } from "../management-room/desk.ts";
import { EncryptedWords } from "../management-room/encrypted-words.ts";
import type { LookUps } from "../management-room/hearing/command-look-ups.ts";
import { Listener } from "../management-room/hearing/listener.ts";
import { offerAgain, type OfferAgainOptions } from "../management-room/offer-again.ts";
import { ManualBans } from "../management-room/manual-bans.ts";
import { Notify } from "../management-room/notify.ts";
import { ProgressFeed } from "../management-room/progress/progress-feed.ts";
import { ProgressMessages } from "../management-room/progress/progress-messages.ts";
import { FollowUp, type Offering } from "../management-room/questions/follow-up.ts";
import { PutQuestions } from "../management-room/questions/put-question.ts";
import { ProfileOffer } from "../management-room/profile-offer.ts";
import { CommandReplies, type CommandRepliesOptions } from "../management-room/reply-to-command.ts";
import { RoomOffers } from "../management-room/room-offers.ts";
import { StopPart } from "../management-room/stop-part.ts";
import { buildAsking, questionParts, type AskingParts } from "./build-asking.ts";
import { notifySettings } from "./build-duty.ts";
import { buildLists } from "./build-lists.ts";
import type { ActsInFlight } from "../model/acts-in-flight.ts";
import { actKey } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { Distrusting } from "../management-room/distrust.ts";
import { buildBehind } from "./build-behind.ts";
import { buildRoles } from "./build-roles.ts";
import { buildRuleWatch } from "./build-rule-watch.ts";
import type { BufferedWrites } from "../store/buffered-writes.ts";

export interface ManagementRoomOptions extends Pick<AskingParts, "containing" | "facts" | "believe"> {
  readonly config: Config;
  readonly log: Log;
  readonly lookUps: LookUps;
  readonly mailbox: Mailbox;
  readonly health: OwnHealth;
  readonly executor: () => Executor;
  readonly lookAtServerPowers: () => Promise<void>;
  readonly revocations: Revocations;
  readonly inFlight: ActsInFlight;
  readonly blast: BlastRadius;
  readonly aclDebounce: AclDebounce;
  readonly watchdog: Watchdog;
  readonly writes: BufferedWrites;
  readonly distrust: Distrusting;
}

/** Answers that were given before a restart are followed up if they are not older. */
const answersKeptMs = dayMs;

export function buildManagementRoom(options: ManagementRoomOptions) {
  const { config, facts, health, executor, mailbox } = options;
  const { world } = facts;
  const prefix = config.commands.prefixes[0]!;
  const listener = buildListener(options);
  const deferred = new DeferredCommands(mailbox.receive);
  const messages = new ProgressMessages(config.answers);
  const dropped: CommandRepliesOptions["dropped"] = (command, because) => stop.overtook(command, because);
  const replies = buildReplies(options, { listener, deferred, messages, dropped });
  const notify = new Notify(world, notifySettings(config));
  const announcements = new Announcements({
    world,
    notify,
    prefix,
    isLeftAlone: (room, at) => options.watchdog.isResting(room, at),
    diskNews: (at) => options.writes.news(at),
  });
  const { answers, roleNews } = buildRoles({ ...options, announcements });
  const questions = buildQuestions(options, { replies, notify });
  const [manualBans, ...offers] = buildOffers(options, { questions, announcements });
  const watching = { announcements, questions, notify, prefix };
  const told = { messages, notify, announcements, listener };
  const asked = buildAsking({ ...options, ...told, put: questions });
  const stop = buildStop(options, { prefix, questions, announcements });
  const encryption = () => health.now.encryption;
  const isDiskInTrouble = () => health.now.diskTrouble !== undefined;
  const encryptedWords = new EncryptedWords({ world, announcements, notify, encryption, isDiskInTrouble });
  return {
    listener,
    deferred,
    announcements,
    asking: [...questionParts(options, questions), ...asked, new Calls({ world, notify }), answers],
    manualBans,
    offers: [...offers, ...buildRuleWatch(options, watching), ...buildLists(options, watching)],
    isUnderWay: (key: string) => executor().isUnderWay(key),
    followUp: buildFollowUp(options, { offers: [manualBans, ...offers, ...asked], notify }),
    desk: new Desk({
      world,
      listener,
      answers,
      replies,
      questions,
      announcements,
      distrust: options.distrust,
      encryptedWords,
      startedAt: health.startedAt,
      obeyWithinMs: config.commands.obeyWithinMinutes * minuteMs,
    }),
    progress: buildProgress(options, { messages, notify, deferred }),
    /** What looks at all that the others have said. */
    behind: buildBehind({ ...options, ...told, stop, roleNews }),
    encryptedWords,
    descriptions: buildDescriptions(options),
  };
}

function buildProgress(
  { config, facts, health, aclDebounce }: ManagementRoomOptions,
  { deferred, ...parts }: { messages: ProgressMessages; notify: Notify; deferred: DeferredCommands },
): ProgressFeed {
  return new ProgressFeed({
    ...facts,
    ...parts,
    prefix: config.commands.prefixes[0]!,
    health: () => health.now,
    awaiting: () => [...aclDebounce.waiting, ...deferred.commands()],
  });
}

function buildRoomOffers(
  { facts, config }: ManagementRoomOptions,
  { announcements, questions }: { announcements: Announcements; questions: PutQuestions },
): RoomOffers {
  return new RoomOffers({
    world: facts.world,
    isListed: (room) => facts.rulesInForce.bansRoom(room),
    prefix: config.commands.prefixes[0]!,
    ask: (about, what, at) => questions.offerOf(about, what, at),
    announcements,
  });
}

function buildListener(options: ManagementRoomOptions): Listener {
  const { config, facts, lookUps, mailbox, lookAtServerPowers } = options;
  return new Listener({
    world: facts.world,
    commands: facts.commands,
    settings: config.commands,
    lookUps,
    receive: mailbox.receive,
    believe: options.believe,
    distrust: options.distrust,
    // Somebody may have made us an administrator since we looked.
    beforeReply: async (line) => {
      if (isServerPowerMissing(line, facts)) await lookAtServerPowers();
    },
    wasCarriedOut: (command) => facts.past.ofOccasion(command).length > 0,
  });
}

function buildReplies(
  { facts, health, log, blast, revocations, believe, executor, mailbox }: ManagementRoomOptions,
  parts: Pick<CommandRepliesOptions, "listener" | "deferred" | "messages" | "dropped">,
): CommandReplies {
  return new CommandReplies({
    ...parts,
    facts,
    health: () => health.now,
    log,
    needsYes: (command, why) => blast.needsYes(command, why),
    undone: (occasions, by, at) => {
      revocations.undone(occasions, by, at);
      believe({ kind: "forgiven", incidents: occasions }, at);
      believe({ kind: "settings-changed", change: { kind: "forget-dropped", of: occasions } }, at);
      // At once, so that the journal knows it should we be stopped now.
      const calledOff = executor().drop(
        (decision, mayBeDone) => !mayBeDone && isCalledOff(decision, revocations),
      );
      mailbox.receive(
        calledOff.map((decision) => ({
          kind: "outcome",
          outcome: { decision, result: { kind: "superseded" } },
        })),
      );
    },
  });
}

function buildQuestions(
  { config, facts, blast, believe, executor }: ManagementRoomOptions,
  { replies, notify }: { replies: CommandReplies; notify: Notify },
): PutQuestions {
  return new PutQuestions({
    world: facts.world,
    notify,
    rulesInForce: facts.rulesInForce,
    blast,
    prefix: config.commands.prefixes[0]!,
    answerWithinHours: config.guard.answerWithinHours,
    secondPerson: config.guard,
    believe,
    withdraw: (command) => replies.withdraw(command),
    roleFor: (command) => replies.roleFor(command),
    isUnderWay: ({ action }) => executor().isUnderWay(actKey(action)),
  });
}

function buildOffers(
  options: ManagementRoomOptions,
  { questions, announcements }: { questions: PutQuestions; announcements: Announcements },
) {
  const { config, facts } = options;
  const { world, rulesInForce } = facts;
  const manualBans = new ManualBans({
    limits: config.offers,
    view: { world, rulesInForce },
    ask: (offer, at) => questions.offer(offer, at),
    announcements,
  });
  const roomOffers = buildRoomOffers(options, { announcements, questions });
  const prefix = config.commands.prefixes[0]!;
  const profileOffer = new ProfileOffer({
    world,
    registry: facts.registry,
    wanted: config.protectionProfile,
    prefix,
    ask: (about, what, at) => questions.offerOf(about, what, at),
    believe: options.believe,
    receive: options.mailbox.receive,
    isDryRun: config.dryRun,
    announcements,
  });
  return [manualBans, roomOffers, profileOffer] as const;
}

function buildFollowUp(
  { config, facts, believe, mailbox }: ManagementRoomOptions,
  { offers, notify }: { offers: readonly Offering[]; notify: Notify },
): FollowUp {
  const { world, past } = facts;
  return new FollowUp({
    world,
    notify,
    prefix: config.commands.prefixes[0]!,
    editEveryMs: config.answers.editEveryMs,
    isObsolete: (about) => offers.some((one) => one.isObsolete?.(about)),
    answersKeptMs,
    wasRun: (command) => past.ofOccasion(command).some(({ decision }) => carriesOut(decision)),
    believe,
    receive: mailbox.receive,
  });
}

function buildStop(
  { facts, executor, believe, mailbox, revocations, inFlight }: ManagementRoomOptions,
  again: OfferAgainOptions,
): StopPart {
  return new StopPart({
    world: facts.world,
    drop: (isUnwanted) => executor().drop(isUnwanted),
    isTakenBack: (decision) => isTakenBack(decision, { revocations, inFlight }),
    numberOf: (occasion) => facts.past.numberOf(occasion),
    offerAgain: (command, at) => offerAgain(command, at, again),
    believe,
    receive: mailbox.receive,
  });
}

/** A dry run leaves the room as it is. */
function buildDescriptions({
  config,
  facts,
  executor,
}: ManagementRoomOptions): CommandDescriptions | undefined {
  if (config.dryRun) return undefined;
  return new CommandDescriptions({
    world: facts.world,
    commands: facts.commands,
    areAskedFor: config.commands.describe,
    load: () => ({
      pending: executor().pending,
      isLimited: executor().expectedMs() !== undefined || executor().pauseLeft() > 0,
    }),
  });
}

/** Neither the question about a command nor what was read before it. */
function carriesOut({ action, because }: Decision): boolean {
  return action.kind !== "ask" && !(because.kind === "command" && because.reads);
}
