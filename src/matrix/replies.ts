/** What a message to moderators looks like on the wire: a notice, in two forms, that pings nobody. */
import type { JsonObject } from "../kit/json.ts";
import type { ActionOf } from "../model/action.ts";

export function messageContent({ say, edits, replyTo }: ActionOf<"tell">): JsonObject {
  const content = {
    msgtype: "m.notice",
    body: say.text,
    format: "org.matrix.custom.html",
    formatted_body: say.html,
    // Present and empty: whatever the text holds, it mentions nobody (specification, "User and room mentions").
    "m.mentions": {},
  };
  if (edits)
    return {
      ...content,
      body: `* ${say.text}`,
      "m.new_content": content,
      "m.relates_to": { rel_type: "m.replace", event_id: edits },
    };
  return replyTo ? { ...content, "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } } : content;
}
