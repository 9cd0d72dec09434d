/**
 * One life of Tyr among people, rules and misfortunes, all of them drawn from one seed. After every step the oracle looks
 * whether something happened that must never happen; at the end everything is healed, and it looks whether all is as the
 * lists ask.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MatrixError } from "../homeserver/matrix-error.ts";
import { Story } from "../support/story.ts";
import { Chance } from "./chance.ts";
import { checkEnd } from "./end.ts";
import { heal, type Misfortune } from "./faults.ts";
import { describeEvent, namesOf } from "./names.ts";
import { operations, type Operation } from "./operations/index.ts";
import { foundTown, type Town } from "./town.ts";
import { GuardWatch, type GuardLimits } from "./guard-watch.ts";
import { RoomPast } from "./past.ts";
import { Watch } from "./watch.ts";
import { Wiretap } from "./wiretap.ts";

export interface Report {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** How often each operation was done. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A command as somebody has said it. */
export interface Sighting {
  readonly event: string;
  readonly room: string;
  readonly by: string;
  readonly text: string;
  /** Which run of Tyr was up then. */
  readonly run: number;
  /** The sender is no moderator, or wrote outside of the management room: the command must lead to nothing. */
  isVoid: boolean;
  readonly at: number;
  /** Sent while no Tyr ran: the command is not obeyed later. */
  isToNobody: boolean;
  /** Tyr may not have received the command, or not as one. */
  isDoubtful: boolean;
}

/** A write to the slowest room, and the one that is queued behind it. */
const slowestMs = 90_000;

export class Simulation {
  readonly chance: Chance;
  readonly story: Story;
  readonly town: Town;
  readonly watch: Watch;
  readonly guard: GuardWatch;
  readonly past: RoomPast;
  readonly wiretap: Wiretap;
  readonly trace: string[] = [];
  readonly counts = new Map<string, number>();
  readonly said: Sighting[] = [];
  /** Rooms and people whose state was reset: what Tyr knew of its acts there is void. */
  readonly resets = new Set<string>();
  /** Bans that an undo of their lifting made again: they stay, also those that others had made first. */
  readonly broughtBack = new Set<string>();
  /** What a power cut may take began after this position of the server's stream. */
  safeUntil = Infinity;
  /** Rooms that were out of protection for a while: what was done there before stays as it is. */
  readonly leftAlone = new Set<string>();
  /** A list was watched whose bans stay. */
  keepsBans = false;
  /** From where in the stream Tyr may have seen a room; it certainly had not before. */
  readonly firstSight = new Map<string, number>();
  /** Something that was written down is lost. */
  isLossy = false;
  /** Tyr's clock was set, or its news skipped something: what it knew when cannot be told for sure. */
  isMisled = false;
  readonly misfortunes = new Set<Misfortune>();
  /** Whether this life knows crashes; those need a folder. */
  readonly folder: string | undefined;
  run = 0;
  startedAt = 0;
  isUp = false;
  /** The process dies with its so many-th request from now. */
  requestsToLive: number | undefined;
  #stopping = false;
  #isReasonLost = false;
  #upAgainAt = 0;
  /** Rooms that were under protection at any time. */
  readonly #protected = new Set<string>();

  constructor(seed: number) {
    const chance = (this.chance = new Chance(seed));
    this.folder = chance.happens(0.3) ? mkdtempSync(join(quickFolder(), "tyr-simulation-")) : undefined;
    this.story = new Story({
      rooms: 0,
      onlyPromises: true,
      random: () => chance.next(),
      homeserver: { seed: seed + 1, supportsStateAfter: chance.happens(0.5) },
      ...(this.folder === undefined ? {} : { dataPath: this.folder }),
    });
    this.town = foundTown(this.story, chance);
    const limits = chance.happens(0.5) ? { maxPeople: 2, maxStaff: 0, windowMinutes: 60 } : undefined;
    this.story.settings = {
      protectedRooms: this.town.rooms,
      watchedLists: this.town.lists,
      guard: guardOf(limits, chance),
      // Where others write over an ACL again and again, Tyr leaves it for an hour: longer than a simulated life.
      watchdog: { aclRepairsAnHour: 100 },
    };
    this.past = new RoomPast(this.story, [
      ...[...this.town.rooms, ...this.town.spareRooms, ...this.town.lists, ...this.town.spareLists],
      this.story.managementRoom,
    ]);
    this.guard = new GuardWatch(this, limits);
    for (const room of this.town.rooms) this.firstSight.set(room, this.story.homeserver.position + 1);
    this.watch = new Watch(this);
    this.wiretap = new Wiretap(this.story, {
      requested: () => {
        this.guard.look();
        this.#countDown();
      },
      repeated: (room, type) => {
        // Of a state reset Tyr may not have been told.
        if ([...this.resets].some((place) => place.startsWith(`${room} `))) return;
        // A ban that is taken back while it is made: its rule, which came meanwhile, asks for it once more.
        if (type === "m.room.member" && this.wasSaidLately(/^!tyr (?:unban|undo)\b/, slowestMs)) return;
        this.watch.violation(`wrote again what stands there already: ${type} in ${room}`);
      },
    });
    this.story.homeserver.onEvent((event) => {
      if (event.sender !== this.story.bot.userId) return;
      this.note(`    tyr: ${describeEvent(event)}`);
      this.watch.act(event);
    });
  }

