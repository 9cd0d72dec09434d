// A story: the whole bot on a scripted homeserver, with a clock that jumps. Nothing here waits in real time.

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble, type Tyr } from "../../src/lifecycle/assemble.ts";
import type { Ending } from "../../src/lifecycle/session.ts";
import { settingsInForce } from "../../src/config/effective.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { OpenEngine } from "../../src/matrix/crypto/engine.ts";
import type { HttpRequest, HttpResponse } from "../../src/matrix/http/transport.ts";
import { databaseFile, openDatabase, type Database } from "../../src/store/database.ts";
import { FakeClock } from "./fake-clock.ts";
import { Lifeline } from "./lifeline.ts";
import { ScriptedRuleFiles } from "./scripted-rule-files.ts";
import { Homeserver, type HomeserverOptions, type NewUser } from "../homeserver/homeserver.ts";
import type { ClientEvent, Content } from "../homeserver/event.ts";

export interface StoryOptions {
  readonly rooms?: number;
  readonly version?: "11" | "12";
  readonly homeserver?: Partial<HomeserverOptions>;
  /** Laid over the config, as YAML would hold it. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The management room is encrypted. */
  readonly isEncrypted?: boolean;
  /** A folder makes a run that can be started again; ":memory:" otherwise. */
  readonly dataPath?: string;
  /** Quicker, where nothing but promises is waited for. */
  readonly onlyPromises?: boolean;
  /** Numbers below 1, for whatever Tyr leaves to chance; always a half unless said otherwise. */
  readonly random?: () => number;
  /** The time at which it begins; ms since the epoch. */
  readonly startsAt?: number;
  /** Protections of the community, as they stand in the file own.yaml. */
  readonly rules?: string;
  /** What measures how long rules take: microseconds at each look at it. Nothing is measured unless given. */
  readonly stopwatch?: () => number;
  /** Opens the data folder in place of the real thing. */
  readonly openDatabase?: (dataPath: string) => Database;
  /** The engine of encryption, in place of one in this process. */
  readonly openEngine?: (clock: FakeClock) => OpenEngine;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class Story {
  readonly clock: FakeClock;
  /** Nothing can be written to the data folder. */
  isDiskFull = false;
  readonly homeserver: Homeserver;
  readonly bot: NewUser;
  readonly moderator: string;
  readonly managementRoom: string;
  readonly list: string;
  readonly rooms: readonly string[];
  readonly log: LogLine[] = [];
  /** Rule files beside the config. */
  readonly files: ScriptedRuleFiles;
  /** What servers other than the homeserver answer, by their origin and path; nobody is there unless said. */
  elsewhere: (request: HttpRequest) => Promise<HttpResponse> = ({ origin }) =>
    Promise.reject(Object.assign(new Error(`nobody is at ${origin}`), { code: "ECONNREFUSED" }));
  /** Laid over the config at the next start. */
  settings: Readonly<Record<string, unknown>>;
  readonly #options: StoryOptions;
  #run: Run | undefined;
  /** A copy of the data file as it was at some time. */
  #remembered: string | undefined;

  constructor(options: StoryOptions = {}) {
    this.#options = options;
    this.settings = options.settings ?? {};
    this.files = new ScriptedRuleFiles(options.rules === undefined ? {} : { "own.yaml": options.rules });
    this.clock = new FakeClock(options.startsAt, { onlyPromises: options.onlyPromises ?? false });
    const version = options.version ?? "11";
    const hs = (this.homeserver = new Homeserver({
      clock: this.clock,
      defaultRoomVersion: version,
      writeLatencyMs: 30,
      readLatencyMs: 5,
      ...options.homeserver,
    }));
    this.bot = hs.createUser("tyr");
    this.moderator = hs.createUser("mod").userId;
    this.managementRoom = this.room("Management", {
      joinRule: "invite",
      initialState: options.isEncrypted ? [encryption] : [],
    });
    this.list = this.room("List", {
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "coc" } }],
    });
    this.rooms = Array.from({ length: options.rooms ?? 2 }, (_, i) => this.room(`Room ${i + 1}`));
  }

  /** A room of the moderator's in which the bot has level 100. */
  room(
    name: string,
    plan: {
      joinRule?: string;
      initialState?: { type: string; stateKey?: string; content: Content }[];
      version?: string;
      botLevel?: number;
      creationContent?: Content;
      /** In place of the bot's and the moderator's levels. */
      powerLevels?: Content;
    } = {},
  ): string {
    const isSovereign = (plan.version ?? this.#options.version ?? "11") === "12";
    const { botLevel = 100, joinRule = "public", ...rest } = plan;
    const room = this.homeserver.createRoom({
      creator: this.moderator,
      name,
      joinRule,
      powerLevels: {
        users: { [this.bot.userId]: botLevel, ...(isSovereign ? {} : { [this.moderator]: 100 }) },
      },
      invite: [this.bot.userId],
      ...rest,
    });
    this.homeserver.join(room, this.bot.userId);
    return room;
  }

  /** Starts Tyr and lets time pass until it watches, or ends. */
  async start(): Promise<void> {
    const { tyr, ended } = this.launch();
    await this.clock.runUntil(Promise.race([tyr.ready, ended]), { what: "Tyr watching" });
    let isOver = false;
    void ended.then(() => (isOver = true));
    await this.until(
      () => isOver || this.said().some((text) => text.startsWith("Tyr is watching")),
      "the first message",
    );
  }

  /** Starts Tyr and leaves it to the caller to let time pass. */
  launch(): { readonly tyr: Tyr; readonly ended: Promise<Ending> } {
    const settings = {
      homeserver: { url: "http://hs.test", accessToken: this.bot.accessToken },
      dataPath: this.#options.dataPath ?? ":memory:",
      managementRoom: this.managementRoom,
      protectedRooms: this.rooms,
      watchedLists: [this.list],
      // Fifty writes that only a few stories are about.
      commands: { describe: false },
      // A question that only a few stories are about.
      protectionProfile: "none",
      // Crowds of stories have names of one form, and say the same. Waves have stories of their own.
      waves: { act: "off" },
      ...this.settings,
    };
    const loaded = loadConfig({
      argv: ["--config", "tyr.yaml"],
      env: {},
      readFile: () => JSON.stringify(settings),
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const stop = new AbortController();
    const lifeline = new Lifeline({
      clock: this.clock,
      random: this.#options.random ?? (() => 0.5),
      send: (request, signal) => this.#send(request, signal),
      log: this.#logger(),
      isDiskFull: () => this.isDiskFull,
      openDatabase: this.#options.openDatabase ?? openDatabase,
      stopwatch: this.#options.stopwatch,
      openEngine: this.#options.openEngine?.(this.clock),
    });
    const inForce = settingsInForce(loaded.config, loaded.sources);
    const ruleFiles = this.files.source();
    const tyr = assemble(loaded.config, { ...lifeline.seams, ruleFiles }, inForce);
    const ended = tyr.run(stop.signal);
    this.#run = { tyr, stop, ended, lifeline };
    return this.#run;
  }

  get tyr(): Tyr {
    if (!this.#run) throw new Error("the story has not started");
    return this.#run.tyr;
  }

  /** The run's data file, to look into. */
  get database(): Database | undefined {
    return this.#run?.lifeline.database;
  }

  /**
   * The process dies on the spot: nothing of it goes on, nothing is said or written down any more. `inMidStep` where
   * Tyr itself is what has just called (it is sending a request): it dies before time passes.
   */
  kill({ inMidStep = false } = {}): void {
    this.#run?.lifeline.cut({ inMidStep });
    this.#run = undefined;
  }

  /** What a power cut from now on leaves of the data. */
  remember(): void {
    this.#forget();
    const copy = (this.#remembered = mkdtempSync(join(tmpdir(), "tyr-remembered-")));
    this.#copyData(this.#dataFolder(), copy);
  }

  /** The machine dies: like `kill`, and the data file is again what it was when it was last remembered. */
  powerCut(): void {
    this.kill();
    if (this.#remembered === undefined) return;
    const folder = this.#dataFolder();
    for (const file of dataFiles(folder)) rmSync(join(folder, file));
    this.#copyData(this.#remembered, folder);
    this.#forget();
  }

  #dataFolder(): string {
    const { dataPath } = this.#options;
    if (dataPath === undefined) throw new Error("a power cut needs a data folder");
    return dataPath;
  }

  #copyData(from: string, to: string): void {
    for (const file of dataFiles(from)) cpSync(join(from, file), join(to, file));
  }

  #forget(): void {
    if (this.#remembered !== undefined) rmSync(this.#remembered, { recursive: true });
    this.#remembered = undefined;
  }

  /** What the run believes, as soon as it believes anything. */
  get world(): ReturnType<Tyr["world"]> {
    return this.#run?.tyr.world();
  }

  /** How the run ends, when it ends by itself. */
  ended(): Promise<Ending> {
    return this.clock.runUntil(this.#run!.ended, { what: "the end of the run" });
  }

  async stop(): Promise<void> {
    this.#forget();
    const run = this.#run;
    if (!run) return;
    this.#run = undefined;
    run.stop.abort();
    await this.clock.runUntil(run.ended, { what: "Tyr stopping" });
  }

  /** Lets time pass until the predicate holds. */
  until(predicate: () => boolean, what: string, limitMs = 120_000): Promise<unknown> {
    return this.clock.runUntil(predicate, { what, limitMs });
  }

  /** Lets so much time pass, for claims that something does not happen. */
  async pass(ms = 20_000): Promise<void> {
    await this.clock.advance(ms);
  }

  /** Sets Tyr's clock forth or, below zero, back; the homeserver's goes on. */
  stepClock(ms: number): void {
    this.clock.step(ms);
  }

  /** The moderator types a command; resolves with the answer when Tyr has put its mark on it. */
  async command(text: string): Promise<string> {
    const event = this.homeserver.sendText(this.managementRoom, this.moderator, text);
    const mark = () =>
      this.homeserver
        .events(this.managementRoom)
        .find((one) => one.type === "m.reaction" && relation(one)["event_id"] === event);
    await this.until(() => mark() !== undefined, `the mark on: ${text}`);
    return `${String(relation(mark()!)["key"])} ${this.answerTo(event) ?? ""}`;
  }

  /** The moderator types a command, and says yes if Tyr asks first; resolves with the answer. */
  async confirmed(text: string): Promise<string> {
    const event = this.homeserver.sendText(this.managementRoom, this.moderator, text);
    const marks = () =>
      this.homeserver
        .events(this.managementRoom)
        .filter((one) => one.type === "m.reaction" && relation(one)["event_id"] === event);
    const question = () => /^Question (\d+):/.exec(this.answerTo(event) ?? "")?.[1];
    await this.until(() => marks().length > 0 || question() !== undefined, `the answer to: ${text}`);
    const asked = question();
    if (asked === undefined) return `${String(relation(marks()[0]!)["key"])} ${this.answerTo(event) ?? ""}`;
    this.homeserver.sendText(this.managementRoom, this.moderator, `!tyr yes ${asked}`);
    await this.until(() => marks().length > 0, `the mark on: ${text}`);
    return `${String(relation(marks()[0]!)["key"])} ${this.answerTo(event, 1) ?? ""}`;
  }

  /** The newest text of the answer to a command, or of the nth message after it. */
  answerTo(event: string, nth = 0): string | undefined {
    const answers = this.homeserver
      .events(this.managementRoom)
      .filter((one) => one.type === "m.room.message" && one.sender === this.bot.userId);
    const first = answers.filter(
      (one) => (relation(one)["m.in_reply_to"] as Content | undefined)?.["event_id"] === event,
    )[nth];
    if (!first) return undefined;
    const edits = answers.filter(
      (one) => relation(one)["rel_type"] === "m.replace" && relation(one)["event_id"] === first.event_id,
    );
    const newest = edits.at(-1)?.content["m.new_content"] as Content | undefined;
    return String((newest ?? first.content)["body"]);
  }

  /** Everything Tyr has said in the management room, edits included. */
  said(): readonly string[] {
    return this.homeserver.texts(this.managementRoom, this.bot.userId);
  }

  /** State events that the bot wrote, of one type. */
  written(type: string): readonly ClientEvent[] {
    const rooms = [...this.rooms, this.list, this.managementRoom];
    return rooms.flatMap((room) =>
      this.homeserver
        .events(room)
        .filter(
          (event) =>
            event.type === type && event.sender === this.bot.userId && event.state_key !== this.bot.userId,
        ),
    );
  }

  /** A rule of the list, written by the moderator with a client. */
  rule(
    entity: string,
    {
      kind = "user",
      type = `m.policy.rule.${kind}`,
      key = `rule:${entity}`,
      reason = "",
      recommendation = "m.ban",
      list = this.list,
    }: {
      kind?: string;
      type?: string;
      key?: string;
      reason?: string;
      recommendation?: string;
      list?: string;
    } = {},
  ): string {
    return this.homeserver.setState(list, this.moderator, type, key, { entity, recommendation, reason });
  }

  /** A local account that is in the rooms. */
  person(localpart: string, rooms: readonly string[] = this.rooms): string {
    const { userId } = this.homeserver.createUser(localpart);
    for (const room of rooms) this.homeserver.join(room, userId);
    return userId;
  }

  isBanned(user: string, rooms: readonly string[] = this.rooms): boolean {
    return rooms.every((room) => this.homeserver.membership(room, user) === "ban");
  }

  deny(room: string): readonly string[] {
    return (this.homeserver.state(room, "m.room.server_acl")?.content["deny"] as string[] | undefined) ?? [];
  }

  async #send(request: HttpRequest, signal: AbortSignal) {
    if (request.origin !== undefined) return this.elsewhere(request);
    const { method, path, headers, body } = request;
    const query = Object.fromEntries(
      Object.entries(request.query).map(([name, value]) => [
        name,
        typeof value === "string" ? value : [...value],
      ]),
    );
    const response = await this.homeserver.handle({
      method,
      path,
      query,
      headers,
      body,
      signal,
    });
    // A copy, as a real answer would be: nobody may change the other's objects.
    return { ...response, body: structuredClone(response.body) };
  }

  #logger() {
    const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
      void this.log.push({ level, message, fields });
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }
}

/** What makes a room encrypted, for ever. */
export const encryption = {
  type: "m.room.encryption",
  content: { algorithm: "m.megolm.v1.aes-sha2" },
} as const;

interface Run {
  readonly tyr: Tyr;
  readonly stop: AbortController;
  readonly ended: Promise<Ending>;
  readonly lifeline: Lifeline;
}

/** Without its index of the log (`-shm`), which SQLite makes anew. */
function dataFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter((file) => file === databaseFile || file === `${databaseFile}-wal`);
}

function relation(event: ClientEvent): Content {
  return (event.content["m.relates_to"] ?? {}) as Content;
}

/** The number in an answer by which what it tells of can be taken back. */
export function undoNumber(answer: string): string {
  const number = /undo (\d+)/.exec(answer)?.[1];
  if (number === undefined) throw new Error(`no number to undo by: ${answer}`);
  return number;
}
