/** Which events may be removed by a redaction when somebody is found: what people see of them, and nothing else. */
import type { EventSighting } from "../signals/sighting.ts";

/** What they show is all that there is to them. Redacting other state would break the room, or open it. */
const shownState: ReadonlySet<string> = new Set([
  "m.room.topic",
  "m.room.avatar",
  "m.room.pinned_events",
  "im.vector.modular.widgets",
  "m.widget",
]);

export function isRedactable({ kind, event }: Pick<EventSighting, "kind" | "event">): boolean {
  switch (kind) {
    case "state":
      return shownState.has(event.type);
    case "invite":
    case "redaction":
    case "act":
      return false;
    default:
      return true;
  }
}
