/**
 * Finds pills in the HTML of a message: links to people, rooms and events, as clients write them. Read by hand, as no
 * library is both safe against hostile HTML and cheap at the start (docs/adr/0012-libraries.md).
 */
import { attributeValue, unescapeHtml } from "../../kit/html.ts";

export interface Pill {
  /** A matrix.to link or matrix: URI. */
  readonly link: string;
  /** What it shows, as plain text. */
  readonly name: string;
  /** Nothing stands before it but spaces and the start of a paragraph. */
  readonly isAtStart: boolean;
}

/**
 * Groups: the address in one of three ways to write it, and what it shows. Each repetition is bounded, so that hostile
 * HTML takes linear time; a display name of 255 characters may take 6 characters for each.
 */
const address = attributeValue(String.raw`(?:https?:\/\/matrix\.to\/#\/|matrix:)`);
const pillPattern = new RegExp(
  String.raw`<a\s(?:[^>]{0,500}?\s)?href\s{0,10}=\s{0,10}${address}[^>]{0,500}>([^]{1,2000}?)<\/a>`,
  "gi",
);

export function pillsIn(html: string): readonly Pill[] {
  const start = html.replace(/^(?:\s|<p>)+/, "");
  return [...start.matchAll(pillPattern)].map(({ index, 1: quoted, 2: single, 3: bare, 4: shown = "" }) => ({
    link: unescapeHtml(quoted ?? single ?? bare ?? ""),
    name: unescapeHtml(shown.replace(/<[^>]{0,1000}>/g, "")),
    isAtStart: index === 0,
  }));
}
