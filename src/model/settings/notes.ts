/** What moderators wrote about people for one another. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { UserId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Note {
  readonly text: string;
  readonly by: UserId;
  /** When it was written, ms since the epoch. */
  readonly at: number;
}

export interface NoteSettings {
  /** By person, the oldest note first. */
  readonly notes: ReadonlyMap<UserId, readonly Note[]>;
}

export type NoteChange =
  | { readonly kind: "add-note"; readonly user: UserId; readonly note: Note }
  | { readonly kind: "remove-note"; readonly user: UserId; readonly note: Note };

/** Of one person, and of all: they are written with every change of the settings. */
export const notesOfOne = 20;
export const notesOfAll = 500;
export const noteLength = 300;

export const noteChanges: ChangeRows<NoteSettings, NoteChange> = {
  "add-note": {
    apply: ({ notes }, { user, note }) => {
      const before = notes.get(user) ?? [];
      if (before.some((one) => isSame(one, note))) return {};
      const after = [...before, note].toSorted((one, other) => one.at - other.at);
      return { notes: withEntry(notes, user, after) };
    },
    inverse: ({ user, note }, { notes }) =>
      notes.get(user)?.some((one) => isSame(one, note)) === true
        ? undefined
        : { kind: "remove-note", user, note },
    holds: ({ user, note }, { notes }) => notes.get(user)?.some((one) => isSame(one, note)) === true,
    subject: ({ user }) => user,
  },
  "remove-note": {
    apply: ({ notes }, { user, note }) => {
      const before = notes.get(user) ?? [];
      const after = before.filter((one) => !isSame(one, note));
      if (after.length === before.length) return {};
      return { notes: after.length > 0 ? withEntry(notes, user, after) : withoutEntry(notes, user) };
    },
    inverse: ({ user, note }, { notes }) =>
      notes.get(user)?.some((one) => isSame(one, note)) === true
        ? { kind: "add-note", user, note }
        : undefined,
    holds: ({ user, note }, { notes }) => notes.get(user)?.some((one) => isSame(one, note)) !== true,
    subject: ({ user }) => user,
  },
};

function isSame(one: Note, other: Note): boolean {
  return one.at === other.at && one.by === other.by && one.text === other.text;
}
