/**
 * What an administrator of the homeserver does to accounts: by the specification's account moderation where the server
 * offers it (MSC4323), else by Synapse's admin API.
 */
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { UserId } from "../../model/ids.ts";
import { path } from "../http/client.ts";
import type { ActContext } from "./act-context.ts";
import { isNotFound, refusal, withAdvice } from "./refusals.ts";
import type { Done } from "./results.ts";

type AccountAct = ActionOf<"suspend" | "unsuspend" | "lock" | "unlock">;

/** `name`: of the field, in the specification's body and in Synapse's account alike. */
function settingOf({ kind }: AccountAct): { what: "suspend" | "lock"; name: string; to: boolean } {
  const what = kind === "suspend" || kind === "unsuspend" ? "suspend" : "lock";
  return { what, name: `${what}ed`, to: kind === what };
}

export async function moderateAccount(action: AccountAct, context: ActContext): Promise<Done> {
  const isChanged = (await offersStandard(action, context))
    ? await moderateByStandard(action, context)
    : await moderateBySynapse(action, context);
  return isChanged ? { kind: "done" } : { kind: "done", isUnchanged: true };
}

async function offersStandard(action: AccountAct, { reads }: ActContext): Promise<boolean> {
  const { capabilities } = await reads.call("GET", "/_matrix/client/v3/capabilities");
  return asObject(asObject(capabilities)?.["m.account_moderation"])?.[settingOf(action).what] === true;
}

/** False: it was so already. */
async function moderateByStandard(action: AccountAct, context: ActContext): Promise<boolean> {
  const { what, name, to } = settingOf(action);
  const where = path`/_matrix/client/v1/admin/${what}/${action.user}`;
  const before = await context.reads.call("GET", where);
  if (before[name] === to && !context.isRepeated) return false;
  await context.writes.call("PUT", where, { body: { [name]: to } });
  return true;
}

/** False: it was so already. */
async function moderateBySynapse(action: AccountAct, context: ActContext): Promise<boolean> {
  const { user } = action;
  const { what, name, to } = settingOf(action);
  const account = await synapseAccount(user, context);
  if (to) spareAdministrators(account, user);
  if (account["deactivated"] === true) throw refusal(`${user} is deactivated`);
  if (account[name] === to && !context.isRepeated) return false;
  if (what === "suspend") {
    const where = path`/_synapse/admin/v1/suspend/${user}`;
    await context.writes.call("PUT", where, { body: { suspend: to } });
    return true;
  }
  // Only after the account was read: for one that does not exist this request would make it.
  await context.writes
    .call("PUT", path`/_synapse/admin/v2/users/${user}`, { body: { locked: to } })
    .catch(throwWithMas(to ? "lock-user" : "unlock-user", user));
  return true;
}

export async function deactivate(
  { user, erase }: ActionOf<"deactivate">,
  context: ActContext,
): Promise<Done> {
  const account = await synapseAccount(user, context);
  spareAdministrators(account, user);
  if (account["deactivated"] === true && (!erase || account["erased"] === true))
    return { kind: "done", isUnchanged: true };
  await context.writes
    .call("POST", path`/_synapse/admin/v1/deactivate/${user}`, { body: { erase } })
    .catch(throwWithMas("lock-user --deactivate", user));
  return { kind: "done" };
}

/** Where the Matrix Authentication Service (MAS) keeps the accounts, Synapse may refuse to change them. */
function throwWithMas(command: string, user: UserId): (fault: unknown) => never {
  const name = user.slice(1, user.indexOf(":"));
  return (fault) => {
    throw withAdvice(
      fault,
      `If the Matrix Authentication Service keeps the accounts, it is done there: mas-cli manage ${command} ${name}`,
    );
  };
}

/** What Synapse knows of an account of its own. Rejects with a refusal where there is none. */
export async function synapseAccount(user: UserId, { reads }: ActContext): Promise<JsonObject> {
  try {
    return asObject(await reads.adminApis.synapse.getUser(user)) ?? {};
  } catch (fault) {
    throw isNotFound(fault) ? refusal(`the homeserver has no account ${user}`) : fault;
  }
}

export function spareAdministrators(account: JsonObject, user: UserId): void {
  if (account["admin"] === true)
    throw refusal(`${user} is an administrator of the homeserver, and those are never touched`);
}
