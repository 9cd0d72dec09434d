/** What moderators said of waves and of crowds: which waves are harmless, who is no part of one, whom they expect. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import { keepNewest } from "../../kit/bounded.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface WaveVerdict {
  /** `fine`: nobody of it does harm. `clean`: it is contained, and cleaned up. */
  readonly is: "fine" | "clean";
  /** Those who only came are removed, however many they are. */
  readonly kicksAll?: true;
  /** Undefined where it follows from an undo. */
  readonly by?: UserId;
  /** Ms since the epoch. */
  readonly at: number;
}

/** People who are to come, as to a conference: they are no burst, and their server is no sign of anything. */
export interface ExpectedCrowd {
  /** A server, or `*` for people of any server. */
  readonly from: string;
  readonly people: number;
  readonly by: UserId;
  readonly at: number;
  /** Ms since the epoch. */
  readonly until: number;
}

export interface WaveSettings {
  /** By the id of the wave, the newest last. */
  readonly waveVerdicts: ReadonlyMap<string, WaveVerdict>;
  /** Who is no part of any wave, and since when it is known, ms since the epoch. */
  readonly excused: ReadonlyMap<UserId, number>;
  /** By `from`. */
  readonly expectedCrowds: ReadonlyMap<string, ExpectedCrowd>;
}

export type WaveChange =
  /** `verdict` null: it is open again. */
  | { readonly kind: "judge-wave"; readonly wave: string; readonly verdict: WaveVerdict | null }
  | { readonly kind: "excuse"; readonly user: UserId; readonly at: number | null }
  | { readonly kind: "expect-crowd"; readonly crowd: ExpectedCrowd }
  | { readonly kind: "expect-no-crowd"; readonly from: string };

/** Waves are remembered in the same number; of older ones nothing is left that a verdict could be about. */
const verdictsKept = 128;
/** A moderator says so one by one. */
const excusedKept = 1_000;

export const waveChanges: ChangeRows<WaveSettings, WaveChange> = {
  "judge-wave": {
    apply: ({ waveVerdicts }, { wave, verdict }) => ({
      waveVerdicts: withNewest(waveVerdicts, wave, { value: verdict, most: verdictsKept }),
    }),
    inverse: (change, { waveVerdicts }) => ({ ...change, verdict: waveVerdicts.get(change.wave) ?? null }),
    holds: ({ wave, verdict }, { waveVerdicts }) => isSame(waveVerdicts.get(wave), verdict ?? undefined),
    subject: () => undefined,
  },
  excuse: {
    apply: ({ excused }, { user, at }) => ({
      excused: withNewest(excused, user, { value: at, most: excusedKept }),
    }),
    inverse: (change, { excused }) => ({ ...change, at: excused.get(change.user) ?? null }),
    holds: ({ user, at }, { excused }) => (excused.get(user) ?? null) === at,
    subject: ({ user }) => user,
  },
  "expect-crowd": {
    apply: ({ expectedCrowds }, { crowd }) => ({
      expectedCrowds: withEntry(expectedCrowds, crowd.from, crowd),
    }),
    inverse: ({ crowd: { from } }, { expectedCrowds }) => {
      const crowd = expectedCrowds.get(from);
      return crowd ? { kind: "expect-crowd", crowd } : { kind: "expect-no-crowd", from };
    },
    holds: ({ crowd }, { expectedCrowds }) => isSame(expectedCrowds.get(crowd.from), crowd),
    subject: ({ crowd }) => crowd.from,
  },
  "expect-no-crowd": {
    apply: ({ expectedCrowds }, { from }) => ({ expectedCrowds: withoutEntry(expectedCrowds, from) }),
    inverse: ({ from }, { expectedCrowds }) => {
      const crowd = expectedCrowds.get(from);
      return crowd && { kind: "expect-crowd", crowd };
    },
    holds: ({ from }, { expectedCrowds }) => !expectedCrowds.has(from),
    subject: ({ from }) => from,
  },
};

/** A copy with the value as the newest entry; without the entry where there is no value. */
function withNewest<K, V>(
  map: ReadonlyMap<K, V>,
  key: K,
  { value, most }: { readonly value: V | null; readonly most: number },
): ReadonlyMap<K, V> {
  if (value === null) return withoutEntry(map, key);
  // Changed in its place, an entry would be forgotten as if it were old; put back by an undo it comes last, too.
  const copy = new Map(withEntry(map, key, value));
  keepNewest(copy, most);
  return copy;
}

function isSame(now: object | undefined, then: object | undefined): boolean {
  return JSON.stringify(now) === JSON.stringify(then);
}
