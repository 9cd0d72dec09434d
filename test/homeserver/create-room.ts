/** A new room with the events Synapse gives it, in Synapse's order. */
import type { Content } from "./event.ts";
import { asObject, asStrings } from "./json.ts";
import { badRequest, MatrixError } from "./matrix-error.ts";
import { changeMembership } from "./membership.ts";
import type { Room } from "./room.ts";
import { record, submit, withFrozenContent } from "./submit.ts";
import type { World } from "./world.ts";

export interface RoomPlan {
  readonly creator: string;
  readonly version?: string | undefined;
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly joinRule?: string | undefined;
  readonly historyVisibility?: string | undefined;
  /** Laid over Synapse's defaults key by key; null makes a room without the event. */
  readonly powerLevels?: Content | null | undefined;
  readonly initialState?: readonly InitialState[] | undefined;
  readonly creationContent?: Content | undefined;
  readonly alias?: string | undefined;
  readonly additionalCreators?: readonly string[] | undefined;
  readonly invite?: readonly string[] | undefined;
  readonly isDirect?: boolean | undefined;
  readonly isPublished?: boolean | undefined;
}

export interface InitialState {
  readonly type: string;
  readonly stateKey?: string | undefined;
  readonly content: Content;
}

export function createRoom(world: World, plan: RoomPlan): Room {
  const version = plan.version ?? world.defaultRoomVersion;
  if (!/^([1-9]|1[0-2])$/.test(version)) {
    throw badRequest("Your homeserver does not support this room version", "M_UNSUPPORTED_ROOM_VERSION");
  }
  if (plan.alias !== undefined && world.aliases.has(plan.alias)) {
    throw new MatrixError(400, "M_ROOM_IN_USE", "Room alias already taken");
  }
  const room = world.addRoom(version, plan.creator);
  try {
    world.inOneGo(() => fill(world, room, plan));
  } catch (error) {
    world.removeRoom(room);
    throw error;
  }
  room.isPublished = plan.isPublished ?? false;
  return room;
}

function fill(world: World, room: Room, plan: RoomPlan): void {
  const { creator } = plan;
  const base = { roomId: room.id, sender: creator };
  const given = new Set((plan.initialState ?? []).map((event) => `${event.type}|${event.stateKey ?? ""}`));
  const put = (type: string, content: Content, stateKey = ""): void => {
    submit(world, { ...base, type, stateKey, content });
  };
  const putDefault = (type: string, content: Content): void => {
    if (!given.has(`${type}|`)) put(type, content);
  };

  const create = { ...base, type: "m.room.create", stateKey: "", content: createContent(room, plan) };
  record(world, room, withFrozenContent(create));
  changeMembership(world, { roomId: room.id, sender: creator, target: creator, action: "join" });
  if (plan.powerLevels !== null) {
    putDefault("m.room.power_levels", { ...defaultPower(room, plan), ...plan.powerLevels });
  }
  if (plan.alias !== undefined) {
    world.aliases.set(plan.alias, room.id);
    putDefault("m.room.canonical_alias", { alias: plan.alias });
  }
  putDefault("m.room.join_rules", { join_rule: plan.joinRule ?? "invite" });
  putDefault("m.room.history_visibility", {
    history_visibility: plan.historyVisibility ?? "shared",
  });
  if (plan.joinRule !== "public") putDefault("m.room.guest_access", { guest_access: "can_join" });
  for (const event of plan.initialState ?? []) put(event.type, event.content, event.stateKey);
  if (plan.name !== undefined) put("m.room.name", { name: plan.name });
  if (plan.topic !== undefined) put("m.room.topic", { topic: plan.topic });
  for (const target of plan.invite ?? []) {
    const content = plan.isDirect === true ? { is_direct: true } : {};
    changeMembership(world, { roomId: room.id, sender: creator, target, action: "invite", content });
  }
}

