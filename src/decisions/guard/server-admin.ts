/** What the guard says to the acts of a server administrator, and to those on the homeserver's directory. */
import { code, plain, say, type Say } from "../../kit/say.ts";
import type { Action, ActionOf } from "../../model/actions/action.ts";
import { isSameServer, type UserId } from "../../model/ids.ts";
import { hasServerPower, serverPowerFor } from "../../model/server-powers.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { roomOfOurs } from "../../policy/own-people.ts";
import { objectionToRemoving, type Objection } from "./spared-people.ts";

interface View {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
}

export function objectionToServerAct(action: Action, view: View): Objection | undefined {
  const power = serverPowerFor(action);
  if (power !== undefined && !hasServerPower(view.world.serverPowers, power))
    return { why: say`the homeserver does not let me: I am no administrator of it`, key: `power ${power}` };
  switch (action.kind) {
    case "suspend":
    case "lock":
    case "deactivate":
    case "quarantine-media-of-user":
      return (
        elsewhere(action.user, view) ??
        objectionToRemoving(action.user, view) ??
        spelledAsUs(action.user, view)
      );
    case "unsuspend":
    case "unlock":
      return elsewhere(action.user, view);
    case "quarantine-media":
      return action.user === undefined ? undefined : objectionToRemoving(action.user, view);
    case "quarantine-media-of-room":
      return action.room === view.world.settings.managementRoom
        ? { why: say`that is the management room, and moderators are never touched`, key: "room" }
        : undefined;
    case "shutdown-room":
      return ourRoom(action, view);
    case "add-alias":
    case "remove-alias":
      return foreignAlias(action, view);
    default:
      return undefined;
  }
}

function elsewhere(user: UserId, { world }: View): Objection | undefined {
  if (isSameServer(user, world.self)) return undefined;
  const server = user.slice(user.indexOf(":") + 1);
  return {
    why: say`${code(user)} is an account of ${plain(server)}; its server's admins can do that. ${code("ban")} keeps it out of the rooms here`,
    key: `elsewhere ${user}`,
  };
}

/** A homeserver may take capitals for what they stand for, and find the moderator's account. */
function spelledAsUs(user: UserId, { world }: View): Objection | undefined {
  const lower = user.toLowerCase();
  const one = [world.self, ...world.spared()].find((ours) => ours.toLowerCase() === lower);
  if (one === undefined) return undefined;
  const whose = one === world.self ? say`me` : say`the moderator ${code(one)}`;
  return { why: say`${code(user)} is spelled as ${whose} but for capitals`, key: `moderator ${user}` };
}

function ourRoom({ room }: ActionOf<"shutdown-room">, { world }: View): Objection | undefined {
  const what = roomOfOurs(room, world);
  if (what === undefined) return undefined;
  return { why: say`${code(room)} is ${what}${wayOut(what)}`, key: `ours ${room}` };
}

function wayOut(what: string): Say {
  switch (what) {
    case "a list that I watch":
      return say`; ${code("lists unwatch")} comes first`;
    case "a protected room":
    case "a space that I follow":
      return say`; ${code("rooms remove")} comes first`;
    default:
      return say``;
  }
}

function foreignAlias(
  { alias }: ActionOf<"add-alias" | "remove-alias">,
  { world }: View,
): Objection | undefined {
  if (isSameServer(alias, world.self)) return undefined;
  const server = alias.slice(alias.indexOf(":") + 1);
  return {
    why: say`${code(alias)} belongs to ${plain(server)}, and only accounts of that server can change it`,
    key: `elsewhere ${alias}`,
  };
}
