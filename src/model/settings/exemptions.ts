/** Whom no rule and no protection may touch, and who said so. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Exemption {
  /** A user id, a server name, or a glob of either. */
  readonly entity: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  /** Milliseconds since the epoch; absent means for ever. */
  readonly expiresAt?: number;
}

export interface ExemptionSettings {
  /** By entity, as it was written. */
  readonly exemptions: ReadonlyMap<string, Exemption>;
}

export type ExemptionChange =
  | { readonly kind: "exempt"; readonly exemption: Exemption }
  /** `expiredAt`: ends only an exemption that expires then, not one given since in its place. */
  | { readonly kind: "unexempt"; readonly entity: string; readonly expiredAt?: number };

export const exemptionChanges: ChangeRows<ExemptionSettings, ExemptionChange> = {
  exempt: {
    apply: ({ exemptions }, { exemption }) => ({
      exemptions: withEntry(exemptions, exemption.entity, exemption),
    }),
    inverse: ({ exemption: { entity } }, { exemptions }) => {
      const before = exemptions.get(entity);
      return before ? { kind: "exempt", exemption: before } : { kind: "unexempt", entity };
    },
    holds: ({ exemption }, { exemptions }) => isSame(exemptions.get(exemption.entity), exemption),
    subject: ({ exemption }) => exemption.entity,
  },
  unexempt: {
    apply: ({ exemptions }, { entity, expiredAt }) =>
      expiredAt === undefined || expiredAt === exemptions.get(entity)?.expiresAt
        ? { exemptions: withoutEntry(exemptions, entity) }
        : {},
    inverse: ({ entity }, { exemptions }) => {
      const exemption = exemptions.get(entity);
      return exemption && { kind: "exempt", exemption };
    },
    holds: ({ entity }, { exemptions }) => !exemptions.has(entity),
    subject: ({ entity }) => entity,
  },
};

/** Whether it is this very exemption, and not another one of the same entity. */
function isSame(now: Exemption | undefined, { by, at, reason, expiresAt }: Exemption): boolean {
  return now?.by === by && now.at === at && now.reason === reason && now.expiresAt === expiresAt;
}
