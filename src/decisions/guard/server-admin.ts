/**
 * The guard's checks of what a homeserver's administrator does, and of changes of its directory. Each returns its objection,
 * or undefined where there is none.
 */
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import { isSameServer, type RoomId, type UserId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import type { Objection } from "./spared-people.ts";

interface View {
  readonly world: WorldView;
  readonly prefix: string;
}

interface OnAccount {
  readonly user: UserId;
}

export function isOnOurServer({ user }: OnAccount, { world, prefix }: View): Objection | undefined {
  if (isSameServer(user, world.self)) return undefined;
  const server = user.slice(user.indexOf(":") + 1);
  return {
    why: say`${code(user)} is an account of ${plain(server)}; its server's admins can do that. ${code(`${prefix} ban ${user}`)} keeps it out of the rooms here`,
    key: `elsewhere ${user}`,
  };
}

/** A homeserver may ignore case in user ids, and take the account for a moderator's or for ours. */
export function isNotSpelledAsUs({ user }: OnAccount, { world }: View): Objection | undefined {
  const lower = user.toLowerCase();
  const one = [world.self, ...world.spared()].find((ours) => ours.toLowerCase() === lower);
  if (one === undefined) return undefined;
  const whose = one === world.self ? say`me` : say`the moderator ${code(one)}`;
  return { why: say`${code(user)} is spelled as ${whose} but for capitals`, key: `moderator ${user}` };
}

export function isNoRoomOfOurs(
  { room }: ActionOf<"shutdown-room" | "block-room">,
  { world, prefix }: View,
): Objection | undefined {
  const what = roomOfOurs(room, world);
  if (what === undefined) return undefined;
  return { why: say`${code(room)} is ${what}${wayOut(what, room, prefix)}`, key: `ours ${room}` };
}

/** The files of the management room are the moderators' own. */
export function sparesManagementRoom(
  { room }: ActionOf<"quarantine-media-of-room">,
  { world }: View,
): Objection | undefined {
  return room === world.settings.managementRoom
    ? { why: say`that is the management room, and moderators are never touched`, key: "room" }
    : undefined;
}

function wayOut(what: string, room: RoomId, prefix: string): Say {
  switch (what) {
    case "a list that I watch":
      return say`; ${code(`${prefix} lists unwatch ${room}`)} comes first`;
    case "a protected room":
    case "a space that I follow":
      return say`; ${code(`${prefix} rooms remove ${room}`)} comes first`;
    default:
      return say``;
  }
}

export function isAliasOfOurServer(
  { alias }: ActionOf<"add-alias" | "remove-alias">,
  { world }: View,
): Objection | undefined {
  if (isSameServer(alias, world.self)) return undefined;
  const server = alias.slice(alias.indexOf(":") + 1);
  return {
    why: say`${code(alias)} belongs to ${plain(server)}, and only accounts of that server can change it`,
    key: `elsewhere ${alias}`,
  };
}
