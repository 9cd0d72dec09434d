/** How cases end by what is done, whoever does it, and what their reporters' word is worth from then on. */
import { asString } from "../../kit/json.ts";
import type { Action } from "../../model/actions/action.ts";
import { traitsOf } from "../../model/actions/traits.ts";
import type { Outcome } from "../../model/decision.ts";
import { parseUserId, type UserId } from "../../model/ids.ts";
import type { Observation } from "../../model/observation.ts";
import type { Case } from "../../model/reports/cases.ts";
import type { Reporter } from "../../model/reports/reporters.ts";
import type { CaseWord } from "../../model/settings/reports.ts";

export interface ActedOn {
  readonly user: UserId;
  readonly by?: UserId;
}

/** What a protection removes or holds is no answer of a person yet. */
const lasting: readonly Action["kind"][] = ["ban", "kick", "mute", "suspend", "lock", "deactivate"];

/** Somebody was dealt with by us: by a moderator's command, by a list, or for good by a protection. */
export function actedByUs({ decision: { action, because }, result }: Outcome): ActedOn | undefined {
  if (result.kind !== "done" || !("user" in action) || !action.user) return undefined;
  if (!traitsOf(action).harm.isAgainstSubject || because.kind === "self") return undefined;
  const { user } = action;
  if (because.kind === "command") return { user, by: because.by };
  return lasting.includes(action.kind) ? { user } : undefined;
}

/** Somebody was removed by a moderator with their own client. */
export function actedByHand(one: Observation): ActedOn | undefined {
  if (one.kind !== "state" || one.event.type !== "m.room.member" || !one.fromTimeline) return undefined;
  const { sender, stateKey, content } = one.event;
  const user = parseUserId(stateKey);
  const membership = asString(content["membership"]);
  const isRemoval = membership === "ban" || membership === "leave";
  return user && user !== sender && isRemoval ? { user, by: sender } : undefined;
}

/** The case as the word leaves it, and its reporters where that changes what they are worth. */
export function judged(
  one: Case,
  word: CaseWord | undefined,
  reporterOf: (user: UserId) => Reporter | undefined,
): { readonly case: Case; readonly reporters: readonly Reporter[] } {
  const { isOver: _over, learnt, ...rest } = one;
  const outcome = word?.is === "closed" ? word.outcome : undefined;
  const over = word?.is === "closed" ? ({ isOver: true } as const) : {};
  const reporters = outcome === learnt ? [] : learning(one, { from: learnt, to: outcome }, reporterOf);
  return { case: { ...rest, ...over, ...(outcome ? { learnt: outcome } : {}) }, reporters };
}

type Learnt = Case["learnt"];

function learning(
  { voices }: Case,
  { from, to }: { readonly from: Learnt; readonly to: Learnt },
  reporterOf: (user: UserId) => Reporter | undefined,
): readonly Reporter[] {
  const change = (of: Exclude<Learnt, undefined>) => Number(to === of) - Number(from === of);
  return voices.map(({ by: user }) => {
    const { agreed = 0, dismissed = 0, recent = [] } = reporterOf(user) ?? {};
    return {
      user,
      recent,
      agreed: Math.max(0, agreed + change("acted")),
      dismissed: Math.max(0, dismissed + change("nothing")),
    };
  });
}
