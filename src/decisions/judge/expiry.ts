/**
 * What follows when rules, exemptions, exceptions, mutes and stops end by their time. The world drops expired rules by itself, and their bans
 * are lifted as for any removed rule. Here expired rules that we wrote are removed from their lists, too, for programs
 * that do not know expiry (MSC3908), and exemptions, exceptions and mutes are ended.
 */
import { inverse, subjectOf } from "../../model/actions/traits.ts";
import { decide, type Decision } from "../../model/decision.ts";
import type { Changes } from "../../model/world/changes.ts";
import { contentOfRule, type Rule } from "../../model/policy-rule.ts";
import type { WorldView } from "../../model/world/view.ts";

export function expiries(
  { rules }: Changes,
  { world, at }: { world: WorldView; at: number },
): readonly Decision[] {
  const removals = rules.flatMap(({ before, isExpiry }) =>
    isExpiry && before && isOursToTakeBack(before, world) ? [removal(before, at)] : [],
  );
  return [
    ...removals,
    ...exemptionsOver(world, at),
    ...exceptionsOver(world, at),
    ...mutesOver(world, at),
    ...stopOver(world, at),
    ...timedOver(world, at),
  ];
}

/** Only rules that we wrote and may remove: rules of others are theirs to remove. */
function isOursToTakeBack({ sender, list, eventType }: Rule, world: WorldView): boolean {
  const room = world.rooms.get(list);
  return sender === world.self && room?.isKnown === true && room.power.canSendState(world.self, eventType);
}

function removal(rule: Rule, at: number): Decision {
  const { list, eventType, stateKey, eventId } = rule;
  return decide(
    { kind: "remove-policy", list, eventType, stateKey, before: contentOfRule(rule) },
    { kind: "expiry", list, event: eventId, entity: rule.entity ?? `sha256:${rule.hash}` },
    { at, replaces: eventId },
  );
}

function mutesOver(world: WorldView, at: number): readonly Decision[] {
  return world.mutes.over(world.dueBy).map(({ room, user, level, before, until }) => {
    const end = until === undefined ? {} : { until };
    const because = { kind: "expiry", event: `mute of ${user} until ${until}`, entity: user } as const;
    const action = { kind: "unmute", room, user, reason: "", level: before, before: level, ...end } as const;
    return decide(action, because, { at, replaces: String(until) });
  });
}

function exemptionsOver(world: WorldView, at: number): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const { entity, expiresAt } of world.settings.exemptions.values()) {
    if (expiresAt === undefined || expiresAt > world.dueBy) continue;
    const change = { kind: "unexempt", entity, expiredAt: expiresAt } as const;
    const because = { kind: "expiry", event: `exemption of ${entity} until ${expiresAt}`, entity } as const;
    decisions.push(decide({ kind: "change-settings", change }, because, { at, replaces: "" }));
  }
  return decisions;
}

/** What was done for a time is taken back; a setting that others have changed since is theirs, and only its end is forgotten. */
function timedOver(world: WorldView, at: number): readonly Decision[] {
  return world.stored.timedActs.over(world.dueBy).flatMap(({ place, action, until }) => {
    const back = inverse(action);
    if (!back) return [];
    const entity = "user" in action ? action.user : (subjectOf(action) ?? place);
    const because = { kind: "expiry", event: `${place} until ${until}`, entity } as const;
    return [decide(back, because, { at, replaces: String(until) })];
  });
}

function exceptionsOver(world: WorldView, at: number): readonly Decision[] {
  return [...world.settings.exceptions.values()].flatMap(({ list, entity, expiresAt }) => {
    if (expiresAt === undefined || expiresAt > world.dueBy) return [];
    const change = { kind: "unexcept", list, entity, expiredAt: expiresAt } as const;
    const event = `exception of ${entity} from ${list} until ${expiresAt}`;
    const because = { kind: "expiry", event, entity } as const;
    return [decide({ kind: "change-settings", change } as const, because, { at, replaces: "" })];
  });
}

function stopOver(
  {
    settings: {
      stopping: { stop },
    },
    dueBy,
  }: WorldView,
  at: number,
): readonly Decision[] {
  if (stop?.until === undefined || stop.until > dueBy) return [];
  const change = { kind: "go", endedAt: stop.until } as const;
  const because = { kind: "expiry", event: `stop until ${stop.until}`, entity: "stop" } as const;
  return [decide({ kind: "change-settings", change }, because, { at, replaces: "" })];
}
