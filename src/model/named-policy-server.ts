/** The policy server that a moderator names: by its name, or by the id of its user. */
import { parseUserId, type UserId } from "./ids.ts";
import { isServerWithPort } from "./policy-server.ts";

export interface NamedPolicyServer {
  readonly via: string;
  /** Who has to be in a room for the server to count there. */
  readonly user: UserId;
}

/** As policyserv calls itself, unless somebody has given it another name. */
const usualName = "policyserv";

/** Undefined where the word is neither. */
export function namedPolicyServer(word: string): NamedPolicyServer | undefined {
  const user = parseUserId(word);
  const via = (user ? user.slice(user.indexOf(":") + 1) : word).toLowerCase();
  if (!isServerWithPort(via) || !/[.:[]|^localhost$/.test(via)) return undefined;
  const its = user ?? parseUserId(`@${usualName}:${via}`);
  return its && { via, user: its };
}
