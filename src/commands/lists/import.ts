/** `lists import`: turns the bans and the server ACL of a room into rules on a list. */
import { hasWildcard } from "../../kit/glob.ts";
import { code, count, joined, lines, say, type Say } from "../../kit/say.ts";
import type { FoundBan } from "../../model/event.ts";
import { serverOf, type RoomId, type ServerName, type UserId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import { maxEntityLength, normaliseEntity, stableRuleType, type Rule } from "../../model/policy-rule.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import { quoted } from "../../model/quoted.ts";
import { hitsOf } from "../../policy/impact/rule-reach.ts";
import { hitAmongUs } from "../../policy/own-people.ts";
import { hitInstead } from "../../policy/index/member-search.ts";
import { impactOf } from "../../policy/impact/list-preview.ts";
import { banContent, isWritable, ruleToBe, writeBan } from "../../policy/rule-writing.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Proposal,
  type Reply,
} from "../define.ts";
import { listName, roomName } from "../shared/room-names.ts";
import { listToWrite, whichList } from "../shared/target-list.ts";

/** Up to so many rules are written without a question. */
const fewRules = 5;
/** Each rule is a request: more would keep the list busy for over an hour under the usual rate limits. */
const mostRules = 10_000;

export const listsImport = defineCommand({
  words: ["lists", "import"],
  role: "admin",
  about:
    "Make rules of the bans and the server ACL of a room that I am in, with their reasons. What a list says already is left out.",
  takes: {
    room: needed("room", "the room: !id, #alias or a link"),
    list: optional("list", "the list that gets the rules; without it the default list"),
  },
  examples: ["lists import #lounge:example.org", "lists import #lounge:example.org coc"],
  reply({ room, list: named }, _flags, context) {
    const { world } = context;
    const { list, left } = listToWrite(named, context);
    if (!list) return problem(whichList(context));
    if (left) return problem(left);
    const objection = objectionTo(list, room, context);
    if (objection) return problem(objection);
    const reading = readFirst(room, context);
    if (reading) return reading;
    const found = sortCandidates(room.id, list, context);
    const title = say`Import of ${roomName(room.id, world)} into ${listName(list.room, world)}`;
    const what = lines(say`${title}: ${counts(found)}.`, leftOut(found, context));
    if (found.rules.length === 0) return { say: what };
    const acts = found.rules.map(({ kind, entity = "", reason }): Proposal => {
      const banned = { kind, text: entity };
      return {
        action: writeBan(banned, {
          list,
          rulesInForce: context.rulesInForce,
          content: banContent(banned, { reason }),
        }),
      };
    });
    if (found.rules.length <= fewRules) return { say: what, acts };
    return {
      say: lines(what, describeImpact(found.rules, context), say`Shall I write them?`),
      acts,
      waitsFor: { kind: "own-question" },
    };
  },
});

function objectionTo(
  list: PolicyListView,
  { id, text }: ArgumentValues["room"],
  { world }: CommandContext,
): Say | undefined {
  const room = world.rooms.get(id);
  if (id === list.room) return say`${code(text)} is that list itself`;
  if (!room?.isKnown) return say`I am not in ${code(text)}: invite me, then say it again`;
  const mayWrite = (["user", "server"] as const).every((kind) =>
    isWritable(list.room, world, stableRuleType(kind)),
  );
  return mayWrite ? undefined : say`I may not write to ${listName(list.room, world)}`;
}

/** Reads the bans first, as their reasons are not kept in memory; undefined as soon as they were read. */
function readFirst(
  { id, text }: ArgumentValues["room"],
  { lookedUp: { earlierReads } }: CommandContext,
): Reply | undefined {
  const read = earlierReads?.outcomes.find(({ decision: { action } }) => action.kind === "read-bans");
  if (read?.result.kind === "done") return undefined;
  const why =
    read?.result.kind === "failed"
      ? read.result.message
      : earlierReads?.isOverdue
        ? "it takes too long"
        : undefined;
  if (why !== undefined)
    return problem(say`I cannot read the bans of ${code(text)}: ${quoted(why, 200)}. Nothing was done`);
  return {
    say: say`Reading the bans of ${code(text)}`,
    acts: [{ action: { kind: "read-bans", room: id } }],
    waitsFor: { kind: "reads" },
  };
}

interface SortedCandidates {
  readonly rules: readonly Rule[];
  /** How many a watched list has a rule for. */
  readonly known: number;
  /** Entities that are or include moderators, Tyr or exempt people. */
  readonly spared: readonly string[];
  /** How many cannot be written as a rule: the entity is too long, or has a wildcard and would match others. */
  readonly odd: number;
  /** How many are left out because there are too many. */
  readonly beyond: number;
}

