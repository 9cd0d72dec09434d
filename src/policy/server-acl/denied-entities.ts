/** Which entities lists have denied by server ACLs: those of their rules, where what lists say together is enough. */
import { hasWildcard } from "../../kit/glob.ts";
import type { ServerName } from "../../model/ids.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { RulesInForceView } from "../rules-in-force.ts";
import type { AclEntity } from "./compile.ts";

export function deniedEntities(rulesInForce: RulesInForceView): readonly AclEntity[] {
  const entities: AclEntity[] = [];
  for (const rule of rulesInForce.index.serverRules()) {
    const { entity, list, sentAt } = rule;
    if (entity === undefined || !isBan(rule) || rulesInForce.isOff(rule)) continue;
    if (rulesInForce.trust.isUneven && !isDeniedTogether(entity, rulesInForce)) continue;
    entities.push({ entity, listRank: rulesInForce.rankOf(list), sentAt });
  }
  return entities;
}

/** Allow rules are not asked here: the compiler spares whom they name, in part where a wildcard means more than them. */
function isDeniedTogether(entity: string, rulesInForce: RulesInForceView): boolean {
  return rulesInForce.decide(rulesCovering(entity, rulesInForce).filter(isBan))?.kind === "ban";
}

/** The rules for this entity, and the wildcards that mean all that it means. */
function rulesCovering(entity: string, { index }: RulesInForceView): readonly Rule[] {
  const rules = index.rulesForServer(entity as ServerName);
  if (!hasWildcard(entity)) return rules;
  // Read as a name, a star of the entity would be met by a question mark, which means one letter alone.
  const wide = rules.filter((rule) => rule.entity !== undefined && !rule.entity.includes("?"));
  return [...new Set([...wide, ...index.rulesWithEntity("server", entity)])];
}

function isBan({ recommendation }: Rule): boolean {
  return recommendation === "ban" || recommendation === "takedown";
}
