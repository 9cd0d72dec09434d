/**
 * Questions to the moderators: what waits for a person's yes, and what was answered. While a question about rules or
 * rooms is open, the rules (or the lists' wishes for those rooms) are held; a command that waits is kept whole.
 */
import type { Say } from "../kit/say.ts";
import type { Action } from "./actions/action.ts";
import type { Cause } from "./decision.ts";
import type { RoomEvent } from "./event.ts";
import type { HeardCommand, NamedPeople } from "./heard-command.ts";
import { UnwrittenItems } from "./unwritten-items.ts";
import { noSubject, type Subject } from "./subject.ts";
import type { EventId, ResolvedAlias, RoomAlias, RoomId, UserId } from "./ids.ts";

/** An act that waits. */
export interface HeldAct {
  readonly action: Action;
  readonly because: Cause;
}

export type QuestionAbout =
  /** A command, run again when the answer is yes: it then sees the world as it is by then. */
  | ({
      readonly kind: "command";
      readonly room: RoomId;
      readonly event: RoomEvent;
      readonly aliases: readonly (readonly [RoomAlias, ResolvedAlias])[];
      readonly names?: readonly (readonly [string, NamedPeople])[];
      /** Rules whose effect the question tells of: after a yes nobody is asked about them again. */
      readonly covers?: readonly EventId[];
    } & HeardCommand)
  /** Rules of one list; the answer holds for each of them for good. */
  | { readonly kind: "rules"; readonly list: RoomId; readonly rules: readonly EventId[] }
  /** What a protection would do in an incident, kept whole; more may be added until the answer. */
  | {
      readonly kind: "findings";
      readonly protection: string;
      readonly incident: string;
      readonly acts: readonly HeldAct[];
    }
  /** What lists ask for in rooms that they did not reach before. */
  | { readonly kind: "rooms"; readonly rooms: readonly RoomId[] }
  /** What somebody did by hand, offered for all rooms: `text` is the command that whoever says yes gives by it. */
  | {
      readonly kind: "offer";
      readonly offer: "ban" | "unban";
      readonly user: UserId;
      readonly text: string;
    };

export interface QuestionAnswer {
  readonly yes: boolean;
  /** Undefined where nobody answered in time. */
  readonly by: UserId | undefined;
  readonly at: number;
}

export interface Question {
  /** Small, so that it can be typed: `yes 7`. */
  readonly id: number;
  readonly about: QuestionAbout;
  /** What would happen, to whom and where, and why that needs a yes. */
  readonly say: Say;
  readonly askedAt: number;
  readonly expiresAt: number;
  /** The message that asks; reactions to it are answers. */
  readonly message: EventId | undefined;
  /** How many of its rules or rooms the message tells of: an answer covers no more than was shown. */
  readonly told: number;
  readonly answer: QuestionAnswer | undefined;
}

/** Whom and what its message is about, for commands that reply to it. */
export function subjectOfQuestion({ id, about }: Pick<Question, "id" | "about">): Subject {
  switch (about.kind) {
    case "offer":
      return { ...noSubject, who: [about.user], question: id };
    case "findings": {
      const who = about.acts.flatMap(({ action }) => ("user" in action && action.user ? action.user : []));
      return { ...noSubject, who: [...new Set(who)], question: id };
    }
    case "rooms":
      return { ...noSubject, rooms: about.rooms, question: id };
    case "command":
    case "rules":
      return { ...noSubject, question: id };
  }
}

/** Over with its answer; what was said about rules and rooms can be said otherwise. */
export function isSingleUse({ about }: Pick<Question, "about">): boolean {
  return about.kind !== "rules" && about.kind !== "rooms";
}

type QuestionAboutRules = Question & { readonly about: Extract<QuestionAbout, { kind: "rules" }> };

/** The questions, to read only. */
export type QuestionsView = Readonly<
  Pick<
    Questions,
    | "all"
    | "get"
    | "open"
    | "nextId"
    | "holding"
    | "isHoldingAny"
    | "ofMessage"
    | "ofCommand"
    | "openAbout"
    | "ofIncident"
    | "openAboutRooms"
    | "about"
  >
