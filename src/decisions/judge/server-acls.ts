/** One round of server ACLs: compiled once from all lists, then compared with what each room has. */
import { stableId } from "../../kit/hash.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import { serverOf, type RoomId } from "../../model/ids.ts";
import { liftsOf, type ServerAclContent } from "../../model/actions/server-acl.ts";
import { isSameAcl, readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { aclFor, compileServerAcl, type AclRequest, type Refusal } from "../../policy/server-acl/compile.ts";
import { sparedServers, type AclOptions } from "../../policy/server-acl/spared-servers.ts";

export interface AclRound {
  readonly decisions: readonly Decision[];
  /** Entries that lists (or people by hand) asked for and that are refused, shown in `status`. */
  readonly refused: readonly Refusal[];
  readonly leftOut: readonly string[];
}

export function aclRound({
  world,
  rulesInForce,
  options,
  at,
  command,
  reachesAnew = false,
  isLeft = () => false,
}: {
  world: WorldView;
  rulesInForce: RulesInForce;
  options: AclOptions;
  at: number;
  /** The command that the round follows from; undefined where the lists as a whole are the cause. */
  command?: Cause | undefined;
  /** Old rules may reach further than before. */
  reachesAnew?: boolean;
  /** Whether the room is left as it is for now. */
  isLeft?: (room: RoomId) => boolean;
}): AclRound {
  const ownServer = serverOf(world.self);
  const compiled = compileServerAcl({
    entities: [...deniedEntities(rulesInForce), ...hashedServers(world, rulesInForce)],
    ownServer,
    spared: sparedServers(world, rulesInForce, options),
    present: new Set(world.members.servers()),
    maxBytes: options.maxBytes,
  });
  const decisions: Decision[] = [];
  const refused = new Map(compiled.refused.map((refusal) => [refusal.entity, refusal]));
  const leftOut = new Set(compiled.leftOut);
  for (const room of world.protectedRooms()) {
    // Without the members it cannot be said whom the ACL would cut off. Once they are read, the room is judged again.
    if (isLeft(room.id) || !world.membersKnown.has(room.id)) continue;
    const event = room.event("m.room.server_acl");
    const current = readServerAcl(event?.content);
    const wanted = aclFor(compiled, {
      current,
      byHand: room.aclByHand,
      keepByHand: options.keepManualEntries,
      ownServer,
      maxBytes: options.maxBytes,
    });
    if (!wanted) continue;
    for (const refusal of wanted.refused) refused.set(refusal.entity, refusal);
    for (const entity of wanted.leftOut) leftOut.add(entity);
    const cause = causeOfRound(stableId(...wanted.content.deny), { command, reachesAnew });
    for (const content of [...liftsWhileStopped(wanted.content, current, world), wanted.content])
      decisions.push(
        decide({ kind: "set-server-acl", room: room.id, content, before: current }, cause, {
          at,
          replaces: event?.eventId ?? "",
        }),
      );
  }
  return { decisions, refused: [...refused.values()], leftOut: [...leftOut] };
}

/** A command is the cause of its own rule alone, and was weighed for that alone. */
function causeOfRound(
  trigger: string,
  { command, reachesAnew }: { command: Cause | undefined; reachesAnew: boolean },
): Cause {
  return reachesAnew ? { kind: "lists", trigger, reachesAnew } : (command ?? { kind: "lists", trigger });
}

/**
 * While everything is stopped, the guard refuses an ACL that shuts anybody out: what it lets in is written all the same.
 */
function liftsWhileStopped(
  content: ServerAclContent,
  current: ServerAclContent | undefined,
  { settings: { stopping } }: WorldView,
): readonly ServerAclContent[] {
  if (!stopping.stop || !current) return [];
  const lifts = liftsOf({ content, before: current });
  return isSameAcl(lifts, content) || isSameAcl(lifts, current) ? [] : [lifts];
}

function deniedEntities(rulesInForce: RulesInForce): AclRequest["entities"] {
  const entities = [];
  for (const rule of rulesInForce.index.serverRules()) {
    const { entity, recommendation, list, sentAt } = rule;
    if (entity === undefined || (recommendation !== "ban" && recommendation !== "takedown")) continue;
    if (rulesInForce.isOff(rule)) continue;
    entities.push({ entity, listRank: rulesInForce.rankOf(list), sentAt });
  }
  return entities;
}

/** Known servers that a hashed rule means (MSC4205). An ACL needs their names, as it cannot hold hashes. */
function hashedServers(world: WorldView, rulesInForce: RulesInForce): AclRequest["entities"] {
  if (!hasHashedServers(rulesInForce)) return [];
  return [...world.members.servers()].flatMap((server) => {
    const verdict = rulesInForce.decide(rulesInForce.index.rulesForServer(server));
    if (verdict?.kind !== "ban" || verdict.rule.entity !== undefined) return [];
    return [
      { entity: server, listRank: rulesInForce.rankOf(verdict.rule.list), sentAt: verdict.rule.sentAt },
    ];
  });
}

function hasHashedServers(rulesInForce: RulesInForce): boolean {
  return [...rulesInForce.index.serverRules()].length < rulesInForce.index.serverRuleCount;
}
