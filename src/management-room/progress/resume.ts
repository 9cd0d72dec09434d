/**
 * What the journal tells of a command that an earlier run did not finish: how far it had come, and what was said of it.
 */
import type { PastAct } from "../../model/past-acts.ts";
import type { ProgressMessage } from "./schedule.ts";

/** Counts again what was done, and goes on with the message that was sent. */
export function recount(message: ProgressMessage, past: readonly PastAct[], at: number): void {
  const { progress } = message;
  message.revision = nextRevision(past);
  for (const { decision, result } of past) {
    const { action } = decision;
    if (action.kind === "tell") {
      if (action.notifies) message.wasUrgent = true;
      // What notified was a message of its own, and is the one that edits name from then on.
      if (action.edits === undefined) message.sentAs = result?.kind === "done" ? result.eventId : undefined;
      if (result) continue;
      // Still on its way: an edit has to wait for it, and as it may have been sent it keeps its text.
      message.isWaiting = message.mayHaveBeenSent = true;
      message.text = action.say.text;
    } else if (action.kind !== "react" && action.kind !== "ask") {
      progress.planned(decision);
      if (result) progress.ended({ decision, result }, at);
    }
  }
}

/** Each revision is a message of its own to the journal, whichever run sends it. */
export function nextRevision(past: readonly PastAct[]): number {
  return past.reduce(
    (next, { decision: { action } }) => (action.kind === "tell" ? Math.max(next, action.revision + 1) : next),
    0,
  );
}
