/** Which policy server moderators want where: for all protected rooms, or for single ones. */
import { isSameJson } from "../../kit/json.ts";
import type { EventId, RoomId, UserId } from "../ids.ts";
import type { PolicyServer } from "../policy-server.ts";
import type { ChangeRows } from "./change-row.ts";

export interface PolicyWish {
  /** Null: none, whatever is wanted for all rooms. */
  readonly server: PolicyServer | null;
  /** Whom to invite where nobody of the server is in. */
  readonly user?: UserId;
  /** When it was said, ms since the epoch. */
  readonly at: number;
  /** The command that said it, which is the cause of all that follows. */
  readonly command: { readonly event: EventId; readonly by: UserId; readonly text: string };
}

/** `all`: of every protected room that has no wish of its own, those of later included. */
export type PolicyWishes = ReadonlyMap<RoomId | "all", PolicyWish>;

export interface PolicyServerSettings {
  readonly policyServers: PolicyWishes;
}

type Wishes = readonly (readonly [RoomId | "all", PolicyWish])[];

/** All wishes as they are afterwards. `drop-`: only fewer than before. */
export type PolicyServerChange =
  | { readonly kind: "use-policy-servers"; readonly wishes: Wishes }
  | { readonly kind: "drop-policy-servers"; readonly wishes: Wishes };

const row = {
  apply: (_settings: PolicyServerSettings, { wishes }: PolicyServerChange) => ({
    policyServers: new Map(wishes),
  }),
  inverse: (_change: PolicyServerChange, { policyServers }: PolicyServerSettings) =>
    ({ kind: "use-policy-servers", wishes: [...policyServers] }) as const,
  holds: ({ wishes }: PolicyServerChange, { policyServers }: PolicyServerSettings) =>
    isSameJson(wishes, [...policyServers]),
  subject: ({ wishes }: PolicyServerChange) => wishes.find(([, { server }]) => server)?.[1].server?.via,
};

export const policyServerChanges: ChangeRows<PolicyServerSettings, PolicyServerChange> = {
  "use-policy-servers": row,
  "drop-policy-servers": row,
};
