/**
 * An action that was decided, with its cause. The id is a digest of cause, action, target and the state event that it would
 * replace: replaying a sync after a crash yields the same ids, so that nothing is done twice.
 */
import { stableId } from "../kit/hash.ts";
import type { Action } from "./actions/action.ts";
import { roomOf, targetOf } from "./actions/traits.ts";
import type { EventId, RoomId, UserId } from "./ids.ts";
import type { Recommendation, RuleKind } from "./policy-rule.ts";

/** Why something is done. What the command `why` tells and the public reason are both made from it. */
export type Cause =
  | {
      readonly kind: "rule";
      readonly list: RoomId;
      readonly event: EventId;
      readonly ruleKind: RuleKind;
      readonly recommendation: Recommendation;
      readonly entity: string;
      /** Rules of other lists without which it would not be done: no list that says so has the weight for it alone. */
      readonly with?: readonly { readonly list: RoomId; readonly event: EventId }[];
    }
  /** A rule was removed, so what it asked for is lifted. */
  | { readonly kind: "rule-removed"; readonly list: RoomId; readonly event: string; readonly entity: string }
  /** The time of a rule, an exemption or a mute is over. `event`: the event that had set the time. */
  | { readonly kind: "expiry"; readonly list?: RoomId; readonly event: string; readonly entity: string }
  /** `list`: the list that the command wrote its rule to, so that lifting the rule lifts this. */
  | {
      readonly kind: "command";
      readonly event: EventId;
      readonly by: UserId;
      readonly text: string;
      /** The room where it was said, if not the management room: the reaction goes there, the reply does not. */
      readonly room?: RoomId;
      readonly list?: RoomId;
      /** For acts that read (or join) a room so that the command can be carried out at all. */
      readonly reads?: true;
      /** Set where it was no typed command but a reaction or a bare word: it gets no reaction. */
      readonly via?: "reaction" | "word";
      /** The occasions that it takes back. */
      readonly undoes?: readonly string[];
    }
  /** The lists as a whole, for acts that no single rule asks for, as a server ACL. `trigger`: the event that led to it. */
  | {
      readonly kind: "lists";
      readonly trigger: string;
      /** Rules that are not new reach further than before: what spared somebody has gone, or a room is new to them. */
      readonly reachesAnew?: true;
    }
  | {
      readonly kind: "finding";
      readonly protection: string;
      /** The id of the incident: findings of one protection that are told, and taken back, together. */
      readonly incident: string;
      /** Absent where a room or a server was found. */
      readonly user?: UserId;
      /** Whatever is done about it waits for a yes. */
      readonly asks?: true;
      readonly sentence: string;
      /** A moderator who said that it be done. */
      readonly by?: UserId;
      /** The list that a rule was written to for it. */
      readonly list?: RoomId;
    }
  /** Housekeeping of Tyr itself: its messages, its start. */
  | { readonly kind: "self"; readonly what: string };

export interface Decision<A extends Action = Action> {
  readonly id: string;
  readonly action: A;
  readonly because: Cause;
  /** When it was decided, ms since the epoch. */
  readonly at: number;
}

/** `replaces`: the state event (or its stamp) that the action would replace: a change of it since gives a new id. */
export function decide<A extends Action>(
  action: A,
  because: Cause,
  { at, replaces }: { at: number; replaces: string },
): Decision<A> {
  return {
    id: stableId(occasionOf(because), action.kind, roomOf(action) ?? "", targetOf(action), replaces),
    action,
    because,
    at,
  };
}

/** The occasion: the event or incident behind the cause. What has the same is taken back by one undo number. */
export function occasionOf(cause: Cause): string {
  switch (cause.kind) {
    case "rule":
    case "command":
      return cause.event;
    case "rule-removed":
      return `${cause.event} removed`;
    case "expiry":
      return `${cause.event} expired`;
    case "lists":
      return cause.trigger;
    case "finding":
      return cause.incident;
    case "self":
      return cause.what;
  }
}

/** A decision put in order: lane (its room), class, and rank within the class (smaller first). */
export interface Step {
  readonly decision: Decision;
  readonly lane: string;
  readonly priority: number;
  readonly rank: number;
}

/** How a step ended. */
export interface Outcome {
  readonly decision: Decision;
  readonly result:
    /**
     * `eventId`: of the event written. `room`: of the room made or joined. `isUnchanged`: somebody else had done it before,
     * so that there is nothing of ours to take back. `note`: what the homeserver told of it, for people.
     */
    | {
        readonly kind: "done";
        readonly eventId?: EventId;
        readonly room?: RoomId;
        readonly isUnchanged?: true;
        readonly note?: string;
      }
    /** `lasting`: refused for good; trying again is pointless until something changes in the room. */
    | { readonly kind: "failed"; readonly lasting: boolean; readonly code: string; readonly message: string }
    /** Called off before it was performed: a newer decision took its place, or its cause had gone. */
    | { readonly kind: "superseded" }
    /** Written down and not performed, as in a dry run: nothing has changed anywhere. */
    | { readonly kind: "recorded" };
}
