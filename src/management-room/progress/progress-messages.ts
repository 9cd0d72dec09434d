/**
 * What moderators are told and when: one message for each incident, sent when all is done or when it takes
 * long, then edited at growing intervals. Pure bookkeeping: it answers which messages are due.
 */
import { lines, plain, say, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Cause, Decision, Outcome } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { PastAct } from "../../model/past-acts.ts";
import type { Subject } from "../../model/subject.ts";
import { Incident } from "./progress.ts";

export interface TellLimits {
  /** Work that takes longer than this is told before it is done. */
  readonly firstAfterMs: number;
  /** Time from the first message to the first edit; each further one waits four times as long. */
  readonly editEveryMs: number;
}

/** A change of lists is over when nothing more has come for so long; told once already, it may wait longer. */
const listsQuietMs = 1_000;
const toldListsQuietMs = 3_000;
/** What comes this soon after the end of a change of lists still belongs to it, and edits its message. */
const reopenMs = 10_000;
/** What is over for so long is told in a new message, should it go on. */
const rememberMs = 600_000;
const editGrowth = 4;

interface ProgressMessage {
  readonly incident: Incident;
  readonly because: Cause;
  /** The command, which gets the reaction; undefined for what nobody commanded. */
  readonly command: EventId | undefined;
  readonly place: Place | undefined;
  revision: number;
  /** Text of the newest revision, so that nothing is told twice. */
  text: string | undefined;
  message: EventId | undefined;
  isWaiting: boolean;
  /** An earlier run may have sent the newest message: sent again, it is the same message whatever it says. */
  mayHaveBeenSent: boolean;
  /** Everything was told at this time; it may go on for a while. */
  overAt: number | undefined;
  nextAt: number;
  interval: number;
}

/** Where a command was said: its mark goes there, and the answer is a reply to it unless that is another room. */
export interface Place {
  readonly room: RoomId;
  readonly event: EventId;
  readonly isElsewhere: boolean;
}

interface CommandAnswered {
  readonly headline: Say;
  readonly because: Cause;
  readonly at: number;
  readonly isProblem: boolean;
  /** Whom and what the command names. */
  readonly about?: Subject;
  readonly place?: Place;
  /** What the journal tells of it, where it was answered before. */
  readonly past?: readonly PastAct[];
}

export interface Telling {
  readonly action: ActionOf<"tell"> | ActionOf<"react">;
  readonly because: Cause;
}

/** What messages are made with. */
export interface TellView {
  readonly room: RoomId;
  readonly roomName: (room: RoomId) => Say;
  readonly cause: (because: Cause | undefined) => Say;
  /** Why it takes long. */
  readonly delay?: Say | undefined;
  readonly undoWith: (number: number) => Say;
}

export class ProgressMessages {
  readonly #limits: TellLimits;
  readonly #open = new Map<string, ProgressMessage>();
  #lists = 0;

  constructor(limits: TellLimits) {
    this.#limits = limits;
  }

  /** A command was answered: its answer is the headline of whatever it leads to. */
  command(
    event: EventId,
    { headline, because, at, isProblem, about, place, past = [] }: CommandAnswered,
  ): void {
    const open = this.#open.get(event);
    if (open) {
      // Answered again: the same message goes on.
      open.incident.headline = headline;
      open.incident.hasProblem = isProblem;
      open.incident.lastChangeAt = open.nextAt = at;
      return;
    }
    const incident = new Incident(headline, at, about);
    if (isProblem) incident.hasProblem = true;
    const told = this.#add(event, { incident, because, command: event, at, place });
    // A message was sent before it had to wait for a yes: this one is another.
    told.revision = nextRevision(past);
  }

