/** What moderators answered about rules and rooms: remembered, so that nobody is asked the same twice. */
import { withKeyMoved, withAll, withoutAll } from "../../kit/immutable.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

/** What a question was about: a rule, by the event that wrote it, or a room in which old rules would reach people anew. */
export type RuleOrRoom = EventId | RoomId;

/** A no: the rule is not applied, or the lists are not applied in the room. */
export interface Rejection {
  /** Undefined where nobody answered in time, which counts as a no. */
  readonly by: UserId | undefined;
  readonly at: number;
}

export interface AnswerSettings {
  /** Each yes, by the time of it: no second one is needed. */
  readonly accepted: ReadonlyMap<RuleOrRoom, number>;
  readonly rejected: ReadonlyMap<RuleOrRoom, Rejection>;
}

export type AnswerChange =
  | { readonly kind: "accept"; readonly what: readonly RuleOrRoom[]; readonly at: number }
  | {
      readonly kind: "reject";
      readonly what: readonly RuleOrRoom[];
      readonly by: UserId | undefined;
      readonly at: number;
    };

export const answerChanges: ChangeRows<AnswerSettings, AnswerChange> = {
  accept: {
    apply: ({ accepted, rejected }, { what, at }, { answersRemembered }) => ({
      accepted: withAll(accepted, what, { value: at, most: answersRemembered }),
      rejected: withoutAll(rejected, what),
    }),
    // Given by answering a question, which is turned round by answering it anew (decisions/undo.ts).
    inverse: () => undefined,
    holds: ({ what }, { accepted }) => what.some((one) => accepted.has(one)),
    subject: () => undefined,
  },
  reject: {
    apply: ({ accepted, rejected }, { what, by, at }, { answersRemembered }) => ({
      accepted: withoutAll(accepted, what),
      rejected: withAll(rejected, what, { value: { by, at }, most: answersRemembered }),
    }),
    inverse: ({ what, at }) => ({ kind: "accept", what, at }),
    holds: ({ what }, { rejected }) => what.some((one) => rejected.has(one)),
    subject: () => undefined,
  },
};

/** The answer about `from` becomes the answer about `to`; the same object where there was none. */
export function moveAnswer<S extends AnswerSettings>(settings: S, from: RuleOrRoom, to: RuleOrRoom): S {
  const { accepted, rejected } = settings;
  if (!accepted.has(from) && !rejected.has(from)) return settings;
  return {
    ...settings,
    accepted: withKeyMoved(accepted, from, to),
    rejected: withKeyMoved(rejected, from, to),
  };
}
