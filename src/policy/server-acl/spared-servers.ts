/** The servers that no ACL of ours denies, whatever lists say: our own, the moderators', exempt ones, those of the config; and those excepted from one list. */
import { hasWildcard } from "../../kit/glob.ts";
import { parseUserId, serverOf } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { upgradesOf } from "../exceptions.ts";
import type { RulesInForceView } from "../rules-in-force.ts";
import { SparedServers, type Spared } from "./patterns.ts";

export interface AclOptions {
  readonly keepManualEntries: boolean;
  readonly maxBytes: number;
  /** From the config: servers never denied, globs allowed. */
  readonly sparedServers: readonly string[];
}

/** Our own server and all others that no ACL of ours denies, ready to be asked about patterns. */
export function allSparedServers(
  world: WorldView,
  rulesInForce: RulesInForceView,
  options: AclOptions,
): SparedServers {
  return new SparedServers(serverOf(world.self), sparedServers(world, rulesInForce, options));
}

/** The spared servers besides our own, each with its reason. */
export function sparedServers(
  world: WorldView,
  rulesInForce: RulesInForceView,
  options: AclOptions,
): readonly Spared[] {
  const spared: Spared[] = options.sparedServers.map((server) => ({ server, why: "the config spares it" }));
  for (const user of world.spared()) spared.push({ server: serverOf(user), why: `${user} is a moderator` });
  for (const { entity } of world.settings.exemptions.values()) {
    const server = exemptServer(entity);
    if (server !== undefined) spared.push({ server, why: `${entity} is exempt` });
  }
  for (const { entity, list } of world.settings.exceptions.values()) {
    const server = exemptServer(entity);
    if (server === undefined) continue;
    const why = `${entity} is an exception from the list`;
    for (const one of upgradesOf(list, world))
      if (world.isWatched(one)) spared.push({ server, why, atRank: rulesInForce.rankOf(one) });
  }
  for (const rule of rulesInForce.index.serverRules()) {
    const { entity, recommendation, list } = rule;
    if (recommendation !== "allow" || entity === undefined || !rulesInForce.trust.acts(rule)) continue;
    spared.push({ server: entity, why: "an allow rule spares it", fromRank: rulesInForce.rankOf(list) });
  }
  return spared;
}

/** The server of an exempt person is spared, or the exemption would be worth nothing. A glob of people names no server. */
function exemptServer(entity: string): string | undefined {
  if (!entity.startsWith("@")) return entity;
  const user = hasWildcard(entity) && !entity.startsWith("@*:") ? undefined : parseUserId(entity);
  return user && serverOf(user);
}
