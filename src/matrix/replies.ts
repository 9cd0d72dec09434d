/** What a message to moderators looks like on the wire: a notice, in two forms, that pings nobody and always fits. */
import type { JsonObject } from "../kit/json.ts";
import { shortened } from "../kit/say.ts";
import type { ActionOf } from "../model/action.ts";

/** An event may have 65,536 bytes, and whatever the server puts around the content needs its part of it. */
const maxBytes = 60_000;

type Message = Pick<ActionOf<"tell">, "say" | "edits" | "replyTo">;

/** At most `maxLength` characters, and fewer where they take more bytes: `&` becomes five in HTML, `禁` has three. */
export function messageContent(message: Message, maxLength: number): JsonObject {
  const content = contentOf(message, maxLength);
  const bytes = Buffer.byteLength(JSON.stringify(content));
  return bytes <= maxBytes ? content : messageContent(message, Math.floor(maxLength / 2));
}

function contentOf({ say, edits, replyTo }: Message, maxLength: number): JsonObject {
  const { text, html } = shortened(say, maxLength);
  const content = {
    msgtype: "m.notice",
    body: text,
    format: "org.matrix.custom.html",
    formatted_body: html,
    // Present and empty: whatever the text holds, it mentions nobody (specification, "User and room mentions").
    "m.mentions": {},
  };
  if (edits) {
    return {
      ...content,
      body: `* ${text}`,
      "m.new_content": content,
      "m.relates_to": { rel_type: "m.replace", event_id: edits },
    };
  }
  return replyTo ? { ...content, "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } } : content;
}
