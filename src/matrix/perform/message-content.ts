/**
 * The contents of message events. What moderators are told is in plain text and HTML, shortened to fit into an event: a
 * notice that mentions nobody, or a text that mentions those it notifies.
 */
import type { JsonObject } from "../../kit/json.ts";
import { escapeHtml, shortened } from "../../kit/say.ts";
import type { ActionOf, Notified } from "../../model/actions/action.ts";
import type { UserId } from "../../model/ids.ts";
import { isEmptySubject, subjectContent, subjectKey, type Subject } from "../../model/subject.ts";
import { withLinkedIds } from "./linked-ids.ts";

export function messageContent(
  {
    say,
    edits,
    replyTo,
    notifies,
    about,
  }: Pick<ActionOf<"tell">, "say" | "edits" | "replyTo" | "notifies"> & { about?: Subject },
  { self, maxBytes }: { readonly self: UserId; readonly maxBytes: number },
): JsonObject {
  const { text, html } = shortened(withLinkedIds(say, { self, maxBytes }), maxBytes);
  const content = {
    // The push rule that silences notices stands above the one for mentions ("Default Override Rules").
    msgtype: notifies ? "m.text" : "m.notice",
    body: text,
    format: "org.matrix.custom.html",
    formatted_body: html,
    "m.mentions": mentionsOf(notifies),
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

/** Present even if empty: a text with "@room" or a user id in it notifies nobody then ("User and room mentions"). */
function mentionsOf(notifies: Notified | undefined): JsonObject {
  if (!notifies) return {};
  return notifies === "room" ? { room: true } : { user_ids: [...notifies.users] };
}

/** A warning mentions the person it is for, so that their client notifies them. */
export function warningContent({ user, text }: Pick<ActionOf<"warn">, "user" | "text">): JsonObject {
  return postContent({ users: [user], text });
}

/** To the people in front of it, or to nobody in particular. */
export function postContent({ users, text }: Pick<ActionOf<"post">, "users" | "text">): JsonObject {
  const people = users.map((user) => {
    const link = `https://matrix.to/#/${encodeURIComponent(user)}`;
    return `<a href="${escapeHtml(link)}">${escapeHtml(user)}</a>`;
  });
  const to = users.length > 0 ? ": " : "";
  return {
    msgtype: "m.text",
    body: `${users.join(", ")}${to}${text}`,
    format: "org.matrix.custom.html",
    formatted_body: `${people.join(", ")}${to}${escapeHtml(text).replaceAll("\n", "<br>")}`,
    "m.mentions": users.length > 0 ? { user_ids: [...users] } : {},
  };
}

export function reactionContent(action: Pick<ActionOf<"react">, "event" | "with">): JsonObject {
  return { "m.relates_to": { rel_type: "m.annotation", event_id: action.event, key: action.with } };
}

export interface TextFile {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

/** An attachment. `where`: `url`, its mxc address, or for an encrypted one `file`, with address and keys. */
export function fileContent({ name, type, text }: TextFile, where: JsonObject): JsonObject {
  return {
    msgtype: "m.file",
    body: name,
    filename: name,
    ...where,
    info: { mimetype: type, size: Buffer.byteLength(text) },
    "m.mentions": {},
  };
}
