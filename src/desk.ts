/** The management room's side of the bot: hears commands, answers them, and tells what has happened, each thing once. */
import { Again } from "./again.ts";
import { answer } from "./commands/answer.ts";
import type { Command } from "./commands/define.ts";
import { descriptionsOf, descriptionsToWrite } from "./commands/describe.ts";
import type { Health } from "./commands/health.ts";
import { listName, roomName } from "./commands/names.ts";
import { lacksPower } from "./commands/server-power.ts";
import { diskTroubleOf } from "./commands/status.ts";
import { powersMissing, troubleOf } from "./commands/trouble.ts";
import { describeCause } from "./commands/why.ts";
import type { Answered } from "./decisions/respond.ts";
import type { Refusal } from "./decisions/guard.ts";
import type { RulesMoved } from "./decisions/judge.ts";
import { Incidents, type TellLimits, type TellView } from "./journal/incidents.ts";
import { Listening, type CommandSettings, type LookUps } from "./listening.ts";
import { FoundSums } from "./journal/found-news.ts";
import { RoomNews } from "./journal/room-news.ts";
import { summariseRules, type RuleCounts } from "./journal/rule-news.ts";
import { describeRoughly, describeTime } from "./kit/duration.ts";
import { sha256Base64 } from "./kit/hash.ts";
import type { Log } from "./kit/log.ts";
import { code, count, say, type Say } from "./kit/say.ts";
import type { ActionOf } from "./model/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "./model/decision.ts";
import type { SettingInForce } from "./model/config-entry.ts";
import type { RoomEvent } from "./model/event.ts";
import type { EventId, RoomId, UserId } from "./model/ids.ts";
import type { Observation, Seen } from "./model/observation.ts";
import type { LostBan } from "./model/ledger.ts";
import type { Past, PastAct } from "./model/past.ts";
import { isOver } from "./model/policy-list.ts";
import { noSubject, type Subject } from "./model/subject.ts";
import type { WorldView } from "./model/world.ts";
import type { PolicyBook } from "./policy/book.ts";
import type { Protection } from "./protections/define.ts";
import type { ImpactLimits } from "./policy/impact.ts";
import type { AclOptions } from "./policy/shield.ts";
import type { RedactReasons } from "./policy/redact-reasons.ts";
import type { DiskNews } from "./store/records.ts";

export interface DeskOptions {
  readonly world: WorldView;
  readonly book: PolicyBook;
  readonly log: Log;
  readonly commands: readonly Command[];
  readonly protections: readonly Protection[];
  readonly commandSettings: CommandSettings;
  readonly redactReasons: RedactReasons;
  readonly redactionLimit: number;
  readonly tell: TellLimits;
  readonly lookUps: LookUps;
  /** Asks the homeserver again what it lets us do as its administrator. */
  readonly lookAtServerPowers: () => Promise<void>;
  readonly makeRoomAdmin: boolean;
  readonly config: readonly SettingInForce[];
  readonly receive: (seen: readonly Seen[]) => void;
  readonly health: () => Health;
  /** A command says that it is dangerous: it waits for a yes. */
  readonly needsYes: (command: EventId, why: Say) => void;
  /** A command took back what commands before it wanted for the entity. */
  readonly tookBack: (entity: string, at: number) => void;
  /** A command took back what commands before it led to. */
  readonly undone: (occasions: readonly string[], by: Cause, at: number) => void;
  readonly past: Past;
  readonly guard: ImpactLimits;
  readonly acl: AclOptions | undefined;
  /** Commands said before this moment, while nobody listened, are not obeyed. */
  readonly startedAt: number;
}

/** Incidents that may still go on. */
const incidentsSummed = 100;

type CommandCause = Extract<Cause, { kind: "command" }>;

