/** Files of the homeserver's media repository: finding those of an event, quarantining and releasing them. */
import { asNumber, asObject, asString, isObject, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import {
  isSameServer,
  parseMediaUri,
  parseUserId,
  type EventId,
  type MediaUri,
  type RoomId,
  type UserId,
} from "../../model/ids.ts";
import { openedWhere } from "../crypto/sealing.ts";
import { path } from "../http/client.ts";
import { decodeSingleEvent } from "../sync/decode-timeline.ts";
import type { ActContext } from "./act-context.ts";
import { filesSentBy } from "./files-sent.ts";
import { spareAdministrators, synapseAccount } from "./admin-accounts.ts";
import { isNotFound, isUnknownEndpoint, refusal } from "./refusals.ts";
import type { Done } from "./results.ts";

/** Files of one event that are looked up; no person puts more pictures into one text. */
const mostInOneEvent = 20;

/** Finds files and who uploaded them: guard decides by the uploader whether they may be quarantined. */
export async function findMedia({ in: where }: ActionOf<"find-media">, context: ActContext): Promise<Done> {
  const { decision } = context;
  if ("media" in where) {
    const info = await mediaInfo(where.media, context);
    if (info === "missing") throw refusal(noCopy(where.media));
    context.deliver([
      { kind: "media-found", decision: decision.id, media: [{ uri: where.media, user: uploaderIn(info) }] },
    ]);
    return { kind: "done" };
  }
  if ("by" in where) return findMediaOf(where, context);
  const { raw } = await openedWhere(context.sealing, where.room, await fetchEvent(where, context));
  const event = decodeSingleEvent(where.room, raw);
  const found: { uri: MediaUri; user: UserId | undefined }[] = [];
  for (const uri of mediaIn(event?.content ?? {})) {
    const info = await mediaInfo(uri, context);
    if (info !== "missing") found.push({ uri, user: uploaderIn(info) ?? event?.sender });
  }
  if (found.length === 0)
    throw refusal(
      event?.type === "m.room.encrypted"
        ? "the message is encrypted, so I cannot see which files it has"
        : "the message has no files that the homeserver holds, or no longer",
    );
  context.deliver([{ kind: "media-found", decision: decision.id, media: found }]);
  return { kind: "done" };
}

/** Files that the homeserver does not hold are left out: there is nothing to quarantine. */
async function findMediaOf(
  where: Extract<ActionOf<"find-media">["in"], { readonly by: unknown }>,
  context: ActContext,
): Promise<Done> {
  const { files, isCut } = await filesSentBy(where, context, mediaIn);
  const found: { uri: MediaUri; user: UserId }[] = [];
  for (const [uri, user] of files) {
    const info = await mediaInfo(uri, context);
    if (info !== "missing") found.push({ uri, user: uploaderIn(info) ?? user });
  }
  if (found.length === 0)
    throw refusal(`the homeserver holds no files that ${where.by} sent to the protected rooms in that time`);
  context.deliver([{ kind: "media-found", decision: context.decision.id, media: found }]);
  return isCut ? { kind: "done", note: "there are more: say it again for the rest" } : { kind: "done" };
}

function noCopy(media: MediaUri): string {
  return `the homeserver has no file ${media}; one of another server can be quarantined once somebody here has seen it`;
}

/** As an administrator of the homeserver we need not be in the room; with an older Synapse we have to. */
async function fetchEvent(
  { room, event }: { readonly room: RoomId; readonly event: EventId },
  { reads }: ActContext,
): Promise<unknown> {
  try {
    const answer = await reads.call("GET", path`/_synapse/admin/v1/fetch_event/${event}`);
    return answer["event"];
  } catch (fault) {
    if (!isUnknownEndpoint(fault)) throw fault;
    return reads.call("GET", path`/_matrix/client/v3/rooms/${room}/event/${event}`);
  }
}

/** The files that clients show of an event: attachments, previews, avatars, pictures in formatted text. */
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
async function mediaInfo(
  media: MediaUri,
  { reads }: ActContext,
): Promise<JsonObject | undefined | "missing"> {
  try {
    const where = path`/_synapse/admin/v1/media/${serverOf(media)}/${idOf(media)}`;
    const answer = await reads.call("GET", where);
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
  context: ActContext,
): Promise<Done> {
  const isOn = kind === "quarantine-media";
  const info = await mediaInfo(media, context);
  if (info === "missing") throw refusal(noCopy(media));
  if (isOn && info?.["safe_from_quarantine"] === true)
    throw refusal(`an administrator has marked ${media} as safe from quarantine`);
  if (isObject(info) && (typeof info["quarantined_by"] === "string") === isOn && !context.isRepeated)
    return { kind: "done", isUnchanged: true };
  if (isOn && user !== undefined && isSameServer(user, context.self))
    spareAdministrators(await synapseAccount(user, context), user);
  const verb = isOn ? "quarantine" : "unquarantine";
  await context.writes.call(
    "POST",
    path`/_synapse/admin/v1/media/${verb}/${serverOf(media)}/${idOf(media)}`,
    {
      body: {},
    },
  );
  return { kind: "done" };
}

export async function quarantineAll(
  action: ActionOf<"quarantine-media-of-user" | "quarantine-media-of-room">,
  context: ActContext,
): Promise<Done> {
  if (action.kind === "quarantine-media-of-user")
    spareAdministrators(await synapseAccount(action.user, context), action.user);
  const where =
    action.kind === "quarantine-media-of-user"
      ? path`/_synapse/admin/v1/user/${action.user}/media/quarantine`
      : path`/_synapse/admin/v1/room/${action.room}/media/quarantine`;
  const n = asNumber((await context.writes.call("POST", where, { body: {} }))["num_quarantined"]) ?? 0;
  return { kind: "done", note: n === 0 ? "there were none" : `${n} ${n === 1 ? "file" : "files"}` };
}

function serverOf(media: MediaUri): string {
  return media.slice("mxc://".length).split("/")[0]!;
}

function idOf(media: MediaUri): string {
  return media.slice("mxc://".length).split("/")[1]!;
}
