/**
 * Cases: what is reported of one person, by however many people; and what somebody who is banned writes to be let in again. What moderators said of a case is a setting
 * (`model/settings/reports.ts`), so that it can be undone; here is what came in, and where it was told.
 */
import { dayMs } from "../../kit/duration.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import { UnwrittenItems } from "../unwritten-items.ts";
import type { Category, ReportedKind, ReportWay } from "./report.ts";

/** One for each person who reported. */
export interface Voice {
  readonly by: UserId;
  /** When it was first said, ms since the epoch. */
  readonly at: number;
  readonly way: ReportWay;
  readonly weight: number;
  readonly reason: string;
}

export interface ReportedEvent {
  readonly room: RoomId;
  readonly event: EventId;
  readonly what?: ReportedKind;
}

/** The message that tells of a case. */
export interface CaseMessage {
  /** Undefined until it is sent. */
  readonly event?: EventId;
  /** When it was written first, ms since the epoch. */
  readonly at: number;
  /** How often it was edited. */
  readonly revision: number;
  /** Of what it said last. */
  readonly mark: string;
  /** Moderators were called, and reminded. */
  readonly rang?: true;
  readonly reminded?: true;
}

/** What somebody who is banned writes to us in a room of their own. */
export interface Appeal {
  readonly room: RoomId;
  /** Hostile text: cut, and cleaned where it is shown. Empty until they write. */
  readonly words: string;
  /** They were told what to do. */
  readonly isWelcomed?: true;
  /** We answered and left. */
  readonly isLeft?: true;
}

export interface Case {
  /** Small, so that it can be typed: `reports 31`. */
  readonly id: number;
  readonly user: UserId;
  readonly openedAt: number;
  /** The newest report. */
  readonly lastAt: number;
  /** Oldest first. */
  readonly voices: readonly Voice[];
  /** Voices that were not kept. */
  readonly more: number;
  /** Newest last. */
  readonly events: readonly ReportedEvent[];
  readonly category?: Category;
  /** Then nobody has reported anything: there are neither voices nor events. */
  readonly appeal?: Appeal;
  /** By which reports it grew, so that none counts twice; the newest. */
  readonly reports: readonly string[];
  /** Undefined while it is told in no message of its own. */
  readonly message?: CaseMessage;
  /** Nothing is to be done about it any more. */
  readonly isOver?: true;
  /** What its voices were told by how it ended; taken back where that changes. */
  readonly learnt?: "acted" | "nothing";
}

/** Reports of one person within this time of the last are one case. */
export const oneCaseMs = dayMs;
/** Nobody has said anything of it, and nobody reports it any more. */
export const openForMs = 30 * dayMs;
const voicesKept = 50;
const eventsKept = 20;
const reportsKept = 100;
/** About a kilobyte each. */
const mostOpen = 500;
const mostOver = 500;

export type CasesView = Readonly<
  Pick<
    Cases,
    | "get"
    | "all"
    | "open"
    | "ofUser"
    | "ofUserEver"
    | "ofMessage"
    | "ofReport"
    | "appealOf"
    | "appealIn"
    | "appealRooms"
    | "nextId"
    | "isFull"
  >
>;

export class Cases {
  readonly storedAs = "case";
  readonly unwritten = new UnwrittenItems<Case>();
  readonly #all = new Map<number, Case>();
  readonly #open = new Map<string, Case>();
  /** Appeals of whose rooms we were not gone yet, by the room. */
  readonly #byRoom = new Map<RoomId, number>();
  readonly #byMessage = new Map<EventId, number>();
  readonly #byReport = new Map<string, number>();

  get view(): CasesView {
    return this;
  }

  get(id: number): Case | undefined {
    return this.#all.get(id);
  }

  all(): Iterable<Case> {
    return this.#all.values();
  }

  /** Those that are not over. */
  open(): Iterable<Case> {
    return this.#open.values();
  }

  /** What is reported of them, and open. */
  ofUser(user: UserId): Case | undefined {
    return this.#open.get(keyOf({ user }));
  }

  /** What was reported of them, oldest first. */
  ofUserEver(user: UserId): readonly Case[] {
    return [...this.#all.values()].filter((one) => one.user === user && !one.appeal);
  }

  /** The newest, be it open or not. */
  appealOf(user: UserId): Case | undefined {
    return [...this.#all.values()].findLast((one) => one.user === user && one.appeal);
  }

  appealIn(room: RoomId): Case | undefined {
    const id = this.#byRoom.get(room);
    return id === undefined ? undefined : this.#all.get(id);
  }

  /** Rooms in which people appeal, until we have left them. */
  appealRooms(): readonly RoomId[] {
    return [...this.#byRoom.keys()];
  }

  ofMessage(message: EventId): Case | undefined {
    const id = this.#byMessage.get(message);
    return id === undefined ? undefined : this.#all.get(id);
  }

  ofReport(report: string): Case | undefined {
    const id = this.#byReport.get(report);
    return id === undefined ? undefined : this.#all.get(id);
  }

  get nextId(): number {
    return Math.max(0, ...this.#all.keys()) + 1;
  }

  /** No other case can be opened. */
  get isFull(): boolean {
    return this.#open.size >= mostOpen;
  }

  set(one: Case): void {
    this.#put(one);
    this.unwritten.note(String(one.id), one);
    const over = [...this.#all.values()].filter(({ isOver }) => isOver);
    for (const old of over.slice(0, Math.max(0, over.length - mostOver))) this.#delete(old);
  }

  restore(_id: string, one: Case): void {
    this.#put(one);
  }

  #put(one: Case): void {
    this.#all.set(one.id, one);
    const key = keyOf(one);
    if (!one.isOver) this.#open.set(key, one);
    else if (this.#open.get(key)?.id === one.id) this.#open.delete(key);
    if (one.appeal && !one.appeal.isLeft) this.#byRoom.set(one.appeal.room, one.id);
    else if (one.appeal) this.#byRoom.delete(one.appeal.room);
    if (one.message?.event) this.#byMessage.set(one.message.event, one.id);
    for (const report of one.reports) this.#byReport.set(report, one.id);
  }

  #delete(one: Case): void {
    this.#all.delete(one.id);
    if (one.message?.event) this.#byMessage.delete(one.message.event);
    for (const report of one.reports)
      if (this.#byReport.get(report) === one.id) this.#byReport.delete(report);
    this.unwritten.note(String(one.id), undefined);
  }
}

function keyOf({ user, appeal }: Pick<Case, "user" | "appeal">): string {
  return appeal ? `appeal ${user}` : user;
}

/** With one more voice: the oldest that is not kept is counted. */
export function withVoice(one: Case, voice: Voice): Case {
  const voices = [...one.voices, voice];
  const kept = voices.slice(-voicesKept);
  return { ...one, voices: kept, more: one.more + voices.length - kept.length };
}

export function withEvent(one: Case, event: ReportedEvent): Case {
  const others = one.events.filter((other) => other.event !== event.event);
  return { ...one, events: [...others, event].slice(-eventsKept) };
}

export function withReport(one: Case, id: string, at: number): Case {
  return { ...one, lastAt: at, reports: [...one.reports, id].slice(-reportsKept) };
}

/** There is something to tell: whoever appeals has written something. */
export function isTellable({ appeal }: Case): boolean {
  return appeal?.words !== "";
}

export function peopleIn({ voices, more }: Pick<Case, "voices" | "more">): number {
  return voices.length + more;
}
