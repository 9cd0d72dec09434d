/** Which kinds an event is of. */
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RoomEvent } from "../event.ts";
import type { EventSighting } from "../signals/sighting.ts";
import { kindSet, kindWords, type KindSet } from "./kinds.ts";
import type { Said } from "./said.ts";

const byType: ReadonlyMap<string, KindSet> = new Map([
  ["m.room.message", kindSet("message")],
  // Its text cannot be read, but it is what people say.
  ["m.room.encrypted", kindSet("message")],
  ["m.sticker", kindSet("sticker")],
  ["m.reaction", kindSet("reaction")],
  ["m.poll.start", kindSet("poll")],
  ["m.poll", kindSet("poll")],
  ["org.matrix.msc3381.poll.start", kindSet("poll")],
]);

const media: ReadonlySet<string> = new Set(["m.image", "m.video", "m.audio", "m.file"]);

export function kindsOf({ kind, event, user, world }: EventSighting, { content }: Said): KindSet {
  switch (kind) {
    case "state":
      // What somebody with power changes is also what they do with it.
      return world.stored.staffActs.get(user, event.eventId) ? kindSet("state", "act") : kindSet("state");
    case "message":
      return kindsOfMessage(event.type, event.content, content);
    case "profile":
      // What it was before is not kept, so it may be either.
      return kindSet("name", "avatar");
    default:
      return kindSet(kind);
  }
}

/** Something that the person says, and no edit of what they said before. */
export function isNewMessage({ type, content }: Pick<RoomEvent, "type" | "content">): boolean {
  const kinds = kindsOfMessage(type, content, content);
  return (kinds & kindWords.get("messages")!) !== 0 && (kinds & kindSet("edit")) === 0;
}

/** An edit is one whatever it becomes; a picture is media also when an edit makes it one. */
function kindsOfMessage(type: string, outer: JsonObject, content: JsonObject): KindSet {
  const isMedia = type === "m.room.message" && media.has(asString(content["msgtype"]) ?? "");
  const kind = isMedia ? kindSet("media") : (byType.get(type) ?? kindSet("other"));
  const isEdit = asObject(outer["m.relates_to"])?.["rel_type"] === "m.replace";
  return isEdit ? kindSet("edit") | (isMedia ? kind : 0) : kind;
}
