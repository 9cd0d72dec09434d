/**
 * Questions to the moderators: what waits for a yes, and what was answered. While a question about rules or rooms is open,
 * those rules (or all that lists ask for in those rooms) are held; a command that waits is kept whole.
 */
import type { Say } from "../kit/say.ts";
import type { HeldMessages } from "./held-messages.ts";
import type { QuestionAbout } from "./question-about.ts";
import { UnwrittenItems } from "./unwritten-items.ts";
import { noSubject, type Subject } from "./subject.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";

export type { QuestionAbout };

export interface QuestionAnswer {
  readonly yes: boolean;
  /** Of held messages: a no that bans. */
  readonly ban?: true;
  /** Undefined where the time to answer ended. */
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
  /** How many of the rules or rooms the message shows, the first ones: an answer covers no others. */
  readonly told: number;
  readonly answer: QuestionAnswer | undefined;
}

/** What the message of the question is about, for commands that reply to it. */
export function subjectOfQuestion({ id, about }: Pick<Question, "id" | "about">): Subject {
  switch (about.kind) {
    case "offer":
      if ("user" in about) return { ...noSubject, who: [about.user], question: id };
      return { ...noSubject, rooms: "room" in about ? [about.room] : [], question: id };
    case "held":
    case "knocks":
      return { ...noSubject, who: [...new Set(about.people.map(({ user }) => user))], question: id };
    case "findings": {
      const who = about.acts.flatMap(({ action }) => ("user" in action && action.user ? action.user : []));
      return { ...noSubject, who: [...new Set(who)], question: id };
    }
    case "staff":
      return { ...noSubject, who: [about.user], question: id };
    case "rooms":
      return { ...noSubject, rooms: about.rooms, question: id };
    case "command":
    case "rules":
    case "lost":
    case "wave":
      return { ...noSubject, question: id };
  }
}

/** Answered once and for all; only answers about rules and rooms can be changed later. What a yes let go is gone. */
export function isSingleUse({
  about,
  answer,
}: Pick<Question, "about"> & Partial<Pick<Question, "answer">>): boolean {
  if (about.kind === "lost") return answer?.yes === true;
  return about.kind !== "rules" && about.kind !== "rooms";
}

type QuestionAboutHeld = Question & { readonly about: HeldMessages };
type QuestionAboutLost = Question & { readonly about: Extract<QuestionAbout, { kind: "lost" }> };
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
    | "openAboutLost"
    | "ofIncident"
    | "heldBy"
    | "ofHeld"
    | "ofWave"
    | "ofStaff"
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

  /** So many answered questions are remembered, the newest; open ones are never forgotten. */
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

  /** The open question about rules that the list lost. */
  openAboutLost(list: RoomId): QuestionAboutLost | undefined {
    return [...this.#all.values()].findLast(
      (question): question is QuestionAboutLost =>
        !question.answer && question.about.kind === "lost" && question.about.list === list,
    );
  }

  /** The question about an incident, open or answered. */
  ofIncident(incident: string): Question | undefined {
    return this.#find(({ about }) => about.kind === "findings" && about.incident === incident);
  }

  /** The open question about messages that are held in an incident. */
  heldBy(incident: string): QuestionAboutHeld | undefined {
    return this.ofHeld([incident]).findLast(({ answer }) => !answer);
  }

  ofHeld(incidents: readonly string[]): readonly QuestionAboutHeld[] {
    const isAbout = (one: Question): one is QuestionAboutHeld =>
      one.about.kind === "held" && incidents.includes(one.about.incident);
    return [...this.#all.values()].filter(isAbout);
  }

  /** The open question about rooms. */
  openAboutRooms(): Question | undefined {
    return this.#find(({ about, answer }) => !answer && about.kind === "rooms");
  }

  /** The newest question about the wave, open or answered. */
  ofWave(wave: string): Question | undefined {
    return this.#find(({ about }) => about.kind === "wave" && about.wave === wave);
  }

  /** The newest question about the account of a moderator, open or answered. */
  ofStaff(user: UserId): Question | undefined {
    return this.#find(({ about }) => about.kind === "staff" && about.user === user);
  }

  /** All questions about the rule, open or answered. */
  about(rule: EventId): readonly QuestionAboutRules[] {
    return [...this.#all.values()].filter(
      (question): question is QuestionAboutRules =>
        question.about.kind === "rules" && question.about.rules.includes(rule),
    );
  }

  /** Puts in a new or changed question. Gives the old ones that are forgotten for it. */
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
    // The newest: a command may have been asked about more than once.
    return [...this.#all.values()].findLast(matches);
  }
}

/** The rules or rooms that an open question holds. */
function heldBy(question: Question): readonly string[] {
  return question.answer ? [] : subjectsOf(question);
}

/** The rules or rooms that an answer covers: those that the message showed. */
export function coveredBy(question: Question, yes: boolean): readonly (EventId | RoomId)[] {
  // A no to a command says nothing about rules that others may bring.
  if (question.about.kind === "command") return yes ? (question.about.covers ?? []) : [];
  return subjectsOf(question).slice(0, question.told);
}

/** The rules or rooms that the question is about. */
export function subjectsOf({ about }: Question): readonly (EventId | RoomId)[] {
  if (about.kind === "rules") return about.rules;
  return about.kind === "rooms" ? about.rooms : [];
}

/** A message that told of less is told again. */
export function sizeOf(question: Question): number {
  const { about } = question;
  if (about.kind === "held") return about.messages;
  if (about.kind === "knocks") return about.people.length;
  if (about.kind === "lost") return about.rules.length;
  if (about.kind === "staff") return about.acts;
  return about.kind === "wave" ? about.accounts : subjectsOf(question).length;
}
