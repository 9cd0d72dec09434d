/** The numbers under which what commands and incidents led to is spoken of. */
import type { PastOccasion } from "../../model/past-acts.ts";
import type { CommandContext } from "../define.ts";

/** The occasion behind a number that a reply gave, typed as 12 or #12. */
export function numbered(what: string, { past }: Pick<CommandContext, "past">): PastOccasion | undefined {
  return /^#?\d{1,12}$/.test(what) ? past.ofNumber(Number(what.replace("#", ""))) : undefined;
}
