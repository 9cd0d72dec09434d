/**
 * Rehearsals of one run: begins what a command asks for, hands on what moderators say to it, and ends it by itself, by a
 * command, or as soon as anything real comes up. How the copy of the world is made that it plays in is told elsewhere
 * (`build-rehearsal.ts`).
 */
import type { LookedAt, Part } from "../bot/part.ts";
import type { Clock } from "../kit/clock.ts";
import { minuteMs } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import type { Say } from "../kit/say.ts";
import { addressedBy, type AddressedView } from "../management-room/rehearsal/addressed.ts";
import { madeUpWave, seenOf, type Doing } from "../management-room/rehearsal/made-up-wave.ts";
import { Tally, type EndOfRehearsal } from "../management-room/rehearsal/tally.ts";
import type { Outcome } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Observation, Seen } from "../model/observation.ts";
import type { RehearsalView } from "../model/rehearsal.ts";
import { isOnlySuspected } from "../model/waves.ts";
import type { WorldView } from "../model/world/view.ts";

/** A bot of its own in a copy of the world: what it does is noted, and what it says is really said. */
export interface Stage {
  readonly world: WorldView;
  readonly receive: (seen: readonly Seen[] | readonly Observation[]) => void;
  readonly isItsMessage: AddressedView["isItsMessage"];
  readonly numbersAfter: number;
  /** Acts that wait or are being performed. */
  readonly pending: () => number;
  readonly stop: () => void;
}

export interface Plan {
  readonly rooms: readonly RoomId[];
  readonly accounts: number;
  readonly by: UserId;
  readonly at: number;
  readonly tally: Tally;
}

export interface RehearsalsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly world: WorldView;
  readonly areWavesSought: boolean;
  readonly build: (plan: Plan, signal: AbortSignal) => Promise<Stage>;
  readonly lineOf: AddressedView["lineOf"];
  /** Acts of the real bot that wait or are being performed. */
  readonly pending: () => number;
  readonly announce: (text: Say, what: string) => void;
  /** Noted, so that the next run can say that it ended with this one. */
  readonly note: (isRunning: boolean) => void;
}

interface Running extends Plan {
  readonly end: AbortController;
  endedBy: EndOfRehearsal | undefined;
  stage: Stage | undefined;
  isAnythingRealDone: boolean;
}

/** Nothing more is done or said for so long after the decision: it is over. Time enough to try an undo. */
const settledMs = 3 * minuteMs;
/** Long enough for every round of calls. */
const longestMs = 30 * minuteMs;
const lookEveryMs = 1_000;

export class Rehearsals implements Part, RehearsalView {
  readonly name = "rehearsals";
  readonly #options: RehearsalsOptions;
  #running: Running | undefined;

  constructor(options: RehearsalsOptions) {
    this.#options = options;
  }

  get areWavesSought(): boolean {
    return this.#options.areWavesSought;
  }

  get running(): RehearsalView["running"] {
    return this.#running;
  }

