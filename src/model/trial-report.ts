/** What a try of a protection on the past came to. */
import type { EventId, RoomId, UserId } from "./ids.ts";

/** A person whom it would have met was right to meet, wrong to meet, or nobody can say. */
export type Fate = "right" | "wrong" | "unknown";

export interface Met {
  readonly room: RoomId;
  readonly event: EventId;
  readonly user: UserId;
  readonly fate: Fate;
}

export interface Counted {
  readonly what: string;
  readonly times: number;
}

export interface TrialReport {
  readonly read: PastRead;
  /** How many messages it would have met. */
  readonly messages: number;
  readonly people: Readonly<Record<Fate, number>>;
  /** Of the wrong ones: who is a regular today, who was one when they were met, and who of these has left. */
  readonly regulars: { readonly now: number; readonly byThen: number; readonly gone: number };
  /** People who are never found, as moderators or exempt, and whose messages fit. */
  readonly spared: number;
  /** People who were banned or removed in this time: all, those met, and those of whom nothing is left to see. */
  readonly removed: { readonly all: number; readonly met: number; readonly unseen: number };
  readonly byRoom: readonly { readonly room: RoomId; readonly messages: number }[];
  /** Where links of people led whom it was wrong to meet. */
  readonly wrongDomains: readonly Counted[];
  /** Messages of which it could not be told, and the parts of the condition that were unknown. */
  readonly untold: { readonly messages: number; readonly parts: readonly Counted[] };
  /** A few of the messages, the wrong ones first. */
  readonly examples: readonly Met[];
  /** Another protection, or another version, on the same past. */
  readonly compared?: Compared;
}

/** What only one of two meets. */
export interface Alone {
  readonly messages: number;
  readonly people: number;
  /** The wrong ones first. */
  readonly examples: readonly Met[];
}

export interface Compared {
  /** What the other one is called. */
  readonly name: string;
  readonly report: TrialReport;
  readonly both: Pick<Alone, "messages" | "people">;
  readonly onlyFirst: Alone;
  readonly onlySecond: Alone;
}

export interface PastRead {
  /** Ms since the epoch: how far back was read, and from where on findings count. */
  readonly from: number;
  readonly countedFrom: number;
  readonly until: number;
  /** It was to be read further back, and was too much. */
  readonly isCut: boolean;
  readonly events: number;
  readonly rooms: number;
  readonly unread: readonly { readonly room: RoomId; readonly why: string }[];
  /** Events whose content was gone and not kept. */
  readonly redacted: number;
  /** Events that were removed, as they were kept. */
  readonly kept: number;
}