function createContent(room: Room, plan: RoomPlan): Content {
  const content: Record<string, unknown> = { ...plan.creationContent, room_version: room.versionName };
  if (room.version < 11) content["creator"] = plan.creator;
  const additional = plan.additionalCreators ?? [];
  if (room.version >= 12 && additional.length > 0) {
    const named = asStrings(content["additional_creators"]) ?? [];
    content["additional_creators"] = [...new Set([...named, ...additional])];
  }
  return content;
}

/** The levels of Synapse's own rooms; a public room lets only moderators invite. */
function defaultPower(room: Room, plan: RoomPlan): Content {
  const isEmptyOfCreators = room.version >= 12;
  return {
    users: isEmptyOfCreators ? {} : { [plan.creator]: 100 },
    users_default: 0,
    events: {
      "m.room.name": 50,
      "m.room.power_levels": 100,
      "m.room.history_visibility": 100,
      "m.room.canonical_alias": 50,
      "m.room.avatar": 50,
      "m.room.tombstone": isEmptyOfCreators ? 150 : 100,
      "m.room.server_acl": 100,
      "m.room.encryption": 100,
      ...(plan.joinRule === "public" ? { "m.call.invite": 50 } : {}),
    },
    events_default: 0,
    state_default: 50,
    ban: 50,
    kick: 50,
    redact: 50,
    invite: plan.joinRule === "public" ? 50 : 0,
    historical: 100,
  };
}

interface Preset {
  readonly joinRule: string;
  readonly isTrusting: boolean;
}

/** The body of POST /createRoom. */
export function planFromRequest(
  world: World,
  creator: string,
  { body, encryptsRooms }: { body: Content; encryptsRooms: "off" | "invite" | "all" },
): RoomPlan {
  const preset = presetOf(body);
  const isEncrypted = encryptsRooms === "all" || (encryptsRooms === "invite" && preset.joinRule === "invite");
  const invite = asStrings(body["invite"]) ?? [];
  const text = (key: string): string | undefined => {
    const value = body[key];
    return typeof value === "string" ? value : undefined;
  };
  const version = text("room_version") ?? world.defaultRoomVersion;
  const aliasName = text("room_alias_name");
  const trusted = preset.isTrusting ? invite : [];
  const isModern = Number(version) >= 12;
  const oldOps = isModern || trusted.length === 0 ? undefined : opLevels(creator, trusted);
  return {
    creator,
    version,
    name: text("name"),
    topic: text("topic"),
    joinRule: preset.joinRule,
    powerLevels: { ...oldOps, ...asObject(body["power_level_content_override"]) },
    initialState: [...initialState(body["initial_state"]), ...(isEncrypted ? [encryption] : [])],
    creationContent: asObject(body["creation_content"]),
    alias: aliasName === undefined ? undefined : `#${aliasName}:${world.serverName}`,
    additionalCreators: isModern ? trusted : [],
    invite,
    isDirect: body["is_direct"] === true,
    isPublished: body["visibility"] === "public",
  };
}

const encryption: InitialState = {
  type: "m.room.encryption",
  content: { algorithm: "m.megolm.v1.aes-sha2" },
};

function presetOf(body: Content): Preset {
  const fallback = body["visibility"] === "public" ? "public_chat" : "private_chat";
  const name = body["preset"] ?? fallback;
  return {
    joinRule: name === "public_chat" ? "public" : "invite",
    isTrusting: name === "trusted_private_chat",
  };
}

function opLevels(creator: string, trusted: readonly string[]): Content {
  return { users: Object.fromEntries([creator, ...trusted].map((userId) => [userId, 100])) };
}

function initialState(value: unknown): readonly InitialState[] {
  if (!Array.isArray(value)) return [];
  return value.map(asObject).map((event) => ({
    type: String(event["type"]),
    stateKey: typeof event["state_key"] === "string" ? event["state_key"] : "",
    content: asObject(event["content"]),
  }));
}
