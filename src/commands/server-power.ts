/** Commands that need an administrator of the homeserver: whether we are one, and the refusal where we are not. */
import { code, lines, plain, say, type Say } from "../kit/say.ts";
import { hasServerPower, isOtherThanSynapse } from "../model/server-powers.ts";
import type { WorldView } from "../model/world/view.ts";
import type { CommandContext, Command } from "./define.ts";
import { findCommands } from "./parser/parse.ts";
import { tokenise } from "./parser/tokenise.ts";

/** Whether the command in the line needs a power over the homeserver that we lacked when we last asked. */
export function isServerPowerMissing(
  text: string,
  { commands, world }: { readonly commands: readonly Command[]; readonly world: WorldView },
): boolean {
  return findCommands(tokenise(text), commands).some(({ command }) => isMissing(command, world));
}

function isMissing({ needs }: Command, { serverPowers }: WorldView): boolean {
  return needs !== undefined && !hasServerPower(serverPowers, needs);
}

/** The refusal, with how to make us an administrator; undefined where nothing is missing. */
export function serverPowerRefusal(
  command: Command,
  { world, prefix, line }: CommandContext,
): Say | undefined {
  if (!isMissing(command, world)) return undefined;
  const name = code(command.words.join(" "));
  const { software = "" } = world.serverPowers;
  if (isOtherThanSynapse(world.serverPowers))
    return say`${name} needs Synapse's admin API, and this homeserver is ${plain(software, 40)}, which has none of it: its administrators do that by its own means. Everything else works without.`;
  const made = `UPDATE users SET admin = 1 WHERE name = '${world.self}';`;
  return lines(
    say`${name} needs an administrator of the homeserver, and I am none as far as it tells me. Everything else works without.`,
    say`On Synapse one makes me one in its database: ${code(made)}, and restarts it. Or another administrator does, by the admin API: ${code(`PUT /_synapse/admin/v1/users/${world.self}/admin`)} with ${code('{"admin": true}')}. Then say ${code(`${prefix} ${line.text}`, 150)} again.`,
    say`If I am one already: the address of the homeserver in my config has to serve ${code("/_synapse/admin")}, too. ${code("docs/server-admin.md")} has more.`,
  );
}
