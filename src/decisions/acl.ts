/** One round of server ACLs: compiled once from all lists, then compared with what each room has. */
import { stableId } from "../kit/hash.ts";
import { decide, type Cause, type Decision } from "../model/decision.ts";
import { parseServerName, parseUserId, serverOf } from "../model/ids.ts";
import { readServerAcl } from "../model/server-acl.ts";
import type { WorldView } from "../model/world.ts";
import type { PolicyBook } from "../policy/book.ts";
import { aclFor, compileServerAcl, type AclRequest, type CompiledAcl } from "../policy/server-acl.ts";

export interface AclOptions {
  readonly keepManualEntries: boolean;
  readonly maxBytes: number;
  /** From the config: servers never denied, globs allowed. */
  readonly sparedServers: readonly string[];
}

export interface AclRound {
  readonly decisions: readonly Decision[];
  /** What the lists asked for and is not done, for `status` and the moderators. */
  readonly compiled: CompiledAcl;
}

export function aclRound({
  world,
  book,
  options,
  at,
  because,
}: {
  world: WorldView;
  book: PolicyBook;
  options: AclOptions;
  at: number;
  /** The lists as a whole where it is no single command. */
  because: Cause | undefined;
}): AclRound {
  const ownServer = serverOf(world.self);
  const compiled = compileServerAcl({
    entities: deniedEntities(book),
    ownServer,
    spared: sparedServers(world, book, options),
    present: new Set(world.members.servers()),
    maxBytes: options.maxBytes,
  });
  const decisions: Decision[] = [];
  for (const room of world.protectedRooms()) {
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
    const cause = because ?? ({ kind: "lists", trigger: stableId(...wanted.content.deny) } as const);
    decisions.push(
      decide({ kind: "set-server-acl", room: room.id, content: wanted.content, before: current }, cause, {
        at,
        replaces: event?.eventId ?? "",
      }),
    );
  }
  return { decisions, compiled };
}

function deniedEntities(book: PolicyBook): AclRequest["entities"] {
  const entities = [];
  for (const rule of book.index.serverRules()) {
    if (rule.entity === undefined || (rule.recommendation !== "ban" && rule.recommendation !== "takedown"))
      continue;
    const server = parseServerName(rule.entity);
    if (server && book.decide(book.index.rulesForServer(server))?.kind === "allow") continue;
    entities.push({ entity: rule.entity, listRank: book.rankOf(rule.list), sentAt: rule.sentAt });
  }
  return entities;
}

function sparedServers(world: WorldView, book: PolicyBook, options: AclOptions): AclRequest["spared"] {
  const spared = options.sparedServers.map((server) => ({ server, why: "the config spares it" }));
  for (const user of world.moderators())
    spared.push({ server: serverOf(user), why: `${user} is a moderator` });
  for (const { entity } of world.settings.exemptions.values()) {
    const user = parseUserId(entity);
    spared.push({ server: user ? serverOf(user) : entity, why: `${entity} is exempt` });
  }
  for (const rule of book.index.serverRules()) {
    if (rule.recommendation === "allow" && rule.entity !== undefined)
      spared.push({ server: rule.entity, why: "an allow rule spares it" });
  }
  return spared;
}
