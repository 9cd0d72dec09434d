/** Long answers: folded where clients can, in pages where they would not fit into a message, with a word on how to go on. */
import { bullets, code, folded, lines, say, type Say } from "../../kit/say.ts";

/** For commands whose answer may be long. */
export const pageFlag = {
  type: "number",
  about: "Which page, where the answer has several.",
  default: 1,
} as const;

/** About half a message, even where each line has a long trouble to tell. */
const pageSize = 40;
/** More are folded away. */
const shownOpenly = 12;

/** `again`: the command that shows the next page, without its flag. Items made when they are needed may be many. */
export function pagesOf(
  title: Say,
  items: readonly (Say | (() => Say))[],
  { page, again }: { page: number; again: string },
): Say {
  const pages = Math.max(1, Math.ceil(items.length / pageSize));
  const shown = Math.min(page, pages);
  const here = items
    .slice((shown - 1) * pageSize, shown * pageSize)
    .map((item) => (typeof item === "function" ? item() : item));
  const next =
    shown < pages ? say`; ${code(`${again} --page ${shown + 1}`)} shows the next` : say`; it is the last`;
  // At the start, where it is read first and never cut off.
  const full = pages === 1 ? say`${title}:` : say`${title} (page ${shown} of ${pages}${next}):`;
  return items.length > shownOpenly ? folded(full, bullets(here)) : lines(full, bullets(here));
}
