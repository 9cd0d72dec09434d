/**
 * From what was seen to what should be done: what the lists ask for, what follows from it, and the upkeep of our rooms.
 * Decides without acting. Only the debounce of ACLs, gap healing and the watchdog keep state, in objects handed in.
 */
import { hasWildcard } from "../../kit/glob.ts";
import { decide, type Cause, type Decision } from "../../model/decision.ts";
import { serverOf, type RoomId, type ServerName } from "../../model/ids.ts";
import { present } from "../../model/member-record.ts";
import type { Observation } from "../../model/observation.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { Changes } from "../../model/world/changes.ts";
import type { WorldView } from "../../model/world/view.ts";
import type { RulesInForce } from "../../policy/rules-in-force.ts";
import { wantedFor, type PendingRules, type Wanted } from "../../policy/desired-bans.ts";
import { otherSpellings, usersConcerned, usersMatching } from "../../policy/index/member-search.ts";
import type { RedactReasons } from "../../policy/redact-reasons.ts";
import type { AclOptions } from "../../policy/server-acl/spared-servers.ts";
import { aclRound, type AclRound } from "./server-acls.ts";
import type { AclDebounce } from "./acl-debounce.ts";
import { cleanFound, quarantineFound } from "./redactions.ts";
import { expiries } from "./expiry.ts";
import type { GapHealing } from "./gap-healing.ts";
import { levelsToPutBack } from "./reset-levels.ts";
import { upkeep } from "./room-upkeep.ts";
import { bansToRepeat, type Watchdog } from "./watchdog.ts";

export interface Judging {
  readonly world: WorldView;
  readonly rulesInForce: RulesInForce;
  readonly redactReasons: RedactReasons;
  readonly pendingRules: PendingRules;
  /** The command that wrote or removed the rule, for a rule of ours that is on its way. */
  readonly commandBehind: (rule: Rule) => Cause | undefined;
  readonly aclDebounce: AclDebounce;
  readonly gapHealing: GapHealing;
  readonly watchdog: Watchdog;
  /** Undefined where the config switches ACLs off. */
  readonly acl: AclOptions | undefined;
  /** Commands can be read in an encrypted management room, as far as is known. */
  readonly readsEncrypted: () => boolean;
}

export interface Judgement {
  readonly decisions: readonly Decision[];
  /** The ACLs of this round; undefined where no round was due. */
  readonly acl: AclRound | undefined;
}

export interface RulesMoved {
  readonly came: readonly Rule[];
  readonly went: readonly Rule[];
}

/** `search`: finds the decision, by its id, that a `history-found` or `media-found` belongs to. */
export function judge(
  seen: readonly Observation[],
  changes: Changes,
  {
    moved,
    judging,
    at,
    search,
  }: { moved: RulesMoved; judging: Judging; at: number; search: (id: string) => Decision | undefined },
): Judgement {
  const { world } = judging;
  const wanted = [...wantedForMembers(changes, moved, judging), ...wantedForSpellings(changes, judging)];
  const decisions: Decision[] = wanted.map(({ action, because, replaces }) =>
    decide(action, because, { at, replaces }),
  );
  for (const one of seen) {
    if (one.kind === "history-found") {
      const origin = search(one.decision);
      if (origin) decisions.push(...cleanFound(origin, one.events));
    }
    if (one.kind === "media-found") {
      const origin = search(one.decision);
      if (origin) decisions.push(...quarantineFound(origin, one.media));
    }
    if (one.kind === "outcome") decisions.push(...followUp(one, world));
  }
  decisions.push(...bansToRepeat(changes, { world, rulesInForce: judging.rulesInForce, at }));
  decisions.push(...levelsToPutBack(changes, { world, at }));
  decisions.push(...expiries(changes, { world, at }));
  decisions.push(...upkeep(seen, changes, { ...judging, at }));
  const acl = judgeAcls(changes, moved, { judging, at, command: commandBehind(moved, judging) });
  return { decisions: [...(acl?.decisions ?? []), ...decisions], acl };
}

/**
 * At first we know neither whom to spare nor, before the homeserver has told its time, which rules have expired. As soon
 * as both are known, everything is judged.
 */
