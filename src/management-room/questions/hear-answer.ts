/** Hears answers that are no command: a reaction to a question, a reply to it, a bare yes or no right after it. */
import type { ActionOf } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId } from "../../model/ids.ts";
import { mayJudge } from "../../model/staff/standing.ts";
import type { WorldView } from "../../model/world/view.ts";
import { BareAnswers } from "../hearing/bare-answers.ts";
import { readYesOrNo } from "../hearing/question-answers.ts";

export class AnswerListener {
  readonly #world: WorldView;
  /** A bare yes is meant for a question only right after it. */
  readonly #bareAnswers = new BareAnswers();

  constructor(world: WorldView) {
    this.#world = world;
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
    if (about.kind === "staff" && !mayJudge(event.sender, about.user, world, world.dueBy)) return undefined;
    const { id } = question;
    const { yes } = answer;
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
}
