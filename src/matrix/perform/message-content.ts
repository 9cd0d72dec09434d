/** What a message to moderators looks like on the wire: a notice, in two forms, that pings nobody and always fits. */
import type { JsonObject } from "../../kit/json.ts";
import { escapeHtml, shortened } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { isEmptySubject, subjectContent, subjectKey, type Subject } from "../../model/subject.ts";

export function messageContent(
  { say, edits, replyTo, about }: Pick<ActionOf<"tell">, "say" | "edits" | "replyTo"> & { about?: Subject },
  maxLength: number,
): JsonObject {
  const { text, html } = shortened(say, maxLength);
  const content = {
    msgtype: "m.notice",
    body: text,
    format: "org.matrix.custom.html",
    formatted_body: html,
    // Present and empty: whatever the text holds, it mentions nobody (specification, "User and room mentions").
    "m.mentions": {},
  };
  const subject = about && !isEmptySubject(about) ? { [subjectKey]: subjectContent(about) } : {};
  if (edits) {
    return {
      ...content,
      body: `* ${text}`,
      "m.new_content": { ...content, ...subject },
      "m.relates_to": { rel_type: "m.replace", event_id: edits },
    };
  }
  const said = { ...content, ...subject };
  return replyTo ? { ...said, "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } } : said;
}

/** A warning has to be seen: it names the person it is for, and nobody else. */
export function warningContent({ user, text }: Pick<ActionOf<"warn">, "user" | "text">): JsonObject {
  const link = `https://matrix.to/#/${encodeURIComponent(user)}`;
  return {
    msgtype: "m.text",
    body: `${user}: ${text}`,
    format: "org.matrix.custom.html",
    formatted_body: `<a href="${escapeHtml(link)}">${escapeHtml(user)}</a>: ${escapeHtml(text)}`,
    "m.mentions": { user_ids: [user] },
  };
}

/** An attachment of text. */
export function fileContent(
  { name, type, text }: { readonly name: string; readonly type: string; readonly text: string },
  url: string,
): JsonObject {
  return {
    msgtype: "m.file",
    body: name,
    filename: name,
    url,
    info: { mimetype: type, size: Buffer.byteLength(text) },
    "m.mentions": {},
  };
}
