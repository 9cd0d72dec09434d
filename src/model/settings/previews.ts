/** Rooms that were joined to look at a list before it is watched; they are left again if it is not watched in the end. */
import { withEntry, withoutEntry } from "../../kit/immutable.ts";
import type { EventId, RoomId } from "../ids.ts";
import type { ChangeRows } from "./change-row.ts";

export interface Preview {
  /** The command for which we joined. */
  readonly command: EventId;
  readonly at: number;
}

export interface PreviewSettings {
  readonly previews: ReadonlyMap<RoomId, Preview>;
}

export type PreviewChange =
  | { readonly kind: "preview"; readonly room: RoomId; readonly command: EventId; readonly at: number }
  | { readonly kind: "end-preview"; readonly room: RoomId };

/** These note why we are in a room. Moderators changed nothing by them, so there is nothing to take back. */
export const previewChanges: ChangeRows<PreviewSettings, PreviewChange> = {
  preview: {
    apply: ({ previews }, { room, command, at }) => ({
      previews: withEntry(previews, room, { command, at }),
    }),
    inverse: () => undefined,
    holds: () => false,
    subject: ({ room }) => room,
  },
  "end-preview": {
    apply: ({ previews }, { room }) => (previews.has(room) ? { previews: withoutEntry(previews, room) } : {}),
    inverse: () => undefined,
    holds: () => false,
    subject: ({ room }) => room,
  },
};