  /** Writes a line into the trace, in words a person can follow. */
  note(line: string): void {
    const seconds = ((this.story.clock.now() - Date.UTC(2025, 0, 1)) / 1000).toFixed(2);
    this.trace.push(`${seconds.padStart(9)}  ${line}`);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  start(): void {
    this.run += 1;
    this.startedAt = this.story.clock.now();
    this.wiretap.newRun();
    const run = this.run;
    this.note(`(Tyr starts, run ${run})`);
    this.isUp = true;
    this.#isReasonLost = false;
    const { homeserver, bot } = this.story;
    // Which list a ban was for is forgotten where Tyr was thrown out, and started anew before it came back.
    for (const room of [...this.town.rooms, ...this.town.spareRooms])
      if (homeserver.membership(room, bot.userId) !== "join") this.leftAlone.add(room);
    this.story.homeserver.repeatSync(this.story.bot.userId, { times: 0 });
    const { ended } = this.story.launch();
    ended.then(
      (ending) =>
        this.#ended(run, ending.kind === "stopped" ? undefined : `${ending.kind}: ${ending.message}`),
      (error: unknown) => this.#broke(run, error),
    );
  }

  /** Something else starts it again after a while, as a service manager would. */
  down(how: string): void {
    this.isUp = false;
    // What could not be written down is gone with the process.
    if (this.watch.unwrittenSince !== undefined) {
      this.watch.forgetReasonsSince(this.watch.unwrittenSince);
      this.watch.forgetDisk();
      this.isLossy = true;
      this.#isReasonLost = true;
    }
    this.requestsToLive = undefined;
    this.#upAgainAt = this.story.clock.now() + this.chance.pick([0, 1_000, 20_000, 120_000]);
    this.note(`(Tyr is down: ${how})`);
    for (const command of this.said) command.isDoubtful = true;
  }

  /** Bans whose reason may be lost with the newest transactions stay until a person lifts them. */
  losePower(): void {
    this.isLossy = true;
    this.watch.forgetReasonsSince(this.safeUntil);
    this.safeUntil = Infinity;
    this.story.powerCut();
    this.down("power cut");
    this.#isReasonLost = true;
  }

  /** A ban of Tyr that arrives while a cut of power has taken its reason. */
  get losesReasons(): boolean {
    return !this.isUp && this.#isReasonLost;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.story.stop();
    this.#stopping = false;
  }

  async pass(ms: number): Promise<void> {
    await this.story.clock.advance(ms);
    this.watch.look();
    this.#noteUnprotected();
  }

  /** Somebody says a command; what is known of it is kept for the oracle. */
  say(text: string, by: string, { room = this.story.managementRoom, isVoid = false } = {}): void {
    for (const one of text.startsWith("!tyr rooms add") ? text.split(" ").slice(3) : [])
      if (!this.firstSight.has(one)) this.firstSight.set(one, this.story.homeserver.position + 1);
    const event = this.story.homeserver.sendText(room, by, text);
    if (text.startsWith("!tyr rooms remove"))
      for (const one of text.split(" ").slice(3)) this.leftAlone.add(one);
    if (text.includes("--keep-bans")) this.keepsBans = true;
    const [at, isToNobody] = [this.story.clock.now(), !this.isUp];
    const isDoubtful = !this.isUp || !this.watch.isReady || this.story.homeserver.isSkipping;
    this.said.push({ event, room, by, text, run: this.run, at, isVoid, isToNobody, isDoubtful });
  }

  /** Within the last two seconds: it may be under way. */
  wasSaidLately(words: RegExp, withinMs = 2_000): boolean {
    const now = this.story.clock.now();
    return this.said.some(({ text, at }) => words.test(text) && Math.abs(now - at) < withinMs);
  }

  async live(): Promise<void> {
    this.start();
    await this.pass(this.chance.pick([500, 5_000, 20_000]));
    const steps = this.chance.integer(8, 30);
    for (let step = 0; step < steps && !this.watch.isViolated; step++) {
      for (let i = this.chance.integer(1, 3); i > 0; i--)
        await this.#operate(this.chance.weighted(operations));
      await this.pass(this.chance.pick([0, 10, 40, 200, 1_000, 5_000, 30_000, 90_000]));
      for (const misfortune of this.misfortunes) this.#endMaybe(misfortune);
      if (!this.isUp && this.story.clock.now() >= this.#upAgainAt) this.start();
    }
    if (this.watch.isViolated) return;
    await heal(this);
    checkEnd(this);
  }

  async close(): Promise<void> {
    heal.clear(this);
    await this.stop();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  async #operate(operation: Operation): Promise<void> {
    let what: string | undefined;
    try {
      const line = this.trace.length;
      what = await operation.act(this);
      if (what === undefined) return;
      // What it led to at once stands below it.
      this.note(`${operation.name}: ${namesOf(this, what)}`);
      this.trace.splice(line, 0, ...this.trace.splice(-1));
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      what = `refused: ${error.message}`;
      this.note(`${operation.name}: ${namesOf(this, what)}`);
    }
    this.count(operation.name);
  }

  /** An undo may end the protection of a room as well as a command for it. */
  #noteUnprotected(): void {
    const rooms = this.story.world?.settings.rooms;
    if (!rooms) return;
    for (const room of this.#protected) if (!rooms.has(room as never)) this.leftAlone.add(room);
    for (const room of rooms.keys()) this.#protected.add(room);
  }

  #endMaybe(misfortune: Misfortune): void {
    if (!this.chance.happens(0.3)) return;
    this.misfortunes.delete(misfortune);
    misfortune.end();
    this.note(`(over: ${namesOf(this, misfortune.what)})`);
  }

  #countDown(): void {
    if (this.requestsToLive === undefined || --this.requestsToLive > 0) return;
    this.story.kill({ inMidStep: true });
    this.down("killed in mid-request");
  }

