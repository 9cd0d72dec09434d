/** What regulars and staff post is known afterwards. Where no protection was ever set or written, nothing is looked at. */
import { asString } from "../../kit/json.ts";
import type { RoomEvent } from "../event.ts";
import { keyOfLink, keyOfMedia } from "../facts/post-keys.ts";
import { mediaOf, Said } from "../facts/said.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { Beliefs } from "./beliefs.ts";
import { isOfStaff } from "./note-names.ts";

export function notePosts(beliefs: Beliefs, room: RoomId, event: RoomEvent, at: number): void {
  if (!beliefs.hasProtections) return;
  const { regulars, knownLinks, knownMedia } = beliefs.stored;
  const user = event.sender;
  const isRegular = regulars.isRegular(user, at);
  const isStaff = isOfStaff(beliefs, room, user);
  if (isRegular) for (const known of [knownLinks, knownMedia]) known.regularSpoke(at);
  if (!isRegular && !isStaff) return;
  const said = new Said(event);
  const poster = { user, isStaff, at };
  const media = mediaOf(said);
  const picture = media && keyOfMedia(media);
  if (picture !== undefined) knownMedia.posted(picture, poster);
  if (!mayHoldLink(said)) return;
  for (const link of said.links) {
    const key = keyOfLink(link);
    if (key !== undefined) knownLinks.posted(key, poster);
  }
}

/** Whoever is banned made nothing known. */
export function forgetPosts({ stored }: Beliefs, user: UserId): void {
  for (const known of [stored.knownLinks, stored.knownMedia]) known.forget(user);
}

/** To look for links takes libraries of 20 MB: not for the full stop of a sentence. */
const likeLink = /[a-z0-9-]\.[a-z]{2}|:\/\/|matrix:/i;

function mayHoldLink({ content }: Said): boolean {
  return [content["body"], content["formatted_body"]].some((text) => likeLink.test(asString(text) ?? ""));
}
