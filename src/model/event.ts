/** Events as we keep them, whatever else the server sent along. */
import type { JsonObject } from "../kit/json.ts";
import type { EventId, UserId } from "./ids.ts";

/** A state event in force. `content` is whatever the sender wrote: read it through `kit/json.ts`. */
export interface StateEvent {
  readonly type: string;
  readonly stateKey: string;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  /** `origin_server_ts`: the sender's claim, never to be trusted for order. */
  readonly sentAt: number;
}

/** Any event of a timeline that is not state. */
export interface RoomEvent {
  readonly type: string;
  readonly sender: UserId;
  readonly eventId: EventId;
  readonly content: JsonObject;
  readonly sentAt: number;
}

export type Membership = "join" | "invite" | "knock" | "ban" | "leave";

/** Somebody who is banned in a room, as the ban itself says why. */
export interface FoundBan {
  readonly user: UserId;
  /** Whoever made the ban. */
  readonly by: UserId;
  /** Shortened; empty where none was given. */
  readonly reason: string;
}

/** A member as `/members` tells it, reduced to what is believed. */
export interface MemberEntry {
  readonly user: UserId;
  readonly membership: Membership;
  readonly sender: UserId;
  readonly eventId: EventId;
}
