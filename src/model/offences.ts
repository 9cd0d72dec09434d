/**
 * Who was found at what, when last and how often: what the next answer depends on. Findings of one protection that come
 * shortly after one another are one incident.
 */
import type { RoomId, UserId } from "./ids.ts";

export interface Offence {
  readonly protection: string;
  readonly user: UserId;
  /** The step of the ladder that was taken, from 0. */
  readonly step: number;
  /** When that step was taken. */
  readonly at: number;
  /** The incident that it belongs to. */
  readonly incident: string;
  /** Where the step was taken. */
  readonly rooms: readonly RoomId[];
}

export interface OpenIncident {
  readonly id: string;
  readonly lastAt: number;
}

export class Offences {
  readonly #remembered: number;
  readonly #all = new Map<string, Offence>();
  readonly #incidents = new Map<string, OpenIncident>();

  /** Beyond so many the oldest are forgotten: the person begins at the foot of the ladder again. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get(protection: string, user: UserId): Offence | undefined {
    return this.#all.get(offenceKey({ protection, user }));
  }

  /** The newest incident of a protection. */
  incidentOf(protection: string): OpenIncident | undefined {
    return this.#incidents.get(protection);
  }

  /** Answers which one is forgotten for it. */
  set(offence: Offence, at: number): Offence | undefined {
    const key = offenceKey(offence);
    this.#all.delete(key);
    this.#all.set(key, offence);
    this.#incidents.set(offence.protection, { id: offence.incident, lastAt: at });
    const oldest = this.#all.size > this.#remembered ? this.#all.values().next().value : undefined;
    if (oldest) this.#all.delete(offenceKey(oldest));
    return oldest;
  }
}

export function offenceKey({ protection, user }: Pick<Offence, "protection" | "user">): string {
  return `${protection} ${user}`;
}
