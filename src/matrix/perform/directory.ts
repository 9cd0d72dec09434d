/** The homeserver's directory: aliases, and the public list of rooms. */
import type { ActionOf } from "../../model/actions/action.ts";
import { MatrixFault } from "../http/errors.ts";
import type { ActContext } from "./act-context.ts";
import { isNotFound, withAdvice } from "./refusals.ts";
import type { Done } from "./results.ts";

export async function addAlias(
  { alias, room }: ActionOf<"add-alias">,
  { reads, writes, isRepeated }: ActContext,
): Promise<Done> {
  try {
    await writes.createRoomAlias(alias, room);
    return { kind: "done" };
  } catch (fault) {
    const isTaken = fault instanceof MatrixFault && fault.status === 409;
    if (!isTaken || (await reads.lookupRoomAlias(alias)).roomId !== room)
      throw withAdvice(fault, "I can make aliases of our own homeserver, where its rules let me");
    return isRepeated ? { kind: "done" } : { kind: "done", isUnchanged: true };
  }
}

export async function removeAlias(
  { alias }: ActionOf<"remove-alias">,
  { writes, isRepeated }: ActContext,
): Promise<Done> {
  try {
    await writes.deleteRoomAlias(alias);
  } catch (fault) {
    if (!isNotFound(fault) || !isRepeated)
      throw withAdvice(
        fault,
        "I can remove aliases that I made and those of rooms in which I may set the canonical alias; an administrator of the homeserver can remove any",
      );
  }
  return { kind: "done" };
}

export async function setListing(
  { kind, room }: ActionOf<"list-publicly" | "unlist-publicly">,
  { reads, writes, isRepeated }: ActContext,
): Promise<Done> {
  const visibility = kind === "list-publicly" ? "public" : "private";
  const before = await reads.getDirectoryVisibility(room);
  if (before === visibility && !isRepeated) return { kind: "done", isUnchanged: true };
  await writes.setDirectoryVisibility(room, visibility).catch((fault: unknown) => {
    throw withAdvice(
      fault,
      "It takes the right to set the room's canonical alias there, or an administrator of the homeserver",
    );
  });
  return { kind: "done" };
}
