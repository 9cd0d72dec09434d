/**
 * The hallway: one batch of observations at a time, every step named in order. Believe, judge, recognise, respond, guard, plan,
 * write down, hand over. Nothing in here waits; what takes time comes back as an observation.
 */
import { resumeOpen, keysToResume } from "../decisions/in-flight/resume.ts";
import type { BlastRadius } from "../decisions/guard/blast-radius.ts";
import { guard, type Refusal } from "../decisions/guard/guard.ts";
import { judge, type Judging } from "../decisions/judge/judge.ts";
import { withCleaning } from "../decisions/judge/redactions.ts";
import { plan } from "../decisions/plan.ts";
import { respond, type Responding } from "../decisions/respond/respond.ts";
import type { Executor } from "../executor/executor.ts";
import type { Log } from "../kit/log.ts";
import type { Words } from "../model/actions/action.ts";
import type { ActsInFlight } from "../model/acts-in-flight.ts";
import type { Decision, Outcome, Step } from "../model/decision.ts";
import type { Health } from "../model/health.ts";
import type { Observation } from "../model/observation.ts";
import type { World } from "../model/world/world.ts";
import type { Refusals } from "../management-room/refusals.ts";
import { HandOver, type HandOverOptions } from "./hand-over.ts";
import type { Mailbox } from "./mailbox.ts";
import type { OwnHealth } from "./own-health.ts";
import type { Batch, LeftOver, LookedAt, Part } from "./part.ts";
import { Parts } from "./parts.ts";
import { noteFound, recogniseWaves, type Recognising } from "./recognising.ts";
import { Timer } from "./timer.ts";

export interface BotOptions {
  readonly log: Log;
  readonly mailbox: Mailbox;
  readonly judging: Judging;
  /** The search behind what was found, by its decision id. */
  readonly search: (id: string) => Decision | undefined;
  readonly recogniser: Recognising["recogniser"];
  readonly responding: Responding;
  readonly guarding: Guarding;
  readonly handOver: HandOverOptions;
  readonly left: LeftOver;
  readonly health: OwnHealth;
  /** In the order in which their hooks are called. */
  readonly parts: readonly Part[];
}

export interface Guarding {
  readonly blast: BlastRadius;
  readonly refusals: Refusals;
  /** Whether a server has refused the act for good: it is not tried again before something changes in its room. */
  readonly isBlocked: (decision: Decision) => boolean;
  readonly inFlight: ActsInFlight;
  /** Messages of one person that are redacted in one room at most. */
  readonly redactionLimit: number;
  /** The command prefix, for commands that a refusal suggests. */
  readonly prefix: string;
}

interface Decided {
  readonly batch: LookedAt;
  readonly refused: readonly Refusal[];
  /** What the guard allowed and no server has refused. */
  readonly allowed: readonly Decision[];
  /** Those of them that are neither true nor under way yet, in order of urgency. */
  readonly steps: readonly Step[];
}

export class Bot {
  readonly executor: Executor;
  readonly receive: Mailbox["receive"];
  readonly #options: BotOptions;
  readonly #world: World;
  readonly #parts: Parts;
  readonly #handOver: HandOver;
  readonly #timer: Timer;
  #left: LeftOver;
  /** Keys of acts that an earlier run did not finish: until `resume` they count as under way. */
  #leftKeys: ReadonlySet<string>;

