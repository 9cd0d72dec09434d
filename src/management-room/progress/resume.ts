/**
 * What the journal tells of a command or a wave that an earlier run did not finish: how far it had come, and what was said
 * of it.
 */
import { occasionOf, type Cause } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Past, PastAct } from "../../model/past-acts.ts";
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
      if (result?.kind === "done") message.text = action.say.text;
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

export interface EarlierMessage {
  /** What it was sent with. */
  readonly because: Cause;
  /** All that was done, and what was told of it, oldest first. */
  readonly past: readonly PastAct[];
}

/** Texts in the management room that are looked through for the last message about a wave. */
const mostLooked = 1_000;

/** The message about an incident; a new one each time, as an earlier run may have sent one. */
export function reportOf(incident: string, at: number): Extract<Cause, { kind: "self" }> {
  return { kind: "self", what: `report ${incident} ${at}` };
}

/** What an earlier run told of incidents, and did; of one that led to nothing there is nothing. */
export function earlierMessages(
  incidents: readonly string[],
  { past, room, at }: { readonly past: Past; readonly room: RoomId | undefined; readonly at: number },
): ReadonlyMap<string, EarlierMessage> {
  const told = incidents.length > 0 && room ? past.inRoom(room, mostLooked).toReversed() : [];
  const found = new Map<string, EarlierMessage>();
  for (const incident of incidents) {
    const acts = past.ofOccasion(incident);
    const tells = told.filter(
      ({ decision: { action } }) => action.kind === "tell" && action.key === incident,
    );
    const because = tells.at(-1)?.decision.because ?? reportOf(incident, at);
    const those = tells.filter(({ decision }) => occasionOf(decision.because) === occasionOf(because));
    if (acts.length > 0) found.set(incident, { because, past: [...acts, ...those] });
  }
  return found;
}

/** Each revision is a message of its own to the journal, whichever run sends it. */
export function nextRevision(past: readonly PastAct[]): number {
  return past.reduce(
    (next, { decision: { action } }) => (action.kind === "tell" ? Math.max(next, action.revision + 1) : next),
    0,
  );
}
