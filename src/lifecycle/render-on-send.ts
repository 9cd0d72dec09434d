/**
 * Renders a message when it is sent: it may have waited for the homeserver's rate limit, and must say what is true by
 * then.
 */
import { keepNewest } from "../kit/bounded.ts";
import type { Decision } from "../model/decision.ts";
import type { Performed } from "../matrix/perform/attempt.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** Messages without an answer that are remembered. */
const remembered = 100;

export function renderingOnSend(perform: Perform, newest: (decision: Decision) => Decision): Perform {
  /** Texts of messages whose request got no answer: a retry has the same transaction id, so it must have the same text. */
  const perhapsSent = new Map<string, Decision>();
  return async (decision, signal) => {
    if (decision.action.kind !== "tell") return perform(decision, signal);
    const said = perhapsSent.get(decision.id) ?? newest(decision);
    const result = await perform(said, signal);
    if (result.kind === "unavailable") perhapsSent.set(decision.id, said);
    else if (result.kind !== "limited") perhapsSent.delete(decision.id);
    keepNewest(perhapsSent, remembered);
    return result;
  };
}
