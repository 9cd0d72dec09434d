/**
 * Rules of lists that are set to ask: one that would do anything to somebody here waits for a yes, be it the rule that is
 * new or the person. One that meets nobody is in force as any other.
 */
import { serverOf, type RoomId, type UserId } from "../../model/ids.ts";
import { present } from "../../model/member-record.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import { usersMatching } from "../../policy/index/member-search.ts";
import { hitsOf, type Hit, type Weighing } from "../../policy/impact/rule-reach.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { ruleAmong } from "../../policy/score.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";
import type { AclOptions } from "../../policy/server-acl/spared-servers.ts";

interface Asking extends Weighing {
  readonly acl: AclOptions | undefined;
}

/** `came`: those that need weighing. */
export function asked(
  {
    came,
    arrivals = [],
    everybody = false,
  }: {
    readonly came: readonly Rule[];
    readonly arrivals?: readonly { readonly user: UserId }[];
    readonly everybody?: boolean;
  },
  asking: Asking,
): readonly Hit[] {
  const { world, rulesInForce } = asking;
  const lists = world.settings.lists.filter(({ mode }) => Object.values(mode ?? {}).includes("ask"));
  if (lists.length === 0) return [];
  const waits = (rule: Rule) => rulesInForce.trust.modeOf(rule) === "ask" && needsWeighing(rule, asking);
  const rules = everybody
    ? lists.flatMap(({ room }) => [...(world.lists.get(room)?.rules() ?? [])]).filter(waits)
    : came.filter(waits);
  const ofArrivals = new Set(
    everybody ? [] : arrivals.flatMap(({ user }) => rulesInForce.index.rulesForUser(user).filter(waits)),
  );
  return [
    ...ofUsers(
      rules.filter(({ kind }) => kind === "user"),
      usersMatching(rules, world.members),
      asking,
    ),
    ...ofUsers(
      [...ofArrivals].filter((rule) => rule.kind === "user" && !rules.includes(rule)),
      new Set(arrivals.map(({ user }) => user)),
      asking,
    ),
    ...ofServers(
      rules.filter(({ kind }) => kind === "server"),
      asking,
    ),
  ];
}

/** Rules of ours were weighed with the command that wrote them. */
export function needsWeighing(
  rule: Rule,
  { world, rulesInForce }: { readonly world: WorldView; readonly rulesInForce: RulesInForce },
): boolean {
  if (rule.recommendation === "allow" || rule.recommendation === "other") return false;
  return (
    rule.sender !== world.self && !world.settings.accepted.has(rule.eventId) && !rulesInForce.isOff(rule)
  );
}

function ofUsers(
  rules: readonly Rule[],
  people: Iterable<UserId>,
  { world, rulesInForce }: Asking,
): readonly Hit[] {
  if (rules.length === 0) return [];
  const among = new Set(rules.map(({ eventId }) => eventId));
  return [...people].flatMap((user) => {
    const rooms = world.isSpared(user) ? [] : world.protectedRoomsOf(user, present);
    const rule = rooms.length === 0 ? undefined : ruleAmong(rulesInForce.verdict(user, among), among);
    return rule ? rooms.map((room) => ({ rule, room, user, server: undefined })) : [];
  });
}

/** Whoever is cut off already stays so. */
function ofServers(rules: readonly Rule[], { world, rulesInForce, acl }: Asking): readonly Hit[] {
  const isHeard = (room: RoomId, user: UserId) =>
    isServerAllowed(
      readServerAcl(world.rooms.get(room)?.event("m.room.server_acl")?.content),
      serverOf(user),
    );
  return hitsOf(rules, { world, rulesInForce }, acl).filter(({ room, user }) => isHeard(room, user));
}
