/** Why a command about a server waits for a yes: the word may be a name, and nobody here is on a server of that name. */
import { code, say, type Say } from "../../kit/say.ts";
import type { ServerName } from "../../model/ids.ts";
import type { CommandContext, Entity } from "../define.ts";

/** `words`: of the command. Undefined where the word was said to be a server, or a server of that name is known here. */
export function unknownServer(
  { kind, text, isUnclear }: Entity,
  words: string,
  { world, rulesInForce, prefix }: CommandContext,
): Say | undefined {
  if (kind !== "server" || !isUnclear) return undefined;
  for (const _member of world.members.usersOfServer(text as ServerName)) return undefined;
  if (rulesInForce.index.rulesForServer(text as ServerName).length > 0) return undefined;
  return say`I took ${code(text)} for a server, and know nobody there; ${code(`${prefix} ${words} server ${text}`)} would not ask`;
}
