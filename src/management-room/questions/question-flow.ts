/**
 * Questions to the moderators, from the wait to the answer: puts them, hears the answers (a reaction, a reply, a bare
 * word, the commands `yes` and `no`), tells what became of them, and ends those that nobody answers.
 */
import { answerIn } from "../hearing/question-answers.ts";
import { BareAnswers } from "../hearing/bare-answers.ts";
import { listName, roomName } from "../../commands/shared/room-names.ts";
import { because, newRules, noMark, outcomeOf, titled, withHowTo, yesMark } from "./wording.ts";
import type { HeldDecisions, HeldFindings, HeldRules } from "../../decisions/guard/blast-radius.ts";
import type { Offer } from "../manual-bans.ts";
import { hourMs } from "../../kit/duration.ts";
import { code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import {
  subjectsOf,
  type Question,
  type QuestionAbout,
  type QuestionAnswer,
  subjectOfQuestion,
} from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";

export interface QuestionFlowOptions {
  readonly world: WorldView;
  /** How commands begin, for those that are proposed. */
  readonly prefix: string;
  readonly answerWithinHours: number;
  /** Nobody needs an answer to it any more. */
  readonly isObsolete: (about: QuestionAbout) => boolean;
  /** A question that grows is told again this often at most. */
  readonly editEveryMs: number;
  readonly receive: (seen: readonly Seen[]) => void;
}

/** Acts of an incident that wait for the answer; what is beyond them is not done. */
const actsKept = 2_000;

export class QuestionFlow {
  readonly #options: QuestionFlowOptions;
  readonly #world: WorldView;
  readonly #prefix: string;
  /** Commands of the newest batch, in case one of them has to wait. */
  readonly #commands = new Map<EventId, Extract<Observation, { kind: "command" }>>();
  /** When the growth of an open question was last told. */
  readonly #toldAt = new Map<number, number>();
  /** How many rules each edit of an open question tells of, by the edit's decision. */
  readonly #telling = new Map<string, { readonly question: number; readonly told: number }>();
  /** A bare yes is meant for a question only right after it. */
  readonly #justPut = new BareAnswers();
  /** Answers that have had their effect: two people may say yes in the same moment. */
  readonly #followed = new WeakSet<QuestionAnswer>();

  constructor(options: QuestionFlowOptions) {
    this.#options = options;
    this.#world = options.world;
    this.#prefix = options.prefix;
  }

  /** Commands that are about to be answered, and may turn out to need a yes. */
  commandsSeen(seen: readonly Observation[]): void {
    this.#commands.clear();
    for (const one of seen) if (one.kind === "command") this.#commands.set(one.event.eventId, one);
  }

  /** Rules that have to wait: a question about their list, or more rules for the one that is open. */
  aboutRules(held: HeldRules, at: number): Question {
    const { list, rules, impact, reasons } = held;
    const open = this.#world.questions.openAbout(list);
    const before = open?.about.kind === "rules" ? open.about.rules : [];
    const all = [...new Set([...before, ...rules])];
    const about = { kind: "rules", list, rules: all } as const;
    const what = lines(newRules(list, all, this.#world), impact.describe(), because(reasons));
    return this.#askOrAdd({ open, about }, what, at);
  }

  /** Decisions that have to wait. `headline`: what the command would have answered. */
  aboutDecisions({ by, impact, reasons }: HeldDecisions, headline: Say | undefined, at: number): Question {
    const body = [impact.describe(), because(reasons)];
    if ("rooms" in by) {
      const open = this.#world.questions.openAboutRooms();
      const rooms = [...new Set([...(open?.about.kind === "rooms" ? open.about.rooms : []), ...by.rooms])];
      const where = count(rooms.length, "room");
      return this.#askOrAdd(
        { open, about: { kind: "rooms", rooms } },
        lines(
          say`The lists ask for bans or server ACLs in ${where} that they did not reach before.`,
          ...body,
        ),
        at,
      );
    }
    if ("incident" in by) return this.#aboutFindings(by, body, at);
    return this.aboutCommand({ command: by.command, say: lines(headline, ...body) }, at);
  }

  /** A command that waits: as a whole, and for its own question or the guard's. */
  aboutCommand(
    { command, say: what, covers }: { command: EventId; say: Say; covers?: readonly EventId[] | undefined },
    at: number,
  ): Question {
    const seen = this.#commands.get(command);
    if (!seen) throw new Error("a command waits that nobody gave");
    const { at: _at, dueBy: _dueBy, aliases, names, ...heard } = seen;
    const about: QuestionAbout = {
      ...heard,
      aliases: [...aliases],
      names: [...(names ?? [])],
      ...(covers && covers.length > 0 ? { covers } : {}),
    };
    return this.#question(about, what, { told: 0, at });
  }

  #aboutFindings(
    { protection, incident, acts }: HeldFindings,
    body: readonly (Say | undefined)[],
    at: number,
  ): Question {
    const open = this.#world.questions.ofIncident(incident);
    const before = open?.about.kind === "findings" ? open.about.acts : [];
    const all = [...before, ...acts].slice(0, actsKept);
    const about = { kind: "findings", protection, incident, acts: all } as const;
    if (open) return { ...open, about };
    const what = lines(
      say`${protection} would remove people whom I do not remove without a yes; whoever is found in the same incident later waits with them. Mutes and redactions go on.`,
      ...body,
    );
    return this.#question(about, what, { told: 0, at });
  }

  /** A ban that somebody made or lifted by hand: shall it hold everywhere? */
  aboutOffer({ kind, user, by, rooms, reason, list, text }: Offer, at: number): Question {
    const world = this.#world;
    const where = rooms.length === 1 ? roomName(rooms[0]!, world) : count(rooms.length, "room");
    const why = reason === "" ? "" : say` (${plain(reason, 150)})`;
    const what =
      kind === "ban"
        ? say`${code(by)} banned ${code(user)} in ${where}${why}. Ban them in all protected rooms, by ${listName(list, world)}?`
        : say`${code(by)} lifted the ban of ${code(user)} in ${where}, which ${listName(list, world)} asks for. I leave it; whoever comes back is banned again. ${text.startsWith("unban") ? say`Take the rule off the list, and lift the other bans?` : say`Exempt them from all lists, and lift the other bans?`}`;
    const about = { kind: "offer", offer: kind, user, text } as const;
    return this.#question(about, what, { told: 0, at });
  }

  /** The message that puts a question. */
  message(question: Question, at: number): Decision | undefined {
    const room = this.#world.settings.managementRoom;
    if (!room) return undefined;
    const { about, id } = question;
    const command = about.kind === "command" ? about.event : undefined;
    const cause: Cause = command
      ? { kind: "command", event: command.eventId, by: command.sender, text: "", via: "word" }
      : self(id);
    // A reply to a message of another room would lead nowhere.
    const replyTo = about.kind === "command" && about.room === room ? command?.eventId : undefined;
    const what = { say: withHowTo(question, this.#prefix), replyTo, about: subjectOfQuestion(question) };
    return decide({ kind: "ask", room, question: id, ...what }, cause, {
      at,
      replaces: String(question.askedAt),
    });
  }

  /** The messages of open questions that could not be sent, or that we were stopped before. The journal knows the others. */
  untold(at: number): readonly (Decision | undefined)[] {
    const untold = this.#world.questions.open().filter(({ message }) => message === undefined);
    return untold.map((question) => this.message(question, at));
  }

  /** An answer that is no command: a reaction to the question, a reply to it, a bare word right after it. */
  listen(room: RoomId, event: RoomEvent): Decision | undefined {
    const world = this.#world;
    if (room !== world.settings.managementRoom) return undefined;
    if (event.sender === world.self) {
      this.#justPut.said(event);
      return undefined;
    }
    // Whoever comes in could answer; commands are not obeyed then, either.
    if (world.rooms.get(room)?.isPublic) return undefined;
    const answer = answerIn(event);
    const meant = answer?.to
      ? world.questions.ofMessage(answer.to)
      : this.#justPut.only(world.questions.open());
    if (event.type === "m.room.message" && !answer?.isEdit) this.#justPut.over();
    const question = answer && !answer.isEdit && world.isModerator(event.sender) ? meant : undefined;
    if (!answer || !question || question.answer) return undefined;
    const cause: Cause = {
      kind: "command",
      event: event.eventId,
      by: event.sender,
      text: `${answer.yes ? "yes" : "no"} ${question.id}`,
      via: event.type === "m.reaction" ? "reaction" : "word",
    };
    return decide(
      { kind: "answer-question", question: question.id, yes: answer.yes, by: event.sender },
      cause,
      {
        at: event.sentAt,
        replaces: "",
      },
    );
  }

  /** What a question's message or its answer leads to. */
  afterwards(one: Observation): readonly Decision[] {
    if (one.kind === "answered") return this.#answered(one);
    if (one.kind !== "outcome" || one.outcome.decision.action.kind !== "ask") return [];
    const { decision, result } = one.outcome;
    if (result.kind !== "done" || !result.eventId || decision.action.kind !== "ask") return [];
    const { room, question } = decision.action;
    return [yesMark, noMark].map((mark) =>
      decide({ kind: "react", room, event: result.eventId!, with: mark }, self(question), {
        at: one.at,
        replaces: mark,
      }),
    );
  }

  /** The questions whose edits have arrived: an answer covers from then on what they tell of. */
  toldBy(seen: readonly Observation[]): readonly Question[] {
    return seen.flatMap((one) => {
      if (one.kind !== "outcome") return [];
      const { decision, result } = one.outcome;
      const telling = this.#telling.get(decision.id);
      this.#telling.delete(decision.id);
      const question = telling && this.#world.questions.get(telling.question);
      if (!question || question.answer || result.kind !== "done") return [];
      return [{ ...question, told: Math.max(question.told, telling.told) }];
    });
  }

  /** Questions whose time is over, and those that have grown since they were told. */
  due(at: number): readonly Decision[] {
    const decisions: Decision[] = [];
    for (const question of this.#world.questions.open()) {
      const { id, message } = question;
      if (this.#world.dueBy >= question.expiresAt || this.#isOver(question)) {
        const action = { kind: "answer-question", question: id, yes: false, by: undefined } as const;
        decisions.push(decide(action, self(id), { at, replaces: "" }));
      } else if (message && subjectsOf(question).length > question.told) {
        if (Math.abs(at - (this.#toldAt.get(id) ?? 0)) < this.#options.editEveryMs) continue;
        this.#toldAt.set(id, at);
        const edits = this.#edit(question, withHowTo(question, this.#prefix), at);
        const told = subjectsOf(question).length;
        for (const edit of edits) this.#telling.set(edit.id, { question: id, told });
        decisions.push(...edits);
      }
    }
    return decisions;
  }

  /** Commands that got their yes and were not run any more before we were stopped. */
  resume(wasRun: (command: EventId) => boolean, since: number): void {
    for (const question of this.#world.questions.all) {
      const { about, answer } = question;
      if (!answer?.yes || answer.at < since) continue;
      if (about.kind === "command" && !wasRun(about.event.eventId)) this.#run(about);
      if (about.kind === "offer" && !wasRun(occasionOfOffer(question))) this.#runOffer(question);
    }
  }

  #answered({ question: id, at }: Extract<Observation, { kind: "answered" }>): readonly Decision[] {
    const question = this.#world.questions.get(id);
    if (!question?.answer || question.answer.at !== at || this.#followed.has(question.answer)) return [];
    const { answer, about } = question;
    this.#followed.add(answer);
    this.#toldAt.delete(id);
    if (about.kind === "command" && answer.yes) this.#run(about);
    if (about.kind === "offer" && answer.yes) this.#runOffer(question);
    const mark =
      about.kind === "command" && !answer.yes && this.#world.settings.managementRoom
        ? [
            decide({ kind: "react", room: about.room, event: about.event.eventId, with: noMark }, self(id), {
              at,
              replaces: "",
            }),
          ]
        : [];
    // Of an offer that was never seen nobody needs to hear how it ended.
    if (about.kind === "offer" && !question.message) return [];
    const outcome = outcomeOf(question, answer, {
      isObsolete: this.#isAboutNothing(question),
      prefix: this.#prefix,
    });
    return [...this.#edit(question, lines(question.say, outcome), at), ...mark];
  }

  /** The command is answered as if it were said now; its rules and rooms have their yes. */
  #run({ aliases, names, ...command }: Extract<QuestionAbout, { kind: "command" }>): void {
    this.#options.receive([{ ...command, aliases: new Map(aliases), names: new Map(names) }]);
  }

  /** As if whoever said yes had typed the command, in answer to the offer. */
  #runOffer(question: Question): void {
    const { about, answer } = question;
    const room = this.#world.settings.managementRoom;
    if (about.kind !== "offer" || !answer?.by || !room) return;
    const body = `${this.#prefix} ${about.text}`;
    const event: RoomEvent = {
      type: "m.room.message",
      sender: answer.by,
      eventId: occasionOfOffer(question),
      content: { msgtype: "m.text", body },
      sentAt: answer.at,
    };
    this.#options.receive([{ kind: "command", room, event, aliases: new Map() }]);
  }

  #edit(question: Question, text: Say, at: number): readonly Decision[] {
    const room = this.#world.settings.managementRoom;
    const { id, message } = question;
    if (!room) return [];
    const action = {
      kind: "tell",
      room,
      key: `question ${id}`,
      revision: at,
      say: text,
      edits: message,
      replyTo: undefined,
      about: subjectOfQuestion(question),
    } as const;
    return [decide(action, self(id), { at, replaces: "" })];
  }

  /** What is added to an open question is not covered by an answer until it has been told. */
  #askOrAdd(
    {
      open,
      about,
    }: { open: Question | undefined; about: Extract<QuestionAbout, { kind: "rules" | "rooms" }> },
    what: Say,
    at: number,
  ): Question {
    if (open) return { ...open, about, say: titled(open.id, what) };
    const told = about.kind === "rules" ? about.rules.length : about.rooms.length;
    return this.#question(about, what, { told, at });
  }

  #question(about: QuestionAbout, what: Say, { told, at }: { told: number; at: number }): Question {
    const id = this.#world.questions.nextId;
    return {
      id,
      about,
      say: titled(id, what),
      askedAt: at,
      expiresAt: at + this.#options.answerWithinHours * hourMs,
      message: undefined,
      told,
      answer: undefined,
    };
  }

  /** An offer on its way has to arrive first, or there would be nothing to edit. */
  #isOver(question: Question): boolean {
    const isOnItsWay = question.about.kind === "offer" && !question.message;
    return !isOnItsWay && this.#isAboutNothing(question);
  }

  /** All its rules have gone from their list, or what it offers has come about. */
  #isAboutNothing({ about }: Question): boolean {
    return (about.kind === "rules" && about.rules.length === 0) || this.#options.isObsolete(about);
  }
}

function self(id: number): Cause {
  return { kind: "self", what: `question ${id}` };
}

/** The offer's message stands for the command that it became. */
function occasionOfOffer({ id, message }: Question): EventId {
  return message ?? (`$offer-${id}` as EventId);
}
