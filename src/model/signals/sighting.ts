/** What a detector is asked about: something that a person did in a protected room, or a room as time passes. */
import type { RoomEvent } from "../event.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { RecentSpeechView } from "../recent-speech.ts";
import type { WorldView } from "../world/view.ts";

/** The world as far as signals read it. */
export type SightedWorld = Pick<
  WorldView,
  | "heldUpMs"
  | "members"
  | "regulars"
  | "pace"
  | "recentEvents"
  | "recentSpeech"
  | "rooms"
  | "stored"
  | "self"
  | "settings"
  | "isSpared"
  | "spared"
  | "protectedRoomsOf"
>;

/**
 * Something that a person sent. `join`, `leave` and `knock`: they came, went, or asked to be let in, by themselves.
 * `profile`: a new name or avatar of somebody who stays. `invite`: they invited somebody. `state`: they changed something
 * of the room. `redaction`: they removed a message, of their own or another's. `act`: they removed somebody or let them in
 * again, or changed something of a room that is ours and not protected, such as a list. `report`: others reported what they
 * sent, whose content is not there.
 */
export const eventKinds = [
  "message",
  "join",
  "leave",
  "knock",
  "profile",
  "invite",
  "state",
  "redaction",
  "act",
  "report",
] as const;
export type EventKind = (typeof eventKinds)[number];

/** What everybody in the room sees of a person counts as speech. Whoever cleans up after themselves does not flood. */
export function isSpeech(kind: EventKind): boolean {
  return kind !== "invite" && kind !== "state" && kind !== "redaction" && kind !== "act" && kind !== "report";
}

export interface EventSighting {
  readonly kind: EventKind;
  readonly room: RoomId;
  /** The author. */
  readonly user: UserId;
  readonly event: RoomEvent;
  /** When it reached us, ms since the epoch. */
  readonly at: number;
  /** It was read to fill a gap. */
  readonly late: boolean;
  readonly world: SightedWorld;
  readonly speech: Pick<RecentSpeechView, "of">;
}

/** A protected room, looked at by the clock and not for an event. */
export interface TickSighting {
  readonly kind: "tick";
  readonly room: RoomId;
  /** Ms since the epoch. */
  readonly at: number;
  readonly world: SightedWorld;
}

export type Sighting = EventSighting | TickSighting;
export type SightingKind = Sighting["kind"];

/** The sightings of one kind, or of several. */
export type SightingOf<Kind extends SightingKind> = Kind extends EventKind
  ? EventSighting & { readonly kind: Kind }
  : Extract<Sighting, { readonly kind: Kind }>;
