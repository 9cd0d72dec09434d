/**
 * How far everything has come that one occasion led to (a command, an incident, a change of lists), and how that is told in
 * one message. Counts outcomes, never guesses them.
 */
import { lines, say, type Say } from "../../kit/say.ts";
import type { Action, ActionKind } from "../../model/actions/action.ts";
import { offersUndo, roomOf } from "../../model/actions/traits.ts";
import type { Refusal } from "../../decisions/guard/guard.ts";
import { words } from "../../model/actions/words.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { bothSubjects, noSubject, type Subject } from "../../model/subject.ts";
import { Reasons } from "./reasons.ts";
import { GrowingSubject } from "./subject-of-acts.ts";
import { failureSentence, lineFor, wouldLine, type NotDone, type Tally } from "./tally-lines.ts";
import { stoppedCode } from "../../model/stopped.ts";

/** What a protection does to messages and words alone. */
function isMild(kind: ActionKind): boolean {
  return kind === "redact" || kind === "warn" || kind === "hold" || kind === "post";
}

/** Refusals shown in full; the others are counted. */
const shownRefusals = 10;

/** What is told of an act on its way. */
export type ActSeen = Seen & { readonly kind: "progress" | "put-off" };

export class Progress {
  readonly startedAt: number;
  /** What was asked for, or what happened. */
  headline: Say;
  lastChangeAt: number;
  /** The command could not be understood or carried out at all. */
  hasProblem = false;
  /** The undo number, once there is one. */
  number: number | undefined;
  readonly #tallies = new Map<ActionKind, Tally>();
  readonly #refusals = new Map<string, Say>();
  /** What is not done as everything is stopped. */
  readonly #stopped = new Map<ActionKind, NotDone>();
  #open = 0;
  /** Acts that were not done, as a newer one took their place or there was nothing left to do. */
  #calledOff = 0;
  #isAwaiting = false;
  /** Told where there is no headline. */
  readonly #reasons = new Reasons();
  #hasTrouble = false;
  #hasSpared = false;
  readonly #named: Subject;
  readonly #hit = new GrowingSubject();

  /** `named`: whom and what it is about before anything is done. */
  constructor(headline: Say, at: number, named: Subject = noSubject) {
    this.#named = named;
    this.headline = headline;
    this.startedAt = at;
    this.lastChangeAt = at;
  }

  /** No act of it waits or is being performed. */
  get isOver(): boolean {
    return this.#open === 0 && !this.#isAwaiting;
  }

