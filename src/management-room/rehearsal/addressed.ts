/**
 * To whom a moderator's words are said while a rehearsal goes on: to it, to what is real, or to both. What names a message
 * or a number is said to whose it is; words for waves and for an alarm are said to the rehearsal.
 */
import { asObject } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import { parseEventId, type EventId } from "../../model/ids.ts";
import { madeUpEnding } from "../../model/rehearsal.ts";
import { readYesOrNo } from "../hearing/question-answers.ts";
import { isEdit, replyTarget, threadRoot } from "../hearing/relations.ts";

export type Addressed = "rehearsal" | "real" | "both";

export interface AddressedView {
  /** Messages of the rehearsal. */
  readonly isItsMessage: (event: EventId) => boolean;
  /** Its questions and incidents have numbers above this one, and nothing real has. */
  readonly numbersAfter: number;
  /** A question of it waits. */
  readonly asks: () => boolean;
  /** Something real has been done since it began, or is being done. */
  readonly isAnythingRealDone: () => boolean;
  /** The command's line, without what addresses us; undefined where it is none. */
  readonly lineOf: (event: RoomEvent) => string | undefined;
}

/** What `undo` and `stop` are said about is whatever was done last, if that was real. */
const aboutLast = new Set(["stop", "undo"]);
/** They name a question or an incident by its number, or the last one. */
const withNumber = new Set(["yes", "no", "waves", "undo", "release", "why", "right", "wrong"]);
const words = new Set(["waves", "undo", "release", "raid", "shut", "calm", "stop", "go"]);

/** Of the message of a moderator in the management room. */
export function addressedBy(event: RoomEvent, view: AddressedView): Addressed {
  if (isEdit(event)) return "real";
  const target = reactionTarget(event) ?? replyTarget(event) ?? threadRoot(event);
  if (target && view.isItsMessage(target)) return "rehearsal";
  if (event.type !== "m.room.message") return "real";
  const line = view.lineOf(event);
  if (line !== undefined) return addressedByLine(line, target !== undefined, view);
  if (target) return "both";
  // Any word answers a call; a yes or no is an answer to whoever asked.
  return readYesOrNo(event) && view.asks() ? "rehearsal" : "both";
}

function addressedByLine(line: string, isReply: boolean, view: AddressedView): Addressed {
  const [first = "", ...others] = line.trim().toLowerCase().split(/\s+/);
  if (first === "rehearse") return "real";
  if (line.toLowerCase().includes(madeUpEnding)) return "rehearsal";
  const numbers = withNumber.has(first) ? others.flatMap(numberIn) : [];
  if (numbers.length > 0) return numbers.some((one) => one > view.numbersAfter) ? "rehearsal" : "real";
  if (isReply) return "real";
  if (aboutLast.has(first) && view.isAnythingRealDone()) return first === "stop" ? "both" : "real";
  if (first === "yes" || first === "no") return view.asks() ? "rehearsal" : "real";
  return words.has(first) ? "rehearsal" : "real";
}

function numberIn(word: string): readonly number[] {
  const digits = /^#?(\d{1,9})[.!]?$/.exec(word)?.[1];
  return digits === undefined ? [] : [Number(digits)];
}

function reactionTarget({ type, content }: RoomEvent): EventId | undefined {
  return type === "m.reaction" ? parseEventId(asObject(content["m.relates_to"])?.["event_id"]) : undefined;
}
