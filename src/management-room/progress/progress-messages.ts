/**
 * What moderators are told of work: one message for each command, incident or burst of list changes, sent when all is done
 * or when it takes long, then edited at growing intervals. Pure bookkeeping: it answers which messages are due.
 */
import type { Refusal } from "../../decisions/guard/guard.ts";
import { plain, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Notified } from "../../model/actions/messages.ts";
import type { Cause, Decision, Outcome } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { PastAct } from "../../model/past-acts.ts";
import type { Subject } from "../../model/subject.ts";
import { Progress, type ActSeen } from "./progress.ts";
import { nextRevision, recount, reportOf, type EarlierMessage } from "./resume.ts";
import { eventToName, markOn, textOf, type Telling, type TellView } from "./message-text.ts";
import {
  isForgotten,
  newMessage,
  Schedule,
  takesMoreChanges,
  type Place,
  type ProgressMessage,
  type TellLimits,
} from "./schedule.ts";

interface CommandReplied {
  readonly headline: Say;
  readonly because: Cause;
  readonly at: number;
  readonly isProblem: boolean;
  readonly goesFirst?: true | undefined;
  /** Whom and what the command names. */
  readonly about?: Subject;
  readonly place?: Place;
  /** What the journal tells of it, where it was replied to before. */
  readonly past?: readonly PastAct[];
}

export class ProgressMessages {
  readonly #schedule: Schedule;
  /** By the command's event, the incident's id, or a running number for changes of lists. */
  readonly #open = new Map<string, ProgressMessage>();
  /** How many bursts of list changes there were. */
  #bursts = 0;

  constructor(limits: TellLimits) {
    this.#schedule = new Schedule(limits);
  }

  /** A command was replied to: its reply is the headline of all that it leads to. */
  command(
    event: EventId,
    { headline, because, at, isProblem, goesFirst, about, place, past = [] }: CommandReplied,
  ): void {
    const open = this.#open.get(event);
    if (open) {
      // It was run again: the same message goes on.
      open.progress.headline = headline;
      open.progress.hasProblem = isProblem;
      open.progress.lastChangeAt = open.nextAt = at;
      return;
    }
    const progress = new Progress(headline, at, about);
    if (isProblem) progress.hasProblem = true;
    const message = this.#add(event, { of: "command", progress, because, command: event, place }, at);
    // A message was sent before the command had to wait for a yes: this one is another.
    message.revision = nextRevision(past);
    message.goesFirst = goesFirst;
  }

