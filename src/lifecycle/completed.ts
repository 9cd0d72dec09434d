/** Acts with what can be known only when they are done. */
import { isLevelChange } from "../model/actions/action.ts";
import type { Decision } from "../model/decision.ts";
import type { World } from "../model/world/world.ts";

/** A room's power levels may have changed while the act waited. */
export function completed(decision: Decision, world: World): Decision {
  const { action } = decision;
  if (action.kind === "contain" || action.kind === "release" || action.kind === "put-back") {
    const content = world.contentAfter(action);
    return content ? { ...decision, action: { ...action, content } } : decision;
  }
  return isLevelChange(action)
    ? { ...decision, action: { ...action, levels: world.levelsAfter(action) } }
    : decision;
}
