/** Reads Tyr's own journal, for the cases in which the oracle has to know why something was done. */
import type { Story } from "../support/story.ts";

export type Because =
  | { readonly kind: "rule"; readonly list: string; readonly event: string }
  | { readonly kind: "command"; readonly event: string; readonly undoes?: readonly string[] }
  | { readonly kind: "rule-removed" };

export interface Entry {
  readonly because: Because;
  readonly at: number;
  readonly isOpen: boolean;
}

/** What the run that is up has written down of acts of one kind against somebody in a room. */
export function entriesAbout(
  { database }: Story,
  { kind, room, user }: { kind: string; room: string; user: string },
): readonly Entry[] {
  const rows = database?.all(
    "SELECT cause, at, state FROM decision WHERE kind = ? AND room = ? AND target = ?",
    ...[kind, room, user],
  );
  return (rows ?? []).map(([cause, at, state]) => ({
    because: JSON.parse(cause as string) as Because,
    at: at as number,
    isOpen: state === "open",
  }));
}
