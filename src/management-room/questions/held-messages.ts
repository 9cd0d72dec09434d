/**
 * Asks about messages that protections hold, one question an incident, which grows; and does what the answer says: let
 * them through, go on with the next step, or ban. Without an answer they stay held, and nothing else follows.
 */
import { valuesOf, type Protection } from "../../automod/define.ts";
import type { Registry } from "../../automod/registry.ts";
import type { Batch } from "../../bot/part.ts";
import { roomName } from "../../commands/shared/room-names.ts";
import { goOn, stepAfter } from "../../decisions/respond/go-on.ts";
import { undo } from "../../decisions/undo.ts";
import { code, count, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../model/decision.ts";
import { peopleCovered, type HeldMessages, type HeldPerson } from "../../model/held-messages.ts";
import type { UserId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import type { Past, PastAct } from "../../model/past-acts.ts";
import type { Question, QuestionAbout, QuestionAnswer } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import type { PutQuestions } from "./put-question.ts";

export interface HeldOptions {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly past: Past;
  readonly registry: Pick<Registry, "known">;
  readonly put: Pick<PutQuestions, "aboutHeld">;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

type Finding = Extract<Cause, { kind: "finding" }>;
type HeldNow = Pick<HeldPerson, "user" | "room" | "sentence"> & Pick<HeldMessages, "protection" | "incident">;

/** People whom one question can answer for; of an attack beyond that the messages are counted, and stay removed. */
const mostPeople = 1_000;
/** People named; the others are counted. */
const named = 5;

export class HeldQuestions {
  readonly name = "held messages";
  readonly #options: HeldOptions;
  readonly #world: WorldView;
  /** Removed, as the present batch tells. */
  #held: HeldNow[] = [];
  /** Answers that have had their effect: two people may answer in the same moment. */
  readonly #followed = new WeakSet<QuestionAnswer>();

  constructor(options: HeldOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  seen(): void {
    this.#held = [];
  }

  /** What an answer leads to. */
  proposes({ seen, at }: Pick<Batch, "seen" | "at">): readonly Decision[] {
    return seen.flatMap((one) => {
      if (one.kind === "outcome") return this.#mutedLate(one.outcome, at);
      return one.kind === "answered" ? this.#answered(one, at) : [];
    });
  }

  /** Only what was removed: what is told is true, and a dry run asks nothing. */
  ended({ decision: { action, because }, result }: Outcome): void {
    if (action.kind !== "hold" || because.kind !== "finding" || result.kind !== "done") return;
    const { user, room } = action;
    const { protection, incident, sentence } = because;
    // The question about a wave asks for all of its messages.
    if (this.#world.stored.waves.get(incident)) return;
    this.#held.push({ user, room, protection, incident, sentence });
  }

  says({ at }: Pick<Batch, "at">): readonly Decision<ActionOf<"ask">>[] {
    return [...Map.groupBy(this.#held, ({ incident }) => incident).values()].flatMap((held) => {
      const about = this.#grown(held);
      return this.#options.put.aboutHeld(about, this.#describe(about), at) ?? [];
    });
  }

  /** Everybody in it was let through, as by an undo of the incident. */
  isObsolete(about: QuestionAbout): boolean {
    if (about.kind !== "held" || about.people.length === 0) return false;
    const { letThroughs } = this.#world.stored;
    return about.people.every(({ user }) => letThroughs.isNow(about.protection, user, this.#world.now));
  }

  #grown(held: readonly HeldNow[]): HeldMessages {
    const { protection, incident } = held[0]!;
    const open = this.#world.questions.heldBy(incident)?.about;
    let messages = open?.messages ?? 0;
    const people = new Map((open?.people ?? []).map((one) => [`${one.room} ${one.user}`, one]));
    for (const { user, room, sentence } of held) {
      messages++;
      const key = `${room} ${user}`;
      const step = this.#world.offences.get(protection, { user })?.step ?? 0;
      const known = people.get(key);
      if (known) people.set(key, { ...known, step });
      else if (people.size < mostPeople) people.set(key, { user, room, step, first: messages, sentence });
    }
    const next = open?.next ?? this.#nextOf(protection, [...people.values()][0]);
    return { kind: "held", protection, incident, people: [...people.values()], messages, next };
  }

  #nextOf(name: string, person: HeldPerson | undefined): string {
    const protection = this.#protection(name);
    if (!protection || !person) return "";
    const { response } = valuesOf(protection, this.#world.settings, person.room);
    return stepAfter(person.step, response).join("+");
  }

  #protection(name: string): Protection | undefined {
    return this.#options.registry.known(this.#world.settings).all.find((one) => one.name === name);
  }

  /** "new-links held 3 messages of 2 people in 1 room: @a:x (a link), @b:x (a link)." */
  #describe({ protection, people, messages }: HeldMessages): Say {
    const users = new Map(people.map((one) => [one.user, one.sentence]));
    const rooms = new Set(people.map(({ room }) => room));
    const where = rooms.size === 1 ? roomName([...rooms][0]!, this.#world) : count(rooms.size, "room");
    const who = [...users].slice(0, named).map(([user, why]) => say`${code(user)} (${plain(why, 80)})`);
    const more =
      people.length >= mostPeople
        ? say` An answer reaches these ${people.length}; what others sent stays removed.`
        : "";
    return say`${protection} held ${count(messages, "message")} of ${count(users.size, "person", "people")} in ${where}: ${someOf(who, named, users.size)}.${more}`;
  }

  #answered(
    { question: id, at: answeredAt }: Extract<Observation, { kind: "answered" }>,
    at: number,
  ): readonly Decision[] {
    const question = this.#world.questions.get(id);
    if (question?.about.kind !== "held" || !question.answer || question.answer.at !== answeredAt) return [];
    const { about, answer, told } = question;
    if (this.#followed.has(answer)) return [];
    this.#followed.add(answer);
    const covered = peopleCovered(about, told);
    // Those whom nobody was told of before the answer are asked about anew.
    if (answer.by)
      for (const one of about.people)
        if (!covered.includes(one))
          this.#held.push({ ...one, protection: about.protection, incident: about.incident });
    if (!answer.by) return [];
    if (answer.yes) return this.#letThrough(question, covered, { about, by: answer.by, at });
    return this.#goOn(covered, { about, answer, by: answer.by, at });
  }

  #goOn(
    covered: readonly HeldPerson[],
    { about, answer, by, at }: { about: HeldMessages; answer: QuestionAnswer; by: UserId; at: number },
  ): readonly Decision[] {
    const protection = this.#protection(about.protection);
    if (!protection) return [];
    const { world, rulesInForce, believe } = this.#options;
    const isBan = answer.ban === true;
    const { decisions, offences } = goOn(covered, {
      world,
      rulesInForce,
      protection,
      incident: about.incident,
      by,
      isBan,
      at,
    });
    for (const offence of offences) believe({ kind: "offence", offence }, at);
    return decisions;
  }

  /** They may speak again, and are asked to send it again: what a moderator takes back of the incident, for them alone. */
  #letThrough(
    { id }: Question,
    covered: readonly HeldPerson[],
    { about, by, at }: { about: HeldMessages; by: UserId; at: number },
  ): readonly Decision[] {
    const users = new Set(covered.map(({ user }) => user));
    const past = this.#options.past
      .ofOccasion(about.incident)
      .filter(
        ({ decision: { action } }) => isOfHold(action.kind) && "user" in action && users.has(action.user!),
      );
    return this.#takenBack(past, { ...causeOf(about), by }, { at, why: `question ${id}` });
  }

  /** A mute that was on its way when its person was let through. */
  #mutedLate(outcome: Outcome, at: number): readonly Decision[] {
    const { action, because, at: decidedAt } = outcome.decision;
    if (action.kind !== "mute" || because.kind !== "finding" || because.by) return [];
    if (!this.#world.stored.letThroughs.isSince(because.protection, action.user, decidedAt)) return [];
    return this.#takenBack([outcome], because, { at, why: "let through" });
  }

  #takenBack(
    past: readonly PastAct[],
    because: Finding,
    { at, why }: { at: number; why: string },
  ): readonly Decision[] {
    return undo(past, this.#options).acts.map(({ action, replaces }) =>
      decide(action, because, { at, replaces: `${replaces} ${why}` }),
    );
  }
}

function isOfHold(kind: string): boolean {
  return kind === "hold" || kind === "mute";
}

function causeOf({ protection, incident }: HeldMessages): Finding {
  return { kind: "finding", protection, incident, sentence: "let through" };
}
