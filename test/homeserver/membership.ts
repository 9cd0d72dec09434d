/** Join, invite, kick, ban and the rest: Synapse's checks of the old membership, then an event. */
import { voucherForRestrictedJoin } from "./auth.ts";
import type { Content, EventDraft, StoredEvent } from "./event.ts";
import { badState, forbidden } from "./matrix-error.ts";
import { submit } from "./submit.ts";
import type { World } from "./world.ts";

export type MembershipAction = "join" | "invite" | "leave" | "knock" | "kick" | "ban" | "unban";

export interface MembershipChange {
  readonly roomId: string;
  readonly sender: string;
  readonly target: string;
  readonly action: MembershipAction;
  /** Fields beside the membership, such as a reason. */
  readonly content?: Content | undefined;
}

export function changeMembership(world: World, change: MembershipChange): StoredEvent {
  checkOldMembership(world, change);
  return submit(world, membershipDraft(world, change));
}

export function membershipDraft(world: World, change: MembershipChange): EventDraft {
  return {
    roomId: change.roomId,
    sender: change.sender,
    type: "m.room.member",
    stateKey: change.target,
    content: { ...defaultContent(world, change), ...change.content, membership: wanted(change) },
  };
}

function checkOldMembership(world: World, change: MembershipChange): void {
  const old = world.room(change.roomId).membership(change.target);
  // Synapse lets pass an unban of somebody the room has never heard of.
  if (change.action === "unban" && old !== "ban" && old !== undefined) {
    throw badState(`Cannot unban user who was not banned (membership=${old})`);
  }
  if (old === "ban" && !["ban", "unban", "leave"].includes(change.action)) {
    throw badState(`Cannot ${change.action} user who was banned`);
  }
  if (change.action === "kick" && (old === undefined || old === "leave")) {
    throw forbidden("The target user is not in the room");
  }
}

function wanted(change: MembershipChange): string {
  return change.action === "kick" || change.action === "unban" ? "leave" : change.action;
}

function defaultContent(world: World, change: MembershipChange): Content {
  const { action, target } = change;
  if (action !== "join" && action !== "invite" && action !== "knock") return {};
  const user = world.users.get(target);
  const profile: Record<string, unknown> = {};
  if (user !== undefined) profile["displayname"] = user.displayName;
  if (user?.avatarUrl !== undefined) profile["avatar_url"] = user.avatarUrl;
  if (action !== "join") return profile;
  const room = world.room(change.roomId);
  const isOpen = !room.joinRule().endsWith("restricted");
  if (isOpen || room.membership(target) !== undefined) return profile;
  const voucher = voucherForRestrictedJoin(room, target, world.rooms);
  if (voucher !== undefined) profile["join_authorised_via_users_server"] = voucher;
  return profile;
}
