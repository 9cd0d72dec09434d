/** Policy servers of the protected rooms: what moderators want where, what is in force, and what is left to be done for it. */
import type { Action, ActionOf } from "../model/actions/action.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import {
  hasUnstablePolicy,
  isSamePolicyServer,
  policyType,
  readPolicyServer,
  serverNameOf,
  showsPolicyServer,
  type PolicyServer,
} from "../model/policy-server.ts";
import type { RoomView } from "../model/room.ts";
import type { PolicyWish } from "../model/settings/policy-servers.ts";
import type { Settings } from "../model/settings/settings.ts";
import type { WorldView } from "../model/world/view.ts";

/** What moderators want there: by itself, or as for all rooms. */
export function wishFor(
  room: RoomId,
  { policyServers }: Pick<Settings, "policyServers">,
): PolicyWish | undefined {
  return policyServers.get(room) ?? policyServers.get("all");
}

/** Nobody speaks in a space, and moderators have to be heard when the policy server does not answer. */
export function* roomsForPolicy(world: WorldView): Iterable<RoomView> {
  for (const room of world.protectedRooms())
    if (!room.isSpace && room.id !== world.settings.managementRoom) yield room;
}

/** Members of a server that are looked at to find one who is in the room: policy servers have one user, others many. */
const mostLookedAt = 2_000;

/** Whether anybody of the server is in the room: until then no homeserver asks it. `user`: who is likely to be. */
export function isPresentIn(
  room: RoomId,
  server: Pick<PolicyServer, "via">,
  { world, user }: { readonly world: WorldView; readonly user?: UserId | undefined },
): boolean {
  const isThere = (one: UserId) => world.members.membershipOf(room, one) === "join";
  if (user && user.endsWith(`:${server.via}`) && isThere(user)) return true;
  let looked = 0;
  for (const one of world.members.usersOfServer(serverNameOf(server))) {
    if (looked++ >= mostLookedAt) return false;
    if (one.endsWith(`:${server.via}`) && isThere(one)) return true;
  }
  return false;
}

/** The server that homeservers ask about events of the room. */
export function policyServerInForce(room: RoomId, world: WorldView): PolicyServer | undefined {
  const known = world.rooms.get(room);
  const server = known?.isKnown ? readPolicyServer(known) : undefined;
  if (!server) return undefined;
  const user = wishFor(room, world.settings)?.user;
  return isPresentIn(room, server, { world, user }) ? server : undefined;
}

/** The same, as it was seen at the last look at the room: for what is asked about every act. */
export function policyServerSeenIn(room: RoomId, world: WorldView): PolicyServer | undefined {
  const known = world.rooms.get(room);
  const server = known?.isKnown ? readPolicyServer(known) : undefined;
  if (!server) return undefined;
  const place = world.stored.policyPlaces.get(room);
  if (!place || !isSamePolicyServer(place.server, server)) return policyServerInForce(room, world);
  return place.isPresent === false ? undefined : server;
}

/** What a wish leads to next in a room: its server is set, or its user is invited first. Undefined: nothing, or we wait. */
export function nextFor(
  { id: room }: Pick<RoomView, "id">,
  wish: PolicyWish,
  world: WorldView,
): Decision | undefined {
  const known = world.rooms.get(room);
  const { server, user, at } = wish;
  if (!server || !known || !world.membersKnown.has(room)) return undefined;
  if (showsPolicyServer(known, server)) return undefined;
  if (isPresentIn(room, server, { world, user })) {
    const action = { kind: "set-policy-server", room, server, wishAt: at, ...wayBack(known) } as const;
    return decidedFor(wish, action, known.event(policyType)?.eventId ?? "");
  }
  const isAsked = user === undefined || world.members.membershipOf(room, user) !== "leave";
  if (isAsked || world.stored.policyPlaces.get(room)?.invitedFor === at) return undefined;
  return decidedFor(wish, { kind: "invite", room, user, reason: "" }, `policy ${at}`);
}

function decidedFor({ command, at }: PolicyWish, action: Action, replaces: string): Decision {
  const cause: Cause = { kind: "command", ...command };
  return decide(action, cause, { at, replaces });
}

/** Undefined where there is nothing to clear. */
export function clearingOf(room: RoomView): ActionOf<"clear-policy-server"> | undefined {
  if (showsPolicyServer(room, undefined)) return undefined;
  return { kind: "clear-policy-server", room: room.id, ...wayBack(room) };
}

function wayBack(room: RoomView): Pick<ActionOf<"clear-policy-server">, "before" | "alsoUnstable"> {
  const before = readPolicyServer(room);
  return { ...(before ? { before } : {}), ...(hasUnstablePolicy(room) ? { alsoUnstable: true } : {}) };
}

/** Whether the room still shows what the act wrote. */
export function isStillSet(
  action: ActionOf<"set-policy-server" | "clear-policy-server">,
  world: WorldView,
): boolean {
  const room = world.rooms.get(action.room);
  const written = action.kind === "set-policy-server" ? action.server : undefined;
  return room !== undefined && isSamePolicyServer(readPolicyServer(room), written);
}
