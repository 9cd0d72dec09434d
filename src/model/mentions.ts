/** Whom a message mentions: in `m.mentions`, by links to people, and by ids in the text. */
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";

/** Characters of a text that are searched: as many as an event may hold, or spaces at the start would hide mentions. */
const maxLength = 65_536;
const link = /(?:matrix\.to\/#\/(?:@|%40)|matrix:u(?:ser)?\/)([^"'\s<>?]{1,255})/gi;
/** `@name:server`, not right after a word. */
const id = /(?:^|[\s(,;])@([^\s:@]{1,200}:[a-z0-9.\-[\]:]{1,200})/gi;
const roomWide = /(?:^|\s)@room\b/i;

/**
 * How many people a message mentions, each once; `@room` counts as one more. An edit holds its text twice: homeservers
 * notify by the outer one, clients show the inner one. Both count, or mentions could be hidden in one of them.
 */
export function countMentions(content: JsonObject): number {
  const mentioned = new Set<string>();
  addMentions(mentioned, content);
  const edited = asObject(content["m.new_content"]);
  if (edited) addMentions(mentioned, edited);
  return mentioned.size;
}

function addMentions(mentioned: Set<string>, said: JsonObject): void {
  const mentions = asObject(said["m.mentions"]);
  for (const user of (asArray(mentions?.["user_ids"]) ?? []).slice(0, maxLength))
    if (typeof user === "string") mentioned.add(user.replace(/^@/, "").toLowerCase());
  const body = textOf(said["body"]);
  const html = textOf(said["formatted_body"]);
  if (/matrix(?:\.to|:)/i.test(html))
    for (const [, user] of html.matchAll(link)) mentioned.add(decoded(user!).toLowerCase());
  if (body.includes("@")) {
    for (const [, user] of body.matchAll(id)) mentioned.add(user!.toLowerCase());
    if (roomWide.test(body)) mentioned.add("@room");
  }
  if (mentions?.["room"] === true) mentioned.add("@room");
}

function textOf(value: unknown): string {
  return (asString(value) ?? "").slice(0, maxLength);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
