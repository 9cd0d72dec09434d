/** The lists of a community that conditions of rules look into. */

/** What the entries of a list are. `pictures`: the mxc address of an avatar, or what makes pictures alike. */
export const listKinds = ["words", "links", "servers", "pictures"] as const;
export type ListKind = (typeof listKinds)[number];

export interface RuleList {
  readonly kind: ListKind;
  readonly entries: readonly string[];
  /** The rule file that it stands in; absent for one that moderators made in the room. */
  readonly file?: string;
}

/** Entries of the others may be people's own servers or their pictures: those lists do not go to other communities. */
export function mayTravel(kind: ListKind): boolean {
  return kind === "words" || kind === "links";
}

export const maxEntries = 5_000;
export const maxEntryLength = 200;
