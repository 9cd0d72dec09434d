/**
 * What commands and a start look up. A person waits for the reply, so each look-up is one request with a short time-out,
 * and a 429 counts as no answer.
 */
import { foldName } from "../kit/invisible-characters.ts";
import { asArray, asNumber, asObject, asString, type JsonObject } from "../kit/json.ts";
import type { RoomEvent } from "../model/event.ts";
import type { NamedPeople } from "../model/heard-command.ts";
import {
  parseRoomId,
  parseUserId,
  type EventId,
  type MediaUri,
  type ResolvedAlias,
  type RoomAlias,
  type RoomId,
  type UserId,
} from "../model/ids.ts";
import type { RoomDetails, RoomLookedUp } from "../model/room-details.ts";
import { openedWhere, type Sealing } from "./crypto/sealing.ts";
import { path, RestClient } from "./http/client.ts";
import { isNotFound } from "./perform/refusals.ts";
import type { Transport } from "./http/transport.ts";
import { decodeEditedEvent, editOf } from "./sync/decode-timeline.ts";

const timeoutMs = 5_000;
/** People of one name that the directory is asked for. */
const mostPeople = 50;
/** Servers that are kept to join a room through. */
const mostServers = 5;

function clientOf(transport: Transport): RestClient {
  return new RestClient(transport, { timeoutMs, retries: 0, on429: "fail" });
}

/** Whom the homeserver's user directory knows under exactly this display name; undefined where it does not answer. */
export async function peopleCalled(transport: Transport, name: string): Promise<NamedPeople | undefined> {
  const wanted = foldName(name);
  const body = { search_term: wanted, limit: mostPeople };
  const answer = await answered(
    clientOf(transport).call("POST", "/_matrix/client/v3/user_directory/search", { body }),
  );
  if (!answer) return undefined;
  const people = (asArray(answer["results"]) ?? []).flatMap((one): readonly UserId[] => {
    const found = asObject(one);
    const user = parseUserId(found?.["user_id"]);
    return user && foldName(asString(found?.["display_name"]) ?? "") === wanted ? [user] : [];
  });
  return { people: [...new Set(people)], isCut: answer["limited"] === true };
}

/** The room that the directory has for an alias, or the problem in a sentence. */
export async function resolveAlias(transport: Transport, alias: RoomAlias): Promise<ResolvedAlias> {
  try {
    const { roomId, residentServers } = await clientOf(transport).lookupRoomAlias(alias);
    const room = parseRoomId(roomId);
    const servers = (asArray(residentServers) ?? []).flatMap((server) => asString(server) ?? []);
    return room
      ? { room, via: servers.slice(0, mostServers) }
      : { problem: "the directory's answer names no room" };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** An event of a room we are in, opened, with its sender's latest edit; undefined where it cannot be had. */
export async function eventOf(
  transport: Transport,
  { room, event }: { readonly room: RoomId; readonly event: EventId },
  sealing: Pick<Sealing, "openEvent">,
): Promise<RoomEvent | undefined> {
  // Not by the SDK's method, which rejects at a type such as `constructor` (docs/adr/0013).
  const where = path`/_matrix/client/v3/rooms/${room}/event/${event}`;
  const answer = await answered(clientOf(transport).call("GET", where));
  const edit = editOf(answer);
  const found = decodeEditedEvent(room, {
    event: await openedWhere(sealing, room, answer),
    edit: edit === undefined ? undefined : await openedWhere(sealing, room, edit),
  });
  return found?.eventId === event ? found : undefined;
}

/** What stands in a file of the media repository; undefined where it is longer than that, or cannot be had. */
export async function fileAt(
  transport: Transport,
  uri: MediaUri,
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  const [server = "", id = ""] = uri.slice("mxc://".length).split("/");
  const get = (where: string) =>
    transport.exchange("GET", where, {
      ...{ timeoutMs, retries: 0, on429: "fail", wantsBytes: true, mostBytes },
    });
  const answer = await answered(get(path`/_matrix/client/v1/media/download/${server}/${id}`));
  const bytes = answer?.body;
  return bytes instanceof Uint8Array && bytes.length <= mostBytes ? bytes : undefined;
}

/** What Synapse tells its administrators of a room; undefined where it does not answer. */
export async function roomDetailsOf(transport: Transport, room: RoomId): Promise<RoomLookedUp | undefined> {
  const client = clientOf(transport);
  const where = path`/_synapse/admin/v1/rooms/${room}`;
  const [found, block] = await Promise.all([
    client
      .call("GET", where)
      .catch((fault: unknown) => (isNotFound(fault) ? ("missing" as const) : undefined)),
    answered(client.call("GET", `${where}/block`)),
  ]);
  // A room that is not there can be blocked all the same.
  const blocked =
    typeof block?.["block"] === "boolean"
      ? { is: block["block"], by: asString(block["user_id"]) }
      : undefined;
  if (found === undefined) return undefined;
  if (found === "missing") return blocked?.is === true ? detailsIn({}, blocked) : "missing";
  return detailsIn(found, blocked);
}

function detailsIn(found: JsonObject, blocked: RoomDetails["blocked"]): RoomDetails {
  return {
    name: asString(found["name"]),
    alias: asString(found["canonical_alias"]),
    topic: asString(found["topic"]),
    creator: asString(found["creator"]),
    version: asString(found["version"]),
    members: asNumber(found["joined_members"]) ?? 0,
    localMembers: asNumber(found["joined_local_members"]) ?? 0,
    joinRule: asString(found["join_rules"]),
    isEncrypted: asString(found["encryption"]) !== undefined,
    isListed: found["public"] === true,
    isFederated: found["federatable"] !== false,
    isSpace: found["room_type"] === "m.space",
    stateEvents: asNumber(found["state_events"]) ?? 0,
    blocked,
  };
}

export async function displayNameOf(transport: Transport, user: UserId): Promise<string | undefined> {
  const profile = asObject(await answered(clientOf(transport).getUserProfile(user)));
  return asString(profile?.["displayname"]);
}

/** Undefined where the homeserver refuses or is silent: the command is replied to without it, and says what it lacks. */
async function answered<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}
