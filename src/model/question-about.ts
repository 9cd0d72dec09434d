/** What a question to the moderators is about, with all that is needed to go on once it is answered. */
import type { Action } from "./actions/action.ts";
import type { Cause } from "./decision.ts";
import type { RoomEvent } from "./event.ts";
import type { HeldMessages } from "./held-messages.ts";
import type { HeardCommand, OfferedCommand, NamedPeople } from "./heard-command.ts";
import type { KnocksAsked } from "./knocks.ts";
import type { Role } from "./roles.ts";
import type { WaveAsked, WaveOffer } from "./waves.ts";
import type { EventId, ResolvedAlias, RoomAlias, RoomId, UserId } from "./ids.ts";

/** `ownFrom`: since when the yes of whoever asked counts, ms since the epoch; undefined where it never does. */
export interface SecondPerson {
  readonly ownFrom?: number;
}

/** An act that waits. */
export interface HeldAct {
  readonly action: Action;
  readonly because: Cause;
}

export type QuestionAbout =
  /** A command. After a yes it is run again, on the world as it is then. */
  | ({
      readonly kind: "command";
      readonly room: RoomId;
      readonly event: RoomEvent;
      readonly aliases: readonly (readonly [RoomAlias, ResolvedAlias])[];
      readonly names?: readonly (readonly [string, NamedPeople])[];
      /** Rules whose effect the question describes: a yes accepts them, too. */
      readonly covers?: readonly EventId[];
      /** What it takes to say yes to it; left out where it was put while there were no roles. */
      readonly role?: Role;
      /** Somebody else than whoever said it has to say yes. */
      readonly second?: SecondPerson;
    } & HeardCommand)
  /** Rules of one list; the answer holds for each of them for good. */
  | { readonly kind: "rules"; readonly list: RoomId; readonly rules: readonly EventId[] }
  /** Rules of one list that it lost, and that stay in force until a yes lets them go. */
  | { readonly kind: "lost"; readonly list: RoomId; readonly rules: readonly EventId[] }
  /** What a protection would do in an incident, kept whole. Further acts may be added until it is answered. */
  | {
      readonly kind: "findings";
      readonly protection: string;
      readonly incident: string;
      readonly acts: readonly HeldAct[];
    }
  | HeldMessages
  | KnocksAsked
  | WaveAsked
  /** Whether it is a moderator themself whose account acts far more than moderators do. Either answer gives a command. */
  | {
      readonly kind: "staff";
      readonly user: UserId;
      /** How many acts of theirs count. */
      readonly acts: number;
      readonly ifFine: string;
      readonly ifNot: string;
    }
  /** All that lists ask for in rooms that they did not reach before. */
  | { readonly kind: "rooms"; readonly rooms: readonly RoomId[] }
  /** A ban made or lifted by hand, offered for all rooms. `text`: the command that a yes gives. */
  | {
      readonly kind: "offer";
      readonly offer: "ban" | "unban";
      readonly user: UserId;
      readonly text: string;
    }
  /** A room to protect, or a list to follow: after an invitation or an upgrade. `text`: the command that a yes gives. */
  | {
      readonly kind: "offer";
      readonly offer: "protect" | "watch";
      readonly room: RoomId;
      readonly text: string;
    }
  | WaveOffer
  /** A command that `stop` dropped, with what it referred to; the usual protections, where none is on; an undo. */
  | OfferedCommand;
