/** What puts questions about people: whose messages are held, who belongs to a wave, who asks to be let in, whose account it is. */
import type { Part } from "../bot/part.ts";
import { valuesOf } from "../automod/define.ts";
import type { CommandFacts } from "../commands/define.ts";
import { staffProtection } from "../decisions/staff/alarm.ts";
import type { Config } from "../config/schema.ts";
import type { Containing } from "../decisions/waves/containing.ts";
import type { Announcements } from "../management-room/announcements.ts";
import type { Listener } from "../management-room/hearing/listener.ts";
import { ListLossesPart } from "../management-room/list-losses.ts";
import { KnockDesk } from "../management-room/knocks/knock-desk.ts";
import type { Notify } from "../management-room/notify.ts";
import type { ProgressMessages } from "../management-room/progress/progress-messages.ts";
import { HeldQuestions } from "../management-room/questions/held-messages.ts";
import type { PutQuestions } from "../management-room/questions/put-question.ts";
import { StaffDesk, type StaffLimits } from "../management-room/staff/staff-desk.ts";
import { WaveDesk } from "../management-room/waves/wave-desk.ts";
import { buildPolicyServers } from "./build-policy-servers.ts";
import type { Seen } from "../model/observation.ts";

export interface AskingParts {
  readonly config: Config;
  readonly facts: CommandFacts;
  readonly put: PutQuestions;
  readonly messages: ProgressMessages;
  readonly notify: Notify;
  readonly announcements: Announcements;
  readonly containing: Pick<Containing, "cuts">;
  readonly listener: Pick<Listener, "isCommand">;
  readonly believe: (seen: Seen, at: number) => void;
}

export function buildAsking({ config, facts, containing, listener, ...parts }: AskingParts) {
  return [
    new HeldQuestions({ ...facts, ...parts }),
    new WaveDesk({
      ...facts,
      ...parts,
      act: config.waves.act,
      cuts: {
        waitingFor: (wave) => containing.cuts.waitingFor(wave),
        leaksIn: (room) => containing.cuts.leaksIn(room),
        changes: () => containing.cuts.changes,
      },
    }),
    new KnockDesk({
      ...facts,
      ...parts,
      limits: config.knocks,
      refusesWaves: config.waves.act === "contain" || config.waves.act === "all",
    }),
    new StaffDesk({
      ...facts,
      ...parts,
      pause: config.staff.pause,
      limits: () => staffLimits(facts),
      isCommand: (room, event) => listener.isCommand(room, event),
      prefix: config.commands.prefixes[0]!,
    }),
    ...buildPolicyServers({ ...facts, ...parts, prefix: config.commands.prefixes[0]! }),
  ];
}

/** Questions by themselves: those that follow from lists that shrink come first, as they keep rules in force. */
export function questionParts(
  { config, facts, believe }: Pick<AskingParts, "config" | "facts" | "believe">,
  put: PutQuestions,
): readonly Part[] {
  return [new ListLossesPart({ config, facts, believe, put }), put];
}

/** How much is too much, as moderators have set it. */
function staffLimits({ registry, world: { settings } }: CommandFacts): StaffLimits {
  const protection = registry.known(settings).all.find(({ name }) => name === staffProtection);
  const values = protection ? valuesOf(protection, settings, undefined) : undefined;
  const limit = (name: keyof StaffLimits) => Number(values?.[name] ?? Infinity);
  return { removals: limit("removals"), levels: limit("levels"), changes: limit("changes") };
}
