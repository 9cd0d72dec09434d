/** Relations between messages: replies, threads and edits, and the quotation that older clients put before a reply. */
import { asObject } from "../../kit/json.ts";
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

/** Removes the quotation of the message replied to (`> ...`), which clients before Matrix 1.13 put before a reply. */
export function withoutReplyFallback(body: string): string {
  return body.replace(/^(> .*\n)+\n?/, "");
}

/** Removes the same quotation from the HTML form. */
export function withoutHtmlFallback(html: string): string {
  return html.replace(/^\s*<mx-reply>[^]*?<\/mx-reply>/, "");
}
