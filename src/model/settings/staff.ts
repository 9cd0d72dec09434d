/** What moderators said of the account of one of them that had acted far more than moderators do. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface StaffVerdict {
  /** `trusted`: it is them, and they may go on. `stopped`: it is not, and what they did is taken back. */
  readonly is: "trusted" | "stopped";
  readonly by: UserId;
  /** Ms since the epoch. */
  readonly at: number;
  /** Of who is trusted: what they do before this is not counted. */
  readonly until?: number;
}

export interface StaffSettings {
  readonly staffVerdicts: ReadonlyMap<UserId, StaffVerdict>;
}

export interface StaffChange {
  readonly kind: "judge-staff";
  readonly user: UserId;
  /** Null: nothing is said. */
  readonly verdict: StaffVerdict | null;
}

/** As many as there are alarms. */
const verdictsKept = 200;

export const staffChanges: ChangeRows<StaffSettings, StaffChange> = {
  "judge-staff": {
    apply: ({ staffVerdicts }, { user, verdict }) => {
      const others = withoutEntry(staffVerdicts, user);
      if (verdict === null) return { staffVerdicts: others };
      const newest = [...withEntry(others, user, verdict)].slice(-verdictsKept);
      return { staffVerdicts: new Map(newest) };
    },
    // Whoever takes a stop back says that it was them after all.
    inverse: ({ user, verdict }, { staffVerdicts }) =>
      verdict?.is === "stopped"
        ? { kind: "judge-staff", user, verdict: { ...verdict, is: "trusted", until: verdict.at } }
        : { kind: "judge-staff", user, verdict: staffVerdicts.get(user) ?? null },
    holds: ({ user, verdict }, { staffVerdicts }) => {
      const now = staffVerdicts.get(user);
      return (now?.is ?? null) === (verdict?.is ?? null) && now?.at === verdict?.at;
    },
    subject: ({ user }) => user,
  },
};