>;

export class Questions {
  readonly storedAs = "question";
  readonly unwritten = new UnwrittenItems<Question>();
  readonly #remembered: number;
  readonly #all = new Map<number, Question>();
  readonly #held = new Map<string, number>();

  /** So many answered ones are remembered, for late answers; open ones never go. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): QuestionsView {
    return this;
  }

  get all(): Iterable<Question> {
    return this.#all.values();
  }

  get(id: number): Question | undefined {
    return this.#all.get(id);
  }

  open(): readonly Question[] {
    return [...this.#all.values()].filter((question) => !question.answer);
  }

  /** The number of the next question. */
  get nextId(): number {
    return Math.max(0, ...this.#all.keys()) + 1;
  }

  /** The open question that holds a rule (by its event) or a room. */
  holding(key: EventId | RoomId): number | undefined {
    return this.#held.get(key);
  }

  get isHoldingAny(): boolean {
    return this.#held.size > 0;
  }

  ofMessage(message: EventId): Question | undefined {
    return this.#find((question) => question.message === message);
  }

  ofCommand(event: EventId): Question | undefined {
    return this.#find(({ about }) => about.kind === "command" && about.event.eventId === event);
  }

  /** The open question about rules of a list. */
  openAbout(list: RoomId): Question | undefined {
    return this.#find(({ about, answer }) => !answer && about.kind === "rules" && about.list === list);
  }

  /** The question about an incident, open or answered. */
  ofIncident(incident: string): Question | undefined {
    return this.#find(({ about }) => about.kind === "findings" && about.incident === incident);
  }

  /** The open question about rooms. */
  openAboutRooms(): Question | undefined {
    return this.#find(({ about, answer }) => !answer && about.kind === "rooms");
  }

  /** Open or answered, whatever was asked about the rule. */
  about(rule: EventId): readonly QuestionAboutRules[] {
    return [...this.#all.values()].filter(
      (question): question is QuestionAboutRules =>
        question.about.kind === "rules" && question.about.rules.includes(rule),
    );
  }

  /** Puts in a new or changed question; answers which old ones are forgotten by it. */
  set(question: Question): readonly number[] {
    const forgotten = this.#put(question);
    this.unwritten.note(String(question.id), question);
    for (const id of forgotten) this.unwritten.note(String(id), undefined);
    return forgotten;
  }

  restore(_id: string, question: Question): void {
    this.#put(question);
  }

  #put(question: Question): readonly number[] {
    const before = this.#all.get(question.id);
    if (before) for (const key of heldBy(before)) this.#held.delete(key);
    this.#all.set(question.id, question);
    for (const key of heldBy(question)) this.#held.set(key, question.id);
    const answered = [...this.#all.values()].filter((one) => one.answer);
    const forgotten = answered.slice(0, Math.max(0, answered.length - this.#remembered));
    for (const { id } of forgotten) this.#all.delete(id);
    return forgotten.map(({ id }) => id);
  }

  #find(matches: (question: Question) => boolean): Question | undefined {
    // Newest first: a command asked about again counts by its newest question.
    return [...this.#all.values()].findLast(matches);
  }
}

/** What an open question keeps from happening. */
function heldBy(question: Question): readonly string[] {
  return question.answer ? [] : subjectsOf(question);
}

/** The rules or rooms that an answer covers: what the message told of. */
export function coveredBy(question: Question, yes: boolean): readonly (EventId | RoomId)[] {
  // A no to a command says nothing about rules that others may bring.
  if (question.about.kind === "command") return yes ? (question.about.covers ?? []) : [];
  return subjectsOf(question).slice(0, question.told);
}

/** The rules or rooms that it is about. */
export function subjectsOf({ about }: Question): readonly (EventId | RoomId)[] {
  switch (about.kind) {
    case "rules":
      return about.rules;
    case "rooms":
      return about.rooms;
    case "command":
    case "findings":
    case "offer":
      return [];
  }
}
