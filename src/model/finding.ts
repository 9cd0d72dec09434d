/** What looks wrong, whom or what it is about, and on which evidence. A protection finds; what follows is decided elsewhere. */
import type { EventId, RoomId, ServerName, UserId } from "./ids.ts";

/** A person in the room where they were found. */
export interface FoundAccount {
  readonly user: UserId;
  readonly room: RoomId;
  /** Their events that it is about, oldest first. */
  readonly evidence: readonly EventId[];
}

/** An event as evidence where it is not said otherwise who wrote it, and where. */
export interface FoundEvent {
  readonly event: EventId;
  readonly user: UserId;
  readonly room: RoomId;
}

export type FindingAbout =
  | ({ readonly kind: "person" } & FoundAccount)
  /** Accounts that belong together, as those of one wave. */
  | { readonly kind: "accounts"; readonly accounts: readonly FoundAccount[] }
  | { readonly kind: "room"; readonly room: RoomId; readonly evidence: readonly FoundEvent[] }
  | {
      readonly kind: "server";
      readonly server: ServerName;
      /** Where it was seen. */
      readonly room: RoomId;
      readonly evidence: readonly FoundEvent[];
    };

export interface Finding<About extends FindingAbout = FindingAbout> {
  readonly protection: string;
  readonly about: About;
  /** For moderators, after the person's id: "12 messages within 10 seconds". Holds nothing that anybody wrote. */
  readonly sentence: string;
}

/** What one response is for: a finding about several accounts is split, one target each. */
export type Target = Exclude<FindingAbout, { readonly kind: "accounts" }>;