  /** What is still to be decided for these commands is not counted yet: the others are complete. */
  awaiting(commands: ReadonlySet<EventId>, at: number): void {
    for (const [key, { incident, command }] of this.#open)
      if (command) incident.setAwaiting(commands.has(key as EventId), at);
  }

  /** The command or incident can be taken back under this number. */
  numbered(occasion: string, number: number): void {
    const told = this.#open.get(occasion);
    if (told) told.incident.number = number;
  }

  /** The command waits for an answer and is answered then. Gives back its headline. */
  withdraw(event: EventId): Say | undefined {
    const headline = this.#open.get(event)?.incident.headline;
    this.#open.delete(event);
    return headline;
  }

  /** After a restart: counts again what the journal tells of a command, and goes on with its message. */
  resume(because: Extract<Cause, { kind: "command" }>, past: readonly PastAct[], at: number): void {
    const incident = new Incident(plain(because.text), at);
    const { event, room } = because;
    const place = room && { room, event, isElsewhere: true };
    const told = this.#add(because.event, { incident, because, command: event, at, place });
    told.revision = nextRevision(past);
    for (const { decision, result } of past) {
      const { action } = decision;
      if (action.kind === "tell") {
        if (result?.kind === "done" && result.eventId) told.message ??= result.eventId;
        if (result) continue;
        // On its way still: an edit has to wait for it, and as it may stand in the room it says what it said.
        told.isWaiting = told.mayHaveBeenSent = true;
        told.text = action.say.text;
      } else if (action.kind !== "react" && action.kind !== "ask") {
        incident.planned(decision);
        if (result) incident.ended({ decision, result }, at);
      }
    }
  }

  /** A protection found something; `headline` sums up what it has found in this incident. */
  found(because: Extract<Cause, { kind: "finding" }>, headline: Say, at: number): void {
    const { incident } = this.#findingIncident(because, at);
    incident.headline = headline;
    incident.lastChangeAt = at;
  }

  /** Lists changed; `headline` sums up what has changed in this burst so far. */
  listsChanged(headline: (already: Say | undefined) => Say, at: number): void {
    const told = this.#listsIncident(at);
    told.incident.headline = headline(
      told.incident.headline.text === "" ? undefined : told.incident.headline,
    );
    told.incident.lastChangeAt = at;
  }

  planned(decision: Decision): void {
    this.#of(decision.because, decision.at)?.incident.planned(decision);
  }

  /** How far an act has come; told with the next message. */
  progress(decision: Decision, note: string): void {
    const { because } = decision;
    if (because.kind === "command") this.#open.get(because.event)?.incident.progress(decision, note);
  }

  refused(decision: Decision, { key, why }: { key: string; why: Say }): void {
    this.#of(decision.because, decision.at)?.incident.refused(decision, key, why);
  }

  ended(outcome: Outcome, at: number): void {
    const { action, because } = outcome.decision;
    if (action.kind === "react" || action.kind === "ask") return;
    if (action.kind === "tell") return this.#told(action, outcome);
    this.#of(because, at)?.incident.ended(outcome, at);
  }

  /** When something may have to be told, if nothing else happens. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const told of this.#open.values()) {
      if (!told.isWaiting && told.overAt === undefined) next = Math.min(next ?? Infinity, this.#dueAt(told));
    }
    return next;
  }

  /** The messages that are due now. */
  due(now: number, view: TellView): readonly Telling[] {
    const { room } = view;
    const tellings: Telling[] = [];
    for (const [key, told] of this.#open) {
      setBack(told, now, told.revision === 0 ? this.#limits.firstAfterMs : told.interval);
      if (told.isWaiting || told.overAt !== undefined || this.#dueAt(told) > now) continue;
      const { incident } = told;
      const isOver = incident.isSettled;
      const text = textOf(incident, view);
      if (text.text !== told.text && text.text !== "")
        tellings.push(this.#tell(key, told, { room, say: text, now }));
      // Nothing new to say yet: look again later.
      else told.nextAt = now + told.interval;
      if (!isOver) continue;
      if (told.command)
        tellings.push({
          action: {
            kind: "react",
            room: told.place?.room ?? room,
            event: told.place?.event ?? told.command,
            with: incident.hasTrouble || incident.hasProblem ? "❌" : "✅",
          },
          because: told.because,
        });
      if (told.command) this.#open.delete(key);
      else told.overAt = now;
    }
    return tellings;
  }

  /** What a message that is about to be sent should say by now; undefined where it is not the newest of an open incident. */
  newest({ key, revision }: ActionOf<"tell">, view: TellView): Say | undefined {
    const told = this.#open.get(key);
    if (!told || told.mayHaveBeenSent || told.revision !== revision + 1) return undefined;
    const text = textOf(told.incident, view);
    told.text = text.text;
    return text;
  }

  #tell(
    key: string,
    told: ProgressMessage,
    { room, say, now }: { room: RoomId; say: Say; now: number },
  ): Telling {
    const revision = told.revision++;
    told.text = say.text;
    // An edit needs the id of the message; until that is known the next one waits.
    told.isWaiting = told.message === undefined && (told.command === undefined || !told.incident.isSettled);
    told.nextAt = now + told.interval;
    told.interval *= editGrowth;
    const replyTo = told.place?.isElsewhere ? undefined : (told.place?.event ?? told.command);
    const { about } = told.incident;
    return {
      action: { kind: "tell", room, key, revision, say, edits: told.message, replyTo, about },
      because: told.because,
    };
  }

  #told(action: ActionOf<"tell">, { result }: Outcome): void {
    const told = this.#open.get(action.key);
    if (!told) return;
    told.isWaiting = told.mayHaveBeenSent = false;
    if (result.kind === "done" && result.eventId) told.message ??= result.eventId;
  }

  #dueAt(told: ProgressMessage): number {
    const { incident } = told;
    if (!incident.isSettled) return told.nextAt;
    if (told.command) return incident.lastChangeAt;
    return incident.lastChangeAt + (told.revision > 0 ? toldListsQuietMs : listsQuietMs);
  }

  #of(because: Cause, at: number): ProgressMessage | undefined {
    switch (because.kind) {
      case "command":
        return this.#open.get(because.event);
      case "rule":
      case "rule-removed":
      case "expiry":
      case "lists":
        return this.#listsIncident(at);
      case "finding":
        return this.#findingIncident(because, at);
      case "self":
        return undefined;
    }
  }

