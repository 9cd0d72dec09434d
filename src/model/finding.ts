/** What looks wrong, about whom and on which evidence. A protection finds; what follows is decided elsewhere. */
import type { EventId, RoomId, UserId } from "./ids.ts";

export interface Finding {
  readonly protection: string;
  readonly room: RoomId;
  readonly user: UserId;
  /** The events that it is about, oldest first. */
  readonly evidence: readonly EventId[];
  /** For moderators, after the person's id: "12 messages within 10 seconds". Holds nothing that the person wrote. */
  readonly sentence: string;
}
