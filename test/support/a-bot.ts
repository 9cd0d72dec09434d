/** A bot of nothing but its hallway: a world, a data file in memory, an executor that notes what it is given, and parts. */
import { Registry } from "../../src/automod/registry.ts";
import { Bot, type BotOptions } from "../../src/bot/bot.ts";
import { Mailbox } from "../../src/bot/mailbox.ts";
import { OwnHealth } from "../../src/bot/own-health.ts";
import type { Part } from "../../src/bot/part.ts";
import { BlastRadius } from "../../src/decisions/guard/blast-radius.ts";
import { AclDebounce } from "../../src/decisions/judge/acl-debounce.ts";
import { GapHealing } from "../../src/decisions/judge/gap-healing.ts";
import { Watchdog } from "../../src/decisions/judge/watchdog.ts";
import { Executor } from "../../src/executor/executor.ts";
import { Journal } from "../../src/journal/journal.ts";
import { JournalPast } from "../../src/journal/past.ts";
import { Refusals } from "../../src/management-room/refusals.ts";
import { ActsInFlight } from "../../src/model/acts-in-flight.ts";
import type { Decision } from "../../src/model/decision.ts";
import { RedactReasons } from "../../src/policy/redact-reasons.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { BufferedWrites } from "../../src/store/buffered-writes.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { FakeClock } from "./fake-clock.ts";
import { usualGuard, usualLimits } from "./limits.ts";
import { aWorld, desk, lobby, member, roomRead, see } from "./make.ts";
import { aStash } from "./a-stash.ts";

export function aBot(parts: readonly Part[]) {
  const world = aWorld();
  // Whom to spare is known, and there is somebody to act on.
  see(
    world,
    roomRead(desk, [member("@mod:example.org", "join")]),
    roomRead(lobby, [member("@bob:x", "join")]),
  );
  world.takeChanges();
  world.takeRows();
  const fake = new FakeClock();
  // Sleeps that are cut short are over, not broken: as `kit/clock.ts` promises.
  const clock = {
    now: () => fake.wall(),
    sleep: (ms: number, signal?: AbortSignal) => fake.sleep(ms, signal).catch(() => {}),
  };
  const db = openDatabase(":memory:");
  const logged: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields: object, message: string) => void logged.push({ message, fields: { ...fields } }),
  };
  const performed: Decision[] = [];
  const mailbox = new Mailbox({ clock, log, dueBy: (at) => at });
  const executor = new Executor({
    clock,
    limits: { start: 4, max: 4, maxQueuedPerRoom: 100 },
    ended: (outcome) => mailbox.receive([{ kind: "outcome", outcome }]),
    perform: (decision) => {
      performed.push(decision);
      return Promise.resolve({ kind: "done" });
    },
  });
  const rulesInForce = new RulesInForce(world);
  const past = new JournalPast(db, usualLimits);
  const writes = new BufferedWrites({ db, snapshot: new Snapshot(db), log, maxKept: 1_000 });
  const options: BotOptions = {
    log,
    mailbox,
    judging: {
      world,
      rulesInForce,
      redactReasons: new RedactReasons([]),
      pendingRules: { has: () => false },
      commandBehind: () => undefined,
      aclDebounce: new AclDebounce({
        quietMs: 0,
        maxWaitMs: 0,
        pauseMs: 0,
        longerPauseMs: 0,
        longestPauseMs: 0,
      }),
      gapHealing: new GapHealing(0),
      watchdog: new Watchdog({ everyHours: 0, maxMembers: 0, aclRepairsAnHour: 0 }, 0),
      acl: undefined,
      readsEncrypted: () => true,
    },
    search: () => undefined,
    recogniser: undefined,
    responding: { world, rulesInForce, registry: new Registry([]), isUndone: () => false },
    guarding: {
      blast: new BlastRadius({ ...usualGuard, windowMinutes: 10 }, undefined),
      refusals: new Refusals(10),
      isBlocked: () => false,
      inFlight: new ActsInFlight(() => false),
      redactionLimit: 10,
      prefix: "!tyr",
    },
    handOver: { world, writes, journal: new Journal(db), past, stash: aStash({ db }), executor, clock },
    left: { open: [], unanswered: [] },
    health: new OwnHealth({
      clock,
      rulesInForce,
      restriction: undefined,
      work: () => ({
        pending: 0,
        atWork: () => ({ waiting: [], underWay: [] }),
        pauseLeftMs: 0,
        expectedMs: undefined,
      }),
      aclsDueAt: () => undefined,
      encryption: () => ({ kind: "idle" }),
      diskTrouble: () => writes.trouble,
      stashTrouble: () => undefined,
      protectionsBroken: () => new Map(),
    }),
    parts,
  };
  return { bot: new Bot(options), world, db, clock: fake, logged, performed };
}
