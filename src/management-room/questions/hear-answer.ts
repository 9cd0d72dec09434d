/**
 * Hears answers that are no command: a reaction to a question, a reply to it, a bare yes or no right after it. Whoever may not
 * answer it is told so, once for each question.
 */
import type { Command } from "../../commands/define.ts";
import { roleOfAnswer } from "../../commands/role-of-words.ts";
import { roleRefusal } from "../../commands/shared/role-refusal.ts";
import { secondRefusal } from "../../commands/shared/second-refusal.ts";
import { keepNewest } from "../../kit/bounded.ts";
import { say, type Say } from "../../kit/say.ts";
import type { Question } from "../../model/question.ts";
import type { Role } from "../../model/roles.ts";
import type { Distrusting } from "../distrust.ts";
import type { ActionOf, Words } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import { mayJudge, mayTrust } from "../../model/staff/standing.ts";
import type { WorldView } from "../../model/world/view.ts";
import { BareAnswers } from "../hearing/bare-answers.ts";
import { readYesOrNo } from "../hearing/question-answers.ts";

export interface AnswerListenerOptions {
  readonly world: WorldView;
  readonly commands: readonly Command[];
  /** Words that are not obeyed anyway are told so elsewhere. */
  readonly distrust: Distrusting;
}

/** Who was told that a question is not for them, by person and question. */
const refusalsRemembered = 1_000;

export class AnswerListener {
  readonly name = "heard answers";
  readonly #options: AnswerListenerOptions;
  readonly #world: WorldView;
  readonly #told = new Set<string>();
  #refusals: Decision<Words>[] = [];
  #isOpen = false;
  /** A bare yes is meant for a question only right after it. */
  readonly #bareAnswers = new BareAnswers();

  constructor(options: AnswerListenerOptions) {
    this.#options = options;
    this.#world = options.world;
  }

  /** What the first sync repeats was answered by the run before. */
  caughtUp(): void {
    this.#isOpen = true;
  }

  says(): readonly Decision<Words>[] {
    return this.#refusals.splice(0);
  }

  /** The answer in the message. It is an act like others, so that the journal has who said it. */
  listen(room: RoomId, event: RoomEvent): Decision<ActionOf<"answer-question">> | undefined {
    const world = this.#world;
    if (room !== world.settings.managementRoom) return undefined;
    if (event.sender === world.self) {
      this.#bareAnswers.noteOwn(event);
      return undefined;
    }
    // While anybody can join, anybody could answer: commands are not obeyed then, either.
    if (world.rooms.get(room)?.isPublic) return undefined;
    const answer = readYesOrNo(event);
    const meant = answer?.to
      ? world.questions.ofMessage(answer.to)
      : this.#bareAnswers.questionMeant(world.questions.open());
    if (event.type === "m.room.message" && !answer?.isEdit) this.#bareAnswers.noteOther();
    const question = answer && !answer.isEdit && world.mayCommand(event.sender) ? meant : undefined;
    if (!answer || !question || question.answer) return undefined;
    const { about } = question;
    const { yes } = answer;
    if (about.kind === "staff" && !mayJudge(event.sender, about.user, world, world.dueBy)) return undefined;
    const role = this.#roleLacking(question, yes, event.sender);
    const text = role
      ? roleRefusal(say`${yes ? "A yes" : "A no"} to question ${question.id}`, role, world)
      : yes
        ? secondRefusal(question, event.sender, { world, at: world.dueBy })
        : undefined;
    if (text) return this.#refuse(room, event, { question, text });
    const { id } = question;
    const ban = answer.ban && question.about.kind === "held" ? ({ ban: true } as const) : {};
    const cause: Cause = {
      kind: "command",
      event: event.eventId,
      by: event.sender,
      text: `${yes ? "yes" : "no"} ${id}${"ban" in ban ? " ban" : ""}`,
      via: event.type === "m.reaction" ? "reaction" : "word",
    };
    const action = { kind: "answer-question", question: id, yes, by: event.sender, ...ban } as const;
    return decide(action, cause, { at: event.sentAt, replaces: "" });
  }

  /** The role that the answer takes and the person does not have. */
  #roleLacking(question: Question, yes: boolean, by: UserId): Role | undefined {
    const { about } = question;
    const world = this.#world;
    if (about.kind === "staff" && yes && !mayTrust(by, about.user, world, world.dueBy)) return "admin";
    const role = roleOfAnswer(question, yes, this.#options.commands);
    return world.mayDo(by, role) ? undefined : role;
  }

  #refuse(
    room: RoomId,
    event: RoomEvent,
    { question: { id }, text }: { readonly question: Question; readonly text: Say },
  ): undefined {
    const key = `${id} ${event.sender} ${text.text}`;
    if (!this.#isOpen || this.#told.has(key) || this.#options.distrust({ room, event })) return;
    this.#told.add(key);
    keepNewest(this.#told, refusalsRemembered);
    const action = {
      kind: "tell",
      room,
      key: `role for ${event.eventId}`,
      revision: 0,
      say: text,
      edits: undefined,
      replyTo: event.eventId,
    } as const;
    const cause = { kind: "self", what: `role for ${event.eventId}` } as const;
    this.#refusals.push(decide(action, cause, { at: event.sentAt, replaces: "" }));
  }
}
