/** What looks at all that the other parts of the management room have said. */
import type { Part } from "../bot/part.ts";
import { roomNews } from "../management-room/room-news-part.ts";
import { buildDuty, type DutyParts } from "./build-duty.ts";
import { buildReports, type ReportParts } from "./build-reports.ts";

export interface BehindParts extends DutyParts, ReportParts {
  readonly stop: Part;
  readonly roleNews: Part;
}

/** In the order in which they look. */
export function buildBehind({ stop, roleNews, ...options }: BehindParts): readonly Part[] {
  const { announcements, config, facts } = options;
  const prefix = config.commands.prefixes[0]!;
  return [
    ...buildReports(options),
    ...buildDuty(options),
    stop,
    roleNews,
    ...roomNews({ ...options, world: facts.world, announcements, prefix }),
  ];
}
