/**
 * What an administrator of the homeserver does to accounts and rooms: by the standard's account moderation where the
 * server offers it (MSC4323), else by Synapse's admin API.
 */
import { asArray, asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { UserId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import type { Done } from "./results.ts";
import { MatrixFault } from "../http/errors.ts";
import {
  isNotFound,
  refusal,
  spareAdministrators,
  synapseAccount,
  withAdvice,
  type ServerCalls,
} from "./admin-calls.ts";

type AccountAct = ActionOf<"suspend" | "unsuspend" | "lock" | "unlock">;

/** What is set, what it is called in the standard's body and in Synapse's account, and to what. */
function settingOf({ kind }: AccountAct): { what: "suspend" | "lock"; name: string; to: boolean } {
  const what = kind === "suspend" || kind === "unsuspend" ? "suspend" : "lock";
  return { what, name: `${what}ed`, to: kind === what };
}

export async function moderateAccount(action: AccountAct, calls: ServerCalls): Promise<Done> {
  const { what, name, to } = settingOf(action);
  if (await offersStandard(what, calls)) {
    const where = path`/_matrix/client/v1/admin/${what}/${action.user}`;
    const before = await calls.read(where);
    if (before[name] === to && !calls.isRepeated) return { kind: "done", isUnchanged: true };
    await calls.write("PUT", where, { [name]: to });
    return { kind: "done" };
  }
  const account = await synapseAccount(calls, action.user);
  if (to) spareAdministrators(account, action.user);
  if (account["deactivated"] === true) throw refusal(`${action.user} is deactivated`);
  if (account[name] === to && !calls.isRepeated) return { kind: "done", isUnchanged: true };
  if (what === "suspend") {
    await calls.write("PUT", path`/_synapse/admin/v1/suspend/${action.user}`, { suspend: to });
    return { kind: "done" };
  }
  // Only for an account that is there: for any other this would make one.
  await calls
    .write("PUT", path`/_synapse/admin/v2/users/${action.user}`, { locked: to })
    .catch(throwWithMas(to ? "lock-user" : "unlock-user", action.user));
  return { kind: "done" };
}

async function offersStandard(what: "suspend" | "lock", calls: ServerCalls): Promise<boolean> {
  const { capabilities } = await calls.read("/_matrix/client/v3/capabilities");
  return asObject(asObject(capabilities)?.["m.account_moderation"])?.[what] === true;
}

export async function deactivate({ user, erase }: ActionOf<"deactivate">, calls: ServerCalls): Promise<Done> {
  const account = await synapseAccount(calls, user);
  spareAdministrators(account, user);
  if (account["deactivated"] === true && (!erase || account["erased"] === true))
    return { kind: "done", isUnchanged: true };
  await calls
    .write("POST", path`/_synapse/admin/v1/deactivate/${user}`, { erase })
    .catch(throwWithMas("lock-user --deactivate", user));
  return { kind: "done" };
}

/** Where accounts are kept elsewhere, Synapse may refuse to change them. */
function throwWithMas(command: string, user: UserId): (fault: unknown) => never {
  const name = user.slice(1, user.indexOf(":"));
  return (fault) => {
    throw withAdvice(
      fault,
      `If the Matrix Authentication Service keeps the accounts, it is done there: mas-cli manage ${command} ${name}`,
    );
  };
}

/** First look after half a second, then ever more seldom: a large room takes minutes. */
const firstLookMs = 500;
const longestLookMs = 5_000;

/** Returns when Synapse has finished, so that "done" means done. What was under way already is followed to its end. */
export async function shutDown(
  decision: Decision,
  { room, purge }: ActionOf<"shutdown-room">,
  calls: ServerCalls,
): Promise<Done> {
  const id = (await shutdownUnderWay(room, calls)) ?? (await beginShutdown({ room, purge }, calls));
  let told = "";
  for (let waitMs = firstLookMs; !calls.signal.aborted; waitMs = Math.min(waitMs * 2, longestLookMs)) {
    const answer = await calls.read(path`/_synapse/admin/v2/rooms/delete_status/${id}`);
    const note = shutdownNote(answer["shutdown_room"]);
    if (answer["status"] === "complete") return { kind: "done", note };
    if (answer["status"] === "failed")
      throw new MatrixFault(
        400,
        "SHUTDOWN_FAILED",
        `the homeserver stopped in the middle of it; so far: ${note}. Saying it again goes on`,
      );
    if (note !== told) calls.deliver([{ kind: "progress", decision, note: `so far: ${note}` }]);
    told = note;
    await calls.clock.sleep(waitMs, calls.signal);
  }
  return { kind: "done" };
}

async function beginShutdown(
  { room, purge }: { room: string; purge: boolean },
  calls: ServerCalls,
): Promise<string> {
  const answer = await calls.write("DELETE", path`/_synapse/admin/v2/rooms/${room}`, { block: true, purge });
  const id = asString(answer["delete_id"]);
  if (id === undefined)
    throw new MatrixFault(502, "NO_ID", "the homeserver did not say how to follow the shutdown");
  return id;
}

async function shutdownUnderWay(room: string, calls: ServerCalls): Promise<string | undefined> {
  const { results } = await calls
    .read(path`/_synapse/admin/v2/rooms/${room}/delete_status`)
    .catch((fault: unknown): JsonObject => {
      if (isNotFound(fault)) return {};
      throw fault;
    });
  const running = (asArray(results) ?? [])
    .map(asObject)
    .find((one) =>
      ["scheduled", "active", "shutting_down", "purging"].includes(asString(one?.["status"]) ?? ""),
    );
  return asString(running?.["delete_id"]);
}

function shutdownNote(result: unknown): string {
  const listed = (name: string) => asArray(asObject(result)?.[name]) ?? [];
  const [removed, left, aliases] = ["kicked_users", "failed_to_kick_users", "local_aliases"].map(listed);
  const parts = [
    `${removed!.length} ${removed!.length === 1 ? "person" : "people"} removed`,
    ...(aliases!.length > 0
      ? [`${aliases!.length} ${aliases!.length === 1 ? "alias" : "aliases"} removed`]
      : []),
    ...(left!.length > 0 ? [`${left!.length} could not be removed (first: ${String(left![0])})`] : []),
  ];
  return parts.join(", ");
}

export async function makeRoomAdmin(
  { room, user }: ActionOf<"make-room-admin">,
  calls: ServerCalls,
): Promise<Done> {
  await calls.write("POST", path`/_synapse/admin/v1/rooms/${room}/make_room_admin`, { user_id: user });
  return { kind: "done" };
}
