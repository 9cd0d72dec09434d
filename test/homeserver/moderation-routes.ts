/** What administrators do to accounts, files and rooms: Synapse's admin API, and the standard's account moderation. */
import { type Call, parameter, requireAdmin } from "./call.ts";
import { clientEvent } from "./event.ts";
import { createRoom } from "./create-room.ts";
import { asString } from "./json.ts";
import { badRequest, MatrixError, notFound } from "./matrix-error.ts";
import { changeMembership } from "./membership.ts";
import { submit } from "./submit.ts";
import type { Media, User } from "./world.ts";

export async function suspendBySynapse(call: Call): Promise<unknown> {
  const user = localUser(call);
  const { suspend } = call.body;
  if (typeof suspend !== "boolean") throw badRequest("suspend: a boolean is needed", "M_BAD_JSON");
  await call.load.write(undefined, () => (user.standing = suspend ? "suspended" : "good"));
  return { [`user_${user.id}_suspended`]: suspend };
}

/** As in Synapse an account that is not there would be made; no bot is to rely on that, so it is a fault here. */
export async function putUser(call: Call): Promise<unknown> {
  const user = localUser(call);
  const { locked } = call.body;
  if (typeof locked !== "boolean") throw badRequest("'locked' parameter is not of type boolean");
  await call.load.write(undefined, () => (user.standing = locked ? "locked" : "good"));
  return {};
}

/** MSC4323. */
export function standing(what: "suspend" | "lock") {
  const name = `${what}ed`;
  return async (call: Call): Promise<unknown> => {
    if (call.settings.accountModeration?.[what] !== true)
      throw new MatrixError(404, "M_UNRECOGNIZED", "Unrecognized request");
    const user = call.world.users.get(parameter(call, "user"));
    if (user === undefined) throw notFound("User not found");
    if (user.isAdmin) throw new MatrixError(403, "M_FORBIDDEN", "Administrators cannot be moderated");
    const on = call.body[name];
    if (typeof on === "boolean")
      await call.load.write(
        undefined,
        () => (user.standing = on ? (name as "suspended" | "locked") : "good"),
      );
    return { [name]: user.standing === name };
  };
}

export async function deactivateUser(call: Call): Promise<unknown> {
  const user = localUser(call);
  await call.load.write(undefined, () => {
    user.isDeactivated = true;
    user.isErased ||= call.body["erase"] === true;
    for (const [token, { userId }] of call.world.tokens)
      if (userId === user.id) call.world.tokens.delete(token);
    for (const room of call.world.joinedRoomsOf(user.id)) leave(call, room.id, user.id);
  });
  return { id_server_unbind_result: "no-support" };
}

export async function mediaInfo(call: Call): Promise<unknown> {
  requireAdmin(call);
  await call.load.read();
  const { user, quarantinedBy, isSafe } = oneFile(call);
  return {
    media_info: {
      user_id: user ?? null,
      quarantined_by: quarantinedBy ?? null,
      safe_from_quarantine: isSafe,
    },
  };
}

export function setQuarantine(isOn: boolean) {
  return async (call: Call): Promise<unknown> => {
    requireAdmin(call);
    const media = oneFile(call);
    await call.load.write(undefined, () => quarantine(call, [media], isOn));
    return {};
  };
}

export async function quarantineOfUser(call: Call): Promise<unknown> {
  const user = localUser(call);
  const files = [...call.world.media.values()].filter((one) => one.user === user.id);
  return call.load.write(undefined, () => ({ num_quarantined: quarantine(call, files, true) }));
}

export async function quarantineOfRoom(call: Call): Promise<unknown> {
  requireAdmin(call);
  const said = call.world.room(parameter(call, "room")).timeline.map(({ content }) => content["url"]);
  const files = [...call.world.media].filter(([uri]) => said.includes(uri)).map(([, one]) => one);
  return call.load.write(undefined, () => ({ num_quarantined: quarantine(call, files, true) }));
}

function quarantine(call: Call, files: readonly Media[], isOn: boolean): number {
  const touched = files.filter((one) => !isOn || (!one.isSafe && one.quarantinedBy === undefined));
  for (const one of touched) one.quarantinedBy = isOn ? call.user.id : undefined;
  return touched.length;
}

export async function fetchEvent(call: Call): Promise<unknown> {
  requireAdmin(call);
  await call.load.read();
  for (const room of call.world.rooms.values()) {
    const event = room.event(parameter(call, "event"));
    if (event) return { event: clientEvent(event, { now: call.world.clock.now() }) };
  }
  throw notFound("Event not found");
}

export interface DeletionTask {
  status: "active" | "complete" | "failed";
  readonly roomId: string;
  readonly removed: string[];
  newRoom?: string;
}

