/** The policy server of a room. */
import type { ActionOf } from "../../model/actions/action.ts";
import {
  policyContent,
  policyType,
  unstablePolicyContent,
  unstablePolicyType,
} from "../../model/policy-server.ts";
import type { ActContext } from "./act-context.ts";
import { written, type Done } from "./results.ts";

/** The event that counts first. Neither is ever asked about by a homeserver, so both can be written while nothing else can. */
export async function writePolicyServer(
  action: ActionOf<"set-policy-server" | "clear-policy-server">,
  { writes }: ActContext,
): Promise<Done> {
  const { room, alsoUnstable } = action;
  const server = action.kind === "set-policy-server" ? action.server : undefined;
  const done = await written(writes.sendStateEvent(room, policyType, "", policyContent(server)));
  if (alsoUnstable) await writes.sendStateEvent(room, unstablePolicyType, "", unstablePolicyContent(server));
  return done;
}
