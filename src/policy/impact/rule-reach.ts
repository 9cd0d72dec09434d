/** Whom rules reach: who would be banned or cut off by them, because they are new or an allow rule was removed. */
import {
  serverOf,
  withoutPort,
  type EventId,
  type RoomId,
  type ServerName,
  type UserId,
} from "../../model/ids.ts";
import { sameness, type Rule } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce, RulesInForceView } from "../rules-in-force.ts";
import { usersMatching } from "../index/member-search.ts";
import { isAgainst, ruleAmong } from "../score.ts";
import type { SparedServers } from "../server-acl/patterns.ts";
import { allSparedServers, type AclOptions } from "../server-acl/spared-servers.ts";

export interface Weighing {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly at: number;
}

export interface Hit {
  readonly rule: Rule;
  readonly room: RoomId;
  readonly user: UserId;
  /** Set where the whole server would be cut off. */
  readonly server: ServerName | undefined;
}

/**
 * Rules that others wrote and that reach people only now, because an allow rule for those people was removed: for each
 * rule the people. Otherwise a list could allow everybody, ban them unseen, and then remove the allow rule.
 */
export function noLongerAllowed(
  { came, went }: { readonly came: readonly Rule[]; readonly went: readonly Rule[] },
  { world, rulesInForce }: Weighing,
): ReadonlyMap<Rule, ReadonlySet<UserId>> {
  const after = new Set(came.map(sameness));
  const removedAllows = went.filter((rule) => rule.recommendation === "allow" && !after.has(sameness(rule)));
  const reached = new Map<Rule, Set<UserId>>();
  if (removedAllows.length === 0) return reached;
  const { accepted } = world.settings;
  for (const kind of ["user", "server"] as const) {
    for (const user of usersMatching(
      removedAllows.filter((rule) => rule.kind === kind),
      world.members,
    )) {
      const verdict =
        kind === "user"
          ? rulesInForce.verdict(user)
          : rulesInForce.decide(rulesInForce.index.rulesForServer(serverOf(user)));
      if (!verdict || !isAgainst(verdict) || (kind === "server" && verdict.kind !== "ban")) continue;
      const { rule } = verdict;
      if (rule.sender === world.self || accepted.has(rule.eventId)) continue;
      reached.set(rule, (reached.get(rule) ?? new Set()).add(user));
    }
  }
  return reached;
}

/** Everybody in a protected room who is banned or cut off by one of the rules, and was not cut off before. */
export function hitsOf(
  rules: readonly Rule[],
  { world, rulesInForce }: { readonly world: WorldView; readonly rulesInForce: RulesInForceView },
  acl: AclOptions | undefined,
): readonly Hit[] {
  if (rules.length === 0) return [];
  const among = new Set(rules.map((rule) => rule.eventId));
  const rooms = (user: UserId) =>
    world.members.roomsOf(user, ["join"]).filter((room) => world.isProtected(room));
  const ofUsers = usersMatching(
    rules.filter((rule) => rule.kind === "user"),
    world.members,
  ).flatMap((user): readonly Hit[] => {
    const verdict = world.isSpared(user) ? undefined : rulesInForce.verdict(user, among);
    const rule = ruleAmong(verdict, among);
    return rule ? rooms(user).map((room) => ({ rule, room, user, server: undefined })) : [];
  });
  const serverRules = rules.filter((rule) => rule.kind === "server");
  const onThem = serverRules.length > 0 && acl ? usersMatching(serverRules, world.members) : [];
  if (onThem.length === 0 || !acl) return ofUsers;
  const takenUp = takenUpBy(allSparedServers(world, rulesInForce, acl), rulesInForce);
  const ruleOf = new Map<ServerName, Rule | undefined>();
  const ofServers = onThem.flatMap((user): readonly Hit[] => {
    const server = serverOf(user);
    if (!ruleOf.has(server)) ruleOf.set(server, newlyDenying(server, among, { rulesInForce, takenUp }));
    const rule = ruleOf.get(server);
    return rule ? rooms(user).map((room) => ({ rule, room, user, server })) : [];
  });
  return [...ofUsers, ...ofServers];
}

/** Whether a rule makes it into the server ACLs. A rule that they refuse cuts nobody off. */
export function takenUpBy(
  spared: SparedServers,
  rulesInForce: RulesInForceView,
): (rule: Rule, server: ServerName) => boolean {
  const known = new Map<EventId, boolean>();
  return ({ eventId, entity, list }, server) => {
    const rank = rulesInForce.rankOf(list);
    let is = known.get(eventId);
    if (is === undefined) {
      is = entity === undefined || spared.objectionTo(entity, rank) === undefined;
      known.set(eventId, is);
    }
    if (is || entity === undefined) return is;
    return (
      spared.isDeniedInPart(entity) &&
      spared.objectionTo(withoutPort(server).toLowerCase(), rank) === undefined
    );
  };
}

/** The new rule that denies the server, unless an older rule does so already. */
function newlyDenying(
  server: ServerName,
  among: ReadonlySet<EventId>,
  {
    rulesInForce,
    takenUp,
  }: { rulesInForce: RulesInForceView; takenUp: (rule: Rule, server: ServerName) => boolean },
): Rule | undefined {
  const rules = rulesInForce.index
    .rulesForServer(server)
    .filter((rule) => rule.recommendation === "allow" || takenUp(rule, server));
  const older = rulesInForce.decide(rules.filter((rule) => !among.has(rule.eventId)));
  if (older?.kind === "ban") return undefined;
  const verdict = rulesInForce.decide(rules, among);
  return verdict?.kind === "ban" ? ruleAmong(verdict, among) : undefined;
}
