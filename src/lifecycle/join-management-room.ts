/** Joins or makes the room from which Tyr is commanded: at a start, and when it is set up. */
import { CannotStart } from "./account.ts";
import { asObject } from "../kit/json.ts";
import { path } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { parseRoomId, type RoomAlias, type RoomId, type UserId } from "../model/ids.ts";

export async function joinManagementRoom(
  transport: Transport,
  where: RoomId | RoomAlias,
  { self, untilReachable }: { self: UserId; untilReachable: <T>(attempt: () => Promise<T>) => Promise<T> },
): Promise<RoomId> {
  try {
    const join = () => transport.request("POST", path`/_matrix/client/v3/join/${where}`, { body: {} });
    const room = parseRoomId(asObject(await untilReachable(join))?.["room_id"]);
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

/** The first manager has the highest level there, so that moderators can be invited and removed without Tyr. */
export async function makeManagementRoom(transport: Transport, manager: UserId): Promise<RoomId> {
  const create = () =>
    transport.request("POST", "/_matrix/client/v3/createRoom", {
      // A lost answer must not make a second room.
      retries: 0,
      body: {
        // Both get the highest level: as creators, or by the levels that this preset gives.
        preset: "trusted_private_chat",
        name: "Tyr management",
        topic: "Commands to Tyr. Whoever is in this room is a moderator.",
        invite: [manager],
        is_direct: false,
      },
    });
  const answer = await create().catch((error: unknown) => {
    if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
    throw new CannotStart(
      `the homeserver did not make a management room: ${error.message}. Make one, invite me and name it as managementRoom.`,
    );
  });
  const room = parseRoomId(asObject(answer)?.["room_id"]);
  if (!room) throw new CannotStart("the homeserver made a management room and did not say which");
  return room;
}
