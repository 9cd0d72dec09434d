/** Reports at the desk, and what they need. */
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import type { Config } from "../config/schema.ts";
import type { Announcements } from "../management-room/announcements.ts";
import type { LookUps } from "../management-room/hearing/command-look-ups.ts";
import type { Listener } from "../management-room/hearing/listener.ts";
import type { Notify } from "../management-room/notify.ts";
import { AppealDesk } from "../management-room/reports/appeal-desk.ts";
import { CaseMessages } from "../management-room/reports/case-messages.ts";
import { LookingUp } from "../management-room/reports/looking-up.ts";
import { ReportDesk } from "../management-room/reports/report-desk.ts";
import type { Seen } from "../model/observation.ts";

export interface ReportParts {
  readonly config: Config;
  readonly facts: CommandFacts;
  readonly lookUps: Pick<LookUps, "event">;
  readonly mailbox: { readonly receive: (seen: readonly Seen[]) => void };
  readonly announcements: Announcements;
  readonly notify: Notify;
  readonly listener: Pick<Listener, "lineOf">;
  readonly believe: (seen: Seen, at: number) => void;
}

/** In the order in which they look: how a case ends is known before whoever appealed is answered. */
export function buildReports({
  config,
  facts,
  lookUps,
  mailbox,
  listener,
  ...parts
}: ReportParts): readonly Part[] {
  const { world, rulesInForce } = facts;
  const { reports, encryption } = config;
  const prefix = config.commands.prefixes[0]!;
  const messages = new CaseMessages({
    ...parts,
    world,
    prefix,
    messagesAnHour: reports.messagesAnHour,
    remindMinutes: reports.remindMinutes,
    isListed: (user) => rulesInForce.verdict(user)?.kind === "ban",
    isMarked: () => {
      const room = world.settings.managementRoom;
      const isEncrypted = room !== undefined && world.rooms.get(room)?.isEncrypted === true;
      return !isEncrypted || encryption.answersBy === "reactions";
    },
  });
  const appeals = new AppealDesk({ ...parts, world, rulesInForce, messages, isDryRun: config.dryRun });
  const desk = new ReportDesk({
    ...parts,
    world,
    rulesInForce,
    limits: reports,
    thanks: reports.thanks,
    prefix,
    messages,
    lookingUp: new LookingUp({ world, event: lookUps.event, receive: mailbox.receive }),
    lineOf: (event) => listener.lineOf(event),
  });
  return [desk, appeals];
}
