/** From a command observation to its reply, the acts that it proposes, and its effects on earlier commands. */
import { runCommand, type CommandReply } from "../commands/run.ts";
import { problem, type CommandFacts } from "../commands/define.ts";
import { isDroppedByStop } from "../model/stopped.ts";
import type { Health } from "../model/health.ts";
import type { Log } from "../kit/log.ts";
import { say, type Say } from "../kit/say.ts";
import type { Action } from "../model/actions/action.ts";
import type { Cause, Decision } from "../model/decision.ts";
import type { EventId } from "../model/ids.ts";
import type { Role } from "../model/roles.ts";
import type { Observation } from "../model/observation.ts";
import type { DeferredCommands } from "./deferred-commands.ts";
import type { Listener } from "./hearing/listener.ts";
import type { ProgressMessages } from "./progress/progress-messages.ts";

export interface CommandRepliesOptions {
  readonly facts: CommandFacts;
  readonly health: () => Health;
  readonly log: Log;
  readonly listener: Listener;
  readonly deferred: DeferredCommands;
  readonly messages: ProgressMessages;
  /** A command says that it is dangerous: it waits for a yes. */
  readonly needsYes: (command: EventId, why: Say) => void;
  /** A command took back what commands before it led to. */
  readonly undone: (occasions: readonly string[], by: Cause, at: number) => void;
  /** A command is not carried out, as `stop` was said after it. */
  readonly dropped: (command: CommandSeen, because: CommandReply["because"]) => void;
}

/** A yes that was said before a stop, or together with it. */
export const yesOvertaken = say`Not done, as stop was said with it or after it. The question is still open.`;

type CommandSeen = Extract<Observation, { kind: "command" }>;

/** A command that puts a question of its own. */
export interface OwnQuestion {
  readonly command: EventId;
  readonly covers: readonly EventId[];
  /** What it would do. */
  readonly actions: readonly Action[];
}

export class CommandReplies {
  readonly #options: CommandRepliesOptions;
  /** What the commands of the newest batch call off, unless they have to wait for a yes. */
  readonly #effects = new Map<EventId, () => void>();
  /** What it takes to have the commands of the newest batch done. */
  readonly #roles = new Map<EventId, Role>();
  #ownQuestions: OwnQuestion[] = [];

  constructor(options: CommandRepliesOptions) {
    this.#options = options;
  }

  /** The acts that the command proposes; its reply is from now on the headline of what becomes of them. */
  reply(seen: CommandSeen): readonly Decision[] {
    const { log, listener, deferred } = this.#options;
    const { event, at } = seen;
    const replied = this.#unlessOvertaken(seen, this.#replied(seen));
    if (!replied) return [];
    const { reply, because, decisions, missing, fault } = replied;
    const { waitsFor, takesBack, callsOff } = reply;
    if (replied.role) this.#roles.set(event.eventId, replied.role);
    const isLost = waitsFor?.kind === "reads" && !deferred.wait(seen, waitsFor.patienceMs);
    if (waitsFor?.kind !== "reads" || isLost) deferred.replied(event.eventId);
    if (fault !== undefined) log.error({ err: fault }, "a command broke");
    if (callsOff) this.#effects.set(event.eventId, () => deferred.callOff([callsOff]));
    if (takesBack) this.#effects.set(event.eventId, () => this.#takeBack(takesBack, because, at));
    if (waitsFor?.kind === "yes") this.#options.needsYes(event.eventId, waitsFor.why);
    if (missing) listener.openPrompt(seen, missing, at);
    if (reply.isProblem) listener.refused(event.eventId);
    this.#tell(seen, replied, isLost);
    if (isLost) return [];
    if (waitsFor?.kind !== "own-question" || this.#isConfirmed(event.eventId)) return decisions;
    this.#ownQuestions.push({
      command: event.eventId,
      covers: waitsFor.covers ?? [],
      actions: decisions.map(({ action }) => action),
    });
    return [];
  }

  #takeBack(occasions: readonly string[], because: Cause, at: number): void {
    this.#options.undone(occasions, because, at);
    this.#options.deferred.callOff(occasions);
  }

  /** `stop` was said after it: it is not done, and offered again once the stop is over. A question stays open. */
  #unlessOvertaken(seen: CommandSeen, replied: CommandReply | undefined): CommandReply | undefined {
    if (!seen.isOvertaken || !replied) return replied;
    const { decisions, because } = replied;
    if (decisions.some(isYes)) return { ...replied, decisions: [], reply: problem(yesOvertaken) };
    if (!decisions.some(isDroppedByStop)) return replied;
    this.#options.dropped(seen, because);
    const text = say`Not done, as stop was said after it. I offer it again once the stop is over.`;
    return { ...replied, decisions: [], reply: problem(text) };
  }

  /** Questions that commands of this batch put themselves. */
  takeOwnQuestions(): readonly OwnQuestion[] {
    const questions = this.#ownQuestions;
    this.#ownQuestions = [];
    return questions;
  }

  /** Takes back the reply of a command that has to wait for a yes, and returns its text. */
  withdraw(command: EventId): Say | undefined {
    this.#effects.delete(command);
    return this.#options.messages.withdraw(command);
  }

  /** Calls off the waiting acts that this batch's commands take back. Commands that turned out to need a yes are not among them (`withdraw`). */
  takeEffect(): void {
    for (const effect of this.#effects.values()) effect();
    this.#effects.clear();
    this.#roles.clear();
  }

  roleFor(command: EventId): Role | undefined {
    return this.#roles.get(command);
  }

  #isConfirmed(command: EventId): boolean {
    return this.#options.facts.world.questions.ofCommand(command)?.answer?.yes === true;
  }

  #replied(seen: CommandSeen): CommandReply | undefined {
    const { facts, health, listener, deferred } = this.#options;
    const { event, aliases, names, subject, named, details, given, policyServer, room, at } = seen;
    const line = listener.commandOf(seen);
    if (!line) return undefined;
    const { text, prefix, problem, note } = line;
    return runCommand({
      ...facts,
      event: event.eventId,
      by: event.sender,
      at,
      line: { text, problem, note, ...(this.#isElsewhere(seen) ? { room } : {}) },
      prefix,
      lookedUp: {
        ...{ aliases, names, subject, named, details, given, policyServer },
        earlierReads: deferred.earlierReads(event.eventId, at),
      },
      health: health(),
      isConfirmed: this.#isConfirmed(event.eventId),
    });
  }

  #tell(seen: CommandSeen, { reply, because, about }: CommandReply, isLost: boolean): void {
    const { facts, messages } = this.#options;
    const { event, inPlaceOf, room, at } = seen;
    messages.command(event.eventId, {
      headline: isLost
        ? say`I could not find out what this needs. Nothing was done: please say it again later.`
        : reply.say,
      because,
      at,
      isProblem: isLost || (reply.isProblem ?? false),
      goesFirst: reply.goesFirst,
      about,
      place: { room, event: inPlaceOf ?? event.eventId, isElsewhere: this.#isElsewhere(seen) },
      past: facts.world.questions.ofCommand(event.eventId) ? facts.past.ofOccasion(event.eventId) : [],
    });
  }

  #isElsewhere({ room }: CommandSeen): boolean {
    return room !== this.#options.facts.world.settings.managementRoom;
  }
}

/** What the question is about would be done after the stop. */
function isYes({ action }: Decision): boolean {
  return action.kind === "answer-question" && action.yes;
}
