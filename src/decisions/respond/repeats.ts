/**
 * What belongs together: which findings are one incident, and which person (or room, or server) was found before, so
 * that the next step of the ladder is theirs. A step taken for one finding counts for later findings of the same batch.
 */
import { hourMs } from "../../kit/duration.ts";
import { stableId } from "../../kit/hash.ts";
import type { RoomId } from "../../model/ids.ts";
import { offenceKey, type Offence, type Offender } from "../../model/offences.ts";
import type { WorldView } from "../../model/world/view.ts";

/** What was under way when we responded belongs to it; what is sent later is a repeat. */
const restMs = 10_000;
/** A message may be held up on its way, or claim to have been; its own time is believed for so long. */
const heldUpMs = 60_000;
/** Findings of one protection that come after a longer rest are another incident. */
const incidentGapMs = 60_000;
/** No incident lasts longer: the yes to it, or its undo, is not meant for what comes hours later. */
const longestIncidentMs = hourMs;

/** What a finding comes from: an event, or a look at a room. */
export interface Occurrence {
  readonly room: RoomId;
  /** Of the event, or what stands for it. */
  readonly id: string;
  /** When its server says that it happened, ms since the epoch. */
  readonly saidAt: number;
  /** When it reached us. */
  readonly at: number;
}

export class Repeats {
  readonly #world: Pick<WorldView, "offences">;
  readonly #isUndone: (incident: string) => boolean;
  readonly #offences = new Map<string, Offence>();
  readonly #incidents = new Map<string, string>();

  constructor(world: Pick<WorldView, "offences">, isUndone: (incident: string) => boolean) {
    this.#world = world;
    this.#isUndone = isUndone;
  }

  /** Those of this batch. */
  get offences(): readonly Offence[] {
    return [...this.#offences.values()];
  }

  note(offence: Offence): void {
    this.#offences.set(offenceKey(offence), offence);
  }

  /** What it was found at last, if that counts still. */
  offenceOf(
    protection: string,
    offender: Offender,
    { repeatHours, at }: { readonly repeatHours: number; readonly at: number },
  ): Offence | undefined {
    const key = offenceKey({ protection, ...offender });
    const found = this.#offences.get(key) ?? this.#world.offences.get(protection, offender);
    if (!found || this.#isUndone(found.incident)) return undefined;
    // Negative: the clock was set back.
    const agoMs = Math.abs(at - found.at);
    return agoMs < repeatHours * hourMs ? found : undefined;
  }

  /** The newest incident of the protection while that goes on, or a new one. */
  incidentOf(protection: string, { room, id, at }: Pick<Occurrence, "room" | "id" | "at">): string {
    const now = this.#incidents.get(protection);
    if (now !== undefined) return now;
    const open = this.#world.offences.incidentOf(protection);
    const isSame =
      open !== undefined &&
      Math.abs(at - open.lastAt) <= incidentGapMs &&
      Math.abs(at - open.begunAt) <= longestIncidentMs &&
      !this.#isUndone(open.id);
    const incident = isSame ? open.id : stableId("incident", protection, room, id);
    this.#incidents.set(protection, incident);
    return incident;
  }
}

/** It happened before we had responded to the offence, or so soon after that it was on its way. */
export function belongsTo(offence: Offence, { saidAt, at }: Occurrence): boolean {
  return Math.max(saidAt, at - heldUpMs) <= offence.at + restMs;
}
