/** Which message another one answers: replies as they were meant, not as threads fill them in for older clients. */
import { asObject } from "../../kit/json.ts";
import type { RoomEvent } from "../../model/event.ts";
import { parseEventId, type EventId } from "../../model/ids.ts";

/** The message replied to. In a thread clients name the newest message there where nobody meant to reply to it. */
export function replyTarget({ content }: Pick<RoomEvent, "content">): EventId | undefined {
  const relation = asObject(content["m.relates_to"]);
  if (relation?.["rel_type"] === "m.thread" && relation["is_falling_back"] === true) return undefined;
  return parseEventId(asObject(relation?.["m.in_reply_to"])?.["event_id"]);
}

/** The message that the thread began with, of a message in a thread. */
export function threadRoot({ content }: Pick<RoomEvent, "content">): EventId | undefined {
  const relation = asObject(content["m.relates_to"]);
  return relation?.["rel_type"] === "m.thread" ? parseEventId(relation["event_id"]) : undefined;
}

export function isEdit({ content }: Pick<RoomEvent, "content">): boolean {
  return asObject(content["m.relates_to"])?.["rel_type"] === "m.replace";
}

/** Older clients put the message replied to before the reply, each line quoted. */
export function withoutReplyFallback(body: string): string {
  return body.replace(/^(> .*\n)+\n?/, "");
}

/** The same in its HTML. */
export function withoutHtmlFallback(html: string): string {
  return html.replace(/^\s*<mx-reply>[^]*?<\/mx-reply>/, "");
}
