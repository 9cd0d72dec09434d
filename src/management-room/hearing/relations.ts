/** Relations between messages: replies, threads and edits, and the quotation that older clients put before a reply. */
import { asObject, asString } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import { parseEventId, type EventId } from "../../model/ids.ts";

/** The message replied to. Ignores the reply that clients add to each message of a thread (`is_falling_back`, spec: "Fallback for unthreaded clients"). */
export function replyTarget({ content }: Pick<RoomEvent, "content">): EventId | undefined {
  const relation = asObject(content["m.relates_to"]);
  if (relation?.["rel_type"] === "m.thread" && relation["is_falling_back"] === true) return undefined;
  return parseEventId(asObject(relation?.["m.in_reply_to"])?.["event_id"]);
}

/** The first message of the thread that the event belongs to. */
export function threadRoot({ content }: Pick<RoomEvent, "content">): EventId | undefined {
  const relation = asObject(content["m.relates_to"]);
  return relation?.["rel_type"] === "m.thread" ? parseEventId(relation["event_id"]) : undefined;
}

export function isEdit({ content }: Pick<RoomEvent, "content">): boolean {
  return asObject(content["m.relates_to"])?.["rel_type"] === "m.replace";
}

/** The message that the event edits. */
export function editTarget(event: Pick<RoomEvent, "content">): EventId | undefined {
  return isEdit(event) ? parseEventId(asObject(event.content["m.relates_to"])?.["event_id"]) : undefined;
}

/** Skin tones and variation selectors: 👍🏽 and ✔️ mean the same as 👍 and ✔. */
const variations = /[\u{1f3fb}-\u{1f3ff}]|\ufe0e|\ufe0f/gu;

/** Without what changes only how it looks. */
export function plainMark(key: string): string {
  return key.replace(variations, "").trim();
}

/** What an `m.reaction` puts on which message (specification: "Event annotations"). */
export function reactionIn({
  content,
}: Pick<RoomEvent, "content">): { readonly mark: string; readonly to: EventId } | undefined {
  const relation = asObject(content["m.relates_to"]);
  const to = parseEventId(relation?.["event_id"]);
  const key = asString(relation?.["key"]);
  return to && key !== undefined ? { mark: plainMark(key), to } : undefined;
}

/** Removes the quotation of the message replied to (`> ...`), which clients before Matrix 1.13 put before a reply. */
export function withoutReplyFallback(body: string): string {
  return body.replace(/^(> .*\n)+\n?/, "");
}

/** Removes the same quotation from the HTML form. */
export function withoutHtmlFallback(html: string): string {
  return html.replace(/^\s*<mx-reply>[^]*?<\/mx-reply>/, "");
}
