/** What one person's word is not enough for, where the config asks for a second one. */
import { asString } from "../../kit/json.ts";
import type { Action } from "../../model/actions/action.ts";
import { Impact } from "../../policy/impact/impact.ts";
import type { Weighing } from "../../policy/impact/rule-reach.ts";
import { addAction } from "./act-impact.ts";
import type { BlastLimits } from "./held.ts";

/** The level from which on somebody acts against others in most rooms. */
const staffLevel = 50;
/** Percent of a room's people. */
const largeServer = 10;

const cannotBeTakenBack: ReadonlySet<Action["kind"]> = new Set([
  ...(["shutdown-room", "deactivate", "make-room-admin"] as const),
  ...(["quarantine-media-of-user", "quarantine-media-of-room"] as const),
]);

/** Whether the acts of a command are so much that `large` asks for somebody else's yes. */
export function isLarge(
  actions: readonly Action[],
  { limits, ...weighing }: Weighing & { readonly limits: BlastLimits },
): boolean {
  const { world, at } = weighing;
  if (actions.some(isGrave)) return true;
  const all = new Impact({ world, limits, at });
  const ofServers = new Impact({ world, limits, at });
  const lifted = new Set<string>();
  for (const action of actions) {
    addAction(all, action, weighing);
    if (isServerRule(action)) addAction(ofServers, action, weighing);
    if (action.kind === "unban") lifted.add(action.user);
  }
  const most = limits.secondPersonFrom;
  return all.people.size > most || lifted.size > most || ofServers.largestShare() > largeServer;
}

function isGrave(action: Action): boolean {
  if (action.kind === "set-power-level")
    return typeof action.level === "number" && action.level >= staffLevel;
  // Whoever may switch them off alone could do everything alone.
  if (action.kind === "change-settings") return action.change.kind === "set-roles";
  return cannotBeTakenBack.has(action.kind);
}

function isServerRule(action: Action): boolean {
  return (
    action.kind === "write-policy" &&
    action.eventType.endsWith("server") &&
    asString(action.content["entity"]) !== undefined
  );
}
