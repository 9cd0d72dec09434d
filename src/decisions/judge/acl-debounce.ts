/**
 * When to write server ACLs. Each is a large event that every server of the room has to check and every client shows, so
 * a burst of rules must not become a burst of ACLs, nor rules that trickle in a stream of them. The first change is written
 * at once, the second when rules have stopped coming, and further rounds follow after longer and longer pauses, which an
 * urgent rule shortens (docs/adr/0016). A room that needs its ACL for a reason of its own gets it without waiting for any
 * pause. Has no clock: every call says the time.
 */
import type { Cause } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";

type CommandCause = Extract<Cause, { kind: "command" }>;

export interface AclPaceLimits {
  /** Rules that come closer together than this belong to one burst. */
  readonly quietMs: number;
  /** Quiet is waited for no longer than this, nor are rooms of the last round that are slow to write. */
  readonly maxWaitMs: number;
  /** From the second round to the third, from there to the fourth, and between all after that. */
  readonly pauseMs: number;
  readonly longerPauseMs: number;
  readonly longestPauseMs: number;
}

export interface RuleNote {
  readonly command?: Cause | undefined;
  /** What changed is no rule, so that rules which were weighed before may reach others now. */
  readonly reachesAnew?: boolean;
  /** By a command, or against a server with members here: no pause is longer than a second. */
  readonly isUrgent?: boolean;
}

export interface DueRound {
  /** The newest command whose effect the round is, if there is one. */
  readonly command: CommandCause | undefined;
  readonly reachesAnew: boolean;
  /** Undefined: all rooms. */
  readonly rooms: ReadonlySet<RoomId> | undefined;
}

/** A burst of so long may have three rounds without a pause. */
const burstMs = 1_000;
const urgentPauseMs = 1_000;

export class AclDebounce {
  readonly #limits: AclPaceLimits;
  /** When the first and the last change came that no round has taken up. */
  #first: number | undefined;
  #last = 0;
  #urgentSince: number | undefined;
  #reachesAnew = false;
  /** The last round in which something was written, and the last look at what is to be written. */
  #lastRound = -Infinity;
  #lastLook = -Infinity;
  /** Rounds that followed each other with less than the longest pause between them, and when the first of them was. */
  #series = 0;
  #seriesBegan = -Infinity;
  /** How many ACLs of earlier rounds are not written yet. */
  #outstanding = 0;
  /** Commands that changed the rules and whose ACLs come with the next round. */
  readonly #commands = new Map<EventId, CommandCause>();
  readonly #rooms = new Set<RoomId>();
  #roomsReachAnew = false;
  #firstRoom = 0;
  #lastRoom = 0;
  /** Rooms with an ACL of ours that is new, and when they are looked at again. */
  readonly #written = new Set<RoomId>();
  #writtenDueAt = 0;

  constructor(limits: AclPaceLimits) {
    this.#limits = limits;
  }

