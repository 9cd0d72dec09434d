/**
 * The hallway: one batch of observations at a time, every step named in order. Believe, judge, guard, plan,
 * write down, hand over. Nothing in here waits; what takes time comes back as an observation.
 */
import { answer } from "./commands/answer.ts";
import type { Command } from "./commands/define.ts";
import { hear } from "./commands/hear.ts";
import type { Health } from "./commands/health.ts";
import { roomName } from "./commands/names.ts";
import { troubleOf } from "./commands/trouble.ts";
import type { AclPace } from "./decisions/acl-pace.ts";
import type { AclOptions, AclRound } from "./decisions/acl.ts";
import { withCleaning } from "./decisions/cleaning.ts";
import { guard, type Refusal } from "./decisions/guard.ts";
import { judge, type Judging, type RulesMoved } from "./decisions/judge.ts";
import { plan } from "./decisions/plan.ts";
import type { HealPace } from "./decisions/upkeep.ts";
import type { Executor } from "./executor/executor.ts";
import { Incidents, type TellLimits } from "./journal/incidents.ts";
import type { Journal } from "./journal/journal.ts";
import { summariseRules, type RuleCounts } from "./journal/rule-news.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { code, say, type Say } from "./kit/say.ts";
import { actKey, roomOf, type Action } from "./model/action.ts";
import { decide, type Cause, type Decision, type Outcome, type Step } from "./model/decision.ts";
import type { RoomAlias, RoomId } from "./model/ids.ts";
import type { RoomEvent } from "./model/event.ts";
import type { Observation, ResolvedAlias, Seen } from "./model/observation.ts";
import type { Row, World } from "./model/world.ts";
import { PolicyBook } from "./policy/book.ts";
import type { RedactReasons } from "./policy/redact-reasons.ts";
import type { Snapshot } from "./store/snapshot.ts";
import type { Database } from "./store/database.ts";

export interface BotOptions {
  readonly world: World;
  readonly db: Database;
  readonly snapshot: Snapshot;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly commands: readonly Command[];
  readonly prefixes: readonly string[];
  readonly redactReasons: RedactReasons;
  readonly redactionLimit: number;
  readonly acl: AclOptions | undefined;
  readonly aclPace: AclPace;
  readonly healPace: HealPace;
  readonly tell: TellLimits;
  /** Makes the executor, which reports to us how each act ended. */
  readonly executor: (reports: {
    ended: (outcome: Outcome) => void;
    stillHolds: (decision: Decision) => boolean;
  }) => Executor;
  readonly resolveAlias: (alias: RoomAlias) => Promise<ResolvedAlias>;
}

/** The clock ticks this often when nothing else happens; rules expire and rooms are tried again by it. */
const tickMs = 30_000;
const retryRoomsMs = 5 * 60_000;
/** Refusals and blocked acts remembered so as not to be told or tried again. */
const remembered = 10_000;
/** Commands of the last day get their answer completed after a crash. */
const answersKeptMs = 86_400_000;

export class Bot {
  readonly executor: Executor;
  readonly #options: BotOptions;
  readonly #world: World;
  readonly #book: PolicyBook;
  readonly #judging: Judging;
  readonly #incidents: Incidents;
  readonly #startedAt: number;
  readonly #mailbox: Observation[][] = [];
  readonly #searches = new Map<string, Decision>();
  readonly #refusals = new Map<string, Say>();
  readonly #news = new Map<string, RuleCounts>();
  #hearing: Promise<void> = Promise.resolve();
  #isStepping = false;
  #isCaughtUp = false;
  #lastRetry: number;
  #acl: AclRound | undefined;
  #wake: AbortController | undefined;
  #wakeAt = 0;
  #nextTickAt: number;
  #stopped = false;
  /** What an earlier run left behind, read before this one opens anything. */
  #leftOpen: readonly Decision[];
  #leftUnanswered: readonly Extract<Cause, { kind: "command" }>[];
  /** Rows that could not be written; they go with the next transaction. */
  #unwritten: readonly Row[] = [];
  /** Acts that the server refused for good, with the power levels under which it did. */
  readonly #blocked = new Map<string, string>();
  /** Rooms in which something failed that may work later. */
  readonly #failedRooms = new Set<RoomId>();
  /** People unbanned by command, and when: bans decided before that are void. */
  readonly #unbanned = new Map<string, number>();
  syncTrouble: string | undefined;
  /** Rooms and lists that are wanted and lead nowhere yet. */
  lost: readonly Say[] = [];