export class Desk {
  readonly #options: DeskOptions;
  readonly #world: WorldView;
  readonly #incidents: Incidents;
  readonly #listening: Listening;
  readonly #descriptions: ReturnType<typeof descriptionsOf>;
  /** Descriptions of commands that could not be written, by state key: not tried again before a restart. */
  readonly #undescribed = new Set<string>();
  readonly #refusals = new Set<string>();
  /** What the commands of the newest batch call off, unless they have to wait. */
  readonly #effects = new Map<EventId, () => void>();
  readonly #again = new Again();
  readonly #roomNews = new RoomNews();
  /** Commands of the newest batch that put a question of their own. */
  #asked: { readonly command: EventId; readonly covers: readonly EventId[] }[] = [];
  readonly #news = new Map<string, RuleCounts>();
  /** What was found, by incident. */
  readonly #found = new Map<string, FoundSums>();
  #isOpen = false;
  /** Rooms in which we lack rights, with what was told of it. */
  readonly #weak = new Map<RoomId, string>();
  /** Commands that were said while nobody listened. */
  ignored = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#incidents = new Incidents(options.tell);
    const { commands, commandSettings, world } = options;
    this.#descriptions = commandSettings.describe ? descriptionsOf(commands, world.self) : new Map();
    this.#listening = new Listening({
      ...options,
      settings: options.commandSettings,
      // Somebody may have made us an administrator since we looked.
      beforeAnswer: async (line) => {
        if (lacksPower(line, options)) await options.lookAtServerPowers();
      },
      wasAnswered: (command) => options.past.ofOccasion(command).length > 0,
    });
  }

  /** From here on everything that is said is obeyed, and changes of lists are news. */
  open(): void {
    // The first message names what is wrong by then.
    for (const room of this.#world.protectedRooms()) this.#isNewlyWeak(room.id);
    this.#isOpen = true;
  }

  /** Goes on with the answers that an earlier run did not complete. */
  resume(unanswered: readonly CommandCause[], at: number): void {
    const { past } = this.#options;
    for (const because of unanswered) {
      const acts = past.ofOccasion(because.event);
      if (isOnlyRead(acts)) {
        this.#askToRepeat(because, acts, at);
        continue;
      }
      this.#incidents.resume(because, acts, at);
      const number = past.numberOf(because.event);
      if (number !== undefined) this.#incidents.numbered(because.event, number);
    }
  }

  /** What a command wanted to know first was lost with the run before us; its question, where it has put one, was not. */
  #askToRepeat(because: CommandCause, past: readonly PastAct[], at: number): void {
    if (this.#world.questions.ofCommand(because.event)) return;
    const headline = say`I was stopped before I had read what ${code(because.text, 100)} needs. Nothing was done: please say it again.`;
    this.#incidents.command(because.event, { headline, because, at, isProblem: true, past });
  }

  /** Only the moderators in the management room are obeyed. What they name is looked up before the command is answered. */
  listen(room: RoomId, event: RoomEvent, at: number): Decision | undefined {
    const caught = this.#listening.hears(room, event, at);
    if (!caught) return undefined;
    if (!this.#isOpen && event.sentAt < this.#options.startedAt) {
      this.ignored++;
      return undefined;
    }
    const management = this.#world.settings.managementRoom;
    const door = management && this.#world.rooms.get(management);
    if (door?.isPublic) {
      // Whoever comes in could command: nobody is obeyed until a person has closed the door.
      const closed = say`This room can be joined by anybody now, so I obey nobody in it. Make it invite-only.`;
      return this.announcement(closed, `public ${door.event("m.room.join_rules")?.eventId}`, event.sentAt);
    }
    this.#listening.follow(room, event, caught);
    return undefined;
  }

  /** How we are called in the management room. */
  renamed(content: RoomEvent["content"]): void {
    this.#listening.renamed(content);
  }

  /** The next description of a command that the management room lacks: one at a time, as nothing depends on them. */
  nextDescription(at: number): Decision | undefined {
    if (!this.#isOpen) return undefined;
    const [next] = descriptionsToWrite(this.#world, this.#descriptions).filter(
      ({ stateKey }) => !this.#undescribed.has(stateKey),
    );
    if (!next) return undefined;
    const { replaces, ...action } = next;
    return decide(
      action,
      { kind: "self", what: `description ${sha256Base64(JSON.stringify(action.content))}` },
      { at, replaces },
    );
  }

  /** Marks to choose by, on a message that has just asked for something. */
  choices({ decision, result }: Outcome, at: number): readonly Decision[] {
    const { action, because } = decision;
    if (action.kind !== "tell" || result.kind !== "done" || !result.eventId || because.kind !== "command")
      return [];
    const { room } = action;
    return this.#listening
      .askedBy(because.event, result.eventId)
      .map((mark) =>
        decide(
          { kind: "react", room, event: result.eventId!, with: mark },
          { kind: "self", what: `choice of ${because.event}` },
          { at, replaces: mark },
        ),
      );
  }

  /** What the commands among the observations propose; their answers are opened as incidents. */
  answers(seen: readonly Observation[]): readonly Decision[] {
    for (const one of seen) if (one.kind === "bans-read") this.#again.found(one);
    return seen.flatMap((one) => (one.kind === "command" ? this.#answer(one) : []));
  }

  /** The questions that commands of this batch put themselves. */
  takeAsked(): readonly { command: EventId; say: Say; covers: readonly EventId[] }[] {
    const asked = this.#asked;
    this.#asked = [];
    return asked.map(({ command, covers }) => ({ command, covers, say: this.withdraw(command) ?? say`` }));
  }

  /** The command waits for a yes; it is answered then. Gives back what it would have said. */
  withdraw(command: EventId): Say | undefined {
    this.#effects.delete(command);
    return this.#incidents.withdraw(command);
  }

  /** What the commands just answered call off is called off, now that none of them waits for a yes any more. */
  takeEffect(): void {
    for (const effect of this.#effects.values()) effect();
    this.#effects.clear();
  }

  /** A message outside of any incident, and what it is about. Undefined while there is no management room. */
  announcement(say: Say, what: string, at: number, about?: Partial<Subject>): Decision | undefined {
    const room = this.#world.settings.managementRoom;
    if (!room) return undefined;
    const action = {
      kind: "tell",
      room,
      key: what,
      revision: 0,
      say,
      edits: undefined,
      replyTo: undefined,
      ...(about ? { about: { ...noSubject, ...about } } : {}),
    } as const;
    return decide(action, { kind: "self", what }, { at, replaces: "" });
  }

  /** Told when it has come true, and once, as its name says of which exemption it is. */
  endOfExemption({ decision: { action, because }, result }: Outcome, at: number): Decision | undefined {
    if (action.kind !== "change-settings" || because.kind !== "expiry" || result.kind !== "done")
      return undefined;
    const { entity, event } = because;
    return this.announcement(
      say`The exemption of ${code(entity)} has ended: the lists apply again.`,
      `end of ${event}`,
      at,
    );
  }

  /** The disk's trouble is told when it begins and when it is over. */
  diskNews(news: DiskNews | undefined, at: number): Decision | undefined {
    if (!news) return undefined;
    if (news.kind === "began") return this.announcement(diskTroubleOf(news.reason), `disk began ${at}`, at);
    const lost =
      news.lost > 0
        ? say` ${count(news.lost, "journal entry", "journal entries")} had to be dropped meanwhile.`
        : "";
    return this.announcement(
      say`My data folder can be written again, and what I kept in memory is in it.${lost}`,
      `disk over ${at}`,
      at,
    );
  }

  /** A room that we lost is news, whoever is at fault. */
  lossOf(id: RoomId, at: number): Decision | undefined {
    const room = this.#world.rooms.get(id);
    const isOurs = this.#world.isProtected(id) || this.#world.isWatched(id);
    const trouble = isOurs && room?.wasRemoved ? troubleOf(id, this.#world) : undefined;
    if (!trouble) return undefined;
    return this.announcement(
      say`${roomName(id, this.#world)} ${code(id)}: ${trouble}`,
      `lost ${id} ${at}`,
      at,
      { rooms: [id] },
    );
  }

  /** Rooms in which we turn out to lack rights: told when they are seen, not when the first ban fails. */
  weakAmong(rooms: ReadonlySet<RoomId>, at: number): readonly (Decision | undefined)[] {
    if (!this.#isOpen) return [];
    return [...rooms].flatMap((id) => {
      const trouble = this.#isNewlyWeak(id) ? troubleOf(id, this.#world) : undefined;
      if (!trouble) return [];
      return [
        this.announcement(say`${roomName(id, this.#world)} ${code(id)}: ${trouble}`, `weak ${id} ${at}`, at, {
          rooms: [id],
        }),
      ];
    });
  }

  /** Bans that lists ask for and a person lifted: told, and left to the lists until the person comes back. */
  liftedBy(
    lifted: readonly (LostBan & { readonly by: UserId; readonly list: RoomId })[],
    at: number,
  ): readonly (Decision | undefined)[] {
    const prefix = this.#options.commandSettings.prefixes[0]!;
    return [...Map.groupBy(lifted, ({ by, list }) => `${by} ${list}`).values()].map((group) => {
      const { by, list, user } = group[0]!;
      const people = new Set(group.map((one) => one.user));
      const who = people.size === 1 ? code(user) : count(people.size, "person", "people");
      const where = group.length === 1 ? roomName(group[0]!.room, this.#world) : count(group.length, "room");
      return this.announcement(
        say`${code(by)} lifted the ban of ${who} in ${where}, which ${listName(list, this.#world)} asks for. I leave it; whoever comes back is banned again. ${code(`${prefix} exempt add ${people.size === 1 ? user : "<who>"}`)} spares them.`,
        `lifted ${by} ${group.map((one) => `${one.room} ${one.stamp}`).join(" ")}`,
        at,
        { who: [...people], rooms: group.map((one) => one.room) },
      );
    });
  }

  noMoreOffers(until: number, at: number): Decision | undefined {
    return this.announcement(
      say`More bans are made or lifted by hand than I offer in an hour. I offer none before ${describeTime(until)}; ${code(`${this.#options.commandSettings.prefixes[0]!} ban <who>`)} does it all the same.`,
      `offers rest ${at}`,
      at,
    );
  }

  /** Changes of power levels that ours took back, as they were made in the same moment: nobody but a person knows what was meant. */
  lostLevels(rooms: ReadonlyMap<RoomId, UserId>, at: number): readonly (Decision | undefined)[] {
    return [...rooms].map(([room, by]) =>
      this.announcement(
        say`${code(by)} changed the power levels of ${roomName(room, this.#world)} in the same moment as I did. Mine came later and took that back: please look whether it has to be done again.`,
        `lost levels ${room} ${at}`,
        at,
        { rooms: [room] },
      ),
    );
  }

  /** Server ACLs of ours that somebody wrote over: put right, or left where that goes on and on. */
  overwritten(
    rooms: ReadonlyMap<RoomId, UserId>,
    watchdog: { isResting(room: RoomId, at: number): boolean },
    at: number,
  ): readonly (Decision | undefined)[] {
    return [...rooms].map(([room, by]) => {
      const acl = this.#world.rooms.get(room)?.event("m.room.server_acl")?.eventId;
      const then = watchdog.isResting(room, at)
        ? say`It happened too often in an hour: I leave it for an hour. Two bots may be at work there.`
        : say`Entries that lists ask for are put back; entries made by hand stay.`;
      return this.announcement(
        say`${code(by)} changed the server ACL of ${roomName(room, this.#world)}. ${then}`,
        `overwritten ${room} ${acl}`,
        at,
        { rooms: [room] },
      );
    });
  }

  /** Commands whose server ACLs are not decided yet: their answers are not complete before that. */
  awaitAcls(commands: ReadonlySet<EventId>, at: number): void {
    this.#options.receive(this.#again.takeReady(at));
    this.#incidents.awaiting(new Set([...commands, ...this.#again.commands()]), at);
  }

  #isNewlyWeak(id: RoomId): boolean {
    const room = this.#world.isProtected(id) ? this.#world.rooms.get(id) : undefined;
    const missing =
      room?.isKnown && this.#world.membersKnown.has(id)
        ? powersMissing(room, this.#world.self).join(", ")
        : "";
    const isNew = missing !== "" && this.#weak.get(id) !== missing;
    if (missing === "") this.#weak.delete(id);
    else this.#weak.set(id, missing);
    return isNew;
  }

  /** What protections found is told in one message an incident. */
  found(answered: readonly Answered[], at: number): void {
    for (const one of answered) {
      const { finding, incident } = one;
      let sums = this.#found.get(incident);
      if (!sums) this.#found.set(incident, (sums = new FoundSums()));
      if (this.#found.size > incidentsSummed) this.#found.delete(this.#found.keys().next().value!);
      sums.add(one);
      const { protection, user, sentence } = finding;
      const headline = sums.describe(protection, (room) => roomName(room, this.#world));
      this.#incidents.found({ kind: "finding", protection, incident, user, sentence }, headline, at);
    }
  }

  /** Rules that others wrote, and those of ours that ended by themselves: the others are told in the answer to a command. */
  rulesMoved(moved: RulesMoved, at: number): void {
    const { self } = this.#world;
    const came = moved.came.filter((rule) => rule.sender !== self);
    const went = moved.went.filter((rule) => rule.sender !== self || isOver(rule, this.#world.dueBy));
    if (!this.#isOpen || came.length + went.length === 0) return;
    this.#incidents.listsChanged((already) => {
      if (!already) this.#news.clear();
      return summariseRules(this.#news, { came, went }, this.#world);
    }, at);
  }

  /** What a moderator asked for is always answered; what the lists ask for is refused once, until its room changes. */
  newsAmong(refused: readonly Refusal[], changedRooms: ReadonlySet<RoomId>): readonly Refusal[] {
    for (const room of changedRooms) {
      for (const key of this.#refusals) if (key.includes(room)) this.#refusals.delete(key);
    }
    return refused.filter(({ decision, key }) => {
      const isTold = this.#refusals.has(key);
      if (isTold && decision.because.kind !== "command") return false;
      this.#refusals.add(key);
      if (this.#refusals.size > this.#world.limits.refusalsRemembered)
        this.#refusals.delete(this.#refusals.values().next().value!);
      return true;
    });
  }

  refused({ decision, key, why }: Refusal): void {
    this.#incidents.refused(decision, { key, why });
  }

  /** The command or incident can be taken back under this number. */
  numbered(occasion: string, number: number): void {
    this.#incidents.numbered(occasion, number);
  }

  handedOver(decision: Decision): void {
    this.#again.handedOver(decision);
    if (decision.action.kind !== "tell" && decision.action.kind !== "react")
      this.#incidents.planned(decision);
  }

  /** How far an act has come that takes long. */
  progress(decision: Decision, note: string): void {
    this.#incidents.progress(decision, note);
  }

  ended(outcome: Outcome, at: number): void {
    this.#again.ended(outcome);
    if (this.#isOpen) this.#roomNews.note(outcome, at);
    const { decision, result } = outcome;
    if (decision.action.kind === "describe-command" && result.kind === "failed")
      this.#undescribed.add(decision.action.stateKey);
    this.#incidents.ended(outcome, at);
  }

  /** When something may have to be told, if nothing else happens. */
  nextAt(): number | undefined {
    const nexts = [this.#incidents.nextAt(), this.#again.nextAt(), this.#roomNews.nextAt()];
    const next = Math.min(...nexts.map((at) => at ?? Infinity));
    return next === Infinity ? undefined : next;
  }

  /** The messages that are due. */
  due(at: number): readonly Decision[] {
    const room = this.#world.settings.managementRoom;
    if (!room) return [];
    const tellings = this.#incidents.due(at, this.#tellView(room));
    const rooms = this.#roomNews.due(at, this.#world);
    const news = rooms && this.announcement(rooms, `rooms ${at}`, at);
    return [
      ...tellings.map(({ action, because }) =>
        decide(action.kind === "react" ? this.#marked(action) : action, because, { at, replaces: "" }),
      ),
      ...(news ? [news] : []),
    ];
  }

  /** Our own offer bears the marks of a question already, and nobody may put the same on it twice. */
  #marked(action: ActionOf<"react">): ActionOf<"react"> {
    if (!this.#world.questions.ofMessage(action.event)) return action;
    return { ...action, with: action.with === "✅" ? "☑️" : "⚠️" };
  }

  /** The message as it should be now that it is sent. */
  newest(decision: Decision): Decision {
    const { action } = decision;
    const text =
      action.kind === "tell" ? this.#incidents.newest(action, this.#tellView(action.room)) : undefined;
    return action.kind === "tell" && text ? { ...decision, action: { ...action, say: text } } : decision;
  }

  #tellView(room: RoomId): TellView {
    return {
      room,
      roomName: (id) => roomName(id, this.#world),
      cause: (because) => (because ? describeCause(because, this.#world) : say`as lists ask for it`),
      delay: this.#delay(),
      undoWith: (number) => code(`${this.#options.commandSettings.prefixes[0]!} undo ${number}`),
    };
  }

  /** Why work takes long, where the homeserver's rate limits are the reason. */
  #delay(): Say | undefined {
    const { pending, expectedMs } = this.#options.health();
    if (expectedMs === undefined) return undefined;
    return say`The homeserver limits how fast I may write: ${count(pending, "act")} to go, about ${describeRoughly(expectedMs)}. Its administrator can exempt me: ${code("override_ratelimit")}.`;
  }

  #answer(seen: Extract<Observation, { kind: "command" }>): readonly Decision[] {
    const { world, book, past, commands, protections, redactReasons, redactionLimit, health, log } =
      this.#options;
    const { event, aliases, names, subject, inPlaceOf, room, at } = seen;
    const question = world.questions.ofCommand(event.eventId);
    const isConfirmed = question?.answer?.yes === true;
    const heard = this.#listening.lineOf(seen);
    if (!heard) return [];
    const isElsewhere = room !== world.settings.managementRoom;
    const { reply, because, decisions, about } = answer({
      event: event.eventId,
      by: event.sender,
      at,
      text: heard.text,
      prefix: heard.prefix,
      problem: heard.problem,
      note: heard.note,
      health: health(),
      world,
      book,
      past,
      redactReasons,
      redactionLimit,
      makeRoomAdmin: this.#options.makeRoomAdmin,
      config: this.#options.config,
      aliases,
      names,
      subject,
      commands,
      protections,
      before: this.#again.before(event.eventId, at),
      isConfirmed,
      guard: this.#options.guard,
      acl: this.#options.acl,
      ...(isElsewhere ? { room } : {}),
    });
    const isLost = reply.again === true && !this.#again.wait(seen);
    if (!reply.again || isLost) this.#again.answered(event.eventId);
    if (reply.fault !== undefined) log.error({ err: reply.fault }, "a command broke");
    this.#effects.set(event.eventId, () => {
      if (reply.takesBack !== undefined) this.#options.tookBack(reply.takesBack, at);
      if (reply.undoes) this.#options.undone(reply.undoes, because, at);
    });
    if (reply.needsYes) this.#options.needsYes(event.eventId, reply.needsYes);
    if (reply.lack) this.#listening.asks(seen, reply.lack, at);
    const isProblem = isLost || (reply.isProblem ?? false);
    this.#incidents.command(event.eventId, {
      headline: isLost
        ? say`I could not find out what this needs. Nothing was done: please say it again later.`
        : reply.say,
      because: reply.again ? { ...because, reads: true } : because,
      at,
      isProblem,
      about,
      place: { room, event: inPlaceOf ?? event.eventId, isElsewhere },
      past: question ? past.ofOccasion(event.eventId) : [],
    });
    if (isLost) return [];
    if (!reply.asks || isConfirmed) return decisions;
    this.#asked.push({ command: event.eventId, covers: reply.asks.covers ?? [] });
    return [];
  }
}

/** A command that was not answered yet, as it was to read something first. */
function isOnlyRead(past: readonly PastAct[]): boolean {
  return past.every(({ decision: { because } }) => because.kind === "command" && because.reads === true);
}
