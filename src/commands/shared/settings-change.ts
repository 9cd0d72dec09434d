/** The proposal to change what moderators have set: protected rooms, watched lists, exemptions, protections. */
import type { ActionOf } from "../../model/actions/action.ts";
import type { Proposal } from "../define.ts";

export function settingsChange(change: ActionOf<"change-settings">["change"]): Proposal {
  return { action: { kind: "change-settings", change } };
}
