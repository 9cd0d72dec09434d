/**
 * Notices that a policy server keeps us from acting: it refuses, does not answer (then the homeserver gives up after half a
 * minute, or at once), or takes seconds. What is refused is told as its doing, not as want of power.
 */
import type { Clock } from "../kit/clock.ts";
import type { Performed } from "../matrix/perform/attempt.ts";
import { requestClassOf, roomOf } from "../model/actions/traits.ts";
import type { Decision } from "../model/decision.ts";
import type { RoomId } from "../model/ids.ts";
import type { Seen } from "../model/observation.ts";
import type { PolicyTroubleKind } from "../model/policy-places.ts";
import type { WorldView } from "../model/world/view.ts";
import { policyServerSeenIn } from "../policy/policy-servers.ts";

type Perform = (decision: Decision, signal: AbortSignal) => Promise<Performed>;

/** A message that takes longer to send makes a conversation impossible. */
const slowMs = 10_000;

export interface NoticingOptions {
  readonly world: WorldView;
  readonly clock: Pick<Clock, "now">;
  readonly receive: (seen: readonly Seen[]) => void;
}

export function noticingPolicyServers(perform: Perform, { world, clock, receive }: NoticingOptions): Perform {
  return async (decision, signal) => {
    const room = askedAbout(decision);
    const server = room && policyServerSeenIn(room, world);
    if (!server) return perform(decision, signal);
    const begunAt = clock.now();
    const result = await perform(decision, signal);
    const how = troubleOf(result, clock.now() - begunAt);
    if (how) receive([{ kind: "policy-trouble", room, how }]);
    if (how !== "refused" || result.kind !== "failed") return result;
    return { ...result, message: `the policy server ${server.via} refused it (${result.message})` };
  };
}

/** The room whose policy server is asked before the act comes true. */
function askedAbout({ action }: Decision): RoomId | undefined {
  const isFree = action.kind === "set-policy-server" || action.kind === "clear-policy-server";
  return isFree || requestClassOf(action) !== "write" ? undefined : roomOf(action);
}

/** The guard has looked at our power before, so that a refusal here is hardly ever for want of it. */
function troubleOf(result: Performed, tookMs: number): PolicyTroubleKind | undefined {
  if (result.kind === "failed") return result.code === "M_FORBIDDEN" ? "refused" : undefined;
  if (result.kind === "unavailable") return result.everywhere ? undefined : "silent";
  return result.kind === "done" && tookMs >= slowMs ? "slow" : undefined;
}
