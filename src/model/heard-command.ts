/** A command as it was received: what is known of it besides its message, before it is answered. */
import type { Say } from "../kit/say.ts";
import type { RoomEvent } from "./event.ts";
import type { EventId, ResolvedAlias, RoomAlias, UserId } from "./ids.ts";
import type { RoomLookedUp } from "./room-details.ts";
import type { FoundPolicyServer } from "./policy-server.ts";
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
  /** Of the room that it names, where it has to see it; undefined where it could not be read. */
  readonly details?: RoomLookedUp | undefined;
  /** For a command that takes a text from elsewhere: a file, or the message that it replies to. */
  readonly given?: GivenText | undefined;
  /** For a command that names a policy server: what that server says of itself. */
  readonly policyServer?: FoundPolicyServer | undefined;
  /** `stop` was said after it and is obeyed before it. */
  readonly isOvertaken?: true;
}

/** A command as it can be kept and run later: with all that was looked up for it when it was said. */
export interface KeptCommand extends Omit<HeardCommand, "isOvertaken" | "inPlaceOf"> {
  /** The whole of it, in words that mean the same whenever they are said. */
  readonly line: string;
  readonly aliases: readonly (readonly [RoomAlias, ResolvedAlias])[];
  readonly names: readonly (readonly [string, NamedPeople])[];
}

/**
 * A command that is offered: one that `stop` dropped, one that uses a profile, takes back what a rule did, invites people
 * back, or frees rooms of a policy server that does not answer.
 */
export interface OfferedCommand {
  readonly kind: "offer";
  readonly offer: "again" | "profile" | "undo" | "invite-back" | "clear-policy-server";
  readonly text: string;
  /** What it referred to. */
  readonly kept?: KeptCommand;
}

/** What stands in the file that a command was sent with, or in the message that it replies to. */
export type GivenText =
  | {
      readonly text: string;
      readonly by: UserId;
      /** The name of the file; undefined for a message. */
      readonly file?: string | undefined;
    }
  /** Why it could not be read, as a sentence. */
  | { readonly problem: string };

/** The people of protected rooms whom a display name may mean. */
export interface NamedPeople {
  readonly people: readonly UserId[];
  /** The user directory has more people of that name than it gave. */
  readonly isCut: boolean;
}
