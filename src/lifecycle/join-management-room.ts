/** Joins or makes the room from which Tyr is commanded: at a start, and when it is set up. */
import { CannotStart } from "./account.ts";
import { commands } from "../commands/index.ts";
import { descriptionsOf } from "../commands/msc4391.ts";
import type { JsonObject } from "../kit/json.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { hasSovereignCreators, usualRoomVersion } from "../matrix/room-version.ts";
import { parseRoomId, type RoomAlias, type RoomId, type UserId } from "../model/ids.ts";
import { descriptionType } from "../model/room.ts";

export async function joinManagementRoom(
  transport: Transport,
  where: RoomId | RoomAlias,
  { self, untilReachable }: { self: UserId; untilReachable: <T>(attempt: () => Promise<T>) => Promise<T> },
): Promise<RoomId> {
  try {
    const client = new RestClient(transport, { on429: "wait" });
    const room = parseRoomId(await untilReachable(() => client.joinRoom(where)));
    if (room) return room;
  } catch (error) {
    if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
    const advice = `Invite ${self} there and start again.`;
    throw new CannotStart(`managementRoom: I cannot join ${where}: ${error.message}. ${advice}`);
  }
  throw new CannotStart(
    `managementRoom: the homeserver let me join ${where} and did not say which room it is.`,
  );
}

export interface MadeRoom {
  readonly self: UserId;
  /** Has the highest level there, so that moderators can be invited and removed without Tyr. */
  readonly manager: UserId;
}

export async function makeManagementRoom(transport: Transport, made: MadeRoom): Promise<RoomId> {
  const version = await usualRoomVersion(new RestClient(transport, { on429: "wait" }));
  // A lost answer must not make a second room.
  const client = new RestClient(transport, { retries: 0, on429: "wait" });
  const answer = await client.createRoom(roomOptions(made, version)).catch((error: unknown) => {
    if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
    throw new CannotStart(
      `the homeserver did not make a management room: ${error.message}. Make one, invite me and name it as managementRoom.`,
    );
  });
  const room = parseRoomId(answer);
  if (!room) throw new CannotStart("the homeserver made a management room and did not say which");
  return room;
}

/**
 * A private room in all but its preset, which homeservers may be set to encrypt. Whether it is to be encrypted is for its
 * moderators to say, as that cannot be taken back. So everything that such a preset gives is written out.
 */
function roomOptions({ self, manager }: MadeRoom, version: string | undefined) {
  const isSovereign = hasSovereignCreators(version);
  const state = (type: string, content: JsonObject, key = "") => ({ type, state_key: key, content });
  const descriptions = [...descriptionsOf(commands, self)];
  return {
    preset: "public_chat" as const,
    visibility: "private" as const,
    ...(version === undefined ? {} : { room_version: version }),
    name: "Tyr management",
    topic: "Commands to Tyr. Whoever is in this room is a moderator.",
    invite: [manager],
    is_direct: false,
    ...(isSovereign ? { creation_content: { additional_creators: [manager] } } : {}),
    initial_state: [
      state("m.room.join_rules", { join_rule: "invite" }),
      state("m.room.guest_access", { guest_access: "forbidden" }),
      state("m.room.history_visibility", { history_visibility: "shared" }),
      ...descriptions.map(([key, content]) => state(descriptionType, content, key)),
    ],
    power_level_content_override: {
      invite: 0,
      ...(isSovereign ? {} : { users: { [self]: 100, [manager]: 100 } }),
    },
  };
}
