/** How an act that succeeded is told: with the event that it made, where it made one. */
import type { Outcome } from "../../model/decision.ts";
import { parseEventId } from "../../model/ids.ts";

export type Done = Extract<Outcome["result"], { kind: "done" }>;

export async function done(work: Promise<unknown>): Promise<Done> {
  await work;
  return { kind: "done" };
}

/** `eventId`: as the homeserver gave it. */
export async function written(eventId: Promise<unknown>): Promise<Done> {
  const made = parseEventId(await eventId);
  return made ? { kind: "done", eventId: made } : { kind: "done" };
}
