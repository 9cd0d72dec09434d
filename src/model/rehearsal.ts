/**
 * A rehearsal: a made-up wave on a copy of the world, so that a team can practise. Here is what the rest of the house may
 * know of it: whether one goes on, and what nobody real can be called.
 */
import type { UserId } from "./ids.ts";

export interface RehearsalView {
  /** Who began it, and when, ms since the epoch; undefined while none goes on. */
  readonly running: { readonly by: UserId; readonly at: number } | undefined;
  /** Whether waves are looked for at all. */
  readonly areWavesSought: boolean;
}

/** Servers of made-up people end so: no server can have such a name (RFC 2606). */
export const madeUpEnding = ".rehearsal.invalid";

/** As few are a wave in most communities; more than enough to practise on. */
export const [fewestAccounts, usualAccounts, mostAccounts] = [8, 12, 50];
