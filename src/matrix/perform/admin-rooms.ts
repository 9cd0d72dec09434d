/** What an administrator of the homeserver does to rooms, by Synapse's admin API. */
import { asArray, asObject, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import { MatrixFault } from "../http/errors.ts";
import type { ActContext } from "./act-context.ts";
import { isNotFound } from "./refusals.ts";
import { done, type Done } from "./results.ts";

/** The first look at how it goes comes after half a second, then ever more seldom: a large room takes minutes. */
const firstLookMs = 500;
const longestLookMs = 5_000;

/** How the room is called in which the people of a room that was shut down are told why. */
const noticeRoom = "A room was closed";

/** Resolves when Synapse has finished, so that "done" means done. A shutdown already under way is followed to its end. */
export async function shutDown(action: ActionOf<"shutdown-room">, context: ActContext): Promise<Done> {
  const { reads, decision, clock, signal } = context;
  const id = (await shutdownUnderWay(action.room, context)) ?? (await beginShutdown(action, context));
  let told = "";
  for (let waitMs = firstLookMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestLookMs)) {
    const answer = await reads.call("GET", path`/_synapse/admin/v2/rooms/delete_status/${id}`);
    const note = shutdownNote(answer["shutdown_room"]);
    if (answer["status"] === "complete") return { kind: "done", note };
    if (answer["status"] === "failed")
      throw new MatrixFault(
        400,
        "SHUTDOWN_FAILED",
        `the homeserver stopped in the middle of it; so far: ${note}. Saying it again goes on`,
      );
    if (note !== told) context.deliver([{ kind: "progress", decision, note: `so far: ${note}` }]);
    told = note;
    await clock.sleep(waitMs, signal);
  }
  return { kind: "done" };
}

/** The SDK's method always purges and never blocks. */
async function beginShutdown(
  { room, purge, reason, tells, staysOpen }: ActionOf<"shutdown-room">,
  { writes, self }: ActContext,
): Promise<string> {
  const where = path`/_synapse/admin/v2/rooms/${room}`;
  const notice = tells ? { new_room_user_id: self, room_name: noticeRoom, message: reason } : {};
  const body = { block: staysOpen !== true, purge, ...notice };
  const id = asString((await writes.call("DELETE", where, { body }))["delete_id"]);
  if (id === undefined)
    throw new MatrixFault(502, "NO_ID", "the homeserver did not say how to follow the shutdown");
  return id;
}

const runningStates: readonly unknown[] = ["scheduled", "active", "shutting_down", "purging"];

async function shutdownUnderWay(room: RoomId, { reads }: ActContext): Promise<string | undefined> {
  const results: unknown = await reads.adminApis.synapse.getDeleteRoomState(room).catch((fault: unknown) => {
    if (isNotFound(fault)) return [];
    throw fault;
  });
  const running = (asArray(results) ?? [])
    .map(asObject)
    .find((one) => runningStates.includes(one?.["status"]));
  return asString(running?.["delete_id"]);
}

function shutdownNote(result: unknown): string {
  const listed = (name: string) => asArray(asObject(result)?.[name]) ?? [];
  const removed = listed("kicked_users").length;
  const aliases = listed("local_aliases").length;
  const left = listed("failed_to_kick_users");
  const told = asString(asObject(result)?.["new_room_id"]);
  const parts = [
    `${removed} ${removed === 1 ? "person" : "people"} removed`,
    ...(aliases > 0 ? [`${aliases} ${aliases === 1 ? "alias" : "aliases"} removed`] : []),
    ...(told === undefined ? [] : [`told why in ${told}`]),
    ...(left.length > 0 ? [`${left.length} could not be removed (first: ${String(left[0])})`] : []),
  ];
  return parts.join(", ");
}

/** A room that the homeserver does not know can be blocked, too: before somebody brings it here. */
export async function setBlock(
  { kind, room }: ActionOf<"block-room" | "unblock-room">,
  { reads, writes, isRepeated }: ActContext,
): Promise<Done> {
  const where = path`/_synapse/admin/v1/rooms/${room}/block`;
  const block = kind === "block-room";
  const before = await reads.call("GET", where);
  if (before["block"] === block && !isRepeated) return { kind: "done", isUnchanged: true };
  await writes.call("PUT", where, { body: { block } });
  return { kind: "done" };
}

export function makeRoomAdmin(
  { room, user }: ActionOf<"make-room-admin">,
  { writes }: ActContext,
): Promise<Done> {
  return done(writes.adminApis.synapse.makeRoomAdmin(room, user));
}
