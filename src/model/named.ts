/** Names of rooms and events, as links that open them. */
import { link, type Say } from "../kit/say.ts";
import { serverOf, type EventId, type RoomId, type UserId } from "./ids.ts";
import { eventLink, roomLink } from "./links.ts";

/** `self`: whose homeserver helps to join the room. `maxLength`: of the name. */
export function roomNamed(
  room: { readonly id: RoomId; readonly label: string },
  { self, maxLength = 100 }: { readonly self: UserId; readonly maxLength?: number },
): Say {
  return link(room.label, roomLink(room.id, [serverOf(self)]), maxLength);
}

/** The event's id, which alone would say nothing of where it is. */
export function eventNamed({ room, event }: { readonly room: RoomId; readonly event: EventId }): Say {
  return link(event, eventLink(room, event));
}
