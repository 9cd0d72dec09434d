/**
 * The links in a text, with the domain that somebody registered. Spammers write `hxxp` and `[.]`: those are links as
 * well. The two libraries take a tenth of a second to load, so they are loaded with the first text
 * that may hold a link.
 */
import { createRequire } from "node:module";
import type { LinkifyIt } from "linkify-it";
import type { getDomain } from "tldts";

export interface FoundLink {
  readonly url: string;
  /** In lower case, without a port; empty for what has no host, as a mail address in `mailto`. */
  readonly host: string;
}

/** So many links of a text are looked at; all are counted. */
export const maxLinks = 64;

interface Libraries {
  readonly linkify: LinkifyIt;
  readonly domainOf: (host: string) => string | null;
}

const require = createRequire(import.meta.url);
let loaded: Libraries | undefined;

function libraries(): Libraries {
  if (!loaded) {
    const { LinkifyIt: Linkify } = require("linkify-it") as { LinkifyIt: typeof LinkifyIt };
    const { getDomain: domain } = require("tldts") as { getDomain: typeof getDomain };
    const linkify = new Linkify({ fuzzyLink: true })
      .tlds([...topLevels], true)
      .add("matrix:", { validate: matrixUri });
    loaded = { linkify, domainOf: domain };
  }
  return loaded;
}

/** Besides those of countries and the old ones, which the library knows: under these, too, a host alone is a link. */
const topLevels = [
  ...["app", "click", "club", "dev", "fun", "icu", "info", "link", "live", "online", "shop", "site", "space"],
  ...["store", "tech", "top", "vip", "website", "work", "world", "xyz"],
] as const;

/** Length of what follows `matrix:`, as the library asks it. */
function matrixUri(text: string, at: number): number {
  return /^[a-z]+\/\S+/i.exec(text.slice(at, at + maxUri))?.[0].length ?? 0;
}
const maxUri = 300;

/** A cheap look first: hardly any message has a link. */
const mayHaveLink = /[:.]|\[dot\]|\(dot\)/i;
/** So many letters are looked at: as many as an event may hold. */
const maxLooked = 65_536;

export function linksIn(text: string): readonly FoundLink[] {
  if (!mayHaveLink.test(text)) return [];
  const { linkify } = libraries();
  const matches = linkify.match(unhidden(text.slice(0, maxLooked))) ?? [];
  return matches
    .filter(({ schema, raw }) => schema !== "" || !fileName.test(raw))
    .map(({ url }) => ({ url, host: hostOf(url) }));
}

/** Names of files whose endings are top-level domains, too: readme.md is no link unless it is written as one. */
const fileName = /^[\w-]+\.(?:md|rs|py|sh|pl|so|cc|ml|ps|mk|pm|sc|st|ai|am|do|zip|mov|app|cat|bin|vi)$/i;

/** "example.org" of "www.example.org"; the host itself where it has no registered part, as an address in numbers. */
export function domainOf(host: string): string {
  return libraries().domainOf(host) ?? host;
}

export function hostOf(url: string): string {
  try {
    // A dot at the end leads to the same host.
    return new URL(url).hostname
      .replace(/^www\./, "")
      .replace(/\.+$/, "")
      .toLowerCase();
  } catch {
    return "";
  }
}

/** The host that an entry of a list means: as it is typed, or with what stands before it and after it in an address. */
export function hostNamed(entry: string): string {
  return hostOf(`http://${entry.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")}`) || entry.toLowerCase();
}

/** `hxxps[:]//evil[.]example` as it is meant. */
function unhidden(text: string): string {
  return text
    .replace(/\bh(?:xx|tt|\*\*)p(s?)\b/gi, "http$1")
    .replace(/\[(:|:\/\/|\/)\]/g, "$1")
    .replace(/\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\))\s?/gi, ".");
}
