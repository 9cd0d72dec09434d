/** Commands as they were heard: what is known of one besides its message, before it is answered. */
import type { Say } from "../kit/say.ts";
import type { EventId, UserId } from "./ids.ts";
import type { Subject } from "./subject.ts";

/** How a command was understood from its message, and what was found out besides names. */
export interface HeardCommand {
  /** The whole command without its prefix, in our words; undefined where the message itself is to be heard. */
  readonly line?: string;
  /** What the message is about that it replies to. */
  readonly subject?: Subject;
  /** What its answer replies to and where its mark goes, where that is not its own message: a reaction. */
  readonly inPlaceOf?: EventId;
  /** Said before the answer: how it was understood. */
  readonly note?: Say;
}

/** Whom a display name may mean: people of protected rooms. */
export interface NamedPeople {
  readonly people: readonly UserId[];
  /** The directory knows more of that name than it told. */
  readonly isCut: boolean;
}
