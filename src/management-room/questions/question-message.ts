/** The message that puts a question to the moderators, with the ways to answer it. */
import type { ActionOf } from "../../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import { eventOfCommand } from "../../model/offered-command.ts";
import { subjectOfQuestion, type Question } from "../../model/question.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { Notify } from "../notify.ts";
import { occasionOfQuestion } from "./occasions.ts";
import { withHowTo } from "./wording.ts";

export type Ask = Decision<ActionOf<"ask">>;

export interface HowToAsk {
  /** Who made the ban that is offered. */
  readonly madeBy?: UserId;
  /** It notifies nobody. */
  readonly isQuiet?: boolean;
}

/** Undefined where there is no management room to send it to. */
export function messageOf(
  question: Question,
  at: number,
  {
    world,
    notify,
    prefix,
    madeBy,
    isQuiet = false,
  }: HowToAsk & {
    readonly world: WorldView;
    readonly notify: Pick<Notify, "with">;
    readonly prefix: string;
  },
): Ask | undefined {
  const room = world.settings.managementRoom;
  if (!room) return undefined;
  const { about, id, askedAt } = question;
  const command = about.kind === "command" ? about.event : undefined;
  const cause: Cause = command
    ? { kind: "command", event: command.eventId, by: command.sender, text: "", via: "word" }
    : { kind: "self", what: `question ${id}` };
  const action: ActionOf<"ask"> = {
    kind: "ask",
    room,
    question: id,
    say: withHowTo(question, prefix),
    // A reply to a message of another room would lead nowhere.
    replyTo:
      command && about.kind === "command" && about.room === room
        ? eventOfCommand(command.eventId)
        : undefined,
    about: subjectOfQuestion(question),
  };
  const ask = decide(action, cause, { at, replaces: String(askedAt) });
  const occasion = isQuiet ? undefined : occasionOfQuestion(question, madeBy);
  return occasion ? notify.with(ask, occasion) : ask;
}
