/** What was said to us and is not obeyed, as we heard it too late: told in one message. */
import { bullets, code, count, lines, say, someOf, type Say } from "../../kit/say.ts";
import { describeTime } from "../../kit/duration.ts";
import type { RoomEvent } from "../../model/event.ts";

export interface Missed {
  readonly event: RoomEvent;
  /** The command, or the answer to a question. */
  readonly text: string;
}

/** Named in the message; the others are counted. */
const shown = 10;

export function missedWords(missed: readonly Missed[]): Say {
  const named = missed
    .slice(0, shown)
    .map(
      ({ event, text }) => say`${code(text, 100)}, ${code(event.sender)} at ${describeTime(event.sentAt)}`,
    );
  const more = missed.length > shown ? say`... and ${count(missed.length - shown, "more")}` : undefined;
  return lines(
    say`I could read this only now, too late to do it. Say it again if you still want it:`,
    bullets(named),
    more,
  );
}

/** Answers to questions that a stop overtook. */
export function overtakenWords(answers: readonly Missed[]): Say {
  const named = answers.slice(0, shown).map(({ event, text }) => say`${code(text)} of ${code(event.sender)}`);
  return say`Not done, as stop was said with it or after it: ${someOf(named, shown, answers.length)}. ${answers.length === 1 ? "The question is" : "The questions are"} still open.`;
}

export const unreadGap = say`The homeserver left out messages of this room, and I could not read all of them. If you said something to me and got no answer, say it again.`;