/** Answers at once; people are removed one after another, each at the cost of a write. */
export function deleteRoom(tasks: Map<string, DeletionTask>) {
  return async (call: Call): Promise<unknown> => {
    requireAdmin(call);
    const roomId = parameter(call, "room");
    if ([...tasks.values()].some((task) => task.roomId === roomId && task.status === "active"))
      throw badRequest(`Purge already in progress for ${roomId}`, "M_UNKNOWN");
    const id = call.world.ids.plain("delete");
    const task: DeletionTask = { status: "active", roomId, removed: [] };
    tasks.set(id, task);
    if (call.body["block"] === true) call.world.blockedRooms.set(roomId, call.user.id);
    void runDeletion(call, task).catch(() => (task.status = "failed"));
    return { delete_id: id };
  };
}

async function runDeletion(call: Call, task: DeletionTask): Promise<void> {
  const room = call.world.rooms.get(task.roomId);
  const [host, message] = [asString(call.body["new_room_user_id"]), asString(call.body["message"])];
  if (host !== undefined) {
    const name = asString(call.body["room_name"]) ?? "Content Violation Notification";
    task.newRoom = createRoom(call.world, { creator: host, name, joinRule: "public" }).id;
    const content = {
      msgtype: "m.text",
      body: message ?? "Sharing illegal content on this server is not permitted",
    };
    submit(call.world, { roomId: task.newRoom, sender: host, type: "m.room.message", content });
  }
  for (const userId of room ? call.world.users.keys() : []) {
    if (room?.membership(userId) !== "join") continue;
    await call.load.write(task.roomId, () => leave(call, task.roomId, userId));
    task.removed.push(userId);
    if (task.newRoom !== undefined && userId !== host)
      changeMembership(call.world, { roomId: task.newRoom, sender: userId, target: userId, action: "join" });
  }
  if (room && call.body["purge"] !== false) call.world.removeRoom(room);
  for (const [alias, roomId] of call.world.aliases)
    if (roomId === task.roomId) call.world.aliases.delete(alias);
  task.status = "complete";
}

export function deletionStatus(tasks: ReadonlyMap<string, DeletionTask>) {
  return async (call: Call): Promise<unknown> => {
    requireAdmin(call);
    await call.load.read();
    const id = parameter(call, "task");
    const task = tasks.get(id);
    if (task === undefined) throw notFound(`delete id '${id}' not found`);
    return described(id, task);
  };
}

export function deletionsOfRoom(tasks: ReadonlyMap<string, DeletionTask>) {
  return async (call: Call): Promise<unknown> => {
    requireAdmin(call);
    await call.load.read();
    const roomId = parameter(call, "room");
    const results = [...tasks]
      .filter(([, task]) => task.roomId === roomId)
      .map(([id, task]) => described(id, task));
    if (results.length === 0) throw notFound(`No delete task for room_id '${roomId}' found`);
    return { results };
  };
}

function described(id: string, { status, roomId, removed, newRoom }: DeletionTask): unknown {
  const result = {
    kicked_users: [...removed],
    failed_to_kick_users: [],
    local_aliases: [],
    new_room_id: newRoom ?? null,
  };
  return { delete_id: id, room_id: roomId, status, shutdown_room: result };
}

/** Gives the level of the first local member of the highest level, in that one's name. */
export async function makeRoomAdmin(call: Call): Promise<unknown> {
  requireAdmin(call);
  const room = call.world.room(parameter(call, "room"));
  const content = room.state("m.room.power_levels", "")?.content ?? {};
  const users = (content["users"] ?? {}) as Record<string, number>;
  const [highest] = Object.entries(users)
    .filter(([userId]) => call.world.isLocal(userId) && room.membership(userId) === "join")
    .sort(([, a], [, b]) => b - a);
  if (highest === undefined) throw badRequest("No local admin user in room", "M_UNKNOWN");
  const [sender, level] = highest;
  const target = asString(call.body["user_id"]) ?? call.user.id;
  await call.load.write(room.id, () =>
    submit(call.world, {
      roomId: room.id,
      sender,
      type: "m.room.power_levels",
      stateKey: "",
      content: { ...content, users: { ...users, [target]: level } },
    }),
  );
  return {};
}

export async function getListing(call: Call): Promise<unknown> {
  await call.load.read();
  const room = call.world.rooms.get(parameter(call, "room"));
  if (room === undefined) throw notFound("Unknown room");
  return { visibility: room.isPublished ? "public" : "private" };
}

export async function putListing(call: Call): Promise<unknown> {
  const room = call.world.room(parameter(call, "room"));
  await call.load.write(undefined, () => (room.isPublished = call.body["visibility"] !== "private"));
  return {};
}

function leave(call: Call, roomId: string, userId: string): void {
  changeMembership(call.world, { roomId, sender: userId, target: userId, action: "leave" });
}

function oneFile(call: Call): Media {
  const media = call.world.media.get(`mxc://${parameter(call, "server")}/${parameter(call, "media")}`);
  if (media === undefined) throw notFound("Unknown media");
  return media;
}

function localUser(call: Call): User {
  requireAdmin(call);
  const userId = parameter(call, "user");
  if (!call.world.isLocal(userId))
    throw badRequest("This endpoint can only be used with local users", "M_UNKNOWN");
  const user = call.world.users.get(userId);
  if (user === undefined) throw notFound("User not found");
  return user;
}
