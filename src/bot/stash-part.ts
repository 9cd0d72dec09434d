/** Lets the stash hear what is said, in memory alone, so that it has what is removed later. */
import type { Stash } from "../journal/stash.ts";
import type { Observation, ObservationOf } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";
import type { Part } from "./part.ts";

/** What others remove is not kept: it is theirs to remove. */
export function stashPart(stash: Stash, world: WorldView): Part {
  return {
    name: "stash",
    seen({ seen }) {
      for (const one of seen) {
        if (one.kind === "redaction") stash.gone(one.redacts);
        else if (one.kind === "history-found")
          for (const event of one.contents ?? []) stash.heard(one.room, event, one.at);
        else if (isWords(one) && one.event.sender !== world.self && world.isProtected(one.room))
          stash.heard(one.room, one.event, one.at);
      }
    },
  };
}

/** A message, or a profile with a name in it. */
function isWords(one: Observation): one is ObservationOf<"message" | "state"> {
  return one.kind === "message" || (one.kind === "state" && one.fromTimeline && isProfile(one));
}

function isProfile({ event }: ObservationOf<"state">): boolean {
  return event.type === "m.room.member" && event.sender === event.stateKey;
}
