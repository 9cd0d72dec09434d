/** Finds pills in the HTML of a message: links to people, rooms and events. */
import { readHtml } from "../../kit/html.ts";

export interface Pill {
  /** A matrix.to link or matrix: URI. */
  readonly link: string;
  /** What it shows, as plain text. */
  readonly name: string;
  /** Nothing stands before it but spaces. */
  readonly isAtStart: boolean;
}

export function pillsIn(html: string): readonly Pill[] {
  return readHtml(html).links.flatMap(({ href, shown, isAtStart }) =>
    shown !== "" && /^(?:https?:\/\/matrix\.to\/#\/|matrix:)/i.test(href)
      ? [{ link: href, name: shown, isAtStart }]
      : [],
  );
}
