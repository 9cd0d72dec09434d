/** The proposal to change what moderators have set: protected rooms, watched lists, exemptions, protections. */
import type { ActionOf } from "../../model/actions/action.ts";
import type { Proposal } from "../define.ts";

/** `until`: when it is taken back by itself, ms since the epoch. */
export function settingsChange(change: ActionOf<"change-settings">["change"], until?: number): Proposal {
  return { action: { kind: "change-settings", change, ...(until === undefined ? {} : { until }) } };
}
