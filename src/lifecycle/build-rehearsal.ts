/**
 * The stage of a rehearsal: a bot like the real one, with a database in memory and a copy of the world. Nothing that it
 * decides reaches the homeserver but its words to the moderators, which are marked; all else counts as done at once.
 */
import { JournalPast } from "../journal/past.ts";
import { minuteMs } from "../kit/duration.ts";
import { keepNewest } from "../kit/bounded.ts";
import { bold, say } from "../kit/say.ts";
import type { Performed } from "../matrix/perform/attempt.ts";
import type { Action } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import { openDatabase } from "../store/database.ts";
import { RuleReadings } from "../store/rule-readings.ts";
import { Snapshot } from "../store/snapshot.ts";
import { buildBot, type BotIngredients, type BuiltBot } from "./build-bot.ts";
import { copiedWorld } from "./copied-world.ts";
import { Rehearsals, type Plan, type Stage } from "./rehearsals.ts";
import { worldLimits } from "./world-limits.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

interface StageOptions extends Omit<BotIngredients, "rehearsal"> {
  /** Acts of the real bot that wait or are being performed: they come first. */
  readonly pending: () => number;
}

/** As a homeserver takes for a write. */
const writeMs = 100;
/** What is real goes first, for so long. */
const [patienceMs, lookEveryMs] = [10_000, 250];
/** The bot of the rehearsal has been there for a while when the wave comes. */
const beforeMs = 5 * minuteMs;
const messagesRemembered = 1_000;

/** While a rehearsal goes on, the data folder says so under this name. */
const runningKey = "rehearsal";

/** The rehearsals of the bot that is made of these. */
export function rehearsalsOf(
  ingredients: Omit<BotIngredients, "rehearsal">,
  built: () => BuiltBot | undefined,
): Rehearsals {
  const { clock, config, log, db, world } = ingredients;
  const snapshot = new Snapshot(db);
  const pending = () => {
    const { waiting = [], underWay = [] } = built()?.bot.executor.atWork() ?? {};
    return [...waiting, ...underWay].filter(({ action }) => !isWord(action, world.settings.managementRoom))
      .length;
  };
  return new Rehearsals({
    ...{ clock, log, world, pending },
    areWavesSought: config.waves.act !== "off",
    build: (plan, signal) => buildRehearsal({ ...ingredients, pending }, plan, signal),
    lineOf: (event) => built()?.lineOf(event),
    announce: (text, what) => built()?.announce(text, what, false),
    note: (isRunning) => {
      try {
        if (isRunning) snapshot.keep(runningKey, String(clock.now()));
        else snapshot.forget(runningKey);
      } catch (error) {
        // On a full disk, which others tell of.
        log.warn({ err: error }, "that a rehearsal goes on could not be kept");
      }
    },
  });
}

/** It does not go on over a restart, and its messages stand there as if somebody had to answer. */
export function tellOfRehearsalBefore(snapshot: Snapshot, built: BuiltBot, at: number): void {
  const begunAt = snapshot.kept(runningKey);
  if (begunAt === undefined) return;
  built.announce(
    say`${bold("Rehearsal over")}: I was started again meanwhile. Its messages need no answer any more.`,
    `rehearsal before ${at}`,
    false,
  );
  snapshot.forget(runningKey);
}

async function buildRehearsal(options: StageOptions, plan: Plan, signal: AbortSignal): Promise<Stage> {
  const { config, clock } = options;
  const numbersAfter = roundNumber(options);
  const limits = worldLimits(config);
  const copy = { self: options.world.self, limits, rows: new Snapshot(options.db).read(), rooms: plan.rooms };
  const world = await copiedWorld({ ...copy, numbersAfter, clock, signal });
  const own = openDatabase(":memory:");
  new JournalPast(own, config.limits).countAfter(numbersAfter);
  RuleReadings.copy(options.db, own);
  const sent = new Set<EventId>();
  const built = buildBot({
    ...options,
    config: configOf(config),
    db: own,
    world,
    settingsChanged: () => undefined,
    lookAtServerPowers: () => Promise.resolve(),
    isRecorded: undefined,
    measuring: {},
    rehearsal: { perform: (real) => playing(real, { ...options, plan, world, sent }) },
  });
  const { bot } = built;
  const at = clock.now();
  const early = { at: at - beforeMs, dueBy: at - beforeMs };
  bot.receive([{ kind: "synced", token: "rehearsal", ...early }]);
  bot.resume();
  bot.caughtUp();
  bot.receive([{ kind: "synced", token: "rehearsal" }]);
  let isOver = false;
  return {
    world,
    receive: bot.receive,
    isItsMessage: (event) => sent.has(event),
    numbersAfter,
    pending: () => bot.pending,
    stop: () => {
      if (isOver) return;
      isOver = true;
      bot.stop();
      void bot.executor.stop(0).then(() => own.close());
    },
  };
}

/** Neither what comes by the clock nor what is said in a start has a part in it. */
function configOf(config: BotIngredients["config"]): BotIngredients["config"] {
  return {
    ...config,
    dryRun: false,
    dataPath: ":memory:",
    protectionProfile: "none",
    commands: { ...config.commands, describe: false, inProtectedRooms: false },
    duty: { ...config.duty, reportAt: undefined },
    watchdog: { ...config.watchdog, everyHours: 0 },
    sync: { ...config.sync, healEveryMs: Infinity },
  };
}

/** The next thousand, above all numbers of what is real: so each number says which of both is meant. */
function roundNumber({ db, config, world }: StageOptions): number {
  const incidents = new JournalPast(db, config.limits).newestNumber;
  return Math.ceil((Math.max(incidents, world.questions.nextId) + 1) / 1_000) * 1_000;
}

/** Words to the moderators are sent, marked, and the moderators called; everything else is only noted. */
function playing(
  real: Perform,
  { clock, plan, world, sent, pending }: StageOptions & { plan: Plan; sent: Set<EventId> },
): Perform {
  let written = 0;
  return async (decision, signal) => {
    const { action } = decision;
    const room = world.settings.managementRoom;
    if (!isWord(action, room)) {
      await clock.sleep(writeMs, signal);
      plan.tally.acted(decision, clock.now());
      return { kind: "done", eventId: `$rehearsed-${plan.at}-${written++}` as EventId };
    }
    const until = clock.now() + patienceMs;
    while (pending() > 0 && clock.now() < until && !signal.aborted) await clock.sleep(lookEveryMs, signal);
    const marked = { ...decision, id: `rehearsal-${plan.at}-${decision.id}`, action: withMark(action) };
    const performed = await real(marked, signal);
    if (performed.kind === "done" && performed.eventId) sent.add(performed.eventId);
    keepNewest(sent, messagesRemembered);
    if (action.kind === "ask") plan.tally.asked(clock.now(), action.notifies);
    return performed;
  };
}

/** What the moderators are told, asked and called by. */
function isWord(action: Action, managementRoom: RoomId | undefined): boolean {
  const isOne = action.kind === "tell" || action.kind === "ask" || action.kind === "react";
  return isOne && action.room === managementRoom;
}

function withMark(action: Action): Action {
  if (action.kind !== "tell" && action.kind !== "ask") return action;
  return { ...action, say: say`${bold("Rehearsal")}: ${action.say}` };
}
