/** What a finding is about, one by one; what tells it from others; the cause of what is done about it. */
import type { Mode, Verdict } from "../../automod/define.ts";
import type { Cause } from "../../model/decision.ts";
import type { Finding, FoundEvent, Target } from "../../model/finding.ts";
import type { Offender } from "../../model/offences.ts";
import { timesOf } from "../../model/signals/rate-window.ts";
import { recent } from "../../model/signals/recent.ts";
import { isRedactable } from "../../model/facts/redactable.ts";
import { isSpeech, type Sighting } from "../../model/signals/sighting.ts";
import type { Occurrence } from "./repeats.ts";

export function occurrenceOf(sighting: Sighting): Occurrence | undefined {
  const { room, at } = sighting;
  if (sighting.kind === "tick") return { room, id: `tick ${at}`, saidAt: at, at };
  const newest = isSpeech(sighting.kind) ? recent.of(sighting).at(-1) : timesOf(sighting);
  return newest && { room, id: sighting.event.eventId, saidAt: newest.saidAt, at };
}

export function targetsOf({ about, ...verdict }: Verdict, sighting: Sighting): readonly Target[] {
  if (about?.kind === "accounts")
    return about.accounts.map((account) => ({ kind: "person", ...account }) as const);
  if (about) return [about];
  // Looking at a room by the clock there is no author.
  if (sighting.kind === "tick" || !("evidence" in verdict)) return [];
  return [{ kind: "person", user: sighting.user, room: sighting.room, evidence: verdict.evidence }];
}

export function offenderOf(target: Target): Offender {
  switch (target.kind) {
    case "person":
      return { user: target.user };
    case "room":
      return { room: target.room };
    case "server":
      return { server: target.server };
  }
}

/** The event itself, where it may be removed; where none led to the finding, all that it is about. */
export function lateEvents(target: Target, sighting: Sighting): readonly FoundEvent[] {
  if (sighting.kind !== "tick" && !isRedactable(sighting)) return [];
  if (sighting.kind !== "tick")
    return [{ event: sighting.event.eventId, user: sighting.user, room: sighting.room }];
  if (target.kind !== "person") return target.evidence;
  const { user, room, evidence } = target;
  return evidence.map((event) => ({ event, user, room }));
}

export function causeOf(
  { protection, about, sentence }: Finding<Target>,
  { incident, mode }: { readonly incident: string; readonly mode: Mode },
): Extract<Cause, { kind: "finding" }> {
  const who = about.kind === "person" ? { user: about.user } : {};
  const asks = mode === "ask" ? ({ asks: true } as const) : {};
  return { kind: "finding", protection, incident, ...who, ...asks, sentence };
}