  constructor(options: BotOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#book = new PolicyBook(options.world);
    this.#startedAt = options.clock.now();
    this.#lastRetry = this.#startedAt;
    this.#nextTickAt = this.#startedAt + tickMs;
    this.#incidents = new Incidents(options.tell);
    const { world, redactReasons, aclPace, healPace, acl } = options;
    this.#judging = { world, book: this.#book, redactReasons, aclPace, healPace, acl };
    this.#leftOpen = options.journal.unfinished().map((entry) => entry.decision);
    this.#leftUnanswered = options.journal.unanswered(this.#startedAt - answersKeptMs);
    this.executor = options.executor({
      ended: (outcome) => this.receive([{ kind: "outcome", outcome }]),
      stillHolds: (decision) => this.#stillHolds(decision),
    });
  }

  get health(): Health {
    return {
      startedAt: this.#startedAt,
      pending: this.executor.pending,
      pauseLeftMs: this.executor.pauseLeft(),
      syncTrouble: this.syncTrouble,
      lost: this.lost,
      aclRefused: this.#acl?.refused ?? [],
      aclLeftOut: this.#acl?.leftOut ?? [],
      rulesNotApplied: this.#book.index.unindexed().length,
    };
  }

  /** The one mailbox. Batches are worked off in order; what happens meanwhile queues behind. */
  receive(seen: readonly Seen[] | readonly Observation[]): void {
    if (seen.length === 0) return;
    const at = this.#options.clock.now();
    this.#mailbox.push(seen.map((one) => ("at" in one ? one : { ...one, at })));
    if (this.#isStepping) return;
    this.#isStepping = true;
    for (let batch = this.#mailbox.shift(); batch; batch = this.#mailbox.shift()) this.#safely(batch);
    this.#isStepping = false;
    this.#scheduleWake();
  }

  /** From here on commands are obeyed: what came before was said to whoever ran before us. */
  caughtUp(): void {
    this.#isCaughtUp = true;
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
    const { journal, db, log, clock } = this.#options;
    const at = clock.now();
    const isJudgedAnew = ({ action, because }: Decision) =>
      because.kind !== "command" &&
      (action.kind === "ban" || action.kind === "unban" || action.kind === "set-server-acl");
    const left = this.#leftOpen.filter((decision) => !isJudgedAnew(decision));
    db.transaction(() => {
      for (const decision of this.#leftOpen.filter(isJudgedAnew))
        journal.close({ decision, result: { kind: "superseded" } }, at);
    });
    for (const because of this.#leftUnanswered)
      this.#incidents.resume(because, journal.ofOccasion(because.event), at);
    const { allowed, refused } = guard(left, this.#judging);
    const steps = plan(allowed, { world: this.#world, isUnderWay: () => false });
    const going = new Set(steps.map((step) => step.decision.id));
    const ended = (decision: Decision, result: Outcome["result"]) =>
      this.receive([{ kind: "outcome", outcome: { decision, result } }]);
    for (const decision of allowed) if (!going.has(decision.id)) ended(decision, { kind: "done" });
    for (const { decision, why } of refused)
      ended(decision, { kind: "failed", lasting: true, code: "REFUSED", message: why.text });
    if (this.#leftOpen.length > 0)
      log.info({ open: this.#leftOpen.length, resumed: steps.length }, "unfinished acts taken up");
    this.#enqueue(steps);
    this.#leftOpen = [];
    this.#leftUnanswered = [];
    this.#scheduleWake();
  }

  /** Says something to the moderators outside of any incident. */
  announce(say: Say, what: string): void {
    const room = this.#world.settings.managementRoom;
    if (!room) return;
    const because: Cause = { kind: "self", what };
    const at = this.#options.clock.now();
    const decision = decide(
      { kind: "tell", room, key: what, revision: 0, say, edits: undefined, replyTo: undefined },
      because,
      { at, replaces: "" },
    );
    this.#open([{ decision, lane: room, priority: 5, rank: 0 }], { seen: [], refused: [] });
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.abort();
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
    if (seen.some((one) => one.kind === "tick" && one.retryRooms)) this.#retryFailed();
    const changes = this.#world.takeChanges();
    const moved = this.#book.update(this.#world, changes.rules);
    if (this.#isCaughtUp) this.#noteRuleNews(moved, at);
    for (const id of changes.rooms) this.#forgetRefusals(id);
    const search = (id: string) => this.#searches.get(id);
    const judgement = judge(seen, changes, { moved, judging: this.#judging, at, search });
    if (judgement.acl) this.#acl = judgement.acl;
    const asked = [...judgement.decisions, ...this.#answers(seen)];
    const proposed = withCleaning(asked, { world: this.#world, limit: this.#options.redactionLimit, at });
    const { allowed, refused } = guard(proposed, this.#judging);
    const tried = allowed.filter((decision) => !this.#isBlocked(decision));
    const steps = plan(tried, { world: this.#world, isUnderWay: (key) => this.executor.isUnderWay(key) });
    this.#open(steps, { seen, refused });
    for (const one of seen) {
      if (one.kind === "message" && !one.late) this.#listen(one.room, one.event);
      if (one.kind === "outcome") this.#noteOutcome(one.outcome, one.at);
      if (one.kind === "own-membership") this.#tellRemoval(one.room, one.at);
    }
    this.#tellWhatIsDue(at);
  }

  /** Writes down, in one transaction, what was believed, what will be done, how things ended and how far we have read. */
  #open(
    steps: readonly Step[],
    { seen, refused }: { seen: readonly Observation[]; refused: readonly Refusal[] },
  ): void {
    const { db, snapshot, journal } = this.#options;
    const news = refused.filter((refusal) => this.#isNews(refusal));
    const rows = [...this.#unwritten, ...this.#world.takeRows()];
    let opened: ReadonlySet<string>;
    try {
      opened = db.transaction(() => {
        snapshot.write(rows);
        for (const one of seen) {
          if (one.kind === "outcome") journal.close(one.outcome, one.at);
          if (one.kind === "synced") snapshot.keep("token", one.token);
        }
        for (const { decision, why } of news) journal.refuse({ decision, why: why.text });
        return journal.open(steps.map((step) => step.decision));
      });
      this.#unwritten = [];
    } catch (error) {
      // A full disk must not stop the protection: what cannot be written down is done all the same, and said.
      this.#unwritten = rows;
      opened = new Set(steps.map((step) => step.decision.id));
      this.#options.log.error({ err: error }, "the data folder cannot be written");
    }
    for (const refusal of news) this.#incidents.refused(refusal.decision, refusal);
    this.#hand(steps.filter((step) => opened.has(step.decision.id)));
  }

  #hand(steps: readonly Step[]): void {
    for (const { decision } of steps) {
      const { action, because, at } = decision;
      if (action.kind !== "tell" && action.kind !== "react") this.#incidents.planned(decision);
      if (action.kind === "set-server-acl") this.#options.aclPace.began();
      if (action.kind === "remove-policy" && because.kind === "command")
        this.#noteUnbanned(String(action.before["entity"]), at);
    }
    this.#enqueue(steps);
  }

  #enqueue(steps: readonly Step[]): void {
    for (const { decision } of steps) {
      if (decision.action.kind === "search-history") this.#searches.set(decision.id, decision);
    }
    this.executor.enqueue(steps);
  }

  /** Asked right before an act: a rule may have gone, or a command taken back, while the act waited. */
  #stillHolds({ action, because, at }: Decision): boolean {
    if (!("user" in action) || !action.user) return true;
    if (action.kind === "kick") return true;
    if (because.kind === "rule") return this.#book.verdict(action.user)?.kind === "ban";
    if (because.kind === "rule-removed") return this.#book.verdict(action.user)?.kind !== "ban";
    return action.kind !== "ban" || at >= (this.#unbanned.get(action.user) ?? 0);
  }

  #noteUnbanned(user: string, at: number): void {
    this.#unbanned.set(user, at);
    if (this.#unbanned.size > remembered) this.#unbanned.delete(this.#unbanned.keys().next().value!);
  }

  /** What the server has refused for good is not asked again until the power levels there are others. */
  #isBlocked({ action, because }: Decision): boolean {
    if (action.kind === "join" || action.kind === "read-room") return false;
    return because.kind !== "command" && this.#blocked.get(actKey(action)) === this.#powerIn(action);
  }

  #powerIn(action: Action): string {
    const room = roomOf(action);
    return (room && this.#world.rooms.get(room)?.event("m.room.power_levels")?.eventId) ?? "none";
  }

  #noteFailure(action: Action, isLasting: boolean): void {
    const room = roomOf(action);
    if (!isLasting && room) this.#failedRooms.add(room);
    if (isLasting) this.#blocked.set(actKey(action), this.#powerIn(action));
    if (this.#blocked.size > remembered) this.#blocked.delete(this.#blocked.keys().next().value!);
  }

  #retryFailed(): void {
    this.#world.reconsider(this.#failedRooms);
    this.#failedRooms.clear();
  }

  /** A room that we lost is news, whoever is at fault. */
  #tellRemoval(id: RoomId, at: number): void {
    const room = this.#world.rooms.get(id);
    const isOurs = this.#world.isProtected(id) || this.#world.isWatched(id);
    const trouble = isOurs && room?.wasRemoved ? troubleOf(id, this.#world) : undefined;
    if (trouble) this.announce(say`${roomName(id, this.#world)} ${code(id)}: ${trouble}`, `lost ${id} ${at}`);
  }

  #noteOutcome(outcome: Outcome, at: number): void {
    const { decision, result } = outcome;
    this.#searches.delete(decision.id);
    this.#incidents.ended(outcome, at);
    if (decision.action.kind === "set-server-acl") this.#options.aclPace.ended(at);
    if (result.kind !== "failed") return;
    const { action, id } = decision;
    this.#noteFailure(action, result.lasting);
    this.#options.log.warn(
      { decision: id, kind: action.kind, code: result.code, reason: result.message },
      "act failed",
    );
  }

  #answers(seen: readonly Observation[]): readonly Decision[] {
    const decisions: Decision[] = [];
    for (const one of seen) {
      if (one.kind !== "command") continue;
      const heard = hear(one.event, this.#options.prefixes);
      if (!heard) continue;
      const { commands, redactReasons, redactionLimit } = this.#options;
      const { event, aliases, at } = one;
      const answered = answer({
        event: event.eventId,
        by: event.sender,
        at,
        text: heard.text,
        world: this.#world,
        book: this.#book,
        health: this.health,
        redactReasons,
        redactionLimit,
        prefix: heard.prefix,
        aliases,
        commands,
      });
      const { reply, because } = answered;
      if (reply.fault !== undefined) this.#options.log.error({ err: reply.fault }, "a command broke");
      this.#incidents.command(event.eventId, {
        headline: reply.say,
        because,
        at,
        isProblem: reply.isProblem ?? false,
      });
      decisions.push(...answered.decisions);
    }
    return decisions;
  }

  /** Only the management room is obeyed. Aliases are looked up first; commands keep their order. */
  #listen(room: RoomId, event: RoomEvent): void {
    const world = this.#world;
    if (room !== world.settings.managementRoom || event.sender === world.self) return;
    if (!this.#isCaughtUp && event.sentAt < this.#startedAt) return;
    const heard = hear(event, this.#options.prefixes);
    if (!heard || !world.isModerator(event.sender)) return;
    if (world.rooms.get(room)?.isPublic) {
      // Whoever comes in could command: nobody is obeyed until a person has closed the door.
      return this.announce(
        say`This room can be joined by anybody now, so I obey nobody in it. Make it invite-only.`,
        `public ${room}`,
      );
    }
    this.#hearing = this.#hearing.then(async () => {
      const resolved = await Promise.all(
        heard.aliases.map(async (alias) => [alias, await this.#options.resolveAlias(alias)] as const),
      );
      this.receive([{ kind: "command", room, event, aliases: new Map(resolved) }]);
    });
  }

  /** What a moderator asked for is always answered; what the lists ask for is refused once. */
  #isNews({ decision, key, why }: Refusal): boolean {
    if (decision.because.kind === "command") return true;
    if (this.#refusals.has(key)) return false;
    if (this.#refusals.size >= remembered) this.#refusals.delete(this.#refusals.keys().next().value!);
    this.#refusals.set(key, why);
    return true;
  }

  #forgetRefusals(room: string): void {
    for (const key of this.#refusals.keys()) if (key.includes(room)) this.#refusals.delete(key);
  }

  /** Rules that others wrote. What a command of ours wrote is told in the answer to the command. */
  #noteRuleNews(moved: RulesMoved, at: number): void {
    const { self } = this.#world;
    const news = {
      came: moved.came.filter((rule) => rule.sender !== self),
      went: moved.went.filter((rule) => rule.sender !== self),
    };
    if (news.came.length + news.went.length === 0) return;
    this.#incidents.listsChanged((already) => {
      if (!already) this.#news.clear();
      return summariseRules(this.#news, news, this.#world);
    }, at);
  }

  #tellWhatIsDue(now: number): void {
    const room = this.#world.settings.managementRoom;
    if (!room) return;
    const tellings = this.#incidents.due(now, { room, roomName: (id) => roomName(id, this.#world) });
    if (tellings.length === 0) return;
    const decisions = tellings.map(({ action, because }) =>
      decide(action, because, { at: now, replaces: "" }),
    );
    this.#open(plan(decisions, { world: this.#world, isUnderWay: () => false }), { seen: [], refused: [] });
  }

  /** Sleeps until the next thing is due: an ACL round, a message, or the next tick. Waking too early does no harm. */
  #scheduleWake(): void {
    if (this.#stopped) return;
    const { clock, aclPace } = this.#options;
    const due = Math.min(this.#nextTickAt, aclPace.dueAt() ?? Infinity, this.#incidents.nextAt() ?? Infinity);
    if (this.#wake && this.#wakeAt <= due) return;
    this.#wake?.abort();
    this.#wakeAt = due;
    const wake = (this.#wake = new AbortController());
    void clock.sleep(Math.max(1, due - clock.now()), wake.signal).then(() => {
      if (wake.signal.aborted) return;
      this.#wake = undefined;
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#options.clock.now();
    this.#nextTickAt = now + tickMs;
    const retryRooms = now - this.#lastRetry >= retryRoomsMs;
    if (retryRooms) this.#lastRetry = now;
    this.receive([{ kind: "tick", retryRooms }]);
  }
}
