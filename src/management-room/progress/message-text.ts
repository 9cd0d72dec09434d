/** The whole text of a progress message: who commanded it elsewhere, what was done so far, why it takes long, the undo number. */
import { lines, say, type Say } from "../../kit/say.ts";
import type { Cause } from "../../model/decision.ts";
import type { RoomId } from "../../model/ids.ts";
import { saidElsewhere } from "../said-elsewhere.ts";
import type { ProgressMessage } from "./schedule.ts";

/** What messages are made with. */
export interface TellView {
  readonly room: RoomId;
  readonly roomName: (room: RoomId) => Say;
  readonly cause: (because: Cause | undefined) => Say;
  /** Why it takes long. */
  readonly delay?: Say | undefined;
  /** How it is taken back; undefined where an undo has nothing to do. */
  readonly undoWith: (number: number) => Say | undefined;
}

export function textOf({ progress, place, because }: ProgressMessage, view: TellView): Say {
  const { roomName, cause, delay, undoWith } = view;
  const rendered = progress.render(roomName, cause);
  if (rendered.text === "") return rendered;
  const said =
    place?.isElsewhere && because.kind === "command"
      ? saidElsewhere(because, roomName(place.room))
      : undefined;
  if (!progress.isOver) return lines(said, rendered, delay);
  const { hasDone, number } = progress;
  const takenBackBy = hasDone && number !== undefined ? undoWith(number) : undefined;
  return lines(said, rendered, takenBackBy && say`Take it back: ${takenBackBy}`);
}
