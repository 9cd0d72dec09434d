/** The protection that finds accounts of moderators, and what follows from it besides: a question tells of it, and nothing else. */
import type { FindingResponse } from "../respond/respond.ts";

export const staffProtection = "staff";

export function isStaffAlarm({ finding, mode }: Pick<FindingResponse, "finding" | "mode">): boolean {
  return finding.protection === staffProtection && mode !== "alert";
}
