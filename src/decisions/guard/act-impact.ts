/** What a single act adds to the impact of a command, of an incident, or of what lists ask for in a room. */
import { asString } from "../../kit/json.ts";
import type { Action, ActionOf } from "../../model/actions/action.ts";
import type { Weight } from "../../model/actions/family.ts";
import { weightOf } from "../../model/actions/traits.ts";
import type { Decision } from "../../model/decision.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import { isBanContent, type Rule } from "../../model/policy-rule.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { usersMatching } from "../../policy/index/member-search.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";
import type { Impact } from "../../policy/impact/impact.ts";
import type { Weighing } from "../../policy/impact/rule-reach.ts";

export function addAction(
  impact: Impact,
  action: Action,
  view: Pick<Weighing, "world" | "rulesInForce">,
): void {
  const weight = weightOf(action);
  switch (weight.what) {
    case "nothing":
      return;
    case "removal":
      impact.add(weight.room, weight.user);
      return;
    case "removal-everywhere":
      for (const room of view.world.protectedRoomsOf(weight.user, ["join"])) impact.add(room, weight.user);
      return;
    case "silence":
      impact.addForNow(weight.room, weight.user);
      return;
    case "words":
      impact.addWords(weight.user);
      return;
    case "rule":
      addRule(impact, weight, view);
      return;
  }
}

/** A rule for a server cuts off everybody on it; a rule for people hits them, though the command itself may not touch them. */
function addRule(
  impact: Impact,
  { eventType, content }: Extract<Weight, { what: "rule" }>,
  { world, rulesInForce }: Pick<Weighing, "world" | "rulesInForce">,
): void {
  const kind = (["user", "server"] as const).find((one) => eventType.endsWith(one));
  const entity = asString(content["entity"]);
  if (kind === undefined || entity === undefined) return;
  if (!isBanContent(content)) return;
  for (const user of usersMatching([{ kind, entity, hash: undefined } as Rule], world.members)) {
    if (kind === "user" && (world.isSpared(user) || rulesInForce.exemptionOf(user))) continue;
    for (const room of world.members.roomsOf(user, ["join"])) {
      impact.add(room, user);
      if (kind === "server" && world.isProtected(room)) impact.addServer(room, serverOf(user));
    }
  }
}

/** Somebody whom a rule of the list would remove. */
export interface Listed {
  readonly list: RoomId;
  readonly user: UserId;
}

/** Counts what a list's act would do in its room; returns those who count. */
export function addListed(
  impact: Impact,
  { action, because }: Decision,
  {
    world,
    rulesInForce,
    isWeighed,
  }: { world: WorldView; rulesInForce: RulesInForce; isWeighed: (rule: Rule, user: UserId) => boolean },
): readonly Listed[] {
  if (action.kind === "ban" || action.kind === "mute") {
    const list = because.kind === "rule" ? because.list : undefined;
    return list && impact.add(action.room, action.user) ? [{ list, user: action.user }] : [];
  }
  if (action.kind !== "set-server-acl") return [];
  const { room, content } = action;
  const before = readServerAcl(world.rooms.get(room)?.event("m.room.server_acl")?.content);
  const listed: Listed[] = [];
  for (const { rule, user } of cutOffBy({ room, content, before }, { world, rulesInForce })) {
    if (isWeighed(rule, user)) continue;
    impact.addServer(room, serverOf(user));
    if (impact.add(room, user)) listed.push({ list: rule.list, user });
  }
  return listed;
}

/** The people in the room whom a server ACL cuts off in place of another, with the rule that asks for it. */
export function cutOffBy(
  { room, content, before }: Pick<ActionOf<"set-server-acl">, "room" | "content" | "before">,
  { world, rulesInForce }: Pick<Weighing, "world" | "rulesInForce">,
): readonly { readonly rule: Rule; readonly user: UserId }[] {
  const ruleFor = new Map<ServerName, Rule | undefined>();
  return [...world.members.membersOf(room, ["join"])].flatMap((user) => {
    const server = serverOf(user);
    if (!ruleFor.has(server)) {
      // Few servers are denied, and the index tells that much faster than two long ACLs.
      const verdict = rulesInForce.decide(rulesInForce.index.rulesForServer(server));
      const isNew =
        verdict?.kind === "ban" && isServerAllowed(before, server) && !isServerAllowed(content, server);
      ruleFor.set(server, isNew ? verdict.rule : undefined);
    }
    const rule = ruleFor.get(server);
    return rule ? [{ rule, user }] : [];
  });
}