function canJudge({ knowsModerators, dueBy }: WorldView): boolean {
  return knowsModerators && dueBy > 0;
}

/** Bans and unbans for the people concerned: everybody, or those whom changed rules name, members of changed rooms, arrivals. */
function* wantedForMembers(
  changes: Changes,
  moved: RulesMoved,
  { world, rulesInForce, redactReasons, pendingRules }: Judging,
): Iterable<Wanted> {
  if (!canJudge(world)) return;
  const context = { world, rulesInForce, redactReasons, pendingRules };
  if (changes.everything) return yield* wantedFor(world.members.users(), context);
  const rules = [...moved.came, ...moved.went, ...changes.answeredRules].filter(
    (rule) => rule.kind === "user",
  );
  const named = rules.length === 0 ? [] : usersConcerned(rules, world.members);
  yield* wantedFor(named, context);
  const rooms = new Set([...changes.rooms].filter((room) => world.isProtected(room)));
  for (const room of rooms) {
    // A copy: the iteration ends later, and the members of the room may change meanwhile.
    yield* wantedFor([...world.members.membersOf(room, [...present, "ban"])], context, new Set([room]));
  }
  for (const { room, user } of changes.arrivals) {
    if (!rooms.has(room)) yield* wantedFor([user], context, new Set([room]));
  }
}

/**
 * A rule means exactly the id that it names where somebody bears it, and its other spellings otherwise: when its bearer
 * is seen for the first time, be it as banned, it means them alone. When somebody goes nothing follows at once, as a ban lifted by hand must not hit another.
 */
function* wantedForSpellings(
  changes: Changes,
  { world, rulesInForce, redactReasons, pendingRules }: Judging,
): Iterable<Wanted> {
  if (!canJudge(world) || changes.everything) return;
  const context = { world, rulesInForce, redactReasons, pendingRules };
  for (const user of changes.firstSeen) yield* wantedFor(otherSpellings(user, world.members), context);
}

/** A list that we made is watched as soon as it exists, and becomes the default list where there is none. */
function followUp(
  { outcome, at }: Extract<Observation, { kind: "outcome" }>,
  world: WorldView,
): readonly Decision[] {
  const { decision, result } = outcome;
  if (decision.action.kind !== "create-list" || result.kind !== "done" || !result.room) return [];
  const list = { room: result.room, via: [], liftsBans: true };
  const change = (change: Parameters<typeof settingsDecision>[0]) => settingsDecision(change, decision, at);
  const isFirst = world.settings.defaultList === undefined;
  return [
    change({ kind: "watch", list }),
    ...(isFirst ? [change({ kind: "set-default-list", list: result.room })] : []),
  ];
}

function settingsDecision(
  change: Extract<Decision["action"], { kind: "change-settings" }>["change"],
  origin: Decision,
  at: number,
): Decision {
  return decide({ kind: "change-settings", change }, origin.because, { at, replaces: origin.id });
}

/**
 * The command behind a server rule that came or went just now, by its echo or its outcome. The ACLs that follow at once
 * are the command's effect and are told in its reply.
 */
function commandBehind({ came, went }: RulesMoved, judging: Judging): Cause | undefined {
  for (const rule of [...came, ...went]) {
    const command = isServerRule(rule) ? judging.commandBehind(rule) : undefined;
    if (command) return command;
  }
  return undefined;
}

function judgeAcls(
  changes: Changes,
  moved: RulesMoved,
  { judging, at, command }: { judging: Judging; at: number; command: Cause | undefined },
): AclRound | undefined {
  const { world, aclDebounce, acl } = judging;
  aclDebounce.lookedAt(at);
  if (!acl || !canJudge(world)) return undefined;
  noteAclChanges(changes, moved, { judging, at, command });
  for (const room of changes.overwritten.keys()) judging.watchdog.mayRepair(room, at);
  const kept = aclsOfContained(changes, judging, at);
  const due = aclDebounce.take(at);
  if (!due) return kept;
  const { rooms, ...round } = due;
  const isLeft = (room: RoomId) => rooms?.has(room) === false || judging.watchdog.isResting(room, at);
  const judged = aclRound({ world, rulesInForce: judging.rulesInForce, options: acl, at, ...round, isLeft });
  if (!rooms && judged.decisions.length > 0) aclDebounce.wrote(at);
  return kept ? { ...judged, decisions: [...kept.decisions, ...judged.decisions] } : judged;
}

