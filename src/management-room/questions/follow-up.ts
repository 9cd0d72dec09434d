/**
 * What follows from questions once they stand: marks to answer by, edits as they grow, an end where nobody answers; and
 * from answers: the command or offer is carried out, and the message tells what became of it.
 */
import type { Batch } from "../../bot/part.ts";
import { lines, say, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import { eventOfCommand, occasionOfOffer, occasionsOfOffer } from "../../model/offered-command.ts";
import {
  sizeOf,
  subjectOfQuestion,
  type Question,
  type QuestionAbout,
  type QuestionAnswer,
} from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Notify } from "../notify.ts";
import { occasionOfEnd } from "./occasions.ts";
import { marksFor, noMark, outcomeOf, withHowTo } from "./wording.ts";

/** Whatever puts questions. */
export interface Offering {
  readonly name: string;
  isObsolete?(about: QuestionAbout): boolean;
}

export interface FollowUpOptions {
  readonly world: WorldView;
  readonly notify: Pick<Notify, "with">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** A question that grows is told again this often at most. */
  readonly editEveryMs: number;
  /** Nobody needs an answer to it any more. */
  readonly isObsolete: (about: QuestionAbout) => boolean;
  /** Commands and offers that were answered since then are carried out after a restart. Ms. */
  readonly answersKeptMs: number;
  /** Whether the journal has acts that carry the command out. */
  readonly wasRun: (command: EventId) => boolean;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
  readonly receive: (seen: readonly Seen[]) => void;
}

type Answered = Extract<Observation, { kind: "answered" }>;
type Edit = Decision<ActionOf<"tell">>;
type Mark = Decision<ActionOf<"react">>;

export class FollowUp {
  readonly name = "answers to questions";
  readonly #options: FollowUpOptions;
  readonly #world: WorldView;
  /** When the growth of an open question was last told, by its number. */
  readonly #toldAt = new Map<number, number>();
  /** How many rules each edit of an open question tells of, by the edit's decision. */
  readonly #growth = new Map<string, { readonly question: number; readonly told: number }>();
  /** Answers that have had their effect: two people may say yes in the same moment. */
  readonly #followed = new WeakSet<QuestionAnswer>();