function sortCandidates(room: RoomId, list: PolicyListView, context: CommandContext): SortedCandidates {
  const rules = new Map<string, Rule>();
  const spared: string[] = [];
  let [known, odd] = [0, 0];
  for (const one of candidates(room, context)) {
    const rule = ruleOf(one, list, context);
    if (!rule) odd++;
    else if (isSpared(rule, context)) spared.push(one.entity);
    else if (isKnown(rule, context)) known++;
    else rules.set(`${rule.kind} ${rule.entity}`, rule);
  }
  const all = [...rules.values()];
  const beyond = Math.max(0, all.length - mostRules) + (context.lookedUp.earlierReads?.bansLeftOut ?? 0);
  return { rules: all.slice(0, mostRules), known, spared, odd, beyond };
}

interface Candidate {
  readonly kind: "user" | "server";
  readonly entity: string;
  readonly reason: string;
}

function* candidates(room: RoomId, { world, lookedUp }: CommandContext): Iterable<Candidate> {
  for (const { user, reason } of lookedUp.earlierReads?.bans ?? ([] as readonly FoundBan[]))
    yield { kind: "user", entity: user, reason };
  const acl = readServerAcl(world.rooms.get(room)?.event("m.room.server_acl")?.content);
  for (const entry of acl?.deny ?? [])
    yield { kind: "server", entity: normaliseEntity("server", entry), reason: "" };
}

/** The rule as it will be once it is written; undefined where the entity cannot be that of a rule. */
function ruleOf(
  { kind, entity, reason }: Candidate,
  list: PolicyListView,
  context: CommandContext,
): Rule | undefined {
  // Historical user ids may contain a `*`, which would be a wildcard in a rule.
  if (entity === "" || entity.length > maxEntityLength || (kind === "user" && hasWildcard(entity)))
    return undefined;
  if (kind === "user" && hitInstead(entity, context.world.members).length > 0) return undefined;
  const banned = { kind, text: entity };
  const action = writeBan(banned, {
    list,
    rulesInForce: context.rulesInForce,
    content: banContent(banned, { reason }),
  });
  return ruleToBe(action, context);
}

function isSpared({ kind, entity }: Rule, { world, rulesInForce }: CommandContext): boolean {
  if (hitAmongUs(entity ?? "", world) !== undefined) return true;
  if (kind === "user") return rulesInForce.exemptionOf(entity as UserId) !== undefined;
  return [...world.settings.exemptions.keys()].some(
    (one) => one === entity || serverOf(one as UserId) === entity,
  );
}

/** Whether a watched list bans the entity already. */
function isKnown({ kind, entity }: Rule, { rulesInForce }: CommandContext): boolean {
  const { index } = rulesInForce;
  const rules =
    kind === "user"
      ? index.rulesForUser(entity as UserId).filter((rule) => rule.kind === "user")
      : hasWildcard(entity!)
        ? index.rulesWithEntity("server", entity!)
        : index.rulesForServer(entity as ServerName);
  return rules.some(({ recommendation }) => recommendation === "ban" || recommendation === "takedown");
}

function counts({ rules }: SortedCandidates): Say {
  if (rules.length === 0) return say`nothing to write`;
  const users = rules.filter(({ kind }) => kind === "user").length;
  return say`${count(rules.length, "rule")} (${count(users, "user")}, ${count(rules.length - users, "server")})`;
}

function leftOut(
  { known, spared, odd, beyond }: SortedCandidates,
  { prefix }: CommandContext,
): Say | undefined {
  const parts = [
    ...(known > 0 ? [say`${known.toLocaleString("en")} that lists ask for already`] : []),
    ...(spared.length > 0
      ? [
          say`${spared.length.toLocaleString("en")} against moderators, me or exempt people (${code(spared[0]!, 80)})`,
        ]
      : []),
    ...(odd > 0 ? [say`${odd.toLocaleString("en")} whose names would mean others too`] : []),
  ];
  const rest =
    beyond > 0
      ? say`There are ${beyond.toLocaleString("en")} more than I write at once: say ${code(`${prefix} lists import`)} again then.`
      : undefined;
  const left = parts.length > 0 ? say`Left out: ${joined(parts)}.` : undefined;
  return left || rest ? lines(left, rest) : undefined;
}

/** Whom the rules would remove from protected rooms. */
function describeImpact(rules: readonly Rule[], { world, rulesInForce, config, at }: CommandContext): Say {
  const { acl, guard: limits } = config;
  const hits = hitsOf(rules, { world, rulesInForce: rulesInForce.with(rules) }, acl);
  return (
    impactOf(hits, { world, limits, at }).describe() ??
    say`It would hit nobody who is in a protected room now.`
  );
}
