/** Routes about the account and the server: filters, account data, profiles, aliases. */
import { bodyString, type Call, parameter } from "./call.ts";
import { frozenCopy } from "./json.ts";
import { badRequest, forbidden, MatrixError, notFound } from "./matrix-error.ts";

export function versions(call: { readonly settings: Call["settings"] }): unknown {
  return {
    versions: ["v1.1", "v1.5", "v1.10", "v1.11", "v1.12"],
    unstable_features: { "org.matrix.msc4222": call.settings.supportsStateAfter },
  };
}

export function software(call: Call): unknown {
  return { server: { name: call.settings.manners.software, version: "1" } };
}

export function capabilities(call: Call): unknown {
  const available = Object.fromEntries(
    Array.from({ length: call.settings.manners.newestRoomVersion }, (_, index) => [
      String(index + 1),
      "stable",
    ]),
  );
  return {
    capabilities: {
      "m.room_versions": { default: call.world.defaultRoomVersion, available },
      "m.change_password": { enabled: true },
      ...(call.settings.accountModeration ? { "m.account_moderation": call.settings.accountModeration } : {}),
    },
  };
}

export async function joinedRooms(call: Call): Promise<unknown> {
  await call.load.read();
  return { joined_rooms: call.world.joinedRoomsOf(call.user.id).map((room) => room.id) };
}

export function createFilter(call: Call): unknown {
  call.user.filters.push(call.body);
  return { filter_id: String(call.user.filters.length - 1) };
}

export async function getAccountData(call: Call): Promise<unknown> {
  await call.load.read();
  requireSelf(call);
  const found = call.user.accountData.get(accountDataKey(call));
  if (found === undefined) throw notFound("Account data not found");
  return found.content;
}

export async function putAccountData(call: Call): Promise<unknown> {
  requireSelf(call);
  await call.load.write(undefined, () => {
    call.user.accountData.set(accountDataKey(call), {
      type: parameter(call, "type"),
      roomId: call.params["room"],
      content: frozenCopy(call.body).copy,
      position: call.world.nextPosition(),
    });
    call.world.changes.announce((userId) => userId === call.user.id);
  });
  return {};
}

export async function getProfile(call: Call): Promise<unknown> {
  await call.load.read();
  const user = call.world.users.get(parameter(call, "user"));
  if (user === undefined) throw notFound("Profile was not found");
  const profile: Record<string, unknown> = { displayname: user.displayName };
  if (user.avatarUrl !== undefined) profile["avatar_url"] = user.avatarUrl;
  const { field } = call.params;
  return field === undefined ? profile : { [field]: profile[field] };
}

/** Unlike Synapse this does not rewrite the member events of every joined room. */
export async function putProfile(call: Call): Promise<unknown> {
  requireSelf(call);
  await call.load.write(undefined, () => {
    if (call.params["field"] === "displayname") call.user.displayName = bodyString(call, "displayname");
    else call.user.avatarUrl = bodyString(call, "avatar_url");
  });
  return {};
}

/** By a part of the name, in any case. Synapse compares word by word, and asks for the beginning of each. */
export async function searchPeople(call: Call): Promise<unknown> {
  await call.load.read();
  const term = bodyString(call, "search_term").toLowerCase();
  const limit = Number(call.body["limit"] ?? 10);
  const found = [...call.world.users.values()].filter(({ displayName }) =>
    displayName.toLowerCase().includes(term),
  );
  return {
    limited: found.length > limit,
    results: found.slice(0, limit).map(({ id, displayName }) => ({ user_id: id, display_name: displayName })),
  };
}

export async function getAlias(call: Call): Promise<unknown> {
  await call.load.read();
  const alias = parameter(call, "alias");
  const roomId = call.world.aliases.get(alias);
  if (roomId === undefined) throw notFound(`Room alias ${alias} not found`);
  return { room_id: roomId, servers: [call.world.serverName] };
}

export async function putAlias(call: Call): Promise<unknown> {
  const alias = parameter(call, "alias");
  const roomId = bodyString(call, "room_id");
  await call.load.write(undefined, () => {
    if (call.world.aliases.has(alias)) {
      throw new MatrixError(409, "M_UNKNOWN", `Room alias ${alias} already exists`);
    }
    if (!call.world.rooms.has(roomId)) throw badRequest("Room does not exist", "M_UNKNOWN");
    call.world.aliases.set(alias, roomId);
  });
  return {};
}

export async function deleteAlias(call: Call): Promise<unknown> {
  const alias = parameter(call, "alias");
  await call.load.write(undefined, () => {
    if (!call.world.aliases.delete(alias)) throw notFound(`Room alias ${alias} not found`);
  });
  return {};
}

export async function roomAliases(call: Call): Promise<unknown> {
  await call.load.read();
  const roomId = parameter(call, "room");
  const own = [...call.world.aliases].filter(([, target]) => target === roomId);
  return { aliases: own.map(([alias]) => alias) };
}

/** A receipt is told to everybody in the room, whether it is public or private. */
export function putReceipt(call: Call): unknown {
  const [room, event, type] = [parameter(call, "room"), parameter(call, "event"), parameter(call, "receipt")];
  call.world.putReceipt({ room, event, type, user: call.user.id });
  return {};
}

/** Accepted without effect: read markers, typing, presence. */
export function accepted(): unknown {
  return {};
}

function requireSelf(call: Call): void {
  if (parameter(call, "user") !== call.user.id) {
    throw forbidden("Cannot act on behalf of other users.");
  }
}

function accountDataKey(call: Call): string {
  return `${call.params["room"] ?? ""}|${parameter(call, "type")}`;
}
