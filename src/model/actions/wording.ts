/** How moderators are told of acts: the shape of one kind's words, as `words.ts` has them for every kind. */

/** One, and many. */
export type Names = readonly [one: string, many: string];

/** A line of the message that tells how far work has come: "banned @a:b in 41 of 43 rooms". */
export interface Line {
  readonly did: string;
  /** Before any of it is done. */
  readonly doing: string;
  /** As it follows "would have", where that is another word. */
  readonly done?: string;
  /** What is counted. `accounts` and `things` are in no room. */
  readonly of: "people" | "accounts" | "rooms" | "things";
  readonly noun: string;
  /** Where it is done, another message tells of it: here only what went wrong, and what would have been done. */
  readonly isToldElsewhere?: true;
}

export interface Wording {
  /** What was done, as `why` tells it. */
  readonly did: string;
  /** Words of our own and reads are left out there: nobody asks about them. */
  readonly inWhy: "listed" | "left-out";
  /**
   * In the message about work under way. `silent`: a means to an end, told only where it fails. `notes`: what it tells of
   * itself while it lasts; how it ended is told by the command behind it.
   */
  readonly line: Line | "silent" | "notes";
  /** What an undo is about to do that does this. */
  readonly toTakeBack: Names;
  /** What was done, as an undo calls it that leaves it alone. */
  readonly leftAlone: Names;
  /** What a start would do, as `tyr check` tells it: "Tyr would ban 3 people". `silent`: not worth a line there. */
  readonly check: string;
}

/** For kinds that an undo never mentions. */
export const anAct: Names = ["act", "acts"];
