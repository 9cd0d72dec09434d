/** What the command `stop` keeps from being done: all but lifts, reads, words, and what moderators ask for after it. */
import { whileStopped } from "./actions/traits.ts";
import type { Decision, Outcome } from "./decision.ts";
import type { DroppedCommand, Stop } from "./settings/stop.ts";

/** How the outcome of what was dropped is called in the journal. */
export const stoppedCode = "STOPPED";

/** Whether the decision is not to be carried out while the stop stands. */
export function isStopped({ action, because, at }: Decision, stop: Stop | undefined): boolean {
  if (!stop) return false;
  const effect = whileStopped(action);
  if (effect === "done") return false;
  // What a command says after the stop is meant. `at` is the same where both came in one moment: what had been decided by
  // then was taken out of the queues when the stop came.
  return effect === "dropped" || because.kind !== "command" || at < stop.at;
}

/** Whether the stop takes the decision out of the queue in which it waits. */
export function isDroppedByStop({ action }: Decision): boolean {
  return whileStopped(action) !== "done";
}

/** The outcome of what is not carried out for a stop. */
export function stoppedBy(stop: Stop | undefined): Outcome["result"] {
  return { kind: "failed", lasting: false, code: stoppedCode, message: `stopped by ${stop?.by}` };
}

/** How the act ended: what was called off for a stop is told as that. */
export function endedWhile(stop: Stop | undefined, { decision, result }: Outcome): Outcome {
  const isCalledOff = result.kind === "superseded" && isStopped(decision, stop);
  return { decision, result: isCalledOff ? stoppedBy(stop) : result };
}

/**
 * The commands of which something is dropped for good, each once. A ban by a rule and a server ACL are made after the stop
 * for their rules.
 */
export function commandsDropped(
  dropped: readonly Decision[],
): readonly (DroppedCommand & { readonly undoes: readonly string[] | undefined })[] {
  const commands = new Map<string, DroppedCommand & { readonly undoes: readonly string[] | undefined }>();
  for (const { action, because } of dropped) {
    if (because.kind !== "command" || because.via || action.kind === "set-server-acl") continue;
    if (action.kind === "ban" && because.list) continue;
    const { event, by, text, undoes } = because;
    commands.set(event, { event, by, text, undoes });
  }
  return [...commands.values()];
}
