/** State that carries policy: rules of lists, server ACLs; and the descriptions of our commands. */
import type { ActionOf } from "../../model/actions/action.ts";
import { descriptionType } from "../../model/room.ts";
import type { ActContext } from "./act-context.ts";
import { written, type Done } from "./results.ts";

export function writePolicy(
  { list, eventType, stateKey, content }: ActionOf<"write-policy">,
  { writes }: ActContext,
): Promise<Done> {
  return written(writes.sendStateEvent(list, eventType, stateKey, content));
}

/** State cannot be deleted: a rule without content is none. */
export function removePolicy(
  { list, eventType, stateKey }: ActionOf<"remove-policy">,
  { writes }: ActContext,
): Promise<Done> {
  return written(writes.sendStateEvent(list, eventType, stateKey, {}));
}

export function setServerAcl(
  { room, content }: ActionOf<"set-server-acl">,
  { writes }: ActContext,
): Promise<Done> {
  return written(writes.sendStateEvent(room, "m.room.server_acl", "", content));
}

/** MSC4391. */
export function describeCommand(
  { room, stateKey, content }: ActionOf<"describe-command">,
  { writes }: ActContext,
): Promise<Done> {
  return written(writes.sendStateEvent(room, descriptionType, stateKey, content));
}
