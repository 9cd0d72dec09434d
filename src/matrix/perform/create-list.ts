/** New policy lists: a public room of type `m.policy` (MSC3784) in which moderators (level 50) write and nobody chats. */
import type { ActionOf } from "../../model/actions/action.ts";
import { parseRoomId, type RoomId } from "../../model/ids.ts";
import { MatrixFault } from "../http/errors.ts";
import { hasSovereignCreators, usualRoomVersion } from "../room-version.ts";
import type { ActContext } from "./act-context.ts";
import type { Done } from "./results.ts";

type CreateList = ActionOf<"create-list">;

/** `slowWrites` makes one attempt: a second one after a lost answer would make a second list. */
export async function createList(action: CreateList, context: ActContext): Promise<Done> {
  const version = await usualRoomVersion(context.reads);
  const room = parseRoomId(await context.slowWrites.createRoom(roomOptions(action, { version, ...context })));
  if (!room) throw new MatrixFault(502, "NO_ROOM", "the homeserver made a room but did not say which");
  return { kind: "done", room, note: describe(action, { room, ...context }) };
}

/** Where it is, who can come in, and who was asked to. */
function describe(
  { alias, inviter, isPublic }: CreateList,
  { room, self }: { room: RoomId } & Pick<ActContext, "self">,
) {
  const server = self.slice(self.indexOf(":") + 1);
  const address =
    alias === ""
      ? `Its id is ${room}, and it has no address`
      : `Its address is #${alias}:${server}, its id ${room}`;
  return `${address}. Anybody who knows ${alias === "" ? "the id" : "one of them"} can join and read it${isPublic ? ", and it stands on the public list of rooms" : ""}. ${inviter} is invited, and may write rules with a client, too.`;
}

function roomOptions(
  { shortcode, alias, inviter, name, isPublic }: CreateList,
  { version, self }: { readonly version: string | undefined } & Pick<ActContext, "self">,
) {
  return {
    preset: "public_chat" as const,
    ...(version === undefined ? {} : { room_version: version }),
    ...(isPublic ? { visibility: "public" as const } : {}),
    name: name ?? `${shortcode} (policy list)`,
    ...(alias === "" ? {} : { room_alias_name: alias }),
    invite: [inviter],
    creation_content: { type: "m.policy" },
    initial_state: [{ type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode } }],
    power_level_content_override: {
      ban: 50,
      kick: 50,
      redact: 50,
      invite: 0,
      state_default: 50,
      events_default: 50,
      users_default: 0,
      users: { ...(hasSovereignCreators(version) ? {} : { [self]: 100 }), [inviter]: 50 },
      events: { "m.room.power_levels": 100, "m.room.name": 100 },
    },
  };
}
