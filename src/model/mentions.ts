/** Whom a message mentions: in `m.mentions`, by links to people, and by ids in the text. */
import { readHtml } from "../kit/html.ts";
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";

/** Characters of a text that are searched: as many as an event may hold, or spaces at the start would hide mentions. */
const maxLength = 65_536;
const link = /(?:matrix\.to\/#\/(?:@|%40)|matrix:u(?:ser)?\/)([^"'\s<>?]{1,255})/i;
const links = new RegExp(link, "gi");
/** `@name:server`, not right after a word. */
const id = /(?:^|[\s(,;])@([^\s:@]{1,200}:[a-z0-9.\-[\]:]{1,200})/gi;
/** A character reference may hide the address. */
const mayHoldPill = /matrix(?:\.to|:)|&#/i;
const roomWide = /(?:^|\s)@room\b/i;

/**
 * How many people a message mentions, each once; `@room` counts as one more. Ids in the plain text count only where the
 * client does not declare whom it mentions (`m.mentions`): where it does, homeservers notify nobody else. An edit holds its
 * text twice: homeservers notify by the outer one, clients show the inner one. Both count, or mentions could be hidden in
 * one of them.
 */
export function countMentions(content: JsonObject): number {
  return mentionedIn(content).size;
}

/** As `mentionKey` writes them. */
export function mentionedIn(content: JsonObject): ReadonlySet<string> {
  const mentioned = new Set<string>();
  const texts = [content, asObject(content["m.new_content"])].filter((text) => text !== undefined);
  const isReply = texts.some(
    (text) => asObject(asObject(text["m.relates_to"])?.["m.in_reply_to"]) !== undefined,
  );
  const isDeclared = texts.some((text) => asObject(text["m.mentions"]) !== undefined);
  for (const said of texts) {
    addDeclared(mentioned, said);
    addPills(mentioned, said, isReply);
    if (!isDeclared) addIds(mentioned, said);
  }
  return mentioned;
}

/** How an id stands among those that are mentioned. */
export function mentionKey(user: string): string {
  return user.replace(/^@/, "").toLowerCase();
}

function addDeclared(mentioned: Set<string>, said: JsonObject): void {
  const mentions = asObject(said["m.mentions"]);
  for (const user of (asArray(mentions?.["user_ids"]) ?? []).slice(0, maxLength))
    if (typeof user === "string") mentioned.add(mentionKey(user));
  if (mentions?.["room"] === true) mentioned.add("@room");
}

/** A link to a person, and its address as text: clients make a link of that. Not in code and quotations. */
function addPills(mentioned: Set<string>, said: JsonObject, isReply: boolean): void {
  const html = textOf(said["formatted_body"]);
  if (!mayHoldPill.test(html)) return;
  const read = readHtml(html, { isReply, skipsQuotes: true });
  const hrefs = read.links.flatMap(({ href }) => link.exec(href)?.[1] ?? []);
  const written = [...read.text.matchAll(links)].map(([, user]) => user!);
  for (const user of [...hrefs, ...written]) mentioned.add(decoded(user).toLowerCase());
}

function addIds(mentioned: Set<string>, said: JsonObject): void {
  if (!textOf(said["body"]).includes("@")) return;
  const body = withoutQuotedText(textOf(said["body"]));
  for (const [, user] of body.matchAll(id)) mentioned.add(user!.toLowerCase());
  if (roomWide.test(body)) mentioned.add("@room");
}

/** What is neither code nor a quotation, where nobody is mentioned, by the signs of Markdown. */
function withoutQuotedText(body: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of body.split("\n")) {
    const [, marks, rest = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (fence !== undefined) {
      if (marks?.startsWith(fence) && rest.trim() === "") fence = undefined;
    } else if (marks !== undefined && !rest.includes("`")) fence = marks;
    else if (!/^ {0,3}>/.test(line)) kept.push(line.replace(/`{1,3}[^`]{1,1000}`{1,3}/g, ""));
  }
  return kept.join("\n");
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