  /** Under its own name, as it may go on long after it was told. */
  #findingIncident(because: Extract<Cause, { kind: "finding" }>, at: number): ProgressMessage {
    for (const [key, { overAt }] of this.#open)
      if (overAt !== undefined && at - overAt > rememberMs) this.#open.delete(key);
    const open = this.#open.get(because.incident);
    if (!open) {
      const incident = new Incident({ text: "", html: "" }, at);
      // A message of its own each time: an earlier run may have sent one about the same incident.
      const report: Cause = { kind: "self", what: `report ${because.incident} ${at}` };
      return this.#add(because.incident, { incident, because: report, command: undefined, at });
    }
    open.overAt = undefined;
    return open;
  }

  #listsIncident(at: number): ProgressMessage {
    const key = `lists ${this.#lists}`;
    const open = this.#open.get(key);
    if (open && (open.overAt === undefined || at - open.overAt < reopenMs)) {
      open.overAt = undefined;
      return open;
    }
    this.#open.delete(key);
    this.#lists++;
    const because: Cause = { kind: "self", what: `report ${at} ${this.#lists}` };
    return this.#add(`lists ${this.#lists}`, {
      incident: new Incident({ text: "", html: "" }, at),
      because,
      command: undefined,
      at,
    });
  }

  #add(
    key: string,
    {
      incident,
      because,
      command,
      place,
      at,
    }: {
      incident: Incident;
      because: Cause;
      command: EventId | undefined;
      place?: Place | undefined;
      at: number;
    },
  ): ProgressMessage {
    const told: ProgressMessage = {
      incident,
      because,
      command,
      place,
      revision: 0,
      text: undefined,
      message: undefined,
      isWaiting: false,
      mayHaveBeenSent: false,
      overAt: undefined,
      nextAt: at + this.#limits.firstAfterMs,
      interval: this.#limits.editEveryMs,
    };
    this.#open.set(key, told);
    return told;
  }
}

/** Each revision is a message of its own to the journal, whatever run sends it. */
function nextRevision(past: readonly PastAct[]): number {
  return past.reduce(
    (next, { decision: { action } }) => (action.kind === "tell" ? Math.max(next, action.revision + 1) : next),
    0,
  );
}

function textOf(incident: Incident, { roomName, cause, delay, undoWith }: TellView): Say {
  const rendered = incident.render(roomName, cause);
  if (rendered.text === "") return rendered;
  if (!incident.isSettled) return lines(rendered, delay);
  const { hasDone, number } = incident;
  return lines(
    rendered,
    hasDone && number !== undefined ? say`Take it back: ${undoWith(number)}` : undefined,
  );
}

/** Our clock was set back: what seems to lie ahead is now, and what was to be told is told after its usual time. */
function setBack(told: ProgressMessage, now: number, longestMs: number): void {
  const { incident } = told;
  incident.lastChangeAt = Math.min(now, incident.lastChangeAt);
  if (told.overAt !== undefined) told.overAt = Math.min(now, told.overAt);
  told.nextAt = Math.min(told.nextAt, now + longestMs);
}
