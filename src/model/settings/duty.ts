/** Who is on duty when: whom a call reaches. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

/** Every day of the week that is named, from one time of day to another; past midnight where `to` is the earlier one. */
export interface Watch {
  /** Minutes since midnight. */
  readonly from: number;
  readonly to: number;
  /** "Europe/Berlin". */
  readonly zone: string;
  /** The days on which it begins, 0 for Sunday. */
  readonly days: readonly number[];
}

export interface DutySettings {
  /** The watches of each person. Nobody is on it: a call reaches everybody in the management room. */
  readonly duty: ReadonlyMap<UserId, readonly Watch[]>;
  /** Who is away, until when, ms since the epoch. */
  readonly offDuty: ReadonlyMap<UserId, number>;
}

export type DutyChange =
  /** All watches of the person; none takes them off the roster. */
  | { readonly kind: "set-duty"; readonly user: UserId; readonly watches: readonly Watch[] }
  /** `until` null: back. */
  | { readonly kind: "off-duty"; readonly user: UserId; readonly until: number | null }
  /** Whoever is on duty is called as a test: it changes nothing. */
  | { readonly kind: "test-duty"; readonly at: number };

export const dutyChanges: ChangeRows<DutySettings, DutyChange> = {
  "set-duty": {
    apply: ({ duty }, { user, watches }) => ({
      duty: watches.length === 0 ? withoutEntry(duty, user) : withEntry(duty, user, watches),
    }),
    inverse: (change, { duty }) => ({ ...change, watches: duty.get(change.user) ?? [] }),
    holds: ({ user, watches }, { duty }) => JSON.stringify(duty.get(user) ?? []) === JSON.stringify(watches),
    subject: ({ user }) => user,
  },
  "off-duty": {
    apply: ({ offDuty }, { user, until }) => ({
      offDuty: until === null ? withoutEntry(offDuty, user) : withEntry(offDuty, user, until),
    }),
    inverse: (change, { offDuty }) => ({ ...change, until: offDuty.get(change.user) ?? null }),
    holds: ({ user, until }, { offDuty }) => (offDuty.get(user) ?? null) === until,
    subject: ({ user }) => user,
  },
  "test-duty": { apply: () => ({}), inverse: () => undefined, holds: () => false, subject: () => undefined },
};
