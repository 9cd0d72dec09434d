/** From which power level in the management room on somebody has a role. */
import type { ChangeRows } from "./change-row.ts";

export interface RoleLevels {
  readonly admin: number;
  /** Who has less may look. */
  readonly moderator: number;
}

export interface RoleSettings {
  /** Undefined: everybody in the management room may do everything. */
  readonly roles: RoleLevels | undefined;
}

/** `levels` null: no roles. */
export interface RolesChange {
  readonly kind: "set-roles";
  readonly levels: RoleLevels | null;
}

export const rolesChanges: ChangeRows<RoleSettings, RolesChange> = {
  "set-roles": {
    apply: (_settings, { levels }) => ({ roles: levels ?? undefined }),
    inverse: (_change, { roles }) => ({ kind: "set-roles", levels: roles ?? null }),
    holds: ({ levels }, { roles }) =>
      roles?.admin === levels?.admin && roles?.moderator === levels?.moderator,
    subject: () => undefined,
  },
};
