/**
 * Who was found at what, when last and how often: what the next answer depends on. Findings of one protection that come
 * shortly after one another are one incident.
 */
import type { RoomId, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

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
  readonly storedAs = "offence";
  readonly unwritten = new UnwrittenItems<Offence>();
  readonly #remembered: number;
  readonly #all = new Map<string, Offence>();
  readonly #incidents = new Map<string, OpenIncident>();

  /** Beyond so many the oldest are forgotten: the person begins at the foot of the ladder again. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): OffencesView {
    return this;
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
    for (const offence of forgiven) this.#delete(offenceKey(offence));
    for (const [protection, { id }] of this.#incidents)
      if (incidents.has(id)) this.#incidents.delete(protection);
    return forgiven;
  }

  /** Puts in a new or changed offence, as the newest; the oldest beyond the bound goes. */
  set(offence: Offence, at: number): void {
    const key = offenceKey(offence);
    this.#put(key, offence, at);
    this.unwritten.note(key, offence);
    if (this.#all.size > this.#remembered) this.#delete(this.#all.keys().next().value!);
  }

  restore(key: string, offence: Offence): void {
    this.#put(key, offence, offence.at);
    if (this.#all.size > this.#remembered) this.#all.delete(this.#all.keys().next().value!);
  }

  #put(key: string, offence: Offence, at: number): void {
    this.#all.delete(key);
    this.#all.set(key, offence);
    this.#noteIncident(offence, at);
  }

  #delete(key: string): void {
    if (this.#all.delete(key)) this.unwritten.note(key, undefined);
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
