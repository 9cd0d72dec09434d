/** Reads a yes or no out of an event: a reaction, a reply, or a message that is only that word. */
import { asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { EventId } from "../../model/ids.ts";
import {
  isEdit as isEditOf,
  plainMark,
  reactionIn,
  replyTarget,
  threadRoot,
  withoutReplyFallback,
} from "./relations.ts";

export interface YesOrNo {
  readonly yes: boolean;
  /** It says that somebody be banned, which is a no to what cannot be answered so. */
  readonly ban?: true;
  /** The message it reacts or replies to. */
  readonly to: EventId | undefined;
  readonly isEdit: boolean;
}

const yesReactions = ["✅", "👍", "✔", "☑", "yes"];
const noReactions = ["❌", "👎", "✖", "🚫", "⛔", "no"];
const banReactions = ["🚫"];
const yesWords = ["yes", "y", "✅", "👍"];
const noWords = ["no", "n", "❌", "👎"];

/**
 * Undefined where the event says neither. An edit is returned whatever it says, with `isEdit`: it answers no question and
 * is no new message either.
 */
export function readYesOrNo(event: RoomEvent): YesOrNo | undefined {
  if (event.type === "m.reaction") {
    const reaction = reactionIn(event);
    const yes = meaning(reaction?.mark, yesReactions, noReactions);
    if (yes === undefined || !reaction) return undefined;
    const { mark, to } = reaction;
    return { yes, to, isEdit: false, ...(meaning(mark, banReactions, []) ? { ban: true } : {}) };
  }
  if (event.type !== "m.room.message") return undefined;
  const isEdit = isEditOf(event);
  const body = asString(event.content["body"]);
  const yes = meaning(
    body === undefined ? undefined : withoutReplyFallback(body.slice(0, 5_000)),
    yesWords,
    noWords,
  );
  if (yes === undefined) return isEdit ? { yes: false, to: undefined, isEdit } : undefined;
  // A message in a thread that began with the question is an answer to that question, too.
  return { yes, to: replyTarget(event) ?? threadRoot(event), isEdit };
}

/** 👍 or 👎, and nothing else, on a message. */
export function readThumb(event: RoomEvent): { readonly isRight: boolean; readonly to: EventId } | undefined {
  const reaction = reactionIn(event);
  const isRight = meaning(reaction?.mark, ["👍"], ["👎"]);
  return isRight === undefined || !reaction ? undefined : { isRight, to: reaction.to };
}

function meaning(
  text: string | undefined,
  yes: readonly string[],
  no: readonly string[],
): boolean | undefined {
  const word = plainMark(text ?? "")
    .replace(/[.!]+$/, "")
    .toLowerCase();
  if (yes.includes(word)) return true;
  return no.includes(word) ? false : undefined;
}