/** A wave is not waited for: where servers are kept out, or let in again, the ACL follows at once, past all pauses. */
function aclsOfContained(
  { cutOff }: Changes,
  { world, rulesInForce, acl: options }: Judging,
  at: number,
): AclRound | undefined {
  if (cutOff.size === 0 || !options) return undefined;
  const isLeft = (room: RoomId) => !cutOff.has(room);
  const causeFor = (room: RoomId) => causeOfCut(room, world);
  return aclRound({ world, rulesInForce, options, at, isLeft, causeFor });
}

/** What is taken back of a wave that is fine is no part of its incident any more: as that, it would be called off. */
function causeOfCut(room: RoomId, { stored, settings }: WorldView): Cause | undefined {
  const one = stored.containments.get(room, "acl");
  const isTakenBack =
    one?.endedAt !== undefined && one.waves.some((id) => settings.waveVerdicts.get(id)?.is === "fine");
  return isTakenBack
    ? { kind: "self", what: `end of the containment of ${room} since ${one.at}` }
    : one?.because;
}

/** What ACLs follow from has changed: for all rooms, or for some by what happened in them. */
function noteAclChanges(
  changes: Changes,
  moved: RulesMoved,
  { judging, at, command }: { judging: Judging; at: number; command: Cause | undefined },
): void {
  const { world, aclDebounce } = judging;
  const isAnswered = changes.answeredRules.some(isServerRule);
  if (isAnswered || moved.came.some(isServerRule) || moved.went.some(isServerRule)) {
    const isUrgent = isAnswered || command !== undefined || reachesPeopleHere(moved.came, world);
    aclDebounce.note(at, { command, isUrgent });
  }
  if (changes.everything || hasArrivalToName(changes, judging))
    aclDebounce.note(at, { reachesAnew: true, isUrgent: true });
  const protectedOf = (rooms: Iterable<RoomId>) => [...rooms].filter((room) => world.isProtected(room));
  aclDebounce.noteRooms(protectedOf([...changes.rooms, ...judging.watchdog.rested(at)]), at, {
    reachesAnew: true,
  });
  // A changed ACL alone does not mean that rules reach further: others may write theirs.
  const isOurs = (room: RoomId) => world.rooms.get(room)?.event("m.room.server_acl")?.sender === world.self;
  const acls = protectedOf(changes.acls);
  aclDebounce.noteRooms(
    acls.filter((room) => !isOurs(room)),
    at,
  );
  aclDebounce.noteWritten(acls.filter(isOurs), at);
}

/** Whether one of the rules denies a server with people in protected rooms: they are to be cut off soon. */
function reachesPeopleHere(rules: readonly Rule[], world: WorldView): boolean {
  const denying = rules.filter((rule) => isServerRule(rule) && rule.recommendation !== "allow");
  return (
    denying.length > 0 &&
    usersMatching(denying, world.members).some((user) => world.protectedRoomsOf(user).length > 0)
  );
}

/**
 * Whether somebody came from a server that has to be denied by its name, which we know only now: a hashed rule means it, or
 * a wildcard that is applied in part.
 */
function hasArrivalToName(changes: Changes, { world, rulesInForce }: Judging): boolean {
  return changes.arrivals.some(({ user }) => {
    const server = serverOf(user);
    const rules = rulesInForce.index.rulesForServer(server);
    if (rules.some((rule) => rule.entity === undefined)) return true;
    return rules.some((rule) => hasWildcard(rule.entity ?? "")) && isAlone(server, world);
  });
}

/** Whether we know one person of the server and no more. */
function isAlone(server: ServerName, world: WorldView): boolean {
  let known = 0;
  for (const _user of world.members.usersOfServer(server)) if (++known > 1) return false;
  return known === 1;
}

function isServerRule(rule: Rule): boolean {
  return rule.kind === "server";
}
