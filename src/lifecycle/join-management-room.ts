/** Joins or makes the room from which Tyr is commanded: at a start, and when it is set up. */
import { CannotStart } from "./account.ts";
import { RestClient } from "../matrix/http/client.ts";
import { MatrixFault } from "../matrix/http/errors.ts";
import type { Transport } from "../matrix/http/transport.ts";
import { parseRoomId, type RoomAlias, type RoomId, type UserId } from "../model/ids.ts";

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

/** The first manager has the highest level there, so that moderators can be invited and removed without Tyr. */
export async function makeManagementRoom(transport: Transport, manager: UserId): Promise<RoomId> {
  // A lost answer must not make a second room.
  const client = new RestClient(transport, { retries: 0, on429: "wait" });
  const created = client.createRoom({
    // Both get the highest level: as creators, or by the levels that this preset gives.
    preset: "trusted_private_chat",
    name: "Tyr management",
    topic: "Commands to Tyr. Whoever is in this room is a moderator.",
    invite: [manager],
    is_direct: false,
  });
  const answer = await created.catch((error: unknown) => {
    if (!(error instanceof MatrixFault) || error.isUnknownToken) throw error;
    throw new CannotStart(
      `the homeserver did not make a management room: ${error.message}. Make one, invite me and name it as managementRoom.`,
    );
  });
  const room = parseRoomId(answer);
  if (!room) throw new CannotStart("the homeserver made a management room and did not say which");
  return room;
}
