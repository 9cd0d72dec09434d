/** The part of Synapse's admin API a moderation bot uses. */
import { type Call, parameter, requireAdmin } from "./call.ts";
import { clientEvent, type StoredEvent } from "./event.ts";
import { asString, asStrings } from "./json.ts";
import { badRequest, notFound } from "./matrix-error.ts";
import type { Room } from "./room.ts";
import { submit } from "./submit.ts";

export async function isUserAdmin(call: Call): Promise<unknown> {
  const user = await localUser(call);
  return { admin: user.isAdmin };
}

export async function userDetails(call: Call): Promise<unknown> {
  const user = await localUser(call);
  return {
    name: user.id,
    displayname: user.displayName,
    admin: user.isAdmin,
    deactivated: user.isDeactivated,
    erased: user.isErased,
    locked: user.standing === "locked",
    suspended: user.standing === "suspended",
    shadow_banned: false,
    is_guest: false,
  };
}

export async function getRateLimit(call: Call): Promise<unknown> {
  const user = await localUser(call);
  return call.limit.isExempt(user.id) ? { messages_per_second: 0, burst_count: 0 } : {};
}

export async function setRateLimit(call: Call): Promise<unknown> {
  const user = await localUser(call);
  const perSecond = call.body["messages_per_second"] ?? 0;
  const burst = call.body["burst_count"] ?? 0;
  call.limit.setExempt(user.id, perSecond === 0 && burst === 0);
  return { messages_per_second: perSecond, burst_count: burst };
}

export async function deleteRateLimit(call: Call): Promise<unknown> {
  call.limit.setExempt((await localUser(call)).id, false);
  return {};
}

export async function adminMembers(call: Call): Promise<unknown> {
  const room = await anyRoom(call);
  const joined = [...room.stateOfType("m.room.member")]
    .filter((event) => event.content["membership"] === "join")
    .map((event) => event.stateKey);
  return { members: joined, total: joined.length };
}

export async function adminRoom(call: Call): Promise<unknown> {
  const room = await anyRoom(call);
  const joined = [...room.stateOfType("m.room.member")].filter(
    (event) => event.content["membership"] === "join",
  );
  const content = (type: string) => room.state(type, "")?.content ?? {};
  return {
    room_id: room.id,
    name: content("m.room.name")["name"] ?? null,
    topic: content("m.room.topic")["topic"] ?? null,
    canonical_alias: content("m.room.canonical_alias")["alias"] ?? null,
    creator: room.state("m.room.create", "")?.sender ?? null,
    version: content("m.room.create")["room_version"] ?? null,
    joined_members: joined.length,
    joined_local_members: joined.filter((event) => call.world.isLocal(event.stateKey ?? "")).length,
    join_rules: content("m.room.join_rules")["join_rule"] ?? null,
    encryption: content("m.room.encryption")["algorithm"] ?? null,
    federatable: true,
    public: room.isPublished,
    room_type: content("m.room.create")["type"] ?? null,
    state_events: [...room.allState()].length,
  };
}

/** A room that the server does not know can be blocked, too. */
export async function getBlock(call: Call): Promise<unknown> {
  requireAdmin(call);
  await call.load.read();
  const by = call.world.blockedRooms.get(parameter(call, "room"));
  return by === undefined ? { block: false } : { block: true, user_id: by };
}

export async function putBlock(call: Call): Promise<unknown> {
  requireAdmin(call);
  const room = parameter(call, "room");
  const { block } = call.body;
  if (typeof block !== "boolean") throw badRequest("Param 'block' must be a boolean.", "M_BAD_JSON");
  await call.load.write(undefined, () => {
    if (block) call.world.blockedRooms.set(room, call.user.id);
    else call.world.blockedRooms.delete(room);
  });
  return { block };
}

export async function adminState(call: Call): Promise<unknown> {
  const room = await anyRoom(call);
  const reader = { now: call.world.clock.now() };
  return { state: [...room.allState()].map((event) => clientEvent(event, reader)) };
}

export interface RedactionTask {
  status: "active" | "complete";
  readonly userId: string;
  readonly failures: Record<string, string>;
}

const redactedTypes = ["m.room.member", "m.room.message", "m.room.encrypted"];

/** Answers at once; the events are redacted one after another, each at the cost of a write. */
export function redactUser(tasks: Map<string, RedactionTask>): (call: Call) => Promise<unknown> {
  return async (call) => {
    requireAdmin(call);
    const userId = parameter(call, "user");
    const isBusy = [...tasks.values()].some((task) => task.userId === userId && task.status === "active");
    if (isBusy) throw badRequest(`Redact already in progress for user ${userId}`, "M_UNKNOWN");
    const id = call.world.ids.plain("redact");
    const task: RedactionTask = { status: "active", userId, failures: {} };
    tasks.set(id, task);
    void runRedaction(call, task).catch((error: unknown) => {
      task.failures["task"] = String(error);
      task.status = "complete";
    });
    return { redact_id: id };
  };
}

export function redactStatus(tasks: ReadonlyMap<string, RedactionTask>): (call: Call) => unknown {
  return (call) => {
    requireAdmin(call);
    const task = tasks.get(parameter(call, "task"));
    if (task === undefined) throw notFound("redact_id not found");
    return { status: task.status, failed_redactions: task.failures };
  };
}

async function runRedaction(call: Call, task: RedactionTask): Promise<void> {
  const limit = Number(call.body["limit"] ?? 1000);
  // Local users redact themselves, which needs no power; others are redacted by the admin.
  const isPuppet = call.world.isLocal(task.userId) && call.body["use_admin"] !== true;
  const sender = isPuppet ? task.userId : call.user.id;
  for (const room of redactedRooms(call, task.userId)) {
    for (const event of redactable(room, task.userId, limit)) {
      const content = { reason: asString(call.body["reason"]) };
      const draft = { roomId: room.id, sender, type: "m.room.redaction", content };
      try {
        await call.load.write(room.id, () =>
          submit(call.world, { ...draft, redacts: event.eventId }, { isPuppet }),
        );
      } catch (error) {
        task.failures[event.eventId] = error instanceof Error ? error.message : String(error);
      }
    }
  }
  task.status = "complete";
}

function redactedRooms(call: Call, userId: string): readonly Room[] {
  const named = asStrings(call.body["rooms"]) ?? [];
  if (named.length > 0) return named.map((roomId) => call.world.room(roomId));
  return [...call.world.rooms.values()].filter((room) =>
    ["join", "ban"].includes(room.membership(userId) ?? ""),
  );
}

function redactable(room: Room, userId: string, limit: number): readonly StoredEvent[] {
  const isWanted = (event: StoredEvent): boolean =>
    event.sender === userId &&
    event.redactedBecause === undefined &&
    redactedTypes.includes(event.type) &&
    (event.type !== "m.room.member" || event.content["membership"] === "join");
  return room.timeline.filter(isWanted).reverse().slice(0, limit);
}

async function localUser(call: Call) {
  requireAdmin(call);
  await call.load.read();
  const user = call.world.users.get(parameter(call, "user"));
  if (user === undefined) throw notFound("User not found");
  return user;
}

async function anyRoom(call: Call): Promise<Room> {
  requireAdmin(call);
  await call.load.read();
  const room = call.world.rooms.get(parameter(call, "room"));
  if (room === undefined) throw notFound("Room not found");
  return room;
}
