/**
 * The whole text of a progress message: who commanded it elsewhere, what was done so far, why it takes long, the undo number.
 * And the mark that its command gets in the end.
 */
import { lines, say, type Say } from "../../kit/say.ts";
import type { ActionOf, Notified } from "../../model/actions/action.ts";
import type { Cause } from "../../model/decision.ts";
import type { EventId, RoomId } from "../../model/ids.ts";
import { eventOfCommand } from "../../model/offered-command.ts";
import { knockGate } from "../../policy/knock-gate.ts";
import { saidElsewhere } from "../said-elsewhere.ts";
import type { Reasons } from "./reasons.ts";
import type { ProgressMessage } from "./schedule.ts";

export interface Telling {
  readonly action: ActionOf<"tell"> | ActionOf<"react">;
  readonly because: Cause;
}

/** What messages are made with. */
export interface TellView {
  readonly room: RoomId;
  readonly roomName: (room: RoomId) => Say;
  readonly cause: (reasons: Reasons) => Say;
  /** Why it takes long. */
  readonly delay?: Say | undefined;
  /** How it is taken back; undefined where an undo has nothing to do. */
  readonly undoWith: (number: number) => Say | undefined;
  /** Whom the next text of the message notifies. `key`: the command's event, or the incident's id. */
  readonly notified: (key: string, message: ProgressMessage) => Notified | undefined;
}

/** How a moderator says what the protection is to be measured by. */
const rightOrWrong = say`👍 if that was right, 👎 if it was wrong.`;

export function textOf({ of, progress, place, because }: ProgressMessage, view: TellView): Say {
  const { roomName, cause, delay, undoWith } = view;
  const rendered = progress.render(roomName, cause);
  if (rendered.text === "") return rendered;
  const said =
    place?.isElsewhere && because.kind === "command"
      ? saidElsewhere(because, roomName(place.room))
      : undefined;
  if (!progress.isOver) return lines(said, rendered, delay);
  const { hasDone, number } = progress;
  // Of an incident more than its acts may be taken back, as heat.
  const isOffered = hasDone || of === "incident";
  const takenBackBy = isOffered && number !== undefined ? undoWith(number) : undefined;
  return lines(
    said,
    rendered,
    takenBackBy && say`Take it back: ${takenBackBy}`,
    of === "incident" && !isOfGate(because) ? rightOrWrong : undefined,
  );
}

/** No protection is measured by whom the knock gate lets in. */
function isOfGate(because: Cause): boolean {
  return because.kind === "finding" && because.protection === knockGate;
}

/** The command's reaction: whether all of it went well. */
export function markOn(message: ProgressMessage, { room }: TellView): readonly Telling[] {
  const { progress, place, because } = message;
  const mark = progress.hasTrouble || progress.hasProblem ? "❌" : "✅";
  const event = eventToName(message);
  return event ? [{ action: { kind: "react", room: place?.room ?? room, event, with: mark }, because }] : [];
}

/** The command's event in the room, which the message replies to and the mark stands on. */
export function eventToName({ place, command }: ProgressMessage): EventId | undefined {
  const event = place?.event ?? command;
  return event && eventOfCommand(event);
}