  /** Without a disk it cannot begin; anything else is a fault of ours. */
  #broke(run: number, error: unknown): void {
    if (this.story.isDiskFull) this.#ended(run, String(error));
    else this.watch.violation(`the run broke: ${error instanceof Error ? error.stack : String(error)}`);
  }

  #ended(run: number, why: string | undefined): void {
    if (this.#stopping || run !== this.run) return;
    this.down(why ?? "stopped by itself");
  }
}

/** Small limits, so that much has to be asked, or none to speak of. */
function guardOf(limits: GuardLimits | undefined, chance: Chance): Record<string, unknown> {
  if (!limits) return { maxPeople: 1_000, maxRoomShare: 100, maxStaff: 1_000, maxServerShare: 100 };
  return {
    ...limits,
    maxRoomShare: 50,
    roomShareFrom: 3,
    maxServerShare: 50,
    serverShareFrom: 3,
    newcomerHours: 1,
    regularAfterDays: 0,
    regularDays: 1,
    maxRegulars: chance.pick([0, 1_000]),
    answerWithinHours: chance.pick([1, 24]),
  };
}

/** Memory where the system offers it as files. */
function quickFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** Lives one seed through. Faults of the simulation itself count as violations: nobody must overlook them. */
export async function simulate(seed: number): Promise<Report> {
  const simulation = new Simulation(seed);
  try {
    await simulation.live();
  } catch (error) {
    simulation.watch.violation(
      `the simulation broke: ${error instanceof Error ? error.stack : String(error)}`,
    );
  }
  try {
    await simulation.close();
  } catch (error) {
    simulation.watch.violation(`the end broke: ${String(error)}`);
  }
  const { trace, counts, watch } = simulation;
  const named = (line: string): string => namesOf(simulation, line);
  return { seed, violations: watch.violations.map(named), trace: trace.map(named), counts };
}