  /** Whether more acts of this command or incident will be decided: until then its message stays open. */
  setAwaiting(isAwaiting: boolean, at: number): void {
    if (this.#isAwaiting && !isAwaiting) this.lastChangeAt = at;
    this.#isAwaiting = isAwaiting;
  }

  /** Anything that can be taken back was done. */
  get hasDone(): boolean {
    return [...this.#tallies].some(([kind, tally]) => tally.done > tally.unchanged && offersUndo(kind));
  }

  /** Whom, where and what it is about so far, as far as a message can tell. */
  get about(): Subject {
    const both = bothSubjects(this.#named, this.#hit.subject);
    return this.number === undefined ? both : { ...both, incident: this.number };
  }

  /** Sparing people is no trouble, unless nobody else was meant. */
  get hasTrouble(): boolean {
    return this.#hasTrouble || (this.#hasSpared && this.#tallies.size === 0);
  }

  /**
   * Whether an incident is more than a matter of course: somebody was removed or silenced, something went wrong, or nothing
   * was done, so that a person is to look.
   */
  get isGrave(): boolean {
    const kinds = [...this.#tallies.keys()];
    return this.#hasTrouble || kinds.length === 0 || kinds.some((kind) => !isMild(kind));
  }

  planned({ action, because, at }: Decision): void {
    const tally = this.#tally(action.kind);
    tally.planned++;
    if ("user" in action && action.user) tally.people.add(action.user);
    tally.rooms.add(roomOf(action) ?? "");
    this.#hit.add(action);
    this.#open++;
    this.lastChangeAt = at;
    this.#reasons.add(action, because);
  }

  /** An act that takes long tells how far it has come; one that could not be done is tried again. */
  progress(seen: ActSeen): void {
    const { id, action } = seen.decision;
    const { notes, putOff } = this.#tally(action.kind);
    if (seen.kind === "progress") notes.set(id, seen.note);
    else putOff.set(id, { room: roomOf(action) ?? "", message: seen.message });
  }

  refused(
    { action, because, at }: Decision,
    { key, why, isSparing = false, isStopped = false }: Omit<Refusal, "decision">,
  ): void {
    if (isStopped) this.#countStopped(action);
    else this.#refusals.set(key, why);
    this.#reasons.add(action, because);
    if (isSparing) this.#hasSpared = true;
    else this.#hasTrouble = true;
    this.lastChangeAt = at;
  }

  ended({ decision, result }: Outcome, at: number): void {
    const tally = this.#tally(decision.action.kind);
    tally.putOff.delete(decision.id);
    this.#open = Math.max(0, this.#open - 1);
    this.lastChangeAt = at;
    if (result.kind === "done") {
      tally.done++;
      if (result.isUnchanged) tally.unchanged++;
      if (result.note !== undefined) tally.notes.set(decision.id, result.note);
      else tally.notes.delete(decision.id);
      const { action } = decision;
      if ("user" in action && action.user) tally.donePeople.add(action.user);
      tally.doneRooms.add(roomOf(action) ?? "");
    } else if (result.kind === "superseded") {
      tally.planned--;
      // What only looks had nothing to do in the first place.
      if (words[decision.action.kind].line !== "notes") this.#calledOff++;
    } else if (result.kind === "recorded") {
      tally.planned--;
      tally.recorded++;
      tally.recordedRooms.add(roomOf(decision.action) ?? "");
    } else if (result.code === stoppedCode) {
      tally.planned--;
      this.#countStopped(decision.action);
    } else this.#failed(tally, decision.action, result);
  }

  /** `cause` tells why something was done, where no headline does. */
  render(roomName: (room: RoomId) => Say, cause: (reasons: Reasons) => Say): Say {
    const acts = [...this.#tallies]
      .flatMap(([kind, tally]) => [lineFor(kind, tally, roomName), wouldLine(kind, recordedOf(tally))])
      .concat([...this.#stopped].map(([kind, notDone]) => wouldLine(kind, notDone, "Stopped")))
      .filter((line) => line !== undefined);
    const refusals = [...this.#refusals.values()]
      .slice(0, shownRefusals)
      .map((why) => say`Not done: ${why}.`);
    const more =
      this.#refusals.size > shownRefusals
        ? say`... and ${this.#refusals.size - shownRefusals} more refusals.`
        : undefined;
    const headline = this.headline.text === "" ? undefined : this.headline;
    const isNothingLeft =
      headline && this.isOver && this.#calledOff > 0 && acts.length + refusals.length === 0;
    const calledOff = isNothingLeft ? say`Called off: nothing of it had to be done any more.` : undefined;
    const why = headline || acts.length + refusals.length === 0 ? undefined : cause(this.#reasons);
    return lines(headline, ...acts, ...refusals, more, calledOff, why);
  }

  #tally(kind: ActionKind): Tally {
    let tally = this.#tallies.get(kind);
    if (!tally) {
      tally = {
        planned: 0,
        done: 0,
        recorded: 0,
        people: new Set(),
        rooms: new Set(),
        donePeople: new Set(),
        doneRooms: new Set(),
        recordedRooms: new Set(),
        failures: new Map(),
        putOff: new Map(),
        unchanged: 0,
        notes: new Map(),
      };
      this.#tallies.set(kind, tally);
    }
    return tally;
  }

  #countStopped(action: Action): void {
    this.#hasTrouble = true;
    const notDone = this.#stopped.get(action.kind) ?? { count: 0, people: new Set(), rooms: new Set() };
    notDone.count++;
    if ("user" in action && action.user) notDone.people.add(action.user);
    notDone.rooms.add(roomOf(action) ?? "");
    this.#stopped.set(action.kind, notDone);
  }

  #failed(tally: Tally, action: Action, { code: errcode, message }: { code: string; message: string }): void {
    this.#hasTrouble = true;
    const sentence = failureSentence(errcode, message);
    const rooms = tally.failures.get(sentence) ?? new Set();
    rooms.add(roomOf(action) ?? "");
    tally.failures.set(sentence, rooms);
  }
}

function recordedOf({ recorded: count, people, recordedRooms: rooms }: Tally): NotDone {
  return { count, people, rooms };
}
