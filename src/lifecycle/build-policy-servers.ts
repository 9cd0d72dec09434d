/** What looks after policy servers: sets them as moderators want, tells of changes and silence, does what they sign. */
import type { Announcements } from "../management-room/announcements.ts";
import { ObeyPolicyServers } from "../management-room/policy-servers/obey.ts";
import { SettlePolicies } from "../management-room/policy-servers/settle.ts";
import { PolicySilence } from "../management-room/policy-servers/silence.ts";
import type { ProgressMessages } from "../management-room/progress/progress-messages.ts";
import type { PutQuestions } from "../management-room/questions/put-question.ts";
import type { Seen } from "../model/observation.ts";
import type { WorldView } from "../model/world/view.ts";

export interface PolicyServerParts {
  readonly world: WorldView;
  readonly messages: ProgressMessages;
  readonly announcements: Announcements;
  readonly put: PutQuestions;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
  /** Believed at once. */
  readonly believe: (seen: Seen, at: number) => void;
}

export function buildPolicyServers({ put, ...parts }: PolicyServerParts) {
  return [
    new SettlePolicies(parts),
    new PolicySilence({ ...parts, offer: (about, what, at) => put.offerOf(about, what, at) }),
    new ObeyPolicyServers(parts),
  ];
}
