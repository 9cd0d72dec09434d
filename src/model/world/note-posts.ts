/** What regulars and staff post is known afterwards. Where no protection was ever set, nothing is looked at. */
import { asString } from "../../kit/json.ts";
import type { RoomEvent } from "../event.ts";
import { keyOfLink } from "../facts/post-keys.ts";
import { Said } from "../facts/said.ts";
import type { RoomId, UserId } from "../ids.ts";
import type { Beliefs } from "./beliefs.ts";

export function notePosts(beliefs: Beliefs, room: RoomId, event: RoomEvent, at: number): void {
  if (beliefs.settings.protections.size === 0) return;
  const { regulars, knownLinks } = beliefs.stored;
  const user = event.sender;
  const isRegular = regulars.isRegular(user, at);
  const isStaff = isOfStaff(beliefs, room, user);
  if (isRegular) knownLinks.regularSpoke(at);
  if (!isRegular && !isStaff) return;
  const said = new Said(event);
  const poster = { user, isStaff, at };
  if (!mayHoldLink(said)) return;
  for (const link of said.links) {
    const key = keyOfLink(link);
    if (key !== undefined) knownLinks.posted(key, poster);
  }
}

/** In the management room, or with more power than others have in the room. */
function isOfStaff({ settings, members, rooms }: Beliefs, room: RoomId, user: UserId): boolean {
  const { managementRoom } = settings;
  if (managementRoom !== undefined && members.membershipOf(managementRoom, user) === "join") return true;
  return rooms.get(room)?.power.isAboveUsual(user) === true;
}

/** To look for links takes libraries of 20 MB: not for the full stop of a sentence. */
const likeLink = /[a-z0-9-]\.[a-z]{2}|:\/\/|matrix:/i;

function mayHoldLink({ content }: Said): boolean {
  return [content["body"], content["formatted_body"]].some((text) => likeLink.test(asString(text) ?? ""));
}
