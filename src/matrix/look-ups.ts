/**
 * What commands and a start have looked up, soon or not at all: somebody waits for the answer, so one request each, a bounded time,
 * and not even a 429 is waited out.
 */
import { asArray, asObject, asString, type JsonObject } from "../kit/json.ts";
import { foldName } from "../kit/invisible-characters.ts";
import type { RoomEvent } from "../model/event.ts";
import type { NamedPeople } from "../model/heard-command.ts";
import {
  parseRoomId,
  parseUserId,
  type EventId,
  type ResolvedAlias,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "../model/ids.ts";
import { path } from "./http/client.ts";
import { decodeTimelineEvent } from "./sync/decode.ts";
import type { Transport } from "./http/transport.ts";

const timeoutMs = 5_000;
/** People of one name that the directory is asked for. */
const mostPeople = 50;

/** Whom the homeserver's directory knows under exactly this display name; undefined where it does not answer. */
export async function peopleCalled(transport: Transport, name: string): Promise<NamedPeople | undefined> {
  const wanted = foldName(name);
  const answer = await asked(transport, "POST", path`/_matrix/client/v3/user_directory/search`, {
    search_term: wanted,
    limit: mostPeople,
  });
  if (!answer) return undefined;
  const people = (asArray(answer["results"]) ?? []).flatMap((one): readonly UserId[] => {
    const found = asObject(one);
    const user = parseUserId(found?.["user_id"]);
    return user && foldName(asString(found?.["display_name"]) ?? "") === wanted ? [user] : [];
  });
  return { people: [...new Set(people)], isCut: answer["limited"] === true };
}

/** What the directory says of an alias. */
export async function resolveAlias(transport: Transport, alias: RoomAlias): Promise<ResolvedAlias> {
  try {
    const where = path`/_matrix/client/v3/directory/room/${alias}`;
    const answer = asObject(
      await transport.request("GET", where, { timeoutMs: timeoutMs, retries: 0, isWrite: true }),
    );
    const room = parseRoomId(answer?.["room_id"]);
    const servers = (asArray(answer?.["servers"]) ?? []).flatMap((server) => asString(server) ?? []);
    return room ? { room, via: servers.slice(0, 5) } : { problem: "the directory's answer names no room" };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** One event of a room we are in, as it was last edited by its sender; undefined where it cannot be had. */
export async function eventOf(
  transport: Transport,
  room: RoomId,
  event: EventId,
): Promise<RoomEvent | undefined> {
  const answer = await asked(transport, "GET", path`/_matrix/client/v3/rooms/${room}/event/${event}`);
  const found = answer && decoded(room, answer);
  if (!answer || !found || found.eventId !== event) return undefined;
  const edit = asObject(asObject(asObject(answer["unsigned"])?.["m.relations"])?.["m.replace"]);
  const newest = edit && decoded(room, edit);
  return newest?.sender === found.sender ? { ...found, content: newest.content } : found;
}

export async function displayNameOf(transport: Transport, user: UserId): Promise<string | undefined> {
  const answer = await asked(transport, "GET", path`/_matrix/client/v3/profile/${user}/displayname`);
  return asString(answer?.["displayname"]);
}

function decoded(room: RoomId, raw: JsonObject): RoomEvent | undefined {
  const seen = decodeTimelineEvent(room, { ...raw }, { late: false });
  return seen?.kind === "message" || seen?.kind === "state" ? seen.event : undefined;
}

async function asked(
  transport: Transport,
  method: string,
  where: string,
  body?: JsonObject,
): Promise<JsonObject | undefined> {
  try {
    const options = { timeoutMs, retries: 0, isWrite: true };
    return asObject(await transport.request(method, where, body ? { ...options, body } : options));
  } catch {
    // Whatever went wrong: the command is answered without it, and says what it lacks.
    return undefined;
  }
}
