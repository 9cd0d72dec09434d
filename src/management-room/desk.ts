/** The management room's side of the bot: hears commands, answers them, and tells what has happened, each thing once. */
import { DeferredCommands } from "./deferred-commands.ts";
import type { Announcements } from "./announcements.ts";
import { answer } from "../commands/run.ts";
import type { Command } from "../commands/define.ts";
import type { Health } from "../model/health.ts";
import { roomName } from "../commands/shared/room-names.ts";
import { lacksPower } from "../commands/server-power.ts";
import { describeCause } from "../commands/history/why.ts";
import type { Answered } from "../decisions/respond/respond.ts";
import type { Refusal } from "../decisions/guard/guard.ts";
import type { RulesMoved } from "../decisions/judge/judge.ts";
import { ProgressMessages, type TellLimits, type TellView } from "./progress/progress-messages.ts";
import { Listener, type CommandSettings, type LookUps } from "./hearing/listener.ts";
import { FoundSums } from "./progress/findings-summary.ts";
import { RoomNews } from "./room-news.ts";
import { summariseRules, type RuleCounts } from "./progress/rules-summary.ts";
import { describeRoughly } from "../kit/duration.ts";
import type { Log } from "../kit/log.ts";
import { keepNewest } from "../kit/bounded.ts";
import { code, count, say, type Say } from "../kit/say.ts";
import type { ActionOf } from "../model/actions/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "../model/decision.ts";
import type { SettingInForce } from "../model/config-entry.ts";
import type { RoomEvent } from "../model/event.ts";
import type { EventId, RoomId } from "../model/ids.ts";
import type { Observation, Seen } from "../model/observation.ts";
import type { Past, PastAct } from "../model/past-acts.ts";
import { isOver } from "../model/policy-list.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "../policy/rules-in-force.ts";
import type { Protection } from "../automod/define.ts";
import type { ImpactLimits } from "../policy/impact/impact.ts";
import type { AclOptions } from "../policy/server-acl/spared-servers.ts";
import type { RedactReasons } from "../policy/redact-reasons.ts";

export interface DeskOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
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
  readonly announcements: Announcements;
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
  readonly #incidents: ProgressMessages;
  readonly #listening: Listener;
  readonly #refusals = new Set<string>();
  /** What the commands of the newest batch call off, unless they have to wait. */
  readonly #effects = new Map<EventId, () => void>();
  readonly #again = new DeferredCommands();
  readonly #roomNews = new RoomNews();
  /** Commands of the newest batch that put a question of their own. */
  #asked: { readonly command: EventId; readonly covers: readonly EventId[] }[] = [];
  readonly #news = new Map<string, RuleCounts>();
  /** What was found, by incident. */
  readonly #found = new Map<string, FoundSums>();
  #isOpen = false;
  /** Commands that were said while nobody listened. */
  ignored = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#incidents = new ProgressMessages(options.tell);
    this.#listening = new Listener({
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
      return this.#options.announcements.of(
        closed,
        `public ${door.event("m.room.join_rules")?.eventId}`,
        event.sentAt,
      );
    }
    this.#listening.follow(room, event, caught);
    return undefined;
  }

  /** How we are called in the management room. */
  renamed(content: RoomEvent["content"]): void {
    this.#listening.renamed(content);
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

  /** Commands whose server ACLs are not decided yet: their answers are not complete before that. */
  awaitAcls(commands: ReadonlySet<EventId>, at: number): void {
    this.#options.receive(this.#again.takeReady(at));
    this.#incidents.awaiting(new Set([...commands, ...this.#again.commands()]), at);
  }

  /** What protections found is told in one message an incident. */
  found(answered: readonly Answered[], at: number): void {
    for (const one of answered) {
      const { finding, incident } = one;
      let sums = this.#found.get(incident);
      if (!sums) this.#found.set(incident, (sums = new FoundSums()));
      keepNewest(this.#found, incidentsSummed);
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
      keepNewest(this.#refusals, this.#world.limits.refusalsRemembered);
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
    const news = rooms && this.#options.announcements.of(rooms, `rooms ${at}`, at);
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
    const { world, rulesInForce, past, commands, protections, redactReasons, redactionLimit, health, log } =
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
      rulesInForce,
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
