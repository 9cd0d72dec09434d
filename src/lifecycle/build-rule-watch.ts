/** What watches how protections do: the brake, what moderators say of incidents, doubts about those that are often wrong, and what makes good a false alarm. */
import type { Part } from "../bot/part.ts";
import type { CommandFacts } from "../commands/define.ts";
import type { Announcements } from "../management-room/announcements.ts";
import { DearRules } from "../management-room/dear-rules.ts";
import { FollowedRules } from "../management-room/followed-rules.ts";
import type { Distrusting } from "../management-room/distrust.ts";
import { IncidentLabels } from "../management-room/incident-labels.ts";
import { RuleBrake } from "../management-room/rule-brake.ts";
import type { Notify } from "../management-room/notify.ts";
import { RuleDoubts } from "../management-room/rule-doubts.ts";
import { FalseAlarms } from "../management-room/waves/false-alarms.ts";
import type { PutQuestions } from "../management-room/questions/put-question.ts";
import { RuleFileNewsPart } from "../management-room/rule-file-news.ts";
import type { Seen } from "../model/observation.ts";

interface WatchParts {
  readonly facts: CommandFacts;
  readonly distrust: Distrusting;
  readonly believe: (seen: Seen, at: number) => void;
}

export function buildRuleWatch(
  { facts, distrust, believe }: WatchParts,
  {
    questions,
    ...parts
  }: { announcements: Announcements; questions: PutQuestions; notify: Notify; prefix: string },
): readonly Part[] {
  return [
    new RuleBrake({ ...facts, ...parts, offer: (about, what, at) => questions.offerOf(about, what, at) }),
    new RuleFileNewsPart({ ...facts, ...parts }),
    new DearRules({ ...facts, ...parts }),
    new FollowedRules({ ...facts, ...parts }),
    new FalseAlarms({ ...facts, ask: (about, what, at) => questions.offerOf(about, what, at) }),
    new IncidentLabels({ ...facts, distrust }),
    new RuleDoubts({ ...facts, ...parts, believe }),
  ];
}
