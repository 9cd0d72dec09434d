/** Files of the homeserver's media repository: finding those of an event, quarantining and releasing them. */
import { asNumber, asObject, asString, isObject, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import { isSameServer, parseMediaUri, parseUserId, type MediaUri, type UserId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import type { Done } from "./results.ts";
import {
  isNotFound,
  isUnknownEndpoint,
  refusal,
  spareAdministrators,
  synapseAccount,
  type ServerCalls,
} from "./admin-calls.ts";

/** A message with more pictures in its text than this is no message of a person. */
const mostInOneEvent = 20;

/** Who put the files there decides who may be touched, so they are looked up before anything is done to them. */
export async function findMedia(
  decision: Decision,
  { in: where }: ActionOf<"find-media">,
  calls: ServerCalls,
): Promise<Done> {
  if ("media" in where) {
    const info = await mediaInfo(where.media, calls);
    if (info === "missing") throw refusal(noCopy(where.media));
    calls.deliver([
      { kind: "media-found", decision: decision.id, media: [{ uri: where.media, user: uploaderIn(info) }] },
    ]);
    return { kind: "done" };
  }
  const event = await fetchEvent(where, calls);
  const sender = parseUserId(event["sender"]);
  const found: { uri: MediaUri; user: UserId | undefined }[] = [];
  for (const uri of mediaIn(asObject(event["content"]) ?? {})) {
    const info = await mediaInfo(uri, calls);
    if (info !== "missing") found.push({ uri, user: uploaderIn(info) ?? sender });
  }
  if (found.length === 0)
    throw refusal(
      event["type"] === "m.room.encrypted"
        ? "the message is encrypted, so I cannot see which files it has"
        : "the message has no files that the homeserver holds, or no longer",
    );
  calls.deliver([{ kind: "media-found", decision: decision.id, media: found }]);
  return { kind: "done" };
}

function noCopy(media: MediaUri): string {
  return `the homeserver has no file ${media}; one of another server can be quarantined once somebody here has seen it`;
}

/** As an administrator we need not be in the room. Older servers tell only those who are. */
async function fetchEvent(
  { room, event }: { room: string; event: string },
  calls: ServerCalls,
): Promise<JsonObject> {
  try {
    const answer = await calls.read(path`/_synapse/admin/v1/fetch_event/${event}`);
    return asObject(answer["event"]) ?? {};
  } catch (fault) {
    if (!isUnknownEndpoint(fault)) throw fault;
    return calls.read(path`/_matrix/client/v3/rooms/${room}/event/${event}`);
  }
}

/** What clients show of an event: files, their previews, avatars, pictures in formatted text. */
function mediaIn(content: JsonObject): ReadonlySet<MediaUri> {
  const info = asObject(content["info"]) ?? {};
  const html = (asString(content["formatted_body"]) ?? "").slice(0, 65_536);
  const inText = [...html.matchAll(/mxc:\/\/[^\s"'<>?#]{1,300}/g)].map(([uri]) => uri);
  const places = [
    content["url"],
    asObject(content["file"])?.["url"],
    info["thumbnail_url"],
    asObject(info["thumbnail_file"])?.["url"],
    content["avatar_url"],
    ...inText,
  ];
  return new Set(places.flatMap((one) => parseMediaUri(one) ?? []).slice(0, mostInOneEvent));
}

/** Undefined where the server cannot tell (Synapse before 1.140). */
async function mediaInfo(media: MediaUri, calls: ServerCalls): Promise<JsonObject | undefined | "missing"> {
  try {
    const answer = await calls.read(path`/_synapse/admin/v1/media/${serverOf(media)}/${idOf(media)}`);
    return asObject(answer["media_info"]);
  } catch (fault) {
    if (isNotFound(fault)) return "missing";
    if (isUnknownEndpoint(fault)) return undefined;
    throw fault;
  }
}

function uploaderIn(info: JsonObject | undefined): UserId | undefined {
  return parseUserId(info?.["user_id"]);
}

export async function quarantine(
  { kind, media, user }: ActionOf<"quarantine-media" | "unquarantine-media">,
  calls: ServerCalls & { readonly self: UserId },
): Promise<Done> {
  const isOn = kind === "quarantine-media";
  const info = await mediaInfo(media, calls);
  if (info === "missing") throw refusal(noCopy(media));
  if (isOn && info?.["safe_from_quarantine"] === true)
    throw refusal(`an administrator has marked ${media} as safe from quarantine`);
  if (isObject(info) && (typeof info["quarantined_by"] === "string") === isOn && !calls.isRepeated)
    return { kind: "done", isUnchanged: true };
  if (isOn && user !== undefined && isSameServer(user, calls.self))
    spareAdministrators(await synapseAccount(calls, user), user);
  const verb = isOn ? "quarantine" : "unquarantine";
  await calls.write("POST", path`/_synapse/admin/v1/media/${verb}/${serverOf(media)}/${idOf(media)}`);
  return { kind: "done" };
}

export async function quarantineAll(
  action: ActionOf<"quarantine-media-of-user" | "quarantine-media-of-room">,
  calls: ServerCalls,
): Promise<Done> {
  if (action.kind === "quarantine-media-of-user")
    spareAdministrators(await synapseAccount(calls, action.user), action.user);
  const where =
    action.kind === "quarantine-media-of-user"
      ? path`/_synapse/admin/v1/user/${action.user}/media/quarantine`
      : path`/_synapse/admin/v1/room/${action.room}/media/quarantine`;
  const n = asNumber((await calls.write("POST", where))["num_quarantined"]) ?? 0;
  return { kind: "done", note: n === 0 ? "there were none" : `${n} ${n === 1 ? "file" : "files"}` };
}

function serverOf(media: MediaUri): string {
  return media.slice("mxc://".length).split("/")[0]!;
}

function idOf(media: MediaUri): string {
  return media.slice("mxc://".length).split("/")[1]!;
}
