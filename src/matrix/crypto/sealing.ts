/** What those who send and read single events need of encryption, and how it is where there is none. */
import type { RoomId } from "../../model/ids.ts";
import { isSealed, type Opened } from "./decrypt.ts";
import type { Encryption } from "./encryption.ts";

export type Sealing = Pick<Encryption, "seal" | "sealFile" | "openEvent" | "openFile">;

/** Nothing is encrypted. */
export const inClear: Sealing = {
  seal: ({ type, content }) => Promise.resolve({ type, content }),
  sealFile: () => Promise.resolve(undefined),
  openEvent: () => Promise.resolve(undefined),
  openFile: () => Promise.resolve(undefined),
};

/** The event with what is inside, or as it is. */
export async function openedWhere(
  sealing: Pick<Sealing, "openEvent">,
  room: RoomId,
  raw: unknown,
): Promise<{ readonly raw: unknown; readonly sealed?: Opened["sealed"] }> {
  return (isSealed(raw) ? await sealing.openEvent(room, raw) : undefined) ?? { raw };
}
