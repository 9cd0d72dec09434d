/** Tells of acts that could not be done and are tried again: that may go on for minutes, and a moderator waits. */
import { keepNewest } from "../kit/bounded.ts";
import type { Decision } from "../model/decision.ts";
import type { Performed } from "../matrix/perform/attempt.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** Acts remembered as told of; of one that is forgotten moderators are told again. */
const remembered = 1_000;

export function tellingPutOff(
  perform: Perform,
  putOff: (decision: Decision, message: string) => void,
): Perform {
  const told = new Map<string, true>();
  return async (decision, signal) => {
    const result = await perform(decision, signal);
    // Where nothing at all can be reached, no moderator could be told.
    const isPutOff = result.kind === "unavailable" && !result.everywhere;
    if (isPutOff && !told.has(decision.id)) {
      told.set(decision.id, true);
      keepNewest(told, remembered);
      putOff(decision, result.message);
    } else if (result.kind === "done" || result.kind === "failed") told.delete(decision.id);
    return result;
  };
}
