/** That a rehearsal begins or ends: said by a command, it changes no setting, and is over with the run. */
import type { RoomId, UserId } from "../ids.ts";
import type { ChangeRow, ChangeRows } from "./change-row.ts";

export type RehearsalChange =
  | {
      readonly kind: "rehearse-wave";
      readonly rooms: readonly RoomId[];
      /** How many made-up accounts come. */
      readonly accounts: number;
      readonly by: UserId;
      readonly at: number;
    }
  | { readonly kind: "end-rehearsal"; readonly at: number };

const changesNothing: ChangeRow<object, RehearsalChange, RehearsalChange> = {
  apply: () => ({}),
  inverse: () => undefined,
  holds: () => false,
  subject: () => undefined,
};

export const rehearsalChanges: ChangeRows<object, RehearsalChange> = {
  "rehearse-wave": changesNothing,
  "end-rehearsal": changesNothing,
};
