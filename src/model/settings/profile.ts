/** Which profile of protections was used last, or that nobody has to be asked for one. */
import type { ChangeRows } from "./change-row.ts";

export interface ProfileSettings {
  /** `none`: it was offered, or the config wants none. Undefined: nobody was asked yet. */
  readonly profile: string | undefined;
}

export interface ProfileChange {
  readonly kind: "choose-profile";
  readonly profile: string | null;
}

export const profileChanges: ChangeRows<ProfileSettings, ProfileChange> = {
  "choose-profile": {
    apply: ({ profile }, change) =>
      profile === (change.profile ?? undefined) ? {} : { profile: change.profile ?? undefined },
    inverse: (change, { profile }) => ({ ...change, profile: profile ?? null }),
    holds: (change, { profile }) => (profile ?? null) === change.profile,
    subject: () => undefined,
  },
};
