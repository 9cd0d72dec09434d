/** What tells of rooms that stay closed, calls those on duty, and tells them in the morning what happened. */
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import type { Config } from "../config/schema.ts";
import type { Announcements } from "../management-room/announcements.ts";
import { ContainmentNews } from "../management-room/containment-news.ts";
import { CallRounds } from "../management-room/duty/call-rounds.ts";
import { MorningReport } from "../management-room/duty/morning-report.ts";
import type { Distrusting } from "../management-room/distrust.ts";
import type { Notify, NotifySettings } from "../management-room/notify.ts";

export interface DutyParts {
  readonly config: Config;
  readonly facts: CommandFacts;
  readonly notify: Notify;
  readonly announcements: Announcements;
  readonly distrust: Distrusting;
}

/** Whom messages mention, with the hours in which that is only who is on duty. */
export function notifySettings({ notify, duty }: Config): NotifySettings {
  const { quietHours: hours, zone = "UTC" } = duty;
  return hours ? { ...notify, quiet: { hours, zone } } : notify;
}

export function buildDuty({ config, facts: { world, past }, ...parts }: DutyParts): readonly Part[] {
  const prefix = config.commands.prefixes[0]!;
  const { reportAt, zone = "UTC", seenIsEnough } = config.duty;
  return [
    new ContainmentNews({ ...parts, world, prefix }),
    new MorningReport({ ...parts, world, past, prefix, reportAt, zone }),
    // Behind whatever calls somebody.
    new CallRounds({ ...parts, world, prefix, seenIsEnough }),
  ];
}
