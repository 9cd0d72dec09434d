/** Memberships: bans, kicks and invites of others, joins and leaves of our own. */
import type { JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { parseRoomId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import type { ActContext } from "./act-context.ts";
import { done, written, type Done } from "./results.ts";

/** `redacts`: with MSC4293's field, so that servers and clients that know it hide all that the person wrote. */
export function ban(action: ActionOf<"ban">, context: ActContext): Promise<Done> {
  const redacts = action.redacts ? { "org.matrix.msc4293.redact_events": true } : {};
  const { appealLine } = context;
  const reason = appealLine === undefined ? action.reason : `${action.reason} (${appealLine})`.trim();
  return setMembership(action, { membership: "ban", ...reasonOf({ reason }), ...redacts }, context);
}

export function unbanOrKick(
  action: ActionOf<"unban" | "kick" | "refuse-knock">,
  context: ActContext,
): Promise<Done> {
  return setMembership(action, { membership: "leave", ...reasonOf(action) }, context);
}

/** As a state event: `/ban` and `/kick` take a reason only, so MSC4293's field would be lost. */
function setMembership(
  { room, user }: ActionOf<"ban" | "unban" | "kick" | "refuse-knock">,
  content: JsonObject,
  { writes }: ActContext,
): Promise<Done> {
  return written(writes.sendStateEvent(room, "m.room.member", user, content));
}

/** The SDK's method takes no reason. */
export function invite(action: ActionOf<"invite">, { writes }: ActContext): Promise<Done> {
  const body = { user_id: action.user, ...reasonOf(action) };
  return done(writes.call("POST", path`/_matrix/client/v3/rooms/${action.room}/invite`, { body }));
}

export async function join({ room, via }: ActionOf<"join">, { slowWrites }: ActContext): Promise<Done> {
  const joined = parseRoomId(await slowWrites.joinRoom(room, [...via]));
  return joined ? { kind: "done", room: joined } : { kind: "done" };
}

export function leave({ room }: ActionOf<"leave">, { writes }: ActContext): Promise<Done> {
  return done(writes.leaveRoom(room));
}

export function reasonOf({ reason }: { readonly reason: string }): { readonly reason?: string } {
  return reason === "" ? {} : { reason };
}
