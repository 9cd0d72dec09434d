/**
 * The hallway: one batch of observations at a time, every step named in order. Believe, judge, guard, plan,
 * write down, hand over. Nothing in here waits; what takes time comes back as an observation.
 */
import { Timer } from "./timer.ts";
import { Announcements } from "../management-room/announcements.ts";
import { QuestionFlow } from "../management-room/questions/question-flow.ts";
import type { Command } from "../commands/define.ts";
import type { Health } from "../model/health.ts";
import type { AclDebounce } from "../decisions/judge/acl-debounce.ts";
import type { AclRound } from "../decisions/judge/server-acls.ts";
import { BlastRadius, type BlastLimits } from "../decisions/guard/blast-radius.ts";
import { withCleaning } from "../decisions/judge/redactions.ts";
import { guard, type Guarded, type Refusal } from "../decisions/guard/guard.ts";
import { judge, type Judging } from "../decisions/judge/judge.ts";
import { ManualBans, type OfferLimits } from "../management-room/manual-bans.ts";
import { plan, stepOf } from "../decisions/plan.ts";
import { respond } from "../decisions/respond/respond.ts";
import { Setbacks } from "../decisions/in-flight/still-holds.ts";
import { CoalescedActs } from "../decisions/in-flight/coalesced-acts.ts";
import { keysGoingOn, resumeOpen } from "../decisions/in-flight/resume.ts";
import type { GapHealing } from "../decisions/judge/room-upkeep.ts";
import { bansLifted, type Watchdog } from "../decisions/judge/watchdog.ts";
import { CommandDescriptions } from "../management-room/command-descriptions.ts";
import { Desk } from "../management-room/desk.ts";
import type { Executor } from "../executor/executor.ts";
import type { TellLimits } from "../management-room/progress/progress-messages.ts";
import type { Journal } from "../journal/journal.ts";
import type { JournalPast } from "../journal/past.ts";
import type { Pruning } from "../journal/pruning.ts";
import type { Clock } from "../kit/clock.ts";
import { dayMs, minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import type { Say } from "../kit/say.ts";
import { actKey, isLevelChange, isUndoable, type Action } from "../model/actions/action.ts";
import type { CommandSettings, LookUps } from "../management-room/hearing/listener.ts";
import { decide, type Cause, type Decision, type Outcome, type Step } from "../model/decision.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { Changes } from "../model/world/changes.ts";
import type { Observation, Seen } from "../model/observation.ts";
import { isSingleUse, type Question } from "../model/question.ts";
import type { RuleChange } from "../model/policy-list.ts";
import type { World } from "../model/world/world.ts";
import { RulesInForce } from "../policy/rules-in-force.ts";
import type { AclOptions } from "../policy/server-acl/spared-servers.ts";
import { undo } from "../decisions/undo.ts";
import type { Protection } from "../automod/define.ts";
import type { RedactReasons } from "../policy/redact-reasons.ts";
import type { Database } from "../store/database.ts";
import { BufferedWrites } from "../store/buffered-writes.ts";
import type { Snapshot } from "../store/snapshot.ts";

export interface BotOptions {
  readonly world: World;
  readonly db: Database;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
  readonly past: JournalPast;
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly Command[];
  readonly protections: readonly Protection[];
  readonly commandSettings: CommandSettings;
  readonly redactReasons: RedactReasons;
  readonly redactionLimit: number;
  readonly acl: AclOptions | undefined;
  readonly aclDebounce: AclDebounce;
  readonly gapHealing: GapHealing;
  readonly pruning: Pruning;
  readonly watchdog: Watchdog;
  readonly offers: OfferLimits;
  readonly tell: TellLimits;
  readonly guard: BlastLimits & { readonly answerWithinHours: number };
  /** Makes the executor, which reports to us how each act ended and asks whether it is still wanted. */
  readonly executor: (reports: {
    ended: (outcome: Outcome) => void;
    stillHolds: (decision: Decision) => boolean;
  }) => Executor;
  /** What this run does not do, in a sentence; undefined for one like any other. */
  readonly restriction?: Say | undefined;
  readonly lookUps: LookUps;
  /** Asks the homeserver what it lets us do as its administrator; the answer is received as an observation. */
  readonly lookAtServerPowers: () => Promise<void>;
  /** The config lets moderators take power in rooms through the homeserver. */
  readonly makeRoomAdmin: boolean;
  /** The config, for people to look at. */
  readonly config: readonly SettingInForce[];
  /** The earlier of our clock, which says `at`, and the homeserver's. */
  readonly dueBy: (at: number) => number;
}

/** Commands of the last day get their answer completed after a crash. */
const answersKeptMs = dayMs;

export class Bot {
  readonly executor: Executor;
  readonly #options: BotOptions;
  readonly #world: World;
  readonly #rulesInForce: RulesInForce;
  readonly #judging: Judging;
  readonly #desk: Desk;
  readonly #announcements: Announcements;
  readonly #describing: CommandDescriptions | undefined;
  readonly #setbacks: Setbacks;
  readonly #coalescedActs = new CoalescedActs();
  readonly #blast: BlastRadius;
  readonly #asking: QuestionFlow;
  readonly #offers: ManualBans;
  readonly #startedAt: number;
  readonly #mailbox: Observation[][] = [];
  /** Searches under way, by id: what they find is redacted or quarantined for their cause. */
  readonly #searches = new Map<string, Decision>();
  #isStepping = false;
  #acl: AclRound | undefined;
  readonly #alarm: Timer;
  #stopped = false;
  #isCaughtUp = false;
  /** What an earlier run left behind, read before this one opens anything. */
  #leftOpen: readonly Decision[];
  /** The acts among it that will go on. */
  #leftKeys: ReadonlySet<string>;
  #leftUnanswered: readonly Extract<Cause, { kind: "command" }>[];
  readonly #records: BufferedWrites;
  syncTrouble: string | undefined;
  /** Our account is locked or suspended, in the homeserver's words. */
  accountTrouble: string | undefined;
  /** Rooms and lists that are wanted and lead nowhere yet. */
  lost: readonly Say[] = [];

  constructor(options: BotOptions) {
    const { world, journal, clock } = options;
    this.#options = options;
    this.#world = world;
    this.#records = new BufferedWrites({ ...options, maxKept: world.limits.unwrittenEntries });
    this.#rulesInForce = new RulesInForce(world);
    this.#setbacks = new Setbacks(world, this.#rulesInForce);
    this.#judging = {
      ...options,
      rulesInForce: this.#rulesInForce,
      pendingRules: this.#setbacks.pendingRules,
      commandBehind: (rule) => this.#setbacks.commandBehind(rule),
    };
    this.#blast = new BlastRadius(options.guard, options.acl);
    this.#offers = new ManualBans(options.offers);
    this.#asking = new QuestionFlow({
      isObsolete: (about) => this.#offers.isObsolete(about, { world, rulesInForce: this.#rulesInForce }),
      world,
      prefix: options.commandSettings.prefixes[0]!,
      answerWithinHours: options.guard.answerWithinHours,
      editEveryMs: options.tell.editEveryMs,
      receive: (seen) => this.receive(seen),
    });
    this.#startedAt = clock.now();
    this.#alarm = new Timer({
      clock,
      dueAt: () => [options.aclDebounce.dueAt(), this.#desk.nextAt(), this.#offers.nextAt()],
      nextEnd: () => world.nextEnd(),
      tick: (retryRooms) => {
        options.pruning.pruneSome(clock.now());
        this.receive([{ kind: "tick", retryRooms }]);
      },
    });
    this.#leftOpen = journal.unfinished().map((entry) => entry.decision);
    this.#leftKeys = keysGoingOn(this.#leftOpen);
    this.#leftUnanswered = journal.unanswered(this.#startedAt - answersKeptMs);
    for (const { list, user, at } of journal.bannedForLists(
      this.#startedAt - options.guard.windowMinutes * minuteMs,
    ))
      this.#blast.remember(list, user, at);
    this.#announcements = new Announcements(world, options.commandSettings.prefixes[0]!);
    this.#describing = options.commandSettings.describe
      ? new CommandDescriptions(world, options.commands)
      : undefined;
    this.#desk = new Desk({
      ...options,
      announcements: this.#announcements,
      rulesInForce: this.#rulesInForce,
      startedAt: this.#startedAt,
      receive: (seen) => this.receive(seen),
      needsYes: (command, why) => this.#blast.needsYes(command, why),
      tookBack: (entity, at) => this.#setbacks.tookBack(entity, at),
      undone: (occasions, by, at) => {
        this.#setbacks.undone(occasions, by, at);
        world.apply({ kind: "forgiven", incidents: occasions, at, dueBy: world.dueBy });
      },
      health: () => this.health,
    });
    this.executor = options.executor({
      ended: (outcome) => this.receive([{ kind: "outcome", outcome }]),
      stillHolds: (decision) => this.#setbacks.stillHolds(decision),
    });
  }

  get health(): Health {
    return {
      startedAt: this.#startedAt,
      restriction: this.#options.restriction,
      pending: this.executor.pending,
      pauseLeftMs: this.executor.pauseLeft(),
      expectedMs: this.executor.expectedMs(),
      syncTrouble: this.syncTrouble,
      accountTrouble: this.accountTrouble,
      diskTrouble: this.#records.trouble,
      lost: this.lost,
      aclRefused: this.#acl?.refused ?? [],
      aclLeftOut: this.#acl?.leftOut ?? [],
      rulesNotApplied: this.#rulesInForce.index.unindexed().length,
    };
  }

  /** The one mailbox. Batches are worked off in order; what happens meanwhile queues behind. */
  receive(seen: readonly Seen[] | readonly Observation[]): void {
    if (seen.length === 0 || this.#stopped) return;
    const at = this.#options.clock.now();
    const dueBy = this.#options.dueBy(at);
    this.#mailbox.push(seen.map((one) => ("at" in one ? one : { ...one, at, dueBy })));
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let batch = this.#mailbox.shift(); batch; batch = this.#mailbox.shift()) this.#safely(batch);
    this.#isStepping = false;
    this.#alarm.set();
  }

  /** From here on commands are obeyed: what came before was said to whoever ran before us. */
  caughtUp(): void {
    this.#isCaughtUp = true;
    this.#desk.open();
    this.#announcements.open();
    this.#offers.open();
  }

  /** Commands that were said while we were away, and are not obeyed. */
  get ignoredCommands(): number {
    return this.#desk.ignored;
  }

  /** Looks at everything once, as at the start. */
  reconsiderEverything(): void {
    this.#world.reconsiderEverything();
    this.receive([{ kind: "tick", retryRooms: false }]);
  }

  /**
   * Takes up what an earlier run had decided and not finished. What the lists ask for is judged anew anyway; what has
   * come true meanwhile is done; the rest goes on, and the answers to its commands are completed.
   */
  resume(): void {
    const { past, log, clock } = this.#options;
    const at = clock.now();
    this.#desk.resume(this.#leftUnanswered, at);
    for (const decision of this.#leftOpen.filter(isRule)) this.#setbacks.handedOver(decision);
    const { steps, ended } = resumeOpen(this.#leftOpen, {
      world: this.#world,
      rulesInForce: this.#rulesInForce,
      at,
      isUnderWay: (key) => this.executor.isUnderWay(key),
    });
    for (const outcome of ended) this.receive([{ kind: "outcome", outcome }]);
    if (this.#leftOpen.length > 0)
      log.info({ open: this.#leftOpen.length, resumed: steps.length }, "unfinished acts taken up");
    this.#enqueue(steps);
    this.#leftOpen = [];
    this.#leftKeys = new Set();
    this.#leftUnanswered = [];
    this.#asking.resume(
      (command) => past.ofOccasion(command).some(({ decision }) => carriesOut(decision)),
      at - answersKeptMs,
    );
    this.#do(this.#untold(at));
    this.#alarm.set();
  }

  /** How we are called, as far as our profile tells. */
  isCalled(displayName: string): void {
    this.#desk.renamed({ displayname: displayName });
  }

  /** Says something to the moderators outside of any incident. */
  announce(say: Say, what: string): void {
    this.#do([this.#announcements.of(say, what, this.#options.clock.now())]);
  }

  /** An act with what can be known only now that it is done: a room's levels may have changed while it waited. */
  completed(decision: Decision): Decision {
    const { action } = decision;
    return isLevelChange(action)
      ? { ...decision, action: { ...action, levels: this.#world.levelsAfter(action) } }
      : decision;
  }

  /** A message as it should be now that it is sent. */
  newest(decision: Decision): Decision {
    return this.#desk.newest(decision);
  }

  stop(): void {
    this.#stopped = true;
    this.#records.lastTry(this.#options.clock.now());
    this.#alarm.stop();
  }

  #safely(batch: readonly Observation[]): void {
    try {
      this.#step(batch);
    } catch (error) {
      // Ours, and grave; but the next batch has nothing to do with it. What this one would have led to is judged again.
      this.#options.log.error(
        { err: error, kinds: [...new Set(batch.map((one) => one.kind))] },
        "a batch of observations broke",
      );
      this.#world.reconsiderEverything();
    }
  }

  #believe(one: Observation): void {
    try {
      this.#world.apply(one);
    } catch (error) {
      this.#options.log.error({ err: error, kind: one.kind }, "an observation broke");
    }
  }

  #step(seen: readonly Observation[]): void {
    const at = seen.at(-1)!.at;
    for (const one of seen) this.#believe(one);
    const isRetry = seen.some((one) => one.kind === "tick" && one.retryRooms);
    if (isRetry) this.#world.reconsider(this.#setbacks.takeFailedRooms());
    const changes = this.#world.takeChanges();
    const moved = this.#rulesInForce.update(this.#world, changes.rules);
    this.#setbacks.roomsChanged(changes.rooms);
    this.#desk.rulesMoved(moved, at);
    // Before anything is judged, so that nothing is done for a rule that has to wait.
    const asked = this.#blast
      .weighRules(
        { came: [...moved.came, ...changes.settled], went: moved.went },
        { world: this.#world, rulesInForce: this.#rulesInForce, at },
      )
      .map((held) => this.#ask(this.#asking.aboutRules(held, at), at));
    this.#asking.commandsSeen(seen);
    this.#blast.commandsSeen(seen);
    const search = (id: string) => this.#searches.get(id);
    const judgement = judge(seen, changes, { moved, judging: this.#judging, at, search });
    if (judgement.acl) this.#acl = judgement.acl;
    const responses = respond(seen, {
      world: this.#world,
      rulesInForce: this.#rulesInForce,
      protections: this.#options.protections,
      isUndone: (incident) => this.#setbacks.isUndone(incident),
    });
    for (const offence of responses.offences)
      this.#world.apply({ kind: "offence", offence, at, dueBy: this.#world.dueBy });
    this.#desk.found(responses.answered, at);
    const wanted = [
      ...judgement.decisions,
      ...responses.decisions,
      ...this.#confirmed(seen, at),
      ...this.#desk.answers(seen),
      ...this.#undoLate(seen, at),
      ...this.#watch(seen, at),
      ...this.#describe(seen, at),
      ...seen.flatMap((one) => (one.kind === "outcome" ? this.#coalescedActs.leftBehind(one.outcome) : [])),
    ];
    const proposed = withCleaning(wanted, { world: this.#world, limit: this.#options.redactionLimit, at });
    const { allowed, refused, held } = guard(proposed, { ...this.#judging, blast: this.#blast, at });
    asked.push(...this.#hold(held, at));
    for (const one of this.#desk.takeAsked()) asked.push(this.#ask(this.#asking.aboutCommand(one, at), at));
    this.#desk.takeEffect();
    const tried = allowed.filter((decision) => !this.#setbacks.isBlocked(decision));
    const isUnderWay = (key: string) => this.executor.isUnderWay(key) || this.#leftKeys.has(key);
    const steps = plan(tried, { world: this.#world, isUnderWay });
    const news = this.#desk.newsAmong(refused, changes.rooms);
    this.#writeAndHand(steps, { seen, news, ended: changes.rules });
    for (const decision of this.#coalescedActs.follow(tried, (key) => this.executor.isUnderWay(key)))
      this.#desk.handedOver(decision);
    this.#do(isRetry ? [...asked, ...this.#untold(at)] : asked);
    this.#do(seen.map((one) => this.#afterwards(one)));
    this.#do(seen.flatMap((one) => this.#asking.afterwards(one)));
    this.#do(seen.flatMap((one) => (one.kind === "outcome" ? this.#desk.choices(one.outcome, at) : [])));
    this.#do(this.#announcements.weakAmong(changes.rooms, at));
    this.#do(this.#offer(seen, changes, at));
    this.#do(this.#announcements.overwritten(changes.overwritten, this.#options.watchdog, at));
    this.#do(this.#announcements.lostLevels(changes.lostLevels, at));
    this.#desk.awaitAcls(this.#options.aclDebounce.waiting, at);
    this.#do([this.#announcements.diskNews(this.#records.news(at), at)]);
    this.#do(this.#desk.due(at));
    for (const question of this.#asking.toldBy(seen))
      this.#world.apply({ kind: "asked", question, at, dueBy: this.#world.dueBy });
    this.#do(this.#asking.due(at));
  }

  /** Questions whose message could not be sent, or that we were stopped before: what is on its way is not put twice. */
  #untold(at: number): readonly (Decision | undefined)[] {
    return this.#asking
      .untold(at)
      .filter((decision) => !decision || !this.executor.isUnderWay(actKey(decision.action)));
  }

  /** What people did by hand is offered for the lists; what is not offered and matters is told. */
  #offer(seen: readonly Observation[], changes: Changes, at: number): readonly (Decision | undefined)[] {
    const view = { world: this.#world, rulesInForce: this.#rulesInForce };
    this.#offers.seen(seen, view);
    this.#offers.lifted(bansLifted(changes, view), at);
    const { offers, lifted, restUntil } = this.#offers.due(at, view);
    return [
      ...offers.map((offer) => this.#ask(this.#asking.aboutOffer(offer, at), at)),
      ...this.#announcements.liftedBy(lifted, at),
      restUntil === undefined ? undefined : this.#announcements.noMoreOffers(restUntil, at),
    ];
  }

  /** When there is nothing else to do, a room is read anew. */
  #watch(seen: readonly Observation[], at: number): readonly Decision[] {
    if (this.executor.pending > 0 || !seen.some((one) => one.kind === "tick")) return [];
    return [this.#options.watchdog.next(this.#world, at) ?? []].flat();
  }

  #describe(seen: readonly Observation[], at: number): readonly Decision[] {
    if (!this.#isCaughtUp || this.executor.pending > 0) return [];
    const isLimited = this.executor.expectedMs() !== undefined || this.executor.pauseLeft() > 0;
    return [this.#describing?.next(seen, { isLimited, at }) ?? []].flat();
  }

  /** Acts that were on their way while somebody took them back. */
  #undoLate(seen: readonly Observation[], at: number): readonly Decision[] {
    return seen.flatMap((one) => {
      const because = one.kind === "outcome" ? this.#setbacks.undoOf(one.outcome.decision) : undefined;
      if (one.kind !== "outcome" || !because) return [];
      const { past } = this.#options;
      const { acts } = undo([one.outcome], { world: this.#world, rulesInForce: this.#rulesInForce, past });
      return acts.map(({ action, replaces, list }) =>
        decide(action, list && because.kind === "command" ? { ...because, list } : because, { at, replaces }),
      );
    });
  }

  /** What protections would have done and what a person has said yes to now. */
  #confirmed(seen: readonly Observation[], at: number): readonly Decision[] {
    return seen.flatMap((one) => {
      const about =
        one.kind === "answered" && one.yes ? this.#world.questions.get(one.question)?.about : undefined;
      if (one.kind !== "answered" || about?.kind !== "findings") return [];
      return about.acts.map(({ action, because }) =>
        decide(action, because, { at, replaces: `question ${one.question}` }),
      );
    });
  }

  /** What waits for a yes becomes questions; a command that waits is answered when they are. */
  #hold(held: Guarded["held"], at: number): readonly (Decision | undefined)[] {
    return held.map((one) => {
      const headline = "command" in one.by ? this.#desk.withdraw(one.by.command) : undefined;
      return this.#ask(this.#asking.aboutDecisions(one, headline, at), at);
    });
  }

  /** From here on the question is believed, and holds what it is about. */
  #ask(question: Question, at: number): Decision | undefined {
    const isNew = !this.#world.questions.get(question.id);
    this.#world.apply({ kind: "asked", question, at, dueBy: this.#world.dueBy });
    return isNew ? this.#asking.message(question, at) : undefined;
  }

  /** What an observation leads to besides judging: a command heard, a loss told, an outcome counted. */
  #afterwards(one: Observation): Decision | undefined {
    switch (one.kind) {
      case "message":
        return one.late
          ? undefined
          : (this.#asking.listen(one.room, one.event) ?? this.#desk.listen(one.room, one.event, one.at));
      case "state":
        if (one.event.type === "m.room.member" && one.event.stateKey === this.#world.self)
          if (one.room === this.#world.settings.managementRoom) this.#desk.renamed(one.event.content);
        return undefined;
      case "own-membership":
        return this.#announcements.lossOf(one.room, one.at);
      case "progress":
        this.#desk.progress(one.decision, one.note);
        return undefined;
      case "outcome":
        this.#noteOutcome(one.outcome, one.at);
        return this.#announcements.endOfExemption(one.outcome, one.at);
      default:
        return undefined;
    }
  }

  /** Messages and marks: nothing to judge or guard. */
  #do(decisions: readonly (Decision | undefined)[]): void {
    const steps = decisions.flatMap((decision) => (decision ? [stepOf(decision, this.#world)] : []));
    if (steps.length > 0) this.#writeAndHand(steps, { seen: [], news: [], ended: [] });
  }

  /** Writes down, in one transaction, what was believed, what will be done, how things ended and how far we have read. */
  #writeAndHand(
    steps: readonly Step[],
    {
      seen,
      news,
      ended,
    }: { seen: readonly Observation[]; news: readonly Refusal[]; ended: readonly RuleChange[] },
  ): void {
    const { journal, past, clock } = this.#options;
    const outcomes = seen.filter((one) => one.kind === "outcome");
    const token = seen.findLast((one) => one.kind === "synced")?.token;
    const decisions = steps.map((step) => step.decision);
    const now = clock.now();
    const work = () => {
      for (const one of outcomes) journal.close(one.outcome, one.at);
      for (const { decision, why } of news) journal.refuse({ decision, why: why.text });
      past.rulesEnded(ended, now);
      for (const occasion of numberedIn(steps, this.#world))
        this.#desk.numbered(occasion, past.number(occasion));
      return journal.open(decisions);
    };
    const size = outcomes.length + news.length + ended.length + steps.length;
    const opened =
      this.#records.write({ rows: this.#world.takeRows(), token, work, size }, now) ??
      // What cannot be written down is done all the same.
      new Set(decisions.map((decision) => decision.id));
    for (const refusal of news) this.#desk.refused(refusal);
    this.#hand(steps.filter((step) => opened.has(step.decision.id)));
  }

  #hand(steps: readonly Step[]): void {
    for (const { decision } of steps) {
      this.#desk.handedOver(decision);
      this.#setbacks.handedOver(decision);
      if (decision.action.kind === "set-server-acl") this.#options.aclDebounce.began();
    }
    this.#enqueue(steps);
  }

  #enqueue(steps: readonly Step[]): void {
    for (const { decision } of steps) {
      this.#coalescedActs.handedOver(decision);
      if (isSearch(decision)) this.#searches.set(decision.id, decision);
    }
    this.executor.enqueue(steps);
  }

  #noteOutcome(outcome: Outcome, at: number): void {
    const { decision, result } = outcome;
    const { action, id } = decision;
    this.#searches.delete(id);
    this.#describing?.ended(outcome);
    this.#desk.ended(outcome, at);
    for (const follower of this.#coalescedActs.ended(outcome))
      this.#desk.ended({ decision: follower, result }, at);
    this.#setbacks.ended(outcome);
    if (action.kind === "write-policy") this.#world.reconsider(this.#setbacks.takeHeldBack(action.list));
    if (action.kind === "set-server-acl") this.#options.aclDebounce.ended(at);
    if (result.kind !== "failed") return;
    this.#options.log.warn(
      { decision: id, kind: action.kind, code: result.code, reason: result.message },
      "act failed",
    );
  }
}

/** Commands and incidents that lead to something that can be taken back: they get a number to do it by. */
function numberedIn(steps: readonly Step[], world: World): ReadonlySet<string> {
  return new Set(
    steps.flatMap(({ decision: { action, because } }) => {
      if (because.kind === "finding") return isUndoable(action) ? because.incident : [];
      if (because.kind !== "command" || because.via || !isUndoable(action)) return [];
      return answersCommand(action, world) ? [] : because.event;
    }),
  );
}

/** A yes to a command or an offer is taken back with the command that it leads to, by its number. */
function answersCommand(action: Action, { questions }: World): boolean {
  const question = action.kind === "answer-question" ? questions.get(action.question) : undefined;
  return question !== undefined && isSingleUse(question);
}

function isSearch({ action }: Decision): boolean {
  return action.kind === "search-history" || action.kind === "find-media";
}

function isRule({ action }: Decision): boolean {
  return action.kind === "write-policy";
}

/** Neither the question about a command nor what was read before it. */
function carriesOut({ action, because }: Decision): boolean {
  return action.kind !== "ask" && !(because.kind === "command" && because.reads);
}
