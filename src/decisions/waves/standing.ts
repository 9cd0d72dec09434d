/** Whether what was done to contain a room still stands there for the same reason. */
import type { ActionOf } from "../../model/actions/action.ts";
import { occasionOf, type Decision } from "../../model/decision.ts";
import type { WorldView } from "../../model/world/view.ts";

export type Containing = ActionOf<"contain" | "deny-servers" | "set-room-mode">;

export function whatStands(
  { because }: Decision,
  action: Containing,
  { stored: { containments, roomModes } }: WorldView,
): "ours" | "others" | "nothing" {
  if (action.kind === "set-room-mode") {
    const word = roomModes.get(action.room)?.word;
    return word?.mode === action.mode && word.until === action.until ? "ours" : "others";
  }
  const stands = containments.get(action.room, action.kind === "contain" ? action.key : "acl");
  if (!stands || stands.endedAt !== undefined) return "nothing";
  return occasionOf(stands.because) === occasionOf(because) ? "ours" : "others";
}
