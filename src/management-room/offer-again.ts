/**
 * Offers a command that `stop` dropped again. A yes runs it with what it referred to when it was said; where that is not known
 * any more, it has to be typed again, as the same words may mean somebody else by now.
 */
import { code, say } from "../kit/say.ts";
import type { Words } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { DroppedCommand } from "../model/settings/stop.ts";
import type { Announcements } from "./announcements.ts";
import type { PutQuestions } from "./questions/put-question.ts";

export interface OfferAgainOptions {
  /** The command prefix, for commands that a message names. */
  readonly prefix: string;
  readonly questions: Pick<PutQuestions, "offerOf">;
  readonly announcements: Pick<Announcements, "trouble">;
}

export function offerAgain(
  { event, by, text, kept }: DroppedCommand,
  at: number,
  { prefix, questions, announcements }: OfferAgainOptions,
): Decision<Words> | undefined {
  const typed = say`${code(by)} typed ${code(`${prefix} ${text}`, 300)} before the stop, and not all of it was done.`;
  if (!kept) {
    const what = `dropped ${event}`;
    const again = say`${typed} I was started anew since, and cannot tell whom or what it named: type it again if you still want it.`;
    return announcements.trouble(again, { what, topic: what, at });
  }
  const same = kept.line === text ? "" : say` That is ${code(`${prefix} ${kept.line}`, 300)}.`;
  return questions.offerOf(
    { kind: "offer", offer: "again", text, kept },
    say`${typed}${same} Do it now?`,
    at,
  );
}
