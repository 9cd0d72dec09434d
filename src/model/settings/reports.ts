/** What moderators said of reports: whether people may report in the rooms, how each case ended, whose reports do not count. */
import { keepNewest } from "../../kit/bounded.ts";
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Reporting {
  readonly by: UserId;
  /** Ms since the epoch. */
  readonly at: number;
}

/** `by` undefined: it followed by itself. */
export type CaseWord =
  | { readonly is: "taken"; readonly by: UserId; readonly at: number }
  | {
      readonly is: "closed";
      readonly outcome: "acted" | "nothing";
      readonly by?: UserId;
      readonly at: number;
      /** What whoever appealed is told besides. */
      readonly answer?: string;
    };

export interface MutedReporter {
  /** Undefined: they reported too much. */
  readonly by?: UserId;
  readonly at: number;
  /** Ms since the epoch; undefined: until somebody says otherwise. */
  readonly until?: number;
}

export interface ReportSettings {
  /** Undefined: reports in the rooms are not heard. */
  readonly reporting: Reporting | undefined;
  /** Undefined: nobody who is banned can write to us. */
  readonly appealing: Reporting | undefined;
  /** By the number of the case, the newest last. */
  readonly caseWords: ReadonlyMap<number, CaseWord>;
  readonly mutedReporters: ReadonlyMap<UserId, MutedReporter>;
}

export type ReportChange =
  /** `on` null: they are not heard. */
  | { readonly kind: "hear-reports"; readonly on: Reporting | null }
  | { readonly kind: "hear-appeals"; readonly on: Reporting | null }
  /** `word` null: it is open. */
  | {
      readonly kind: "judge-case";
      readonly report: number;
      /** Whom it is about. */
      readonly user: UserId;
      readonly word: CaseWord | null;
    }
  | { readonly kind: "mute-reporter"; readonly user: UserId; readonly muted: MutedReporter | null };

/** Cases are remembered in the same number. */
const wordsKept = 1_000;
/** Each is silenced by a moderator, or for a day. */
const mutedKept = 1_000;

export const reportChanges: ChangeRows<ReportSettings, ReportChange> = {
  "hear-reports": {
    apply: (_, { on }) => ({ reporting: on ?? undefined }),
    inverse: (_, { reporting }) => ({ kind: "hear-reports", on: reporting ?? null }),
    holds: ({ on }, { reporting }) => reporting?.at === on?.at,
    subject: () => undefined,
  },
  "hear-appeals": {
    apply: (_, { on }) => ({ appealing: on ?? undefined }),
    inverse: (_, { appealing }) => ({ kind: "hear-appeals", on: appealing ?? null }),
    holds: ({ on }, { appealing }) => appealing?.at === on?.at,
    subject: () => undefined,
  },
  "judge-case": {
    apply: ({ caseWords }, { report, word }) => ({
      caseWords: withNewest(caseWords, report, { value: word, most: wordsKept }),
    }),
    inverse: (change, { caseWords }) => ({ ...change, word: caseWords.get(change.report) ?? null }),
    holds: ({ report, word }, { caseWords }) => isSame(caseWords.get(report), word),
    subject: ({ user }) => user,
  },
  "mute-reporter": {
    apply: ({ mutedReporters }, { user, muted }) => ({
      mutedReporters: withNewest(mutedReporters, user, { value: muted, most: mutedKept }),
    }),
    inverse: (change, { mutedReporters }) => ({ ...change, muted: mutedReporters.get(change.user) ?? null }),
    holds: ({ user, muted }, { mutedReporters }) => isSame(mutedReporters.get(user), muted),
    subject: ({ user }) => user,
  },
};

/** Whether what they report counts. */
export function isHeard(
  user: UserId,
  { mutedReporters }: Pick<ReportSettings, "mutedReporters">,
  dueBy: number,
): boolean {
  const muted = mutedReporters.get(user);
  return muted === undefined || (muted.until !== undefined && muted.until <= dueBy);
}

/** A copy with the value as the newest entry; without the entry where there is no value. */
function withNewest<K, V>(
  map: ReadonlyMap<K, V>,
  key: K,
  { value, most }: { readonly value: V | null; readonly most: number },
): ReadonlyMap<K, V> {
  const others = withoutEntry(map, key);
  if (value === null) return others;
  const copy = new Map(withEntry(others, key, value));
  keepNewest(copy, most);
  return copy;
}

function isSame(now: object | undefined, then: object | null): boolean {
  return JSON.stringify(now ?? null) === JSON.stringify(then);
}
