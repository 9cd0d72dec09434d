/** How what was answered is told: as done, with the event that it made where it made one. */
import { asObject } from "../../kit/json.ts";
import type { Outcome } from "../../model/decision.ts";
import { parseEventId } from "../../model/ids.ts";

export type Done = Extract<Outcome["result"], { kind: "done" }>;

/** A write that fails gives up its place to the others; the executor lets its room rest and tries again. */
export const noRetries = 0;

export async function done(work: Promise<void>): Promise<Done> {
  await work;
  return { kind: "done" };
}

export async function written(answer: Promise<unknown>): Promise<Done> {
  const eventId = parseEventId(asObject(await answer)?.["event_id"]);
  return eventId ? { kind: "done", eventId } : { kind: "done" };
}
