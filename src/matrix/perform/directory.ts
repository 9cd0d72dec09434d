/** The homeserver's directory: aliases, and the public list of rooms. */
import type { ActionOf } from "../../model/actions/action.ts";
import { path } from "../http/client.ts";
import type { Done } from "./results.ts";
import { MatrixFault } from "../http/errors.ts";
import { isNotFound, withAdvice, type ServerCalls } from "./admin-calls.ts";

export async function addAlias({ alias, room }: ActionOf<"add-alias">, calls: ServerCalls): Promise<Done> {
  const where = path`/_matrix/client/v3/directory/room/${alias}`;
  try {
    await calls.write("PUT", where, { room_id: room });
    return { kind: "done" };
  } catch (fault) {
    const isTaken = fault instanceof MatrixFault && fault.status === 409;
    if (!isTaken || (await calls.read(where))["room_id"] !== room)
      throw withAdvice(fault, "I can make aliases of our own homeserver, where its rules let me");
    return calls.isRepeated ? { kind: "done" } : { kind: "done", isUnchanged: true };
  }
}

export async function removeAlias({ alias }: ActionOf<"remove-alias">, calls: ServerCalls): Promise<Done> {
  try {
    await calls.write("DELETE", path`/_matrix/client/v3/directory/room/${alias}`);
  } catch (fault) {
    if (!isNotFound(fault) || !calls.isRepeated)
      throw withAdvice(
        fault,
        "I can remove aliases that I made and those of rooms in which I may set the canonical alias; an administrator of the homeserver can remove any",
      );
  }
  return { kind: "done" };
}

export async function setListing(
  { kind, room }: ActionOf<"list-publicly" | "unlist-publicly">,
  calls: ServerCalls,
): Promise<Done> {
  const where = path`/_matrix/client/v3/directory/list/room/${room}`;
  const visibility = kind === "list-publicly" ? "public" : "private";
  const before = await calls.read(where);
  if (before["visibility"] === visibility && !calls.isRepeated) return { kind: "done", isUnchanged: true };
  await calls.write("PUT", where, { visibility }).catch((fault: unknown) => {
    throw withAdvice(
      fault,
      "It takes the right to set the room's canonical alias there, or an administrator of the homeserver",
    );
  });
  return { kind: "done" };
}
