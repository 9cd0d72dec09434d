/** What the homeserver tells its administrators of a room, whether we are in it or not. */

export interface RoomDetails {
  readonly name: string | undefined;
  readonly alias: string | undefined;
  readonly topic: string | undefined;
  readonly creator: string | undefined;
  readonly version: string | undefined;
  /** Of the whole room, and of our homeserver, as it knows them. */
  readonly members: number;
  readonly localMembers: number;
  readonly joinRule: string | undefined;
  readonly isEncrypted: boolean;
  readonly isListed: boolean;
  readonly isFederated: boolean;
  readonly isSpace: boolean;
  readonly stateEvents: number;
  /** Nobody of the homeserver can join; `by`: who did that. Undefined where the homeserver does not say. */
  readonly blocked: { readonly is: boolean; readonly by: string | undefined } | undefined;
}

/** `missing`: the homeserver does not know the room. */
export type RoomLookedUp = RoomDetails | "missing";