  constructor(options: BotOptions) {
    const { mailbox, handOver, log, left } = options;
    this.#options = options;
    this.#world = handOver.world;
    this.executor = handOver.executor;
    this.receive = mailbox.receive;
    this.#left = left;
    this.#leftKeys = keysToResume(left.open);
    this.#parts = new Parts(options.parts, log);
    this.#handOver = new HandOver(handOver, {
      handedOver: (decision) => this.#parts.each((part) => part.handedOver?.(decision)),
      numbered: (occasion, number) => this.#parts.each((part) => part.numbered?.(occasion, number)),
    });
    this.#timer = new Timer({
      clock: handOver.clock,
      dueAt: () => this.#parts.nextAts(),
      nextEnd: () => this.#world.nextEnd(),
      tick: (retryRooms) => this.receive([{ kind: "tick", retryRooms }]),
    });
    mailbox.open({
      step: (seen) => this.#step(seen),
      broke: () => this.#world.reconsiderEverything(),
      rested: () => this.#timer.set(),
    });
  }

  get health(): Health {
    return this.#options.health.now;
  }

  /** Acts that wait or are being performed, and those of the current batch. */
  get pending(): number {
    return this.#handOver.pending;
  }

  /** From here on commands are obeyed: what came before was said to the run before us. */
  caughtUp(): void {
    this.#parts.each((part) => part.caughtUp?.());
  }

  /** Judges everybody in every room once, as at the start. */
  reconsiderEverything(): void {
    this.#world.reconsiderEverything();
    this.receive([{ kind: "tick", retryRooms: false }]);
  }

  /**
   * Continues with the acts that an earlier run decided and did not finish: what lists ask for is judged again, what has
   * come true counts as done, the rest is performed. Replies to the commands behind them are completed.
   */
  resume(): void {
    const { log, handOver, judging, guarding } = this.#options;
    const left = this.#left;
    const at = handOver.clock.now();
    this.#parts.each((part) => part.resume?.(left, at));
    const { steps, ended } = resumeOpen(left.open, {
      world: this.#world,
      rulesInForce: judging.rulesInForce,
      prefix: guarding.prefix,
      at,
      isUnderWay: (key) => this.executor.isUnderWay(key),
    });
    for (const outcome of ended) this.receive([{ kind: "outcome", outcome }]);
    if (left.open.length > 0)
      log.info({ open: left.open.length, resumed: steps.length }, "unfinished acts taken up");
    this.executor.enqueue(steps);
    this.#left = { open: [], unanswered: [] };
    this.#leftKeys = new Set();
    this.say(this.#parts.of((part) => part.resumed?.(at)).flat());
    this.#timer.set();
  }

  /** Sends words outside of any batch. */
  say(words: readonly Decision<Words>[]): void {
    if (words.length > 0) this.#handOver.batch([], (pen) => pen.words([words]));
  }

  stop(): void {
    const { mailbox, handOver } = this.#options;
    mailbox.close();
    handOver.writes.lastTry(handOver.clock.now());
    this.#timer.stop();
  }

  #step(seen: readonly Observation[]): void {
    const batch = this.#believed(seen);
    // A part that threw outside of a batch says nothing about this one.
    this.#parts.takeBroken();
    this.#parts.each((part) => part.seen?.(batch));
    // A part that threw may have had to hold something back until a moderator says yes.
    const isBlind = this.#parts.takeBroken();
    const decided = isBlind ? nothingOf(batch) : this.#planned(this.#lookedAt(batch));
    this.#write(decided);
    if (this.#parts.takeBroken() || isBlind) this.#world.reconsiderEverything();
  }

  #believed(seen: readonly Observation[]): Batch {
    for (const one of seen) this.#believe(one);
    for (const rooms of this.#parts.of((part) => part.roomsToReconsider?.(seen)))
      this.#world.reconsider(rooms);
    for (const people of this.#parts.of((part) => part.peopleToReconsider?.(seen)))
      for (const { room, user } of people) this.#world.reconsiderPerson(room, user);
    const changes = this.#world.takeChanges();
    const { rulesInForce } = this.#options.judging;
    const moved = rulesInForce.update(this.#world, changes.rules);
    if (rulesInForce.takeNewOwners()) this.#world.reconsiderEverything();
    return { seen, at: seen.at(-1)!.at, changes, moved };
  }

  #believe(one: Observation): void {
    try {
      this.#world.apply(one);
    } catch (error) {
      this.#options.log.error({ err: error, kind: one.kind }, "an observation broke");
    }
  }

  /** What the lists ask for, what protections find, and what the parts propose. */
  #lookedAt(batch: Batch): { readonly batch: LookedAt; readonly wanted: readonly Decision[] } {
    const { judging, search, responding, health } = this.#options;
    const { seen, changes, moved, at } = batch;
    const judgement = judge(seen, changes, { moved, judging, at, search });
    if (judgement.acl) health.acls = judgement.acl;
    recogniseWaves(batch, { ...this.#options, world: this.#world });
    const responded = respond(batch, responding);
    for (const offence of responded.offences)
      this.#world.apply({ kind: "offence", offence, at, dueBy: this.#world.dueBy });
    for (const hit of responded.hits)
      this.#world.apply({ kind: "rule-hit", hit, at, dueBy: this.#world.dueBy });
    for (const changed of responded.heat)
      this.#world.apply({ kind: "heat", ...changed, at, dueBy: this.#world.dueBy });
    noteFound(responded.joined, at, { ...this.#options, world: this.#world });
    for (const { finding, unfit } of responded.responses)
      if (unfit.length > 0)
        this.#options.log.warn(
          { protection: finding.protection, about: finding.about.kind, unfit },
          "responses that do not fit what was found are left out",
        );
    const looked = { ...batch, findings: responded.responses };
    const proposed = this.#parts.of((part) => part.proposes?.(looked)).flat();
    return { batch: looked, wanted: [...judgement.decisions, ...responded.decisions, ...proposed] };
  }

  /** What the guard allows of it, as steps in order. */
  #planned({ batch, wanted }: { batch: LookedAt; wanted: readonly Decision[] }): Decided {
    const { judging, guarding } = this.#options;
    const { blast, refusals, isBlocked, redactionLimit: limit, prefix, inFlight } = guarding;
    const { at, changes } = batch;
    const world = this.#world;
    const proposed = withCleaning(wanted, { world, limit, at });
    const guarded = guard(proposed, { ...judging, blast, at, prefix });
    const refused = refusals.newsAmong(guarded.refused, changes.rooms);
    this.#parts.each((part) => part.guarded?.({ held: guarded.held, refused }, batch));
    const allowed = guarded.allowed.filter((decision) => !isBlocked(decision));
    const isUnderWay = (key: string) => this.executor.isUnderWay(key) || this.#leftKeys.has(key);
    return { batch, refused, allowed, steps: plan(allowed, { world, isUnderWay, inFlight }) };
  }

  /** Acts first, then words: what is said depends on which acts the journal took, and on their undo numbers. */
  #write({ batch, refused, allowed, steps }: Decided): void {
    const { seen, changes } = batch;
    const outcomes = seen.filter((one) => one.kind === "outcome");
    this.#handOver.batch(seen, ({ acts, words }) => {
      // What was kept was written down when its list lost it.
      acts({ steps, outcomes, refused, rules: changes.rules.filter(({ wasKept }) => !wasKept) });
      this.#parts.each((part) => part.allowed?.(allowed));
      for (const { outcome, at } of outcomes) this.#ended(outcome, at);
      words(this.#parts.of((part) => part.says?.(batch)));
    });
  }

  #ended(outcome: Outcome, at: number): void {
    const { decision, result } = outcome;
    this.#parts.each((part) => part.ended?.(outcome, at));
    if (result.kind !== "failed") return;
    this.#options.log.warn(
      { decision: decision.id, kind: decision.action.kind, code: result.code, reason: result.message },
      "act failed",
    );
  }
}

function nothingOf(batch: Batch): Decided {
  return { batch: { ...batch, findings: [] }, refused: [], allowed: [], steps: [] };
}
