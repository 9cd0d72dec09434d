/** What speaks of lists by itself: exceptions that are about to end, and once a day what changed on lists of others. */
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import type { Config } from "../config/schema.ts";
import type { Announcements } from "../management-room/announcements.ts";
import { EndingExceptions } from "../management-room/lists/ending-exceptions.ts";
import { ListDigest } from "../management-room/lists/list-digest.ts";

export function buildLists(
  {
    facts: { world, rulesInForce, past, config: facts },
    config: { duty },
  }: { readonly facts: CommandFacts; readonly config: Pick<Config, "duty"> },
  parts: { readonly announcements: Announcements; readonly prefix: string },
): readonly Part[] {
  const view = { world, rulesInForce, limits: facts.guard, acls: facts.acl !== undefined };
  // A report of the morning tells it as well.
  const isTold = duty.listDigest && duty.reportAt === undefined;
  return [
    new EndingExceptions({ ...view, ...parts }),
    ...(isTold ? [new ListDigest({ world, past, zone: duty.zone ?? "UTC", ...parts })] : []),
  ];
}
