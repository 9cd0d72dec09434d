/** What the house asks of every change of moderators' settings: the shape of a row in the table of change.ts. */
import type { Limits } from "../limits.ts";

/** Bounds that a change has to keep. */
export type ChangeLimits = Pick<Limits, "answersRemembered">;

/**
 * One kind of change. `Needed`: the settings it reads or writes. `Family`: the changes of the same file, among which is
 * the one that takes it back.
 */
export interface ChangeRow<Needed, Change, Family> {
  /** The settings that differ afterwards; none of them where nothing changes. */
  readonly apply: (settings: Needed, change: Change, limits: ChangeLimits) => Partial<Needed>;
  /** The change that takes it back, seen from the settings before it; undefined where none does. */
  readonly inverse: (change: Change, before: Needed) => Family | undefined;
  /** Whether the settings still show it: what was changed again since is not taken back. */
  readonly holds: (change: Change, now: Needed) => boolean;
  /** The room, user, server or entity by which `why` finds it; undefined where it is about none. */
  readonly subject: (change: Change) => string | undefined;
}

/** A row for each kind of change: the compiler asks for those that lack. */
export type ChangeRows<Needed, Change extends { readonly kind: string }> = {
  readonly [K in Change["kind"]]: ChangeRow<Needed, Extract<Change, { readonly kind: K }>, Change>;
};
