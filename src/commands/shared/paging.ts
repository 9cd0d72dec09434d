/** Long replies: folded away where clients can do that, and in pages where they would not fit into an event. */
import { bullets, code, folded, lines, say, type Say } from "../../kit/say.ts";

/** The flag of commands whose reply may be long. */
export const pageFlag = {
  type: "number",
  about: "Which page, where the answer has several.",
  default: 1,
} as const;

/** Items a page. With the longest items a page fills about half of an event, and an edit holds it twice. */
const pageSize = 40;
/** Up to so many items are shown unfolded. */
const shownOpenly = 12;

/** `again`: the command that shows further pages, without `--page`. An item may be a function, which is called only if its page is shown. */
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
  // The page number stands at the start, where it is never cut off.
  const full = pages === 1 ? say`${title}:` : say`${title} (page ${shown} of ${pages}${next}):`;
  return items.length > shownOpenly ? folded(full, bullets(here)) : lines(full, bullets(here));
}
