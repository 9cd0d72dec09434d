/** Whether a message is addressed to us: by prefix, display name, user id, pill, or the prefix of a bot whose commands we understand. */
import type { UserId } from "../../model/ids.ts";
import type { ForeignBot } from "../../model/settings/foreign-bots.ts";
import { markdownLinksIn, parseLink } from "../../model/links.ts";
import { pillsIn } from "./pills.ts";

/** How we may be addressed. */
export interface AddressForms {
  readonly prefixes: readonly string[];
  readonly self: UserId;
  /** Our display name, where it is known. */
  readonly displayName: string | undefined;
  /** Other bots whose prefix and commands we understand. */
  readonly foreign: readonly ForeignBot[];
}

export interface AddressedText {
  /** The text without the address. */
  readonly text: string;
  /** The prefix as configured; undefined where we were addressed by name, id or pill. */
  readonly prefix: string | undefined;
  /** The bot in whose words the command is; undefined for our own. */
  readonly bot: ForeignBot | undefined;
  /** The address was a pill: the first link of the HTML leads to us and is no argument. */
  readonly hasPill: boolean;
}

/** `html`: the formatted body, without the quotation of a reply; may be empty. */
export function readAddress(body: string, html: string, forms: AddressForms): AddressedText | undefined {
  const line = body.replace(/^[\u200b-\u200f\u2060\ufeff\s]+/, "");
  const own = withoutPrefix(line, forms.prefixes.flatMap(variants));
  if (own) return { ...own, bot: undefined, hasPill: false };
  const byName = withoutName(line, forms);
  if (byName !== undefined) return { text: byName, prefix: undefined, bot: undefined, hasPill: false };
  const afterPill = withoutPill(line, html, forms.self);
  if (afterPill !== undefined) return { text: afterPill, prefix: undefined, bot: undefined, hasPill: true };
  for (const bot of forms.foreign) {
    const theirs = withoutPrefix(line, [`!${bot}`]);
    if (theirs) return { ...theirs, bot, hasPill: false };
    // Meowlnir also obeys commands that have nothing but an exclamation mark before them.
    if (bot === "meowlnir" && /^![a-z]/i.test(line))
      return { text: line.slice(1), prefix: "!", bot, hasPill: false };
  }
  return undefined;
}

/** The first of the prefixes that the body begins with, as a whole word, and the text after it. */
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

/** A prefix that is a word may also be written as `!word`, `word:` or `word,`. */
function variants(prefix: string): readonly string[] {
  return /^[\p{L}\p{N}]/u.test(prefix) ? [prefix, `!${prefix}`, `${prefix}:`, `${prefix},`] : [prefix];
}

/** `tyr: ban`, `Tyr the Guard, ban`, `@tyr:example.org ban`. A name without colon or comma is chat about us. */
function withoutName(line: string, { self, displayName }: AddressForms): string | undefined {
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

/** A pill of our id at the start addresses us, whatever name it shows. */
function withoutPill(line: string, html: string, self: UserId): string | undefined {
  const [pill] = pillsIn(html);
  if (!pill?.isAtStart || parseLink(pill.link)?.user !== self) return undefined;
  // Some clients write a pill into the plain text as a Markdown link.
  const [written] = markdownLinksIn(line);
  const end = line.startsWith(pill.name) ? pill.name.length : written?.from === 0 ? written.to : undefined;
  const after = end === undefined ? undefined : line.slice(end);
  return after !== undefined && /^[:,]?(?:\s|$)/.test(after) ? after.replace(/^[:,]/, "").trim() : undefined;
}
