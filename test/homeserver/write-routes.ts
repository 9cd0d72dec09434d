/** Routes that make events: sending, redacting, state and membership. */
import { bodyString, type Call, parameter, requireGoodStanding } from "./call.ts";
import { createRoom, planFromRequest } from "./create-room.ts";
import type { EventDraft, StoredEvent } from "./event.ts";
import { asString } from "./json.ts";
import { badRequest, BareStatus, forbidden, MatrixError } from "./matrix-error.ts";
import { changeMembership, type MembershipAction, membershipDraft } from "./membership.ts";
import type { Room } from "./room.ts";
import { requireIntegers } from "./power-change.ts";
import { findRepeated, submit } from "./submit.ts";

export async function sendEvent(call: Call): Promise<unknown> {
  const type = parameter(call, "type");
  if (type === "m.room.redaction") refuseInOldRooms(call);
  const event = await write(call, {
    ...base(call),
    type,
    content: call.body,
    // MSC4169: a redaction may be sent like any other event.
    redacts: type === "m.room.redaction" ? asString(call.body["redacts"]) : undefined,
  });
  return { event_id: event.eventId };
}

/** Synapse 1.163 stumbles over a redaction sent this way into a room before version 11. */
function refuseInOldRooms(call: Call): void {
  const room = call.world.rooms.get(parameter(call, "room"));
  if (room !== undefined && room.version < 11) {
    throw new MatrixError(500, "M_UNKNOWN", "Internal server error");
  }
}

export async function redactEvent(call: Call): Promise<unknown> {
  const redacts = parameter(call, "event");
  const event = await write(call, {
    ...base(call),
    type: "m.room.redaction",
    content: call.body,
    redacts,
  });
  return { event_id: event.eventId };
}

export async function putState(call: Call): Promise<unknown> {
  const type = parameter(call, "type");
  const stateKey = call.params["key"] ?? "";
  if (type === "m.room.member") return putMember(call, stateKey);
  // Old rooms hold string levels, but Synapse takes no new ones from its clients.
  if (type === "m.room.power_levels") requireIntegers(call.body);
  const event = await write(call, { ...base(call), type, stateKey, content: call.body });
  return { event_id: event.eventId };
}

/** Synapse sends state PUTs of members through the same code as POST /ban and its like. */
async function putMember(call: Call, target: string): Promise<unknown> {
  const actions: readonly MembershipAction[] = ["join", "invite", "leave", "knock", "ban"];
  const action = actions.find((known) => known === call.body["membership"]);
  if (action === undefined) throw badRequest("Invalid membership key", "M_UNKNOWN");
  const event = await member(call, { action, target, content: call.body });
  return { event_id: event.eventId };
}

export function actOnMember(action: MembershipAction): (call: Call) => Promise<unknown> {
  return async (call) => {
    await member(call, { action, target: bodyString(call, "user_id"), content: reason(call) });
    return {};
  };
}

export async function joinRoom(call: Call): Promise<unknown> {
  const room = roomToJoin(call);
  if (room.membership(call.user.id) === "join") return { room_id: room.id };
  await member(call, { action: "join", content: reason(call), roomId: room.id });
  call.user.forgotten.delete(room.id);
  return { room_id: room.id };
}

function roomToJoin(call: Call): Room {
  const name = call.params["idOrAlias"] ?? parameter(call, "room");
  const { failsJoinsWithoutWord, newestRoomVersion } = call.settings.manners;
  if (failsJoinsWithoutWord && !name.startsWith("#") && !call.world.rooms.has(name))
    throw new BareStatus(500);
  const room = call.world.resolve(name);
  if (room.version > newestRoomVersion) throw unknownVersion();
  return room;
}

function unknownVersion(): MatrixError {
  return badRequest("Your homeserver does not support this room version", "M_UNSUPPORTED_ROOM_VERSION");
}

export async function knockRoom(call: Call): Promise<unknown> {
  const room = call.world.resolve(parameter(call, "idOrAlias"));
  await member(call, { action: "knock", content: reason(call), roomId: room.id });
  return { room_id: room.id };
}

export async function leaveRoom(call: Call): Promise<unknown> {
  await member(call, { action: "leave", content: reason(call) });
  return {};
}

export async function forgetRoom(call: Call): Promise<unknown> {
  const roomId = parameter(call, "room");
  const membership = call.world.rooms.get(roomId)?.membership(call.user.id);
  if (membership === "join" || membership === "invite") {
    throw badRequest(`User ${call.user.id} in room ${roomId}`, "M_UNKNOWN");
  }
  await call.load.write(roomId, () => call.user.forgotten.add(roomId));
  return {};
}

export async function createRoomRoute(call: Call): Promise<unknown> {
  requireGoodStanding(call);
  await call.limit.charge(call.user.id);
  const plan = planFromRequest(call.world, call.user.id, { ...call.settings, body: call.body });
  if (Number(plan.version ?? call.world.defaultRoomVersion) > call.settings.manners.newestRoomVersion)
    throw unknownVersion();
  const room = await call.load.write(undefined, () => createRoom(call.world, plan));
  return { room_id: room.id };
}

interface MemberWrite {
  readonly action: MembershipAction;
  readonly target?: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly roomId?: string;
}

async function member(call: Call, wish: MemberWrite): Promise<StoredEvent> {
  const leaves = wish.action === "leave" && (wish.target ?? call.user.id) === call.user.id;
  if (!leaves) requireGoodStanding(call);
  const roomId = wish.roomId ?? parameter(call, "room");
  const target = wish.target ?? call.user.id;
  const change = { ...wish, roomId, target, sender: call.user.id };
  const room = call.world.rooms.get(roomId);
  if (room === undefined) {
    if (wish.action === "leave") throw new MatrixError(404, "M_UNKNOWN", "Not a known room");
    throw forbidden("Unknown room");
  }
  if (findRepeated(room, membershipDraft(call.world, change)) === undefined) {
    await call.limit.charge(call.user.id);
  }
  return call.load.writeState(roomId, () => changeMembership(call.world, change));
}

async function write(call: Call, draft: EventDraft): Promise<StoredEvent> {
  requireGoodStanding(call);
  const room = call.world.rooms.get(draft.roomId);
  if (room === undefined) {
    throw forbidden(`User ${call.user.id} not in room ${draft.roomId}`);
  }
  // Synapse notices a repeated state event before it charges the bucket.
  if (findRepeated(room, draft) === undefined) await call.limit.charge(call.user.id);
  const work = (): StoredEvent => submit(call.world, draft);
  return draft.stateKey === undefined ? call.load.write(room.id, work) : call.load.writeState(room.id, work);
}

function base(call: Call) {
  const id = call.params["transaction"];
  return {
    roomId: parameter(call, "room"),
    sender: call.user.id,
    transaction: id === undefined ? undefined : { token: call.token, id },
  };
}

function reason(call: Call): Readonly<Record<string, unknown>> {
  const { user_id: _target, ...rest } = call.body;
  const text = asString(rest["reason"]);
  return text === undefined ? {} : { reason: text };
}
