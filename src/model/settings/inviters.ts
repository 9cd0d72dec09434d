/** Whose invitations Tyr accepts besides its moderators': people, servers, or globs of them. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

/** Who wanted it, and when, ms since the epoch. */
export interface Inviter {
  readonly by: UserId;
  readonly at: number;
}

export interface InviterSettings {
  /** By user id, server name, or a glob of either. */
  readonly inviters: ReadonlyMap<string, Inviter>;
}

/** `inviter` null: their invitations are a stranger's again. */
export interface InviterChange {
  readonly kind: "set-inviter";
  readonly entity: string;
  readonly inviter: Inviter | null;
}

export const inviterChanges: ChangeRows<InviterSettings, InviterChange> = {
  "set-inviter": {
    apply: ({ inviters }, { entity, inviter }) => ({
      inviters: inviter ? withEntry(inviters, entity, inviter) : withoutEntry(inviters, entity),
    }),
    inverse: (change, { inviters }) => ({ ...change, inviter: inviters.get(change.entity) ?? null }),
    holds: ({ entity, inviter }, { inviters }) => inviters.get(entity)?.at === inviter?.at,
    subject: ({ entity }) => entity,
  },
};
