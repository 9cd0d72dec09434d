/** What a rule that is taken back leaves in its place, where several that wrote over each other are taken back together. */
import type { ActionOf } from "../model/actions/action.ts";

/** Where the rule wrote over one that is taken back as well, what stood there before that one comes back. */
export function withFirstBefore(
  action: ActionOf<"write-policy">,
  writes: readonly ActionOf<"write-policy">[],
): ActionOf<"write-policy"> {
  let first = action;
  for (const older of writes.toReversed()) {
    const isSamePlace = older.list === action.list && older.stateKey === action.stateKey;
    if (!first.before || older === first || !isSamePlace || older.eventType !== action.eventType) continue;
    if (JSON.stringify(older.content) === JSON.stringify(first.before)) first = older;
  }
  const { before: _, ...fresh } = action;
  return first.before ? { ...fresh, before: first.before } : fresh;
}
