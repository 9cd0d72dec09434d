/**
 * Who was found at what, when last and how often: what the next response depends on. Findings of one protection that
 * come shortly after one another are one incident.
 */
import type { RoomId, ServerName, UserId } from "./ids.ts";
import { UnwrittenItems } from "./unwritten-items.ts";

/** A person, a room or a server. */
export type Offender =
  { readonly user: UserId } | { readonly room: RoomId } | { readonly server: ServerName };

export type Offence = Offender & TakenStep;

interface TakenStep {
  readonly protection: string;
  /** The step of the ladder that was taken, from 0. */
  readonly step: number;
  /** When that step was taken, ms since the epoch. */
  readonly at: number;
  /** The incident that it belongs to. */
  readonly incident: string;
  /** Where the step was taken. */
  readonly rooms: readonly RoomId[];
  /** Nothing was done to them but a word: it was told, is asked about or held, or they were warned. No other rule acts on it. */
  readonly onlyTold?: true;
}

/** Times in ms since the epoch. */
export interface OpenIncident {
  readonly id: string;
  readonly begunAt: number;
  readonly lastAt: number;
}

/** The offences, to read only. */
export type OffencesView = Readonly<Pick<Offences, "get" | "incidentOf" | "timesFound">>;

export class Offences {
  readonly storedAs = "offence";
  readonly unwritten = new UnwrittenItems<Offence>();
  readonly #remembered: number;
  readonly #all = new Map<string, Offence>();
  /** The keys of what each person was found at. */
  readonly #ofUsers = new Map<UserId, Set<string>>();
  readonly #incidents = new Map<string, OpenIncident>();

  /** Beyond so many the oldest are forgotten: a person who is forgotten begins with the first step again. */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  get view(): OffencesView {
    return this;
  }

  get(protection: string, offender: Offender): Offence | undefined {
    return this.#all.get(offenceKey({ protection, ...offender }));
  }

  /** How often protections that act have found the person, repeats included, of those whose last finding is this recent. */
  timesFound(user: UserId, { at, withinMs }: { readonly at: number; readonly withinMs: number }): number {
    let times = 0;
    for (const key of this.#ofUsers.get(user) ?? []) {
      const { step, at: last, onlyTold } = this.#all.get(key)!;
      // Negative: the clock was set back.
      if (!onlyTold && Math.abs(at - last) < withinMs) times += step + 1;
    }
    return times;
  }

  /** The newest incident of a protection. */
  incidentOf(protection: string): OpenIncident | undefined {
    return this.#incidents.get(protection);
  }

  /** A moderator took the incidents back: they count no more. Returns the offences that belonged to them. */
  forgive(incidents: ReadonlySet<string>): readonly Offence[] {
    const forgiven = [...this.#all.values()].filter(({ incident }) => incidents.has(incident));
    for (const offence of forgiven) this.#delete(offenceKey(offence));
    for (const [protection, { id }] of this.#incidents)
      if (incidents.has(id)) this.#incidents.delete(protection);
    return forgiven;
  }

  /** What the protection found them at was nothing wrong. */
  forget(protection: string, offender: Offender): void {
    this.#delete(offenceKey({ protection, ...offender }));
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
    if (this.#all.size > this.#remembered) this.#take(this.#all.keys().next().value!);
  }

  #put(key: string, offence: Offence, at: number): void {
    this.#all.delete(key);
    this.#all.set(key, offence);
    if ("user" in offence) {
      const keys = this.#ofUsers.get(offence.user);
      if (keys) keys.add(key);
      else this.#ofUsers.set(offence.user, new Set([key]));
    }
    this.#noteIncident(offence, at);
  }

  #delete(key: string): void {
    if (this.#take(key)) this.unwritten.note(key, undefined);
  }

  #take(key: string): boolean {
    const offence = this.#all.get(key);
    if (!offence) return false;
    this.#all.delete(key);
    if (!("user" in offence)) return true;
    const keys = this.#ofUsers.get(offence.user);
    keys?.delete(key);
    if (keys?.size === 0) this.#ofUsers.delete(offence.user);
    return true;
  }

  #noteIncident({ protection, incident: id, at: stepAt }: Offence, at: number): void {
    const newest = this.#incidents.get(protection);
    const begunAt = newest?.id === id ? newest.begunAt : at;
    // A finding that comes late for an older incident does not open that one again.
    if (newest && newest.id !== id && stepAt < newest.begunAt) return;
    this.#incidents.set(protection, { id, begunAt, lastAt: at });
  }
}

/** Ids of people, ids of rooms and names of servers cannot be mistaken for one another. */
export function offenceKey(offence: Offender & Pick<Offence, "protection">): string {
  return `${offence.protection} ${offenderIn(offence)}`;
}

function offenderIn(offender: Offender): string {
  if ("user" in offender) return offender.user;
  return "room" in offender ? offender.room : offender.server;
}
