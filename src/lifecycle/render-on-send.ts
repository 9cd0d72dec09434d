/** Messages wait for the homeserver's limits like everything else: each says what is true when it is sent. */
import { keepNewest } from "../kit/bounded.ts";
import type { Decision } from "../model/decision.ts";
import type { Performed } from "../matrix/perform/attempt.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** Messages whose fate is unknown; an older one is tried again with new words. */
const remembered = 100;

export function renderingOnSend(perform: Perform, newest: (decision: Decision) => Decision): Perform {
  /** Sent without an answer. It may stand in the room, where a second try changes nothing: that says the same. */
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