  /** Of what the homeserver tells: what is left for the real bot. */
  taken<One extends Seen>(seen: readonly One[]): readonly One[] {
    const stage = this.#running?.stage;
    if (!stage) return seen;
    const addressed = seen.map((one) => ({ one, to: this.#addressed(one, stage) }));
    const its = addressed.flatMap(({ one, to }) => (to === "real" ? [] : one));
    const at = this.#options.clock.now();
    for (const one of its) this.#noteHeard(one, at);
    if (its.length > 0) stage.receive(its);
    return addressed.flatMap(({ one, to }) => (to === "rehearsal" ? [] : one));
  }

  seen({ seen }: Pick<LookedAt, "seen">): void {
    for (const one of seen) {
      if (one.kind !== "settings-changed") continue;
      if (one.change.kind === "rehearse-wave") void this.#begin(one.change);
      if (one.change.kind === "end-rehearsal" || one.change.kind === "stop") this.#end("stopped");
    }
  }

  /** What is real comes first: a wave, or a call for somebody, ends it. */
  says({ findings, seen }: Pick<LookedAt, "findings" | "seen">): readonly never[] {
    const running = this.#running;
    if (!running) return [];
    const isCalled = findings.some(({ responses, mode }) => mode !== "alert" && responses.includes("call"));
    const isWave = seen.some(({ kind }) => kind !== "tick") && this.#isWaveSince(running.at);
    if (isCalled || isWave) this.#end("real");
    return [];
  }

  ended({ decision: { action, because }, result }: Outcome): void {
    const isWords = action.kind === "tell" || action.kind === "react" || action.kind === "ask";
    if (this.#running && !isWords && because.kind !== "self" && result.kind === "done" && !isItsOwn(action))
      this.#running.isAnythingRealDone = true;
  }

  /** The run ends. */
  stop(): void {
    this.#running?.end.abort();
    this.#running?.stage?.stop();
    this.#running = undefined;
  }

  /** Also one that was known before, and comes back. */
  #isWaveSince(since: number): boolean {
    const open = this.#options.world.stored.waves.open();
    return open.some((wave) => wave.lastAt >= since && !isOnlySuspected(wave));
  }

  #addressed(one: Seen, stage: Stage): "rehearsal" | "real" | "both" {
    const { world } = this.#options;
    if (!("room" in one) || one.room !== world.settings.managementRoom) return "real";
    if (one.kind === "state" || one.kind === "receipt") return "both";
    if (!isSaid(one)) return "real";
    if (one.event.sender === world.self) return "both";
    if (!world.mayCommand(one.event.sender)) return "real";
    return addressedBy(one.event, {
      isItsMessage: stage.isItsMessage,
      numbersAfter: stage.numbersAfter,
      asks: () => stage.world.questions.open().length > 0,
      isAnythingRealDone: () => this.#running?.isAnythingRealDone === true || this.#options.pending() > 0,
      lineOf: this.#options.lineOf,
    });
  }

  #noteHeard(one: Seen, at: number): void {
    if (isSaid(one) && one.event.sender !== this.#options.world.self)
      this.#running?.tally.heard(one.event.sender, at);
  }

  #end(by: EndOfRehearsal): void {
    if (!this.#running) return;
    this.#running.endedBy ??= by;
    this.#running.end.abort();
  }

  async #begin({ rooms, accounts, by, at }: Omit<Plan, "tally">): Promise<void> {
    if (this.#running) return;
    const { clock, log, announce, note, build } = this.#options;
    const running: Running = (this.#running = {
      ...{ rooms, accounts, by, at },
      tally: new Tally(at),
      end: new AbortController(),
      endedBy: undefined,
      stage: undefined,
      isAnythingRealDone: false,
    });
    note(true);
    try {
      running.stage = await build(running, running.end.signal);
      await this.#play(running, running.stage);
    } catch (error) {
      running.endedBy = "broke";
      log.error({ err: error }, "a rehearsal broke");
    }
    running.stage?.stop();
    // The run has ended meanwhile.
    if (this.#running !== running) return;
    this.#running = undefined;
    note(false);
    const end = running.endedBy ?? "late";
    announce(running.tally.report(end, clock.now()), `rehearsal ${at}`);
  }

  async #play(running: Running, stage: Stage): Promise<void> {
    const { clock } = this.#options;
    const { signal } = running.end;
    const begunAt = clock.now();
    const coming = [...madeUpWave({ ...running, seed: running.at })];
    while (!signal.aborted && clock.now() - begunAt < longestMs) {
      const passed = clock.now() - begunAt;
      while (coming.length > 0 && coming[0]!.afterMs <= passed) this.#do(coming.shift()!, running, stage);
      if (coming.length === 0 && this.#isSettled(running, stage)) running.endedBy ??= "settled";
      if (running.endedBy) return;
      const untilNext = (coming[0]?.afterMs ?? Infinity) - passed;
      await clock.sleep(Math.max(1, Math.min(lookEveryMs, untilNext)), signal);
    }
  }

  #do(doing: Doing, { tally }: Running, stage: Stage): void {
    const at = this.#options.clock.now();
    const seen = seenOf(doing, stage.world, at);
    tally.did(doing, at, seen !== undefined);
    if (seen) stage.receive([seen, { kind: "synced", token: "rehearsal" }]);
  }

  #isSettled({ tally }: Running, { world, pending }: Stage): boolean {
    const now = this.#options.clock.now();
    if (world.settings.waveVerdicts.size > 0) tally.judged(now);
    const isAsked = world.questions.open().some(({ about }) => about.kind === "wave");
    return !isAsked && pending() === 0 && now - tally.lastAt >= settledMs;
  }
}

function isSaid(one: Seen): one is Extract<Seen, { readonly kind: "message" | "opened" }> {
  return one.kind === "opened" || (one.kind === "message" && !one.late);
}

/** The command that began it, or is to end it. */
function isItsOwn(action: Outcome["decision"]["action"]): boolean {
  return (
    action.kind === "change-settings" &&
    (action.change.kind === "rehearse-wave" || action.change.kind === "end-rehearsal")
  );
}