  constructor(options: FollowUpOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Acts of protections that were held and got a yes; a no to each question whose time is over. */
  proposes({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision[] {
    return [
      ...seen.flatMap((one) => (one.kind === "answered" ? this.#confirmed(one, at) : [])),
      ...this.#ends(at),
    ];
  }

  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly (Edit | Mark)[] {
    const followed = seen.flatMap((one) => {
      if (one.kind === "answered") return this.#answered(one);
      return one.kind === "outcome" ? this.#marksOn(one) : [];
    });
    for (const one of seen) if (one.kind === "outcome") this.#edited(one, at);
    return [...followed, ...this.#edits(at)];
  }

  /** A question that has grown a moment after it was told is told again, also where nothing else happens. */
  nextAt(): number | undefined {
    const grown = this.#world.questions.open().filter((one) => one.message && sizeOf(one) > one.told);
    if (grown.length === 0) return undefined;
    return Math.min(...grown.map(({ id }) => this.#toldAt.get(id) ?? 0)) + this.#options.editEveryMs;
  }

  /** Runs commands and offers that got a yes and that the run before did not come to. */
  resumed(at: number): readonly never[] {
    const { answersKeptMs, wasRun } = this.#options;
    for (const question of this.#world.questions.all) {
      const { about, answer } = question;
      if (!answer || answer.at < at - answersKeptMs) continue;
      if (about.kind === "command" && answer.yes && !wasRun(about.event.eventId)) this.#run(about, answer);
      if (!occasionsOfOffer(question).some(wasRun)) this.#runOffered(question);
    }
    return [];
  }

  #confirmed({ question, yes }: Answered, at: number): readonly Decision[] {
    const about = yes ? this.#world.questions.get(question)?.about : undefined;
    if (about?.kind !== "findings") return [];
    return about.acts.map(({ action, because }) =>
      decide(action, because, { at, replaces: `question ${question}` }),
    );
  }

  /** Nobody answered in time, or nobody needs to any more: that is a no. */
  #ends(at: number): readonly Decision<ActionOf<"answer-question">>[] {
    return this.#world.questions
      .open()
      .filter((question) => this.#isToEnd(question))
      .map(({ id }) => {
        const action = { kind: "answer-question", question: id, yes: false, by: undefined } as const;
        return decide(action, self(id), { at, replaces: "" });
      });
  }

  /** Questions that have grown since they were told. */
  #edits(at: number): readonly Edit[] {
    return this.#world.questions.open().flatMap((question) => {
      const { id, message } = question;
      const told = sizeOf(question);
      if (this.#isToEnd(question) || !message || told <= question.told) return [];
      if (Math.abs(at - (this.#toldAt.get(id) ?? 0)) < this.#options.editEveryMs) return [];
      this.#toldAt.set(id, at);
      const edits = this.#edit(question, withHowTo(question, this.#options.prefix), at);
      for (const edit of edits) this.#growth.set(edit.id, { question: id, told });
      return edits;
    });
  }

  /** An edit has arrived: from now on an answer covers what it tells of. */
  #edited({ outcome: { decision, result } }: Extract<Observation, { kind: "outcome" }>, at: number): void {
    const growth = this.#growth.get(decision.id);
    this.#growth.delete(decision.id);
    const question = growth && this.#world.questions.get(growth.question);
    if (!question || question.answer || result.kind !== "done") return;
    const told = Math.max(question.told, growth.told);
    this.#options.believe({ kind: "asked", question: { ...question, told } }, at);
  }

  /** The reactions by which a question can be answered, once its message is sent. */
  #marksOn({ outcome, at }: Extract<Observation, { kind: "outcome" }>): readonly Mark[] {
    const { decision, result } = outcome;
    const { action } = decision;
    const event = result.kind === "done" ? result.eventId : undefined;
    if (action.kind !== "ask" || !event) return [];
    const { room, question } = action;
    return marksFor(this.#world.questions.get(question)).map((mark) =>
      decide({ kind: "react", room, event, with: mark }, self(question), { at, replaces: mark }),
    );
  }

  #answered({ question: id, at }: Answered): readonly (Edit | Mark)[] {
    const question = this.#world.questions.get(id);
    if (!question?.answer || question.answer.at !== at || this.#followed.has(question.answer)) return [];
    const { answer, about } = question;
    this.#followed.add(answer);
    this.#toldAt.delete(id);
    if (about.kind === "command" && answer.yes) this.#run(about, answer);
    this.#runOffered(question);
    const isCommandRefused = about.kind === "command" && !answer.yes && this.#world.settings.managementRoom;
    const refused = isCommandRefused ? eventOfCommand(about.event.eventId) : undefined;
    // The command of an offer stands under the offer's message, which bears the marks of a question already.
    const mark = refused && this.#world.questions.ofMessage(refused) ? "⚠️" : noMark;
    const marks =
      isCommandRefused && refused
        ? [
            decide({ kind: "react", room: about.room, event: refused, with: mark } as const, self(id), {
              at,
              replaces: "",
            }),
          ]
        : [];
    // Nobody saw the offer, so nobody is told how it ended.
    if (about.kind === "offer" && !question.message) return [];
    const isObsolete = this.#isAboutNothing(question);
    const { prefix, world } = this.#options;
    const outcome = outcomeOf(question, answer, { isObsolete, prefix, world });
    const edits = this.#edit(question, lines(question.say, outcome), at);
    return [...edits, ...(isObsolete ? [] : this.#ofEnd(question, answer, { outcome, at })), ...marks];
  }

  /** Who has to know that nothing was done is told so in a message of its own: the edit notifies nobody. */
  #ofEnd(
    question: Question,
    answer: QuestionAnswer,
    { outcome, at }: { outcome: Say; at: number },
  ): readonly Edit[] {
    const { managementRoom: room } = this.#world.settings;
    const occasion = occasionOfEnd(question, answer);
    if (!occasion || !room) return [];
    const { id, about, message } = question;
    const action = {
      kind: "tell",
      room,
      key: `end of question ${id}`,
      revision: 0,
      say: say`Question ${id}: ${outcome}`,
      edits: undefined,
      replyTo: about.kind === "command" && about.room === room ? about.event.eventId : message,
      about: subjectOfQuestion(question),
    } as const;
    return [this.#options.notify.with(decide(action, self(id), { at, replaces: String(at) }), occasion)];
  }

  /** The command is replied to as if it were said now; its rules and rooms have their yes. */
  #run(
    { aliases, names, ...command }: Extract<QuestionAbout, { kind: "command" }>,
    answer: QuestionAnswer,
  ): void {
    const looked = { aliases: new Map(aliases), names: new Map(names) };
    this.#options.receive([{ ...command, ...looked, ...this.#overtaken(answer) }]);
  }

  /** A yes from before the stop, whose effect comes only now: what it says is dropped as what waited was. */
  #overtaken({ at }: QuestionAnswer): { isOvertaken?: true } {
    const { stop } = this.#world.settings.stopping;
    return stop && at <= stop.at ? { isOvertaken: true } : {};
  }

  /** As if the person who answered had typed the command that the answer gives, in reply to the question. */
  #runOffered(question: Question): void {
    const { answer } = question;
    const text = commandGivenBy(question);
    const room = this.#world.settings.managementRoom;
    if (text === undefined || !answer?.by || !room) return;
    const body = `${this.#options.prefix} ${text}`;
    const event: RoomEvent = {
      type: "m.room.message",
      sender: answer.by,
      eventId: occasionOfOffer(question),
      content: { msgtype: "m.text", body },
      sentAt: answer.at,
    };
    const kept = "kept" in question.about ? question.about.kept : undefined;
    const overtaken = this.#overtaken(answer);
    if (!kept)
      return this.#options.receive([{ kind: "command", room, event, aliases: new Map(), ...overtaken }]);
    const { aliases, names, ...heard } = kept;
    const looked = { aliases: new Map(aliases), names: new Map(names) };
    this.#options.receive([{ kind: "command", room, event, ...heard, ...looked, ...overtaken }]);
  }

  #edit(question: Question, text: Say, at: number): readonly Edit[] {
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

  /** An offer on its way has to arrive before it ends, or there would be nothing to edit. */
  #isToEnd(question: Question): boolean {
    if (this.#world.dueBy >= question.expiresAt) return true;
    const isOnItsWay = question.about.kind === "offer" && !question.message;
    return !isOnItsWay && this.#isAboutNothing(question);
  }

  /** All its rules have gone from their list, or what it offers has come about. */
  #isAboutNothing({ about }: Question): boolean {
    if (about.kind === "lost") return this.#world.stored.keptRules.countOf(about.list) === 0;
    return (about.kind === "rules" && about.rules.length === 0) || this.#options.isObsolete(about);
  }
}

/** The command that the answer to the question gives, where it gives one. */
function commandGivenBy({ about, answer }: Question): string | undefined {
  if (about.kind === "offer") return answer?.yes === true ? about.text : undefined;
  if (about.kind === "knocks") return answer && (answer.yes ? about.ifYes : about.ifNo);
  if ((about.kind !== "wave" && about.kind !== "staff") || !answer?.by) return undefined;
  return answer.yes ? about.ifFine : about.ifNot;
}

function self(id: number): Cause {
  return { kind: "self", what: `question ${id}` };
}
