/** The management room of a new Tyr, while `tyr setup` runs: one that exists is joined, or one is made for its manager. */
import { joinManagementRoom, makeManagementRoom } from "../../lifecycle/join-management-room.ts";
import { path, RestClient } from "../../matrix/http/client.ts";
import { MatrixFault } from "../../matrix/http/errors.ts";
import { logOut } from "../../matrix/session.ts";
import type { Transport } from "../../matrix/http/transport.ts";
import { serverOf, type RoomId, type UserId } from "../../model/ids.ts";
import type { Answers } from "./answers.ts";
import { SetupFault, type LoggedIn } from "./homeserver.ts";

interface RoomSeams {
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/**
 * Joins the room that was named, or makes one and invites the manager. Where that fails, a login of this setup is logged out;
 * an account that was registered stays, with its password in its file.
 */
export async function managementRoomFor(
  { managementRoom, manager }: Pick<Answers, "managementRoom" | "manager">,
  { loggedIn, transport, seams }: { loggedIn: LoggedIn; transport: Transport; seams: RoomSeams },
): Promise<RoomId> {
  try {
    seams.signal.throwIfAborted();
    if (managementRoom !== undefined) {
      const room = await joinManagementRoom(transport, managementRoom, {
        self: loggedIn.self,
        untilReachable: (attempt) => attempt(),
      });
      await expectReadable(room, {
        transport,
        why: `the room ${managementRoom} is encrypted, and Tyr cannot read commands in it yet. Encryption cannot be switched off: make another room without it, invite ${loggedIn.self}, and name that one.`,
      });
      seams.tell(`Joined the management room ${managementRoom}.`);
      return room;
    }
    await expectAccount(manager!, { loggedIn, transport });
    const room = await makeManagementRoom(transport, { self: loggedIn.self, manager: manager! });
    await expectReadable(room, {
      transport,
      why: "the homeserver encrypts every room that is made on it, and Tyr cannot read encrypted commands yet. Its administrator has to change that (Synapse: encryption_enabled_by_default_for_room_type, to invite or off); then run this again.",
    });
    seams.tell(`Made a management room, ${room}, and invited ${manager!} to it.`);
    return room;
  } catch (error) {
    if (loggedIn.isNew) await logOut(transport);
    throw error;
  }
}

/** Refuses a room whose messages cannot be read, and leaves it: whoever is there sees that Tyr is not at work. */
async function expectReadable(
  room: RoomId,
  { transport, why }: { transport: Transport; why: string },
): Promise<void> {
  const client = new RestClient(transport, { on429: "wait" });
  const state = path`/_matrix/client/v3/rooms/${room}/state/m.room.encryption/`;
  const isEncrypted = await client.call("GET", state).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MatrixFault && error.status === 404) return false;
      throw error;
    },
  );
  if (!isEncrypted) return;
  await client.leaveRoom(room, "I cannot read encrypted messages yet");
  throw new SetupFault(why);
}

/** Inviting an account that does not exist succeeds, and then nobody could command Tyr. */
async function expectAccount(
  manager: UserId,
  { loggedIn, transport }: { loggedIn: LoggedIn; transport: Transport },
): Promise<void> {
  // Our homeserver may not know accounts of other servers yet.
  if (serverOf(manager) !== serverOf(loggedIn.self)) return;
  try {
    await new RestClient(transport, { retries: 0 }).getUserProfile(manager);
  } catch (error) {
    if (error instanceof MatrixFault && error.status === 404)
      throw new SetupFault(`there is no account ${manager} on the homeserver. Check --manager.`);
  }
}