  /** The commands for which more is about to be decided. The others are complete. */
  awaiting(commands: ReadonlySet<EventId>, at: number): void {
    for (const [key, { progress, command }] of this.#open)
      if (command) progress.setAwaiting(commands.has(key as EventId), at);
  }

  /** The command or incident can be taken back under this number. */
  numbered(occasion: string, number: number): void {
    const message = this.#open.get(occasion);
    if (message) message.progress.number = number;
  }

  /** The command waits for a yes and is replied to then. Gives back its headline. */
  withdraw(event: EventId): Say | undefined {
    const headline = this.#open.get(event)?.progress.headline;
    this.#open.delete(event);
    return headline;
  }

  /** After a restart: counts again what the journal tells of a command, and goes on with its message. */
  resume(because: Extract<Cause, { kind: "command" }>, past: readonly PastAct[], at: number): void {
    const progress = new Progress(plain(because.text), at);
    const { event, room } = because;
    const place = room && { room, event, isElsewhere: true };
    recount(this.#add(event, { of: "command", progress, because, command: event, place }, at), past, at);
  }

  /** The same of an incident, of which this run may have told already. `because`: of the message that is edited then on. */
  resumeIncident(incident: string, { because, past }: EarlierMessage, at: number): void {
    const known = this.#open.get(incident)?.progress.headline;
    const message = this.#addUncommanded(incident, { of: "incident", because }, at);
    recount(message, past, at);
    if (known) message.progress.headline = known;
  }

  /** A protection found something; `headline` sums up what it has found in this incident. */
  found(because: Extract<Cause, { kind: "finding" }>, headline: Say, at: number): void {
    const { progress } = this.#ofIncident(because, at);
    progress.headline = headline;
    progress.lastChangeAt = at;
  }

  /** Lists changed; `headline` sums up what has changed in this burst so far. */
  listsChanged(headline: (already: Say | undefined) => Say, at: number): void {
    const { progress } = this.#ofBurst(at);
    progress.headline = headline(progress.headline.text === "" ? undefined : progress.headline);
    progress.lastChangeAt = at;
  }

  planned(decision: Decision): void {
    this.#of(decision.because, decision.at)?.progress.planned(decision);
  }

  /** How far an act has come, or why it is tried again; told with the next message. */
  progress(seen: ActSeen): void {
    this.#of(seen.decision.because, seen.decision.at)?.progress.progress(seen);
  }

  refused(decision: Decision, refusal: Omit<Refusal, "decision">): void {
    this.#of(decision.because, decision.at)?.progress.refused(decision, refusal);
  }

  ended(outcome: Outcome, at: number): void {
    const { action, because } = outcome.decision;
    if (action.kind === "react" || action.kind === "ask") return;
    if (action.kind === "tell") return this.#sent(action, outcome);
    this.#of(because, at)?.progress.ended(outcome, at);
  }

  /** When something may have to be told, if nothing else happens. */
  nextAt(): number | undefined {
    let next: number | undefined;
    for (const message of this.#open.values()) {
      const dueAt = this.#schedule.dueAt(message);
      if (dueAt !== undefined) next = Math.min(next ?? Infinity, dueAt);
    }
    return next;
  }

  /** The messages that are due now. */
  due(now: number, view: TellView): readonly Telling[] {
    return [...this.#open].flatMap(([key, message]) => {
      this.#schedule.clockSetBack(message, now);
      const dueAt = this.#schedule.dueAt(message);
      return dueAt === undefined || dueAt > now ? [] : this.#dueOf(key, message, { view, now });
    });
  }

  #dueOf(
    key: string,
    message: ProgressMessage,
    { view, now }: { view: TellView; now: number },
  ): readonly Telling[] {
    const { progress, command } = message;
    const { isOver } = progress;
    const text = textOf(message, view);
    const tellings: Telling[] = [];
    if (text.text !== message.text && text.text !== "")
      tellings.push(...this.#texts(key, message, { view, say: text, now }));
    else this.#schedule.putOff(message, now);
    if (!isOver) return tellings;
    if (!command) {
      message.overAt = now;
      return tellings;
    }
    this.#open.delete(key);
    return [...tellings, ...markOn(message, view)];
  }

  /** What a message that is about to be sent should say by now; undefined where it is not the newest of an open one. */
  newest({ key, revision }: ActionOf<"tell">, view: TellView): Say | undefined {
    const message = this.#open.get(key);
    if (!message || message.mayHaveBeenSent || message.revision !== revision + 1) return undefined;
    const text = textOf(message, view);
    message.text = text.text;
    return text;
  }

  /** What notifies is a message of its own; the one before it, of a command, is brought to its end all the same. */
  #texts(
    key: string,
    message: ProgressMessage,
    { view, say: text, now }: { view: TellView; say: Say; now: number },
  ): readonly Telling[] {
    const { room } = view;
    const notifies = view.notified(key, message);
    if (!notifies) return [this.#tell(key, message, { room, say: text, now })];
    const isLeftOpen = message.command !== undefined && message.sentAs !== undefined;
    const edit = isLeftOpen ? [this.#tell(key, message, { room, say: text, now })] : [];
    message.sentAs = undefined;
    return [...edit, this.#tell(key, message, { room, say: text, now, notifies })];
  }

  #tell(
    key: string,
    message: ProgressMessage,
    { room, say: text, now, notifies }: { room: RoomId; say: Say; now: number; notifies?: Notified },
  ): Telling {
    const { progress, command, place, because, sentAs: edits } = message;
    const revision = message.revision++;
    message.text = text.text;
    // An edit needs the id of the message; until that is known the next one waits.
    message.isWaiting = edits === undefined && (command === undefined || !progress.isOver);
    this.#schedule.sent(message, now);
    const replyTo = place?.isElsewhere ? undefined : eventToName(message);
    const told = { kind: "tell", room, key, revision, say: text, edits, replyTo } as const;
    const more = {
      ...(notifies ? { notifies } : {}),
      ...(message.goesFirst ? { goesFirst: true as const } : {}),
    };
    return { action: { ...told, ...more, about: progress.about }, because };
  }

  #sent(action: ActionOf<"tell">, { result }: Outcome): void {
    const message = this.#open.get(action.key);
    if (!message) return;
    message.mayHaveBeenSent = false;
    // An edit has an id that nothing can be edited by; after it a message of its own may be on its way.
    if (action.edits === undefined && result.kind === "done") message.sentAs ??= result.eventId;
    if (action.edits === undefined || message.sentAs !== undefined) message.isWaiting = false;
  }

  #of(because: Cause, at: number): ProgressMessage | undefined {
    switch (because.kind) {
      case "command":
        return this.#open.get(because.event);
      case "rule":
      case "rule-removed":
      case "expiry":
      case "lists":
        return this.#ofBurst(at);
      case "finding":
        return this.#ofIncident(because, at);
      case "self":
        return undefined;
    }
  }

  /** Keyed by the incident's id: findings may still come after the message was sent. */
  #ofIncident(found: Extract<Cause, { kind: "finding" }>, at: number): ProgressMessage {
    for (const [key, message] of this.#open) if (isForgotten(message, at)) this.#open.delete(key);
    const open = this.#open.get(found.incident);
    if (!open) {
      const because = reportOf(found.incident, at);
      return this.#addUncommanded(found.incident, { of: "incident", because }, at);
    }
    open.overAt = undefined;
    return open;
  }

  /** What lists ask for is told burst by burst. */
  #ofBurst(at: number): ProgressMessage {
    const key = `lists ${this.#bursts}`;
    const open = this.#open.get(key);
    if (open && takesMoreChanges(open, at)) {
      open.overAt = undefined;
      return open;
    }
    this.#open.delete(key);
    this.#bursts++;
    const because = { kind: "self", what: `report ${at} ${this.#bursts}` } as const;
    return this.#addUncommanded(`lists ${this.#bursts}`, { of: "lists", because }, at);
  }

  #addUncommanded(
    key: string,
    about: { readonly of: "incident" | "lists"; readonly because: Cause },
    at: number,
  ): ProgressMessage {
    const progress = new Progress({ text: "", html: "" }, at);
    return this.#add(key, { ...about, progress, command: undefined, place: undefined }, at);
  }

  #add(
    key: string,
    about: Pick<ProgressMessage, "of" | "progress" | "because" | "command" | "place">,
    at: number,
  ): ProgressMessage {
    const message = newMessage(this.#schedule, about, at);
    this.#open.set(key, message);
    return message;
  }
}
