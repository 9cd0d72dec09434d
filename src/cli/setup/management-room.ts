/** The management room of a new Tyr, while `tyr setup` runs: one that exists is joined, or one is made for its manager. */
import { joinManagementRoom, makeManagementRoom } from "../../lifecycle/join-management-room.ts";
import { RestClient } from "../../matrix/http/client.ts";
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
      seams.tell(`Joined the management room ${managementRoom}.`);
      return room;
    }
    await expectAccount(manager!, { loggedIn, transport });
    const room = await makeManagementRoom(transport, { self: loggedIn.self, manager: manager! });
    seams.tell(`Made a management room, ${room}, and invited ${manager!} to it.`);
    return room;
  } catch (error) {
    if (loggedIn.isNew) await logOut(transport);
    throw error;
  }
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
