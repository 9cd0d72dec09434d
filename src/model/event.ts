/** Events, reduced to the fields that we use. */
import { asString, type JsonObject } from "../kit/json.ts";
import type { EventId, UserId } from "./ids.ts";

/** A state event in force. `content` is untrusted: read it through `kit/json.ts`. */
export interface StateEvent {
  readonly type: string;
  readonly stateKey: string;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  /** `origin_server_ts`: the sender's claim, never to be trusted for order. */
  readonly sentAt: number;
  /** Of a membership: the display name in the event that it replaced. */
  readonly nameBefore?: string;
  /** Of state that is not kept: what stood in the event that it replaced, as our server says. */
  readonly contentBefore?: JsonObject;
}

/** Any event of a timeline that is not state. Type and content of an encrypted event are what is inside, once it is opened. */
export interface RoomEvent {
  readonly type: string;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  readonly sentAt: number;
  /** Undefined: it was sent in clear, or we open nothing in that room. */
  readonly sealed?: Sealed;
}

/** How an encrypted event came to be read, or why it cannot be. */
export type Sealed =
  | {
      /**
       * `signed`: from a device that its owner has signed (cross-signing). `unknown`: nothing is known of the device.
       * `forged`: the key belongs to somebody else than the event names as its sender.
       */
      readonly by: "signed" | "unsigned" | "unknown" | "forged";
      readonly device?: string;
      /** Session and index: where it stands among all that its sender encrypted. */
      readonly place: string;
    }
  | {
      /** `withheld`: the sender's device does not want to give us the key. */
      readonly closed: "no key" | "withheld" | "other";
      /** A code of the specification ("m.unverified"), or the engine's words. */
      readonly why?: string;
    };

export type Membership = "join" | "invite" | "knock" | "ban" | "leave";

/** Somebody who is banned in a room, as the ban event says. */
export interface FoundBan {
  readonly user: UserId;
  /** Who made the ban. */
  readonly by: UserId;
  /** Shortened; empty where none was given. */
  readonly reason: string;
}

/** What a membership event says of a person besides. */
export interface PersonName {
  readonly display?: string;
  /** An mxc address. */
  readonly avatar?: string;
}

/** A member as `/members` tells it, reduced to the fields that we use; the name of those alone who are in the room. */
export interface MemberEntry extends PersonName {
  readonly user: UserId;
  readonly membership: Membership;
  readonly sender: UserId;
  readonly eventId: EventId;
}

/** Longer ones are left out: nobody types such a name, and no media id is so long. */
const [longestName, longestAddress] = [100, 255];

export function nameIn(content: JsonObject): PersonName {
  const [display, avatar] = [asString(content["displayname"]), asString(content["avatar_url"])];
  return {
    ...(display && display.length <= longestName ? { display } : {}),
    ...(avatar?.startsWith("mxc://") && avatar.length <= longestAddress ? { avatar } : {}),
  };
}
