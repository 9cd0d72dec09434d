/** The question about people who ask to be let in: one at a time, which grows until it is answered. */
import { lackOfRoomPower } from "../../decisions/guard/room-power.ts";
import { hourMs } from "../../kit/duration.ts";
import { say } from "../../kit/say.ts";
import type { Words } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import { knocksCovered, type Knock, type KnocksAsked } from "../../model/knocks.ts";
import type { Seen } from "../../model/observation.ts";
import type { Question } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { PutQuestions } from "../questions/put-question.ts";
import { titled } from "../questions/wording.ts";
import { describeKnocks } from "./wording.ts";

export interface KnockListOptions {
  readonly world: WorldView;
  readonly limits: { readonly answerWithinHours: number };
  readonly put: Pick<PutQuestions, "begin">;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

/** It grows no oftener: a flood knocks a thousand times in a minute. */
const growEveryMs = 5_000;
/** Whom one question can answer for; whoever comes after that is in the next one. */
const mostPeople = 1_000;

type AboutKnocks = Question & { readonly about: KnocksAsked };

export class KnockList {
  readonly #options: KnockListOptions;
  readonly #world: WorldView;
  /** Somebody may wait whom no question names. */
  #isNews = true;
  #askedAt = -Infinity;

  constructor(options: KnockListOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** Somebody waits who did not. */
  hasGrown(): void {
    this.#isNews = true;
  }

  /** `isAsking`: whether they still ask, where we answer. `beyond`: who asks besides, and found no place. */
  says(
    at: number,
    { isAsking, beyond }: { readonly isAsking: (knock: Knock) => boolean; readonly beyond: number },
  ): readonly Decision<Words>[] {
    if (!this.#isNews || Math.abs(at - this.#askedAt) < growEveryMs) return [];
    this.#isNews = false;
    const unasked = [...this.#world.stored.knocks.all()].filter(
      (one) => one.state === "asks" && one.question === undefined && isAsking(one),
    );
    if (unasked.length === 0) return [];
    this.#askedAt = at;
    return this.#ask(unasked, { beyond, at });
  }

  /** When it is to grow, ms since the epoch. */
  nextAt(): number | undefined {
    if (!this.#isNews || !Number.isFinite(this.#askedAt)) return undefined;
    return this.#askedAt + growEveryMs;
  }

  /** Whom the message did not tell of is asked about anew, and so is whoever found no place in the question. */
  answered(id: number, at: number): void {
    const question = this.#world.questions.get(id);
    if (question?.about.kind !== "knocks" || !question.answer) return;
    this.#isNews = true;
    const told = knocksCovered(question.about, question.told);
    const keys = new Set(told.map(({ room, user }) => `${room} ${user}`));
    for (const knock of [...this.#world.stored.knocks.all()]) {
      if (knock.question !== id || keys.has(`${knock.room} ${knock.user}`)) continue;
      const { question: _, ...rest } = knock;
      this.#options.believe({ kind: "knock", knock: rest }, at);
    }
  }

  #ask(
    unasked: readonly Knock[],
    { beyond, at }: { readonly beyond: number; readonly at: number },
  ): readonly Decision<Words>[] {
    const world = this.#world;
    const open = world.questions.open().find(isAboutKnocks);
    const before = open?.about.people ?? [];
    const added = unasked.slice(0, Math.max(0, mostPeople - before.length));
    const people = [...before, ...added.map(({ room, user }) => ({ room, user }))];
    const id = open?.id ?? world.questions.nextId;
    const about = {
      kind: "knocks",
      people,
      ifYes: `knocks allow all --question ${id}`,
      ifNo: `knocks deny all --question ${id}`,
    } as const;
    const rooms = [...new Set(people.map(({ room }) => room))];
    const shut = rooms
      .flatMap((room) => lackOfRoomPower({ of: "invite", room }, world)?.why ?? [])
      .map((why) => say`I can let nobody in: ${why}.`);
    const what = describeKnocks({ people, beyond: beyond + unasked.length - added.length, shut }, world);
    const message = this.#put({ open, about, at }, what);
    for (const knock of added)
      this.#options.believe({ kind: "knock", knock: { ...knock, question: id } }, at);
    return message;
  }

  #put(
    { open, about, at }: { open: AboutKnocks | undefined; about: KnocksAsked; at: number },
    what: Parameters<PutQuestions["begin"]>[1],
  ): readonly Decision<Words>[] {
    const { believe, put, limits } = this.#options;
    if (open) {
      believe({ kind: "asked", question: { ...open, about, say: titled(open.id, what) } }, at);
      return [];
    }
    const withinMs = limits.answerWithinHours * hourMs;
    const { message } = put.begin(about, what, { told: about.people.length, withinMs, at });
    return message ? [message] : [];
  }
}

function isAboutKnocks(one: Question): one is AboutKnocks {
  return one.about.kind === "knocks";
}
