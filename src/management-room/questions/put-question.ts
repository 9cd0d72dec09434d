/**
 * Puts questions to the moderators: about rules and rooms that hit too many, commands that need a yes, what protections
 * would do, and bans made by hand. An open question takes in what comes later about the same.
 */
import type { Batch, NotDone } from "../../bot/part.ts";
import type { BlastRadius } from "../../decisions/guard/blast-radius.ts";
import type { HeldDecisions, HeldFindings, HeldRules } from "../../decisions/guard/held.ts";
import { movesOf } from "../../decisions/guard/weigh-rules.ts";
import { hourMs } from "../../kit/duration.ts";
import { count, lines, say, type Say } from "../../kit/say.ts";
import type { Decision } from "../../model/decision.ts";
import type { HeldMessages } from "../../model/held-messages.ts";
import type { EventId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { Question, QuestionAbout } from "../../model/question.ts";
import type { Role } from "../../model/roles.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { Offer } from "../manual-bans.ts";
import type { Notify } from "../notify.ts";
import { toldElsewhere } from "../said-elsewhere.ts";
import type { OwnQuestion } from "../reply-to-command.ts";
import { messageOf, type Ask, type HowToAsk } from "./question-message.ts";
import { askedOfSecond, type SecondPersonLimits } from "./second-person.ts";
import { aboutFindings, because, madeByHand, newRules, titled } from "./wording.ts";

export interface PutQuestionsOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly blast: BlastRadius;
  readonly notify: Pick<Notify, "with">;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  readonly answerWithinHours: number;
  readonly secondPerson: SecondPersonLimits;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
  /** The command waits for a yes. Gives what it would have said. */
  readonly withdraw: (command: EventId) => Say | undefined;
  /** What it takes to have a command of this batch done. */
  readonly roleFor: (command: EventId) => Role | undefined;
  /** Whether an act with this key waits or is being performed. */
  readonly isUnderWay: (decision: Decision) => boolean;
}

type CommandSeen = Extract<Observation, { kind: "command" }>;

interface OwnCommand extends Omit<OwnQuestion, "actions"> {
  readonly what: Say;
  readonly needsSecond: boolean;
}

/** Acts of an incident that wait for the answer; what is beyond them is not done. */
const actsKept = 2_000;

export class PutQuestions {
  readonly name = "questions";
  readonly #options: PutQuestionsOptions;
  readonly #world: WorldView;
  /** Commands of the newest batch, in case one of them has to wait. */
  readonly #commands = new Map<EventId, CommandSeen>();
  /** Messages of questions that the newest batch led to. */
  #messages: Ask[] = [];