  /** A noted time in the future means that our clock was set back. It becomes now, or the wait would last as much longer. */
  lookedAt(now: number): void {
    if (this.#first !== undefined) this.#first = Math.min(now, this.#first);
    if (this.#urgentSince !== undefined) this.#urgentSince = Math.min(now, this.#urgentSince);
    this.#last = Math.min(now, this.#last);
    this.#firstRoom = Math.min(now, this.#firstRoom);
    this.#lastRoom = Math.min(now, this.#lastRoom);
    this.#lastRound = Math.min(now, this.#lastRound);
    this.#lastLook = Math.min(now, this.#lastLook);
    this.#seriesBegan = Math.min(now, this.#seriesBegan);
    this.#writtenDueAt = Math.min(now + this.#limits.longestPauseMs, this.#writtenDueAt);
  }

  /** Something that all ACLs depend on has changed, perhaps by a command. */
  note(at: number, { command, reachesAnew = false, isUrgent = false }: RuleNote = {}): void {
    this.#reachesAnew ||= reachesAnew;
    if (command?.kind === "command") this.#commands.set(command.event, command);
    if (isUrgent || command) this.#urgentSince ??= at;
    if (this.#first === undefined && at - this.#lastRound >= this.#limits.longestPauseMs) this.#series = 0;
    this.#first ??= at;
    this.#last = at;
  }

  /** The ACLs of these rooms may not be what they should. */
  noteRooms(rooms: Iterable<RoomId>, at: number, { reachesAnew = false } = {}): void {
    for (const room of rooms) {
      if (this.#rooms.size === 0) this.#firstRoom = at;
      this.#rooms.add(room);
      this.#lastRoom = at;
      this.#roomsReachAnew ||= reachesAnew;
    }
  }

  /**
   * ACLs of ours have come. One may be an old one: a write that the homeserver carried out long after it seemed to have
   * failed. So the rooms are looked at once more when the longest pause is over.
   */
  noteWritten(rooms: Iterable<RoomId>, at: number): void {
    for (const room of rooms) {
      this.#written.add(room);
      this.#writtenDueAt = at + this.#limits.longestPauseMs;
    }
  }

  /** When the next round is to be written, in ms; now or earlier means at once; undefined when nothing waits. */
  dueAt(): number | undefined {
    const [rules, rooms] = [this.rulesDueAt(), this.#roomsDueAt()];
    return rules === undefined || rooms === undefined ? (rules ?? rooms) : Math.min(rules, rooms);
  }

  /** When the rules that have come are written to all rooms; undefined when none have. */
  rulesDueAt(): number | undefined {
    if (this.#first === undefined) return undefined;
    const quiet = this.#quietAfter(this.#last, this.#first);
    if (this.#series === 0) return quiet;
    const isOneBurst = this.#first - this.#seriesBegan <= burstMs;
    if (this.#series === 1 || (this.#series === 2 && isOneBurst)) return quiet;
    const paused = Math.max(quiet, this.#lastRound + this.#pauseMs());
    if (this.#urgentSince === undefined) return paused;
    const soon = this.#quietAfter(this.#urgentSince, this.#urgentSince);
    return Math.min(paused, Math.max(soon, this.#lastRound + urgentPauseMs));
  }

  /** Commands that wait for the next round. */
  get waiting(): ReadonlySet<EventId> {
    return new Set(this.#commands.keys());
  }

  /** The round that is due, if one is: what it is for is taken up with it. */
  take(at: number): DueRound | undefined {
    const [rules, rooms] = [this.rulesDueAt(), this.#roomsDueAt()];
    const isDue = (time: number | undefined) => time !== undefined && time <= at;
    if (!isDue(rules) && !isDue(rooms)) return undefined;
    // A look at what we wrote ourselves is no reason to let rules wait that come after it.
    if (isDue(rules) || this.#rooms.size > 0) this.#lastLook = at;
    return isDue(rules) ? this.#takeAll() : this.#takeRooms(at);
  }

  /** The round that was taken has something to write in all rooms. One in which nothing differs costs no pause. */
  wrote(at: number): void {
    if (this.#series === 0) this.#seriesBegan = at;
    this.#series++;
    this.#lastRound = at;
  }

  /** An ACL of the round is being written. */
  began(): void {
    this.#outstanding++;
  }

  /** An ACL was written or has failed. The quiet time begins anew: while ACLs are written, rules come more slowly, too. */
  ended(at: number): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#last = Math.max(this.#last, at);
  }

  #takeAll(): DueRound {
    const command = [...this.#commands.values()].at(-1);
    const reachesAnew = this.#reachesAnew || this.#roomsReachAnew;
    this.#commands.clear();
    this.#rooms.clear();
    this.#written.clear();
    this.#reachesAnew = this.#roomsReachAnew = false;
    this.#first = this.#urgentSince = undefined;
    return { command, reachesAnew, rooms: undefined };
  }

  #takeRooms(at: number): DueRound {
    if (this.#writtenDueAt <= at) {
      for (const room of this.#written) this.#rooms.add(room);
      this.#written.clear();
    }
    const round = { command: undefined, reachesAnew: this.#roomsReachAnew, rooms: new Set(this.#rooms) };
    this.#rooms.clear();
    this.#roomsReachAnew = false;
    return round;
  }

  #roomsDueAt(): number | undefined {
    const rooms = this.#rooms.size === 0 ? Infinity : this.#quietAfter(this.#lastRoom, this.#firstRoom);
    const due = Math.min(rooms, this.#written.size === 0 ? Infinity : this.#writtenDueAt);
    return due === Infinity ? undefined : due;
  }

  /** When changes have stopped coming; the first after a while need not wait for that. */
  #quietAfter(last: number, first: number): number {
    if (first - this.#lastLook >= this.#limits.maxWaitMs) return first;
    const latest = first + this.#limits.maxWaitMs;
    return this.#outstanding > 0 ? latest : Math.min(last + this.#limits.quietMs, latest);
  }

  #pauseMs(): number {
    const { pauseMs, longerPauseMs, longestPauseMs } = this.#limits;
    if (this.#series <= 2) return pauseMs;
    return this.#series === 3 ? longerPauseMs : longestPauseMs;
  }
}
