/**
 * Acts on accounts of our own homeserver, by its administrator or by the standard's account moderation (MSC4323).
 * `reason` is for those who ask later; the person is not shown it.
 */
import type { UserId } from "../ids.ts";
import {
  doneOnce,
  forGood,
  needsAdmin,
  noRecheck,
  stoppable,
  nothing,
  userOfAction,
  weighsNothing,
  type Family,
  type PowerNeed,
} from "./family.ts";

interface OnAccount {
  readonly user: UserId;
  readonly reason: string;
}

/** `until`: when it ends by itself, ms since the epoch. */
type OnAccountForATime = OnAccount & { readonly until?: number };

export interface AccountFields {
  suspend: OnAccountForATime;
  unsuspend: OnAccount;
  lock: OnAccountForATime;
  unlock: OnAccount;
  /** For good. `erase`: who joins a room from now on does not see what the person wrote there. */
  deactivate: OnAccount & { readonly erase: boolean };
}

const onAccount = {
  room: nothing,
  target: userOfAction,
  subject: userOfAction,
  mentions: "fields",
  recheck: stoppable,
  memory: doneOnce,
} as const;

const suspension = { placeOf: ({ user }: OnAccount) => `suspension of ${user}` } as const;
const lock = { placeOf: ({ user }: OnAccount) => `lock of ${user}` } as const;

const turn = { rank: "busiest-room", request: "write", sameUnderWay: "drop", effect: "unseen" } as const;

const taking = {
  whom: "person",
  weighs: ({ user }: OnAccount) => ({ what: "removal-everywhere", user }) as const,
  isAgainstSubject: true,
} as const;
const giving = { whom: "nobody", weighs: weighsNothing, isAgainstSubject: false } as const;

const needsSuspend = (): PowerNeed => ({ of: "server", power: "suspend" });
const needsLock = (): PowerNeed => ({ of: "server", power: "lock" });

const ifNewest = { how: "if-newest", isNumbered: true, isOffered: true } as const;

export const accounts = {
  suspend: {
    ...onAccount,
    changes: suspension,
    turn: { ...turn, urgency: "banPresent" },
    harm: { ...taking, needs: needsSuspend },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "unsuspend" }) },
  },
  unsuspend: {
    ...onAccount,
    changes: suspension,
    recheck: noRecheck,
    turn: { ...turn, urgency: "lift" },
    harm: { ...giving, needs: needsSuspend },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "suspend" }) },
  },
  lock: {
    ...onAccount,
    changes: lock,
    turn: { ...turn, urgency: "banPresent" },
    harm: { ...taking, needs: needsLock },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "unlock" }) },
  },
  unlock: {
    ...onAccount,
    changes: lock,
    recheck: noRecheck,
    turn: { ...turn, urgency: "lift" },
    harm: { ...giving, needs: needsLock },
    undo: { ...ifNewest, inverse: (action) => ({ ...action, kind: "lock" }) },
  },
  deactivate: {
    ...onAccount,
    changes: "no-state",
    turn: { ...turn, urgency: "banPresent" },
    harm: { ...taking, needs: needsAdmin },
    undo: forGood,
  },
} satisfies Family<AccountFields>;