  constructor(options: PutQuestionsOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Before anything is judged, so that nothing is done for a rule that has to wait. */
  seen({ seen, moved, changes, at }: Batch): void {
    const { blast, rulesInForce } = this.#options;
    this.#messages = [];
    const held = blast.weighRules(movesOf(moved, changes), { world: this.#world, rulesInForce, at });
    for (const one of held) this.#ask(this.#aboutRules(one, at), at);
    this.#commands.clear();
    for (const one of seen) if (one.kind === "command") this.#commands.set(one.event.eventId, one);
    blast.commandsSeen(seen);
  }

  /** What waits for a yes becomes questions; a command that waits is replied to when they are answered. */
  guarded({ held }: Pick<NotDone, "held">, { at }: Pick<Batch, "at">): void {
    for (const one of held) {
      const headline = "command" in one.by ? this.#options.withdraw(one.by.command) : undefined;
      this.#ask(this.#aboutDecisions(one, headline, at), at);
    }
  }

  /** Questions that could not be sent are tried again now and then. */
  says({ seen, at }: Pick<Batch, "seen" | "at">): readonly Ask[] {
    const messages = this.#messages;
    this.#messages = [];
    const isRetry = seen.some((one) => one.kind === "tick" && one.retryRooms);
    if (!isRetry) return messages;
    const ids = new Set(messages.map(({ id }) => id));
    return [...messages, ...this.#unsent(at).filter(({ id }) => !ids.has(id))];
  }

  resumed(at: number): readonly Ask[] {
    return this.#unsent(at);
  }

  /** Puts the question that a command asks itself. `covers`: rules that a yes accepts. */
  askOf({ command, covers, actions }: OwnQuestion, at: number): void {
    const { blast, rulesInForce, withdraw } = this.#options;
    const what = withdraw(command) ?? say``;
    const needsSecond = blast.needsSecond(actions, { world: this.#world, rulesInForce, at }, { waits: true });
    this.#ask(this.#aboutCommand({ command, what, covers, needsSecond }, at), at);
  }

  /**
   * A ban that somebody made or lifted by hand: shall it hold everywhere? Gives the message, or undefined where it
   * cannot be sent.
   */
  offer(made: Offer, at: number): Ask | undefined {
    const { kind, user, by, text } = made;
    const about = { kind: "offer", offer: kind, user, text } as const;
    const question = this.#question(about, madeByHand(made, this.#world), { told: 0, at });
    this.#believe(question, at);
    return this.#message(question, at, { madeBy: by });
  }

  /** A room to protect, a list to follow, protections: shall I? Gives the message, or undefined where it cannot be sent. */
  offerOf(about: QuestionAbout & { readonly kind: "offer" }, what: Say, at: number): Ask | undefined {
    const question = this.#question(about, what, { told: 0, at });
    this.#believe(question, at);
    return this.#message(question, at);
  }

  /** Messages that are held: shall they be let through? Gives the message where it is a new question. */
  aboutHeld(about: HeldMessages, what: Say, at: number): Ask | undefined {
    const open = this.#world.questions.heldBy(about.incident);
    if (!open) {
      const question = this.#question(about, what, { told: about.messages, at });
      this.#believe(question, at);
      return this.#message(question, at);
    }
    this.#believe({ ...open, about, say: titled(open.id, what) }, at);
    return undefined;
  }

  /** A question that grows and has a time of its own. Gives its number as well: it may have no message. */
  begin(
    about: QuestionAbout,
    what: Say,
    { told, withinMs, at }: { readonly told: number; readonly withinMs: number; readonly at: number },
  ): { readonly id: number; readonly message: Ask | undefined } {
    const question = { ...this.#question(about, what, { told, at }), expiresAt: at + withinMs };
    this.#believe(question, at);
    return { id: question.id, message: this.#message(question, at) };
  }

  /**
   * A wave: are its people fine? Gives the message where it is a new question. `rings`: it notifies; otherwise it is for
   * whoever looks. `isOther`: it says more than that the wave has grown.
   */
  aboutWave(
    about: Extract<QuestionAbout, { kind: "wave" }>,
    {
      what,
      rings,
      isOther,
      at,
    }: { readonly what: Say; readonly rings: boolean; readonly isOther: boolean; readonly at: number },
  ): Ask | undefined {
    const open = this.#world.questions.ofWave(about.wave);
    if (open && !open.answer) {
      const told = isOther ? 0 : open.told;
      this.#believe({ ...open, about, told, say: titled(open.id, what) }, at);
      return undefined;
    }
    const question = this.#question(about, what, { told: about.accounts, at });
    this.#believe(question, at);
    return this.#message(question, at, { isQuiet: !rings });
  }

  /** From here on the question is believed, and holds what it is about. Its message is sent once. */
  #ask(question: Question, at: number): void {
    const isNew = !this.#world.questions.get(question.id);
    this.#believe(question, at);
    const message = isNew ? this.#message(question, at) : undefined;
    if (message) this.#messages.push(message);
  }

  #believe(question: Question, at: number): void {
    this.#options.believe({ kind: "asked", question }, at);
  }

  /** Rules that have to wait: a question about their list, or more rules for the one that is open. */
  #aboutRules({ list, rules, impact, reasons }: HeldRules, at: number): Question {
    const open = this.#world.questions.openAbout(list);
    const before = open?.about.kind === "rules" ? open.about.rules : [];
    const all = [...new Set([...before, ...rules])];
    const about = { kind: "rules", list, rules: all } as const;
    const what = lines(newRules(list, all, this.#world), impact.describe(), because(reasons));
    return this.#askOrAdd({ open, about }, what, at);
  }

  /** `headline`: what the command would have said. */
  #aboutDecisions(held: HeldDecisions, headline: Say | undefined, at: number): Question {
    const { by, impact, reasons, needsSecond = false } = held;
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
    return this.#aboutCommand({ command: by.command, what: lines(headline, ...body), needsSecond }, at);
  }

  /** A command that waits as a whole, for its own question or the guard's. */
  #aboutCommand(
    { command, what, covers = [], needsSecond }: Omit<OwnCommand, "covers"> & Partial<OwnCommand>,
    at: number,
  ): Question {
    const seen = this.#commands.get(command);
    if (!seen) throw new Error("a command waits that is not in the batch");
    const { at: _at, dueBy: _dueBy, aliases, names, ...heard } = seen;
    const { roleFor, secondPerson } = this.#options;
    const [role, asker] = [roleFor(command), seen.event.sender];
    const second = needsSecond ? askedOfSecond({ asker, role, at }, secondPerson, this.#world) : undefined;
    const about: QuestionAbout = {
      ...heard,
      aliases: [...aliases],
      names: [...(names ?? [])],
      ...(covers.length > 0 ? { covers } : {}),
      ...(role ? { role } : {}),
      ...(second ? { second: second.second } : {}),
    };
    return this.#question(about, lines(toldElsewhere(seen, this.#world), what, second?.say), { told: 0, at });
  }

  #aboutFindings(
    { protection, incident, acts, isOverBudget }: HeldFindings,
    body: readonly (Say | undefined)[],
    at: number,
  ): Question {
    const open = this.#world.questions.ofIncident(incident);
    const before = open?.about.kind === "findings" ? open.about.acts : [];
    const all = [...before, ...acts].slice(0, actsKept);
    const about = { kind: "findings", protection, incident, acts: all } as const;
    if (open) return { ...open, about };
    const asksFirst = acts.some(({ because }) => because.kind === "finding" && because.asks === true);
    const what = lines(aboutFindings(protection, { isOverBudget, asksFirst }), ...body);
    return this.#question(about, what, { told: 0, at });
  }

  /** What is added to an open question is not covered by an answer until its message shows it. */
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

  #message(question: Question, at: number, how: HowToAsk = {}): Ask | undefined {
    const { world, notify, prefix } = this.#options;
    return messageOf(question, at, { ...how, world, notify, prefix });
  }

  /** Open questions whose message could not be sent, or whose earlier run was stopped before it was sent. */
  #unsent(at: number): readonly Ask[] {
    return this.#world.questions
      .open()
      .filter(({ message }) => message === undefined)
      .flatMap((question) => this.#message(question, at) ?? [])
      .filter((decision) => !this.#options.isUnderWay(decision));
  }
}
