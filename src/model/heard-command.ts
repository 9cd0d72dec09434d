/** A command as it was received: what is known of it besides its message, before it is answered. */
import type { Say } from "../kit/say.ts";
import type { RoomEvent } from "./event.ts";
import type { EventId, UserId } from "./ids.ts";
import type { Subject } from "./subject.ts";

/** How a command was understood from its message. */
export interface HeardCommand {
  /** The command without its prefix, in our words; undefined where it stands in the message itself. */
  readonly line?: string;
  /** What the message that the command replies to is about. */
  readonly subject?: Subject;
  /** For a command given by a reaction: the message that gets the reply and the mark. */
  readonly inPlaceOf?: EventId;
  /** Said before the reply: how the command was understood. */
  readonly note?: Say;
  /** The event that it names, where it has to see it; undefined where it could not be read. */
  readonly named?: RoomEvent | undefined;
  /** `stop` was said after it and is obeyed before it. */
  readonly isOvertaken?: true;
}

/** The people of protected rooms whom a display name may mean. */
export interface NamedPeople {
  readonly people: readonly UserId[];
  /** The user directory has more people of that name than it gave. */
  readonly isCut: boolean;
}
