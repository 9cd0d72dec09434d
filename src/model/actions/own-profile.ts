/** Tyr's own name and picture, as everybody sees them. */
import { doneOnce, forGood, harmsNobody, nothing, stoppable, type Family } from "./family.ts";

export interface OwnProfileFields {
  /** `avatar_url`: the address of a picture, or nothing for none. */
  "set-profile": { readonly field: "displayname" | "avatar_url"; readonly value: string };
}

export const ownProfile = {
  "set-profile": {
    room: nothing,
    target: ({ field, value }) => `${field} ${value}`,
    subject: nothing,
    mentions: "nothing",
    changes: { placeOf: ({ field }) => `profile ${field}` },
    turn: {
      urgency: "reply",
      rank: "busiest-room",
      request: "write",
      sameUnderWay: "queue",
      effect: "unseen",
    },
    harm: harmsNobody,
    recheck: stoppable,
    memory: doneOnce,
    // What was there before is told by the act, for whoever wants it back.
    undo: forGood,
  },
} satisfies Family<OwnProfileFields>;
