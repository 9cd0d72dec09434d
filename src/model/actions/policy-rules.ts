/** Writing to policy lists: rules written and removed, lists made. */
import { asString, type JsonObject } from "../../kit/json.ts";
import type { RoomId, UserId } from "../ids.ts";
import {
  doneAgainIfLost,
  doneOnce,
  forGood,
  harmsNobody,
  noRecheck,
  stoppable,
  nothing,
  weighsNothing,
  type Family,
  type PowerNeed,
} from "./family.ts";

interface OnRule {
  readonly list: RoomId;
  readonly eventType: string;
  readonly stateKey: string;
}

export interface PolicyRuleFields {
  /** `before`: the content that it replaces, where there was any; kept for undo. */
  "write-policy": OnRule & { readonly content: JsonObject; readonly before?: JsonObject };
  /** Blanks one rule event. A rule in several dialects takes one of these for each. */
  "remove-policy": OnRule & { readonly before: JsonObject };
  /**
   * `shortcode`: how moderators will call the list. `alias`: the local part of its address. `isPublic`: it stands on the
   * homeserver's public list of rooms.
   */
  "create-list": {
    readonly shortcode: string;
    readonly alias: string;
    readonly inviter: UserId;
    readonly name?: string;
    readonly isPublic?: true;
  };
}

const onRule = {
  room: ({ list }: OnRule) => list,
  target: ({ eventType, stateKey }: OnRule) => `${eventType}\n${stateKey}`,
  mentions: "entity",
  changes: "room-state",
  memory: doneAgainIfLost,
} as const;

const needsRules = ({ list, eventType }: OnRule): PowerNeed => ({
  of: "policy-rules",
  room: list,
  eventType,
});

// The rule before the bans of the same command: it is one write, and everybody else who follows the list acts on it.
const turn = { urgency: "containment", rank: "busiest-room", request: "write", effect: "unseen" } as const;

const ifItStands = { how: "if-it-stands", isNumbered: true, isOffered: true } as const;

export const policyRules = {
  "write-policy": {
    ...onRule,
    subject: ({ content }) => asString(content["entity"]),
    // A ban for a week and one for ever write to the same place, and the last one counts.
    turn: { ...turn, sameUnderWay: "queue" },
    recheck: stoppable,
    harm: {
      // Whom it reaches is judged, and guarded, when it comes back as a rule of the list.
      whom: "nobody",
      weighs: ({ eventType, content }) => ({ what: "rule", eventType, content }),
      needs: needsRules,
      isAgainstSubject: true,
    },
    undo: {
      ...ifItStands,
      inverse: ({ list, eventType, stateKey, content, before }) =>
        before
          ? { kind: "write-policy", list, eventType, stateKey, content: before, before: content }
          : { kind: "remove-policy", list, eventType, stateKey, before: content },
    },
  },
  "remove-policy": {
    ...onRule,
    subject: ({ before }) => asString(before["entity"]),
    turn: { ...turn, sameUnderWay: "drop" },
    recheck: { ...noRecheck, effect: "looked-at" },
    harm: { whom: "nobody", weighs: weighsNothing, needs: needsRules, isAgainstSubject: false },
    undo: {
      ...ifItStands,
      inverse: ({ list, eventType, stateKey, before }) => ({
        kind: "write-policy",
        list,
        eventType,
        stateKey,
        content: before,
      }),
    },
  },
  "create-list": {
    room: nothing,
    target: ({ shortcode }) => shortcode,
    subject: nothing,
    mentions: "fields",
    changes: "no-state",
    turn: {
      urgency: "housekeeping",
      rank: "busiest-room",
      request: "join",
      sameUnderWay: "drop",
      effect: "unseen",
    },
    harm: harmsNobody,
    recheck: noRecheck,
    memory: { ...doneOnce, afterCrash: "never" },
    undo: forGood,
  },
} satisfies Family<PolicyRuleFields>;
