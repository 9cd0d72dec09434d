/** One round of server ACLs: compiled once from all lists, then compared with what each room has. */
import { stableId } from "../../kit/hash.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import { parseServerName, serverOf, type RoomId, type ServerName } from "../../model/ids.ts";
import { liftsOf, type ServerAclContent } from "../../model/actions/server-acl.ts";
import { isSameAcl, readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import {
  aclFor,
  compileServerAcl,
  type AclRequest,
  type CompiledAcl,
  type Refusal,
} from "../../policy/server-acl/compile.ts";
import { deniedEntities } from "../../policy/server-acl/denied-entities.ts";
import { sparedServers, type AclOptions } from "../../policy/server-acl/spared-servers.ts";

export interface AclRound {
  readonly decisions: readonly Decision[];
  /** Entries that lists (or people by hand) asked for and that are refused, shown in `status`. */
  readonly refused: readonly Refusal[];
  readonly leftOut: readonly string[];
}

interface Compiling {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly options: AclOptions;
  readonly at: number;
}

export function aclRound({
  world,
  rulesInForce,
  options,
  at,
  command,
  reachesAnew = false,
  isLeft = () => false,
  causeFor,
}: Compiling & {
  /** The command that the round follows from; undefined where the lists as a whole are the cause. */
  command?: Cause | undefined;
  /** Old rules may reach further than before. */
  reachesAnew?: boolean;
  /** Whether the room is left as it is for now. */
  isLeft?: (room: RoomId) => boolean;
  /** What the room's ACL follows from, where that is neither the lists nor a command. */
  causeFor?: (room: RoomId) => Cause | undefined;
}): AclRound {
  const ownServer = serverOf(world.self);
  const { compiled, compiledOf } = compiledFor({ world, rulesInForce, options, at });
  const decisions: Decision[] = [];
  const refused = new Map(compiled.refused.map((refusal) => [refusal.entity, refusal]));
  const leftOut = new Set(compiled.leftOut);
  for (const room of world.protectedRooms()) {
    // Without the members it cannot be said whom the ACL would cut off. Once they are read, the room is judged again.
    if (isLeft(room.id) || !world.membersKnown.has(room.id)) continue;
    const event = room.event("m.room.server_acl");
    const current = readServerAcl(event?.content);
    const fitted = compiledOf(room.id);
    const wanted = aclFor(fitted, {
      current,
      byHand: room.aclByHand,
      keepByHand: options.keepManualEntries,
      isForAWhile: fitted !== compiled && compiled.deny.length === 0,
      ownServer,
      maxBytes: options.maxBytes,
    });
    if (!wanted) continue;
    for (const refusal of wanted.refused) refused.set(refusal.entity, refusal);
    for (const entity of wanted.leftOut) leftOut.add(entity);
    const cause =
      causeFor?.(room.id) ?? causeOfRound(stableId(...wanted.content.deny), { command, reachesAnew });
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

/** The ACL that lists ask for, and for each room that with the servers that are kept out of it. */
function compiledFor({ world, rulesInForce, options, at }: Compiling): {
  readonly compiled: CompiledAcl;
  readonly compiledOf: (room: RoomId) => CompiledAcl;
} {
  const listed = [...deniedEntities(rulesInForce), ...hashedServers(world, rulesInForce)];
  const request = {
    ownServer: serverOf(world.self),
    spared: sparedServers(world, rulesInForce, options),
    present: new Set(world.members.servers()),
    maxBytes: options.maxBytes,
  };
  const compiled = compileServerAcl({ ...request, entities: listed });
  // Rooms of one wave are kept free of the same servers.
  const known = new Map([["", compiled]]);
  const compiledOf = (room: RoomId) => {
    const keptOut = serversKeptOut(room, world);
    const key = keptOut.join(" ");
    const fitting =
      known.get(key) ?? compileServerAcl({ ...request, entities: [...listed, ...asEntities(keptOut, at)] });
    known.set(key, fitting);
    return fitting;
  };
  return { compiled, compiledOf };
}

/** Servers that are kept out of the room for a while (docs/adr/0032): one more source, beside the lists. */
function serversKeptOut(room: RoomId, { stored }: WorldView): readonly ServerName[] {
  const one = stored.containments.get(room, "acl");
  if (!one || one.endedAt !== undefined) return [];
  return one.changes.flatMap(({ path }) => parseServerName(path[1] ?? "") ?? []);
}

/** Allow rules of any list spare them, and where not all entries fit, those of lists come first. */
function asEntities(servers: readonly ServerName[], at: number): AclRequest["entities"] {
  return servers.map((entity) => ({ entity, listRank: Number.MAX_SAFE_INTEGER, sentAt: at }));
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
