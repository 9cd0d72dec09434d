/** Whether a message speaks to us: by prefix, by name, by our id or a pill of it, or as another bot that we stand in for. */
import type { UserId } from "../../model/ids.ts";
import type { ForeignBot } from "../../model/settings/foreign-bots.ts";
import { parseLink } from "../../model/links.ts";

/** What we listen to. */
export interface Calls {
  readonly prefixes: readonly string[];
  readonly self: UserId;
  /** Our display name, where it is known. */
  readonly displayName: string | undefined;
  /** Bots whose commands we understand. */
  readonly foreign: readonly ForeignBot[];
}

export interface Addressed {
  /** What follows. */
  readonly text: string;
  /** What it began with, where that was a prefix. */
  readonly prefix: string | undefined;
  /** In whose words it is said, where those are not ours. */
  readonly bot: ForeignBot | undefined;
  /** It began with a pill: the first link of its HTML is ours. */
  readonly hasPill: boolean;
}

/** A link in HTML as clients write it: what it leads to, and what it shows. A name of 255 characters may take six for each. */
export const linkInHtml =
  /<a\s[^>]{0,500}?href="((?:https?:\/\/matrix\.to\/#\/|matrix:)[^"]{1,1000})"[^>]{0,500}>([^]{1,2000}?)<\/a>/gi;

export function addressed(body: string, html: string, calls: Calls): Addressed | undefined {
  const line = body.replace(/^[\u200b-\u200f\u2060\ufeff\s]+/, "");
  const own = withoutPrefix(line, calls.prefixes.flatMap(variants));
  if (own) return { ...own, bot: undefined, hasPill: false };
  const named = withoutName(line, calls);
  if (named !== undefined) return { text: named, prefix: undefined, bot: undefined, hasPill: false };
  const afterPill = withoutPill(line, html, calls.self);
  if (afterPill !== undefined) return { text: afterPill, prefix: undefined, bot: undefined, hasPill: true };
  for (const bot of calls.foreign) {
    const theirs = withoutPrefix(line, [`!${bot}`]);
    if (theirs) return { ...theirs, bot, hasPill: false };
    // Meowlnir takes every command with an exclamation mark alone.
    if (bot === "meowlnir" && /^![a-z]/i.test(line))
      return { text: line.slice(1), prefix: "!", bot, hasPill: false };
  }
  return undefined;
}

/** What follows the prefix, or undefined where the message is no command. */
export function withoutPrefix(
  body: string,
  prefixes: readonly string[],
): { text: string; prefix: string } | undefined {
  const line = body.trimStart();
  for (const prefix of prefixes) {
    if (!line.toLowerCase().startsWith(prefix.toLowerCase())) continue;
    const rest = line.slice(prefix.length);
    if (rest === "" || /^\s/.test(rest)) return { text: rest.trim(), prefix };
  }
  return undefined;
}

/** A prefix that is a word may also be called, as `!word` or `word:`. */
function variants(prefix: string): readonly string[] {
  return /^[\p{L}\p{N}]/u.test(prefix) ? [prefix, `!${prefix}`, `${prefix}:`, `${prefix},`] : [prefix];
}

/** `tyr: ban`, `Tyr the Guard, ban`, `@tyr:example.org ban`. A name alone, without colon or comma, is chat. */
function withoutName(line: string, { self, displayName }: Calls): string | undefined {
  const localpart = self.slice(1, self.indexOf(":"));
  for (const [name, end] of [
    [self, /^[:,]?(?=\s|$)/],
    [displayName ?? "", /^[:,](?=\s|$)/],
    [localpart, /^[:,](?=\s|$)/],
  ] as const) {
    const bare = line.startsWith("@") && !name.startsWith("@") ? line.slice(1) : line;
    if (name === "" || !bare.toLowerCase().startsWith(name.toLowerCase())) continue;
    const rest = bare.slice(name.length);
    if (end.test(rest)) return rest.replace(/^[:,]/, "").trim();
  }
  return undefined;
}

/** A pill at the start is our name, whatever it shows. */
function withoutPill(line: string, html: string, self: UserId): string | undefined {
  const start = html.replace(/^(?:\s|<p>)+/, "");
  const [link, href, shown] = start.matchAll(linkInHtml).next().value ?? [];
  if (link === undefined || !start.startsWith(link)) return undefined;
  if (parseLink(unescapeHtml(href!))?.user !== self) return undefined;
  const name = textOfHtml(shown!);
  const after = line.startsWith(name)
    ? line.slice(name.length)
    : // Some clients put the link into the text, as Markdown.
      /^\[[^\]]{1,200}\]\([^)\s]{1,500}\)([^]*)$/.exec(line)?.[1];
  return after !== undefined && /^[:,]?(?:\s|$)/.test(after) ? after.replace(/^[:,]/, "").trim() : undefined;
}

/** What is shown of a piece of HTML. */
export function textOfHtml(html: string): string {
  return unescapeHtml(html.replace(/<[^>]{0,1000}>/g, ""));
}

const named: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
  nbsp: "\u00a0",
};

export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return named[name.toLowerCase()] ?? whole;
    const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
  });
}
