/** The auth rules: throws the refusal Synapse would word, or returns quietly. */
import type { EventDraft } from "./event.ts";
import { asObject, asString } from "./json.ts";
import { badRequest, forbidden, notFound } from "./matrix-error.ts";
import { levelForAction, levelOf, levelToSend } from "./power.ts";
import { checkPowerChange } from "./power-change.ts";
import type { Room } from "./room.ts";

export function authorize(room: Room, draft: EventDraft): void {
  if (draft.type === "m.room.create") throw forbidden("Create event has already been sent");
  if (draft.type === "m.room.member" && draft.stateKey !== undefined) {
    authorizeMembership(room, draft, draft.stateKey);
    return;
  }
  requireJoined(room, draft.sender);
  const own = levelOf(room, draft.sender);
  const needed = levelToSend(room, draft.type, draft.stateKey !== undefined);
  if (own < needed) {
    const levels = `user_level (${own}) < send_level (${needed})`;
    throw forbidden(`You don't have permission to post that to the room. ${levels}`, "INSUFFICIENT_POWER");
  }
  if (draft.stateKey?.startsWith("@") === true && draft.stateKey !== draft.sender) {
    throw forbidden("You are not allowed to set others state");
  }
  if (draft.type === "m.room.power_levels") checkPowerChange(room, draft.sender, draft.content);
  if (draft.type === "m.room.redaction") authorizeRedaction(room, draft);
}

function requireJoined(room: Room, userId: string): void {
  if (room.membership(userId) !== "join") throw forbidden(`User ${userId} not in room ${room.id}`);
}

function authorizeRedaction(room: Room, draft: EventDraft): void {
  const target = draft.redacts === undefined ? undefined : room.event(draft.redacts);
  if (target?.type === "m.room.create") {
    throw forbidden("Redacting create events is not permitted");
  }
  if (target?.type === "m.room.server_acl") {
    throw forbidden("Redacting server ACL events is not permitted");
  }
  if (levelOf(room, draft.sender) >= levelForAction(room, "redact")) return;
  if (target === undefined) throw notFound(`Could not find event ${draft.redacts ?? ""}`);
  if (target.sender !== draft.sender) {
    throw forbidden("You don't have permission to redact events");
  }
}

function authorizeMembership(room: Room, draft: EventDraft, target: string): void {
  const wanted = asString(draft.content["membership"]);
  switch (wanted) {
    case "join":
      return authorizeJoin(room, draft, target);
    case "invite":
      return authorizeInvite(room, draft.sender, target);
    case "leave":
      return authorizeLeave(room, draft.sender, target);
    case "ban":
      return authorizeBan(room, draft.sender, target);
    case "knock":
      return authorizeKnock(room, draft.sender, target);
    default:
      throw badRequest("Invalid membership key", "M_UNKNOWN");
  }
}

function authorizeJoin(room: Room, draft: EventDraft, target: string): void {
  if (draft.sender !== target) throw forbidden("Cannot force another user to join.");
  const current = room.membership(target);
  if (current === "ban") throw forbidden("You are banned from this room");
  if (current === "join" || current === "invite") return;
  const rule = room.joinRule();
  if (rule === "public") return;
  if (room.isCreator(target) || isFirstJoin(room, target)) return;
  if (rule === "restricted" || rule === "knock_restricted") {
    const voucher = asString(draft.content["join_authorised_via_users_server"]);
    if (voucher !== undefined && canInvite(room, voucher)) return;
    throw forbidden("You do not belong to any of the required rooms/spaces to join this room.");
  }
  throw forbidden("You are not invited to this room.");
}

/** The creator's join is the one event after m.room.create. */
function isFirstJoin(room: Room, target: string): boolean {
  return room.timeline.length === 1 && room.state("m.room.create", "")?.sender === target;
}

function authorizeInvite(room: Room, sender: string, target: string): void {
  requireJoined(room, sender);
  const current = room.membership(target);
  if (current === "ban") throw forbidden(`${target} is banned from the room`);
  if (current === "join") throw forbidden(`${target} is already in the room.`, "ALREADY_JOINED");
  if (!canInvite(room, sender))
    throw forbidden("You don't have permission to invite users", "INSUFFICIENT_POWER");
}

export function canInvite(room: Room, userId: string): boolean {
  const isMember = room.membership(userId) === "join";
  return isMember && levelOf(room, userId) >= levelForAction(room, "invite");
}

function authorizeLeave(room: Room, sender: string, target: string): void {
  const current = room.membership(target);
  if (sender === target) {
    if (current === "ban" || current === "leave" || current === undefined) {
      throw forbidden(`${target} not in room ${room.id}.`, "NOT_JOINED");
    }
    return;
  }
  requireJoined(room, sender);
  const own = levelOf(room, sender);
  if (current === "ban" && own < levelForAction(room, "ban")) {
    throw forbidden(`You cannot unban user ${target}.`, "INSUFFICIENT_POWER");
  }
  if (own < levelForAction(room, "kick") || own <= levelOf(room, target)) {
    throw forbidden(`You cannot kick user ${target}.`, "INSUFFICIENT_POWER");
  }
}

function authorizeBan(room: Room, sender: string, target: string): void {
  requireJoined(room, sender);
  const own = levelOf(room, sender);
  if (own < levelForAction(room, "ban") || own <= levelOf(room, target)) {
    throw forbidden("You don't have permission to ban", "INSUFFICIENT_POWER");
  }
}

function authorizeKnock(room: Room, sender: string, target: string): void {
  if (sender !== target) throw forbidden("You cannot knock for other users");
  const rule = room.joinRule();
  if (rule !== "knock" && rule !== "knock_restricted") {
    throw forbidden("You don't have permission to knock");
  }
  const current = room.membership(target);
  if (current === "ban") throw forbidden("You are banned from this room");
  if (current === "join") throw forbidden("You cannot knock on a room you are already in");
}

/** A user whose membership of one of the allowed rooms opens a restricted room; else undefined. */
export function voucherForRestrictedJoin(
  room: Room,
  userId: string,
  rooms: ReadonlyMap<string, Room>,
): string | undefined {
  const allow = room.state("m.room.join_rules", "")?.content["allow"];
  const conditions = Array.isArray(allow) ? allow.map(asObject) : [];
  const isAllowed = conditions.some((condition) => {
    const other = rooms.get(asString(condition["room_id"]) ?? "");
    return other?.membership(userId) === "join";
  });
  if (!isAllowed) return undefined;
  for (const member of room.stateOfType("m.room.member")) {
    if (member.stateKey !== undefined && canInvite(room, member.stateKey)) return member.stateKey;
  }
  return undefined;
}
