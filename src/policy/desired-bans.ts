/**
 * Desired bans minus actual bans: what the lists ask for and the rooms do not show yet; and the same for mutes, which are
 * the most that some lists may lead to. One function serves the start, repairs and every single change; only the people and
 * rooms that it looks at differ.
 */
import type { Action } from "../model/actions/action.ts";
import type { Cause } from "../model/decision.ts";
import { present } from "../model/member-record.ts";
import type { RoomId, UserId } from "../model/ids.ts";
import type { Rule } from "../model/policy-rule.ts";
import type { WorldView } from "../model/world/view.ts";
import type { RulesInForce } from "./rules-in-force.ts";
import type { Decided } from "./score.ts";
import type { RedactReasons } from "./redact-reasons.ts";

export interface Wanted {
  readonly action: Extract<Action, { kind: "ban" | "unban" | "mute" | "unmute" }>;
  readonly because: Cause;
  /** Stamp of the membership event that the act would replace. */
  readonly replaces: string;
}

/**
 * Whether a rule of ours that names the person is on its way to the list. An unban in `room` that is held back for it is
 * judged again when the rule has been written, or has failed.
 */
export interface PendingRules {
  has(list: RoomId, user: UserId, room: RoomId): boolean;
}

export interface WantedContext {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly redactReasons: RedactReasons;
  readonly pendingRules: PendingRules;
}

/** For each of the people: bans in the rooms where they are present, unbans where our ban has lost its rule; so with mutes. */
export function* wantedFor(
  people: Iterable<UserId>,
  { world, rulesInForce, redactReasons, pendingRules }: WantedContext,
  rooms?: ReadonlySet<RoomId>,
): Iterable<Wanted> {
  for (const user of people) {
    const verdict = rulesInForce.verdict(user);
    if (verdict?.kind === "ban") yield* bansOf(user, verdict, { world, rulesInForce, redactReasons, rooms });
    else if (world.members.hasBanOfOurs(user) && !rulesInForce.isWaiting(user))
      yield* liftsOf(user, { world, pendingRules, rooms });
    if (verdict?.kind === "mute") yield* mutesOf(user, verdict, { world, rooms });
    else if (!rulesInForce.isWaiting(user)) yield* unmutesOf(user, { world, rooms });
  }
}

type Against = Extract<Decided, { kind: "ban" | "mute" }>;

function* bansOf(
  user: UserId,
  { rule, with: others }: Against,
  {
    world,
    rulesInForce,
    redactReasons,
    rooms,
  }: Pick<WantedContext, "world" | "rulesInForce" | "redactReasons"> & {
    readonly rooms: ReadonlySet<RoomId> | undefined;
  },
): Iterable<Wanted> {
  const because = causeOf(rule, others);
  const isTakedown = rule.recommendation === "takedown" && rulesInForce.trust.of(rule.list).cap !== "ban";
  const redacts = isTakedown || redactReasons.match(rule.reason);
  for (const room of world.members.roomsOf(user, present)) {
    if (!isInScope(world, room, rooms)) continue;
    const replaces = String(world.members.get(room, user)?.stamp);
    yield { action: { kind: "ban", room, user, reason: rule.reason, redacts }, because, replaces };
  }
}

function* liftsOf(
  user: UserId,
  {
    world,
    pendingRules,
    rooms,
  }: { world: WorldView; pendingRules: PendingRules; rooms: ReadonlySet<RoomId> | undefined },
): Iterable<Wanted> {
  for (const room of world.members.roomsOf(user, ["ban"])) {
    const record = world.members.get(room, user);
    // A command writes a rule and bans, and the bans may be done before the rule is.
    if (record?.forList && pendingRules.has(record.forList, user, room)) continue;
    if (!record?.isOurs || !record.forList || !isInScope(world, room, rooms)) continue;
    const list = world.settings.lists.find((one) => one.room === record.forList);
    const keeps = list ? !list.liftsBans : world.settings.keptBansOf.has(record.forList);
    if (keeps) continue;
    yield {
      action: { kind: "unban", room, user, reason: "" },
      because: { kind: "rule-removed", list: record.forList, event: String(record.stamp), entity: user },
      replaces: String(record.stamp),
    };
  }
}

/** Where somebody cannot write as it is, nothing is done. */
function* mutesOf(
  user: UserId,
  { rule, with: others }: Against,
  { world, rooms }: { readonly world: WorldView; readonly rooms: ReadonlySet<RoomId> | undefined },
): Iterable<Wanted> {
  const because = causeOf(rule, others);
  for (const room of world.members.roomsOf(user, present)) {
    const power = world.rooms.get(room)?.power;
    if (!power || !isInScope(world, room, rooms) || power.isSilenced(user)) continue;
    const [level, before] = [power.silence, power.entryOf(user)];
    const action = { kind: "mute", room, user, reason: rule.reason, level, before } as const;
    yield { action, because, replaces: levelsOf(room, world) };
  }
}

function* unmutesOf(
  user: UserId,
  { world, rooms }: { readonly world: WorldView; readonly rooms: ReadonlySet<RoomId> | undefined },
): Iterable<Wanted> {
  for (const { room, level, before, forList } of world.mutes.forListsOf(user)) {
    if (forList === undefined || !isInScope(world, room, rooms)) continue;
    const action = { kind: "unmute", room, user, reason: "", level: before, before: level } as const;
    const replaces = levelsOf(room, world);
    yield {
      action,
      because: { kind: "rule-removed", list: forList, event: replaces, entity: user },
      replaces,
    };
  }
}

function levelsOf(room: RoomId, world: WorldView): string {
  return world.rooms.get(room)?.event("m.room.power_levels")?.eventId ?? "";
}

function isInScope(world: WorldView, room: RoomId, rooms: ReadonlySet<RoomId> | undefined): boolean {
  return (
    (rooms === undefined || rooms.has(room)) &&
    world.isProtected(room) &&
    world.rooms.get(room)?.isKnown === true
  );
}

export function causeOf(rule: Rule, others: readonly Rule[] = []): Extract<Cause, { kind: "rule" }> {
  return {
    kind: "rule",
    list: rule.list,
    event: rule.eventId,
    ruleKind: rule.kind,
    recommendation: rule.recommendation,
    entity: rule.entity ?? `sha256:${rule.hash}`,
    ...(others.length === 0 ? {} : { with: others.map(({ list, eventId: event }) => ({ list, event })) }),
  };
}
