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
  readonly begunAt: number;
  readonly lastAt: number;
}

/** The offences, to read only. */
export type OffencesView = Readonly<Pick<Offences, "get" | "incidentOf">>;

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

  /** A moderator took the incidents back: they count no more. Answers what was of them. */
  forgive(incidents: ReadonlySet<string>): readonly Offence[] {
    const forgiven = [...this.#all.values()].filter(({ incident }) => incidents.has(incident));
    for (const offence of forgiven) this.#all.delete(offenceKey(offence));
    for (const [protection, { id }] of this.#incidents)
      if (incidents.has(id)) this.#incidents.delete(protection);
    return forgiven;
  }

  /** Answers which one is forgotten for it. */
  set(offence: Offence, at: number): Offence | undefined {
    const key = offenceKey(offence);
    this.#all.delete(key);
    this.#all.set(key, offence);
    this.#noteIncident(offence, at);
    const oldest = this.#all.size > this.#remembered ? this.#all.values().next().value : undefined;
    if (oldest) this.#all.delete(offenceKey(oldest));
    return oldest;
  }

  #noteIncident({ protection, incident: id, at: stepAt }: Offence, at: number): void {
    const newest = this.#incidents.get(protection);
    const begunAt = newest?.id === id ? newest.begunAt : at;
    // What is late for an older one does not open that again.
    if (newest && newest.id !== id && stepAt < newest.begunAt) return;
    this.#incidents.set(protection, { id, begunAt, lastAt: at });
  }
}

export function offenceKey({ protection, user }: Pick<Offence, "protection" | "user">): string {
  return `${protection} ${user}`;
}
