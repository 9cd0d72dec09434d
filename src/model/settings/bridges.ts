/** Bridges that moderators have named: how the ghosts of each are called, and its bot. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Bridge {
  /** A glob of user ids, such as @_irc_*:example.org. */
  readonly ghosts: string;
  readonly bot?: UserId;
  readonly by: UserId;
  /** Ms since the epoch. */
  readonly at: number;
}

export interface BridgeSettings {
  /** By the glob of their ghosts. */
  readonly bridges: ReadonlyMap<string, Bridge>;
}

/** `bridge` null: none. */
export interface BridgeChange {
  readonly kind: "set-bridge";
  readonly ghosts: string;
  readonly bridge: Bridge | null;
}

export const bridgeChanges: ChangeRows<BridgeSettings, BridgeChange> = {
  "set-bridge": {
    apply: ({ bridges }, { ghosts, bridge }) => ({
      bridges: bridge ? withEntry(bridges, ghosts, bridge) : withoutEntry(bridges, ghosts),
    }),
    inverse: (change, { bridges }) => ({ ...change, bridge: bridges.get(change.ghosts) ?? null }),
    holds: ({ ghosts, bridge }, { bridges }) => {
      const now = bridges.get(ghosts);
      return now?.at === bridge?.at && now?.bot === bridge?.bot;
    },
    subject: ({ ghosts }) => ghosts,
  },
};
