/**
 * What homeservers do differently, by the server that does it: seen on Synapse 1.163, Dendrite 0.13.8 and tuwunel 1.4.6
 * with Tyr running on each.
 */
export type ServerKind = "synapse" | "dendrite" | "tuwunel";

export interface Manners {
  /** What it tells other servers it is. */
  readonly software: string;
  /** Rooms of later versions can be neither made nor joined. */
  readonly newestRoomVersion: 11 | 12;
  /** Answers `/knock`; without it 404 M_UNRECOGNIZED. */
  readonly hasKnocking: boolean;
  /** Answers under /_synapse/admin. */
  readonly hasSynapseAdmin: boolean;
  /** An incremental /sync without news takes at least so long, whatever its `timeout` says. */
  readonly shortestPollMs: number;
  /** Whoever joins a room that no server can be asked about gets a 500 without a body. */
  readonly failsJoinsWithoutWord: boolean;
  /** Of two events sent to a room at once either may stand first: here the later. */
  readonly mixesUpSends: boolean;
}

export const manners: Readonly<Record<ServerKind, Manners>> = {
  synapse: {
    software: "Synapse",
    newestRoomVersion: 12,
    hasKnocking: true,
    hasSynapseAdmin: true,
    shortestPollMs: 0,
    failsJoinsWithoutWord: false,
    mixesUpSends: false,
  },
  dendrite: {
    software: "Dendrite",
    newestRoomVersion: 11,
    hasKnocking: false,
    // It took over Synapse's registration by shared secret, which no bot asks for, and nothing else.
    hasSynapseAdmin: false,
    shortestPollMs: 0,
    failsJoinsWithoutWord: true,
    mixesUpSends: false,
  },
  tuwunel: {
    software: "Tuwunel",
    newestRoomVersion: 12,
    hasKnocking: true,
    hasSynapseAdmin: false,
    shortestPollMs: 5_000,
    failsJoinsWithoutWord: false,
    mixesUpSends: true,
  },
};
