/** Answers to questions that are no commands: reactions, replies, and bare words. */
import { asObject, asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import { parseEventId, type EventId } from "../../model/ids.ts";
import { isEdit as isEditOf, replyTarget, threadRoot, withoutReplyFallback } from "./relations.ts";

export interface HeardAnswer {
  readonly yes: boolean;
  /** The message it reacts or replies to. */
  readonly to: EventId | undefined;
  readonly isEdit: boolean;
}

const yesReactions = ["✅", "👍", "✔", "☑", "yes"];
const noReactions = ["❌", "👎", "✖", "🚫", "no"];
const yesWords = ["yes", "y", "✅", "👍"];
const noWords = ["no", "n", "❌", "👎"];
/** Skin tones and the mark that asks for the coloured form. */
const dress = /[\u{1f3fb}-\u{1f3ff}]|\ufe0e|\ufe0f/gu;

export function answerIn(event: RoomEvent): HeardAnswer | undefined {
  const relation = asObject(event.content["m.relates_to"]);
  if (event.type === "m.reaction") {
    const yes = meaning(asString(relation?.["key"]), yesReactions, noReactions);
    const to = parseEventId(relation?.["event_id"]);
    return yes === undefined || !to ? undefined : { yes, to, isEdit: false };
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
  // A thread about the question is as good as a reply to it.
  return { yes, to: replyTarget(event) ?? threadRoot(event), isEdit };
}

function meaning(
  text: string | undefined,
  yes: readonly string[],
  no: readonly string[],
): boolean | undefined {
  const word =
    text
      ?.replace(dress, "")
      .trim()
      .replace(/[.!]+$/, "")
      .toLowerCase() ?? "";
  if (yes.includes(word)) return true;
  return no.includes(word) ? false : undefined;
}
