/** Whom a message would call: by the list that clients make, by links to people, and by ids in the text. */
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";

/** As much of a text is looked through: all that an event may hold, or whoever begins with spaces would be unseen. */
const maxLength = 65_536;
const link = /(?:matrix\.to\/#\/(?:@|%40)|matrix:u(?:ser)?\/)([^"'\s<>?]{1,255})/gi;
/** `@name:server`, where no word goes before it. */
const id = /(?:^|[\s(,;])@([^\s:@]{1,200}:[a-z0-9.\-[\]:]{1,200})/gi;
const roomWide = /(?:^|\s)@room\b/i;

/**
 * How many people a message calls, each once; the whole room counts as one more. An edit says it all twice, and homeservers
 * look at what is outside, clients at what is inside: both count, or one of them would be a place to hide.
 */
export function countMentions(content: JsonObject): number {
  const called = new Set<string>();
  addMentions(called, content);
  const edited = asObject(content["m.new_content"]);
  if (edited) addMentions(called, edited);
  return called.size;
}

function addMentions(called: Set<string>, said: JsonObject): void {
  const mentions = asObject(said["m.mentions"]);
  for (const user of (asArray(mentions?.["user_ids"]) ?? []).slice(0, maxLength))
    if (typeof user === "string") called.add(user.replace(/^@/, "").toLowerCase());
  const body = textOf(said["body"]);
  const html = textOf(said["formatted_body"]);
  if (/matrix(?:\.to|:)/i.test(html))
    for (const [, user] of html.matchAll(link)) called.add(decoded(user!).toLowerCase());
  if (body.includes("@")) {
    for (const [, user] of body.matchAll(id)) called.add(user!.toLowerCase());
    if (roomWide.test(body)) called.add("@room");
  }
  if (mentions?.["room"] === true) called.add("@room");
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
