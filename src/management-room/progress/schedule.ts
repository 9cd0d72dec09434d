/** When a progress message is due, when its next edit, and until when it goes on. */
import type { Cause } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import type { Progress } from "./progress.ts";

export interface TellLimits {
  /** Work that takes longer than this is told before it is done. */
  readonly firstAfterMs: number;
  /** Time from the first message to the first edit; each further one waits four times as long. */
  readonly editEveryMs: number;
}

/** Where a command was said: its mark goes there, and the message is a reply to it unless that is another room. */
export interface Place {
  readonly room: RoomId;
  readonly event: EventId;
  readonly isElsewhere: boolean;
}

/** One message, edited as work proceeds. */
export interface ProgressMessage {
  /** What it tells of. */
  readonly of: "command" | "incident" | "lists";
  readonly progress: Progress;
  readonly because: Cause;
  /** The command, which gets the reaction; undefined for what nobody commanded. */
  readonly command: EventId | undefined;
  readonly place: Place | undefined;
  /** Its texts are sent before everything that waits. */
  goesFirst?: true | undefined;
  /** Of the next text that is sent. */
  revision: number;
  /** Text of the newest revision, so that nothing is told twice. */
  text: string | undefined;
  /** The message in the room, which edits name; undefined until it is known. */
  sentAs: EventId | undefined;
  /** Nothing is sent before the last text has ended: an edit needs the id of the message. */
  isWaiting: boolean;
  /** An earlier run may have sent the newest text: sent again, it is the same message whatever it says. */
  mayHaveBeenSent: boolean;
  /** Whether it was looked at already if it has to notify anybody: it does so once. */
  wasUrgent: boolean;
  /** Everything was told at this time, ms since the epoch; the work may go on for a while. */
  overAt: number | undefined;
  /** Before this nothing is told of work that is not done. */
  nextAt: number;
  /** Ms from the next text to the one after it. */
  interval: number;
}

/** A change of lists is over when nothing more has come for so long; told once already, it may wait longer. */
const listsQuietMs = 1_000;
const toldListsQuietMs = 3_000;
/** What comes this soon after the end of a change of lists still belongs to it, and edits its message. */
const reopenMs = 10_000;
/** What is over for so long is told in a new message, should it go on. */
const rememberMs = 600_000;
const editGrowth = 4;

export class Schedule {
  readonly #limits: TellLimits;

  constructor(limits: TellLimits) {
    this.#limits = limits;
  }

  /** For work that begins now. */
  begin(at: number): Pick<ProgressMessage, "nextAt" | "interval"> {
    return { nextAt: at + this.#limits.firstAfterMs, interval: this.#limits.editEveryMs };
  }

  /** When the message has something to say; undefined while it waits or is over. */
  dueAt(message: ProgressMessage): number | undefined {
    const { progress, isWaiting, overAt, nextAt, command, revision } = message;
    if (isWaiting || overAt !== undefined) return undefined;
    if (!progress.isOver) return nextAt;
    if (command) return progress.lastChangeAt;
    return progress.lastChangeAt + (revision > 0 ? toldListsQuietMs : listsQuietMs);
  }

  /** A text is on its way: the next one waits longer. */
  sent(message: ProgressMessage, now: number): void {
    message.nextAt = now + message.interval;
    message.interval *= editGrowth;
  }

  /** There was nothing new to say. */
  putOff(message: ProgressMessage, now: number): void {
    message.nextAt = now + message.interval;
  }

  /**
   * Where our clock was set back: what seems to lie ahead is now, and what was to be told is told after its usual time.
   */
  clockSetBack(message: ProgressMessage, now: number): void {
    const { progress } = message;
    const longestMs = message.revision === 0 ? this.#limits.firstAfterMs : message.interval;
    progress.lastChangeAt = Math.min(now, progress.lastChangeAt);
    if (message.overAt !== undefined) message.overAt = Math.min(now, message.overAt);
    message.nextAt = Math.min(message.nextAt, now + longestMs);
  }
}

/** Whether changes of lists that come now belong to those the message tells of. */
export function takesMoreChanges({ overAt }: ProgressMessage, at: number): boolean {
  return overAt === undefined || at - overAt < reopenMs;
}

/** Whether what goes on now is told in another message. */
export function isForgotten({ overAt }: ProgressMessage, at: number): boolean {
  return overAt !== undefined && at - overAt > rememberMs;
}

/** A message of which nothing was told yet. */
export function newMessage(
  schedule: Schedule,
  of: Pick<ProgressMessage, "of" | "progress" | "because" | "command" | "place">,
  at: number,
): ProgressMessage {
  return {
    ...of,
    ...schedule.begin(at),
    revision: 0,
    text: undefined,
    sentAs: undefined,
    isWaiting: false,
    mayHaveBeenSent: false,
    wasUrgent: false,
    overAt: undefined,
  };
}
