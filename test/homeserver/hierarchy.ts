/** GET /hierarchy: the rooms of a space, breadth first, in pages of at most fifty. */
import { type Call, parameter } from "./call.ts";
import { strippedEvent } from "./event.ts";
import { asString, asStrings } from "./json.ts";
import { forbidden } from "./matrix-error.ts";
import type { Room } from "./room.ts";

const largestPage = 50;

export async function hierarchy(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  const root = call.world.rooms.get(parameter(call, "room"));
  if (root === undefined || !isAccessible(root, call.user.id)) {
    throw forbidden(
      `User ${call.user.id} not in room ${parameter(call, "room")}, and room previews are disabled`,
    );
  }
  const rooms = walk(call, root);
  const start = Number(call.query["from"] ?? 0);
  const end = start + Math.min(Number(call.query["limit"] ?? largestPage), largestPage);
  return {
    rooms: rooms.slice(start, end).map(({ room, depth }) => summary(call, room, depth)),
    ...(end < rooms.length ? { next_batch: String(end) } : {}),
  };
}

interface Found {
  readonly room: Room;
  readonly depth: number;
}

function walk(call: Call, root: Room): readonly Found[] {
  const seen = new Set([root]);
  const found: Found[] = [{ room: root, depth: 0 }];
  for (const { room, depth } of found) {
    if (depth >= deepest(call)) continue;
    for (const child of children(call, room)) {
      const childRoom = call.world.rooms.get(child.stateKey ?? "");
      if (childRoom === undefined || seen.has(childRoom)) continue;
      seen.add(childRoom);
      if (isAccessible(childRoom, call.user.id)) found.push({ room: childRoom, depth: depth + 1 });
    }
  }
  return found;
}

function deepest(call: Call): number {
  return call.query["max_depth"] === undefined ? Infinity : Number(call.query["max_depth"]);
}

function children(call: Call, room: Room) {
  const onlySuggested = call.query["suggested_only"] === "true";
  return [...room.stateOfType("m.space.child")].filter((event) => {
    const via = asStrings(event.content["via"]) ?? [];
    return via.length > 0 && (!onlySuggested || event.content["suggested"] === true);
  });
}

function isAccessible(room: Room, userId: string): boolean {
  const membership = room.membership(userId);
  if (membership === "join" || membership === "invite") return true;
  const isOpen = ["public", "knock", "knock_restricted"].includes(room.joinRule());
  return isOpen || room.historyVisibility() === "world_readable";
}

function summary(call: Call, room: Room, depth: number): unknown {
  const text = (type: string, key: string): string | undefined =>
    asString(room.state(type, "")?.content[key]);
  const isBeyond = depth >= deepest(call);
  const childEvents = isBeyond ? [] : children(call, room);
  return {
    room_id: room.id,
    name: text("m.room.name", "name"),
    topic: text("m.room.topic", "topic"),
    canonical_alias: text("m.room.canonical_alias", "alias"),
    room_type: text("m.room.create", "type"),
    join_rule: room.joinRule(),
    num_joined_members: room.joinedCount,
    world_readable: room.historyVisibility() === "world_readable",
    guest_can_join: text("m.room.guest_access", "guest_access") === "can_join",
    children_state: childEvents.map((event) => ({
      ...strippedEvent(event),
      origin_server_ts: event.originServerTs,
    })),
  };
}
