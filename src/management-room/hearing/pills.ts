/**
 * Finds pills in the HTML of a message: links to people, rooms and events, as clients write them. Read by hand, as no
 * library is both safe against hostile HTML and cheap at the start (docs/adr/0012-libraries.md).
 */

export interface Pill {
  /** A matrix.to link or matrix: URI. */
  readonly link: string;
  /** What it shows, as plain text. */
  readonly name: string;
  /** Nothing stands before it but spaces and the start of a paragraph. */
  readonly isAtStart: boolean;
}

/**
 * Groups: the address, and what it shows. Each repetition is bounded, so that hostile HTML takes linear time; a display
 * name of 255 characters may take 6 characters for each.
 */
const pillPattern =
  /<a\s[^>]{0,500}?href="((?:https?:\/\/matrix\.to\/#\/|matrix:)[^"]{1,1000})"[^>]{0,500}>([^]{1,2000}?)<\/a>/gi;

export function pillsIn(html: string): readonly Pill[] {
  const start = html.replace(/^(?:\s|<p>)+/, "");
  return [...start.matchAll(pillPattern)].map(({ index, 1: href = "", 2: shown = "" }) => ({
    link: unescapeHtml(href),
    name: unescapeHtml(shown.replace(/<[^>]{0,1000}>/g, "")),
    isAtStart: index === 0,
  }));
}

const namedReferences: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
  nbsp: "\u00a0",
};

/** Character references as clients write them; others stay as they are. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return namedReferences[name.toLowerCase()] ?? whole;
    const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
  });
}
