/** `why`: everything that touches a user, server or room, now or ever, in words. */
import { dayMs, describeDay, describeTime } from "../../kit/duration.ts";
import { bullets, code, count, folded, joined, lines, plain, say, type Say } from "../../kit/say.ts";
import { actKey } from "../../model/actions/traits.ts";
import { words } from "../../model/actions/words.ts";
import { occasionOf, type Cause } from "../../model/decision.ts";
import { stoppedCode } from "../../model/stopped.ts";
import { parseServerName, serverOf, type RoomId, type UserId } from "../../model/ids.ts";
import type { PastAct, PastRefusal, PastRule } from "../../model/past-acts.ts";
import type { Rule } from "../../model/policy-rule.ts";
import { holdersOf } from "../../model/settings/holders.ts";
import { readServerAcl } from "../../model/server-acl.ts";
import { quoted } from "../../model/quoted.ts";
import { isServerAllowed } from "../../policy/server-acl/compile.ts";
import { defineCommand, optional, problem, type CommandContext, type Entity, type Reply } from "../define.ts";
import { heatNow } from "../shared/heat-now.ts";
import { notesNow, reportedNow } from "../shared/notes-now.ts";
import { heldByText } from "../shared/held-by.ts";
import { listName, roomName, roomNameAndId } from "../shared/room-names.ts";
import { describeRule, notAppliedNote } from "../shared/describe-rule.ts";
import { exceptedNote } from "../shared/excepted.ts";
import { troubleOf } from "../shared/room-trouble.ts";
import { numbered } from "../shared/numbered.ts";
import { voicesNow } from "../shared/voices.ts";

const shownRules = 20;
const shownOccasions = 15;

export const why = defineCommand({
  words: ["why"],
  role: "viewer",
  about:
    "Tell everything that touches a user, server or room, now or ever: rules, lists, authors, commands, decisions, and how they ended; or what one occasion led to.",
  takes: {
    who: optional("entity", "a user id, server or room", "who"),
    what: optional("word", "the number that an answer gave, for what it led to", "incident"),
  },
  examples: ["why @somebody:example.org", "why evil.example", "why #lobby:example.org", "why 12"],
  reply({ who, what }, _flags, context): Reply {
    if (who) return { say: who.kind === "room" ? ofRoom(who, context) : ofEntity(who, context) };
    if (what !== undefined) return ofNumber(what, context);
    const nobody = problem(
      say`Whom or what? Name a user, a server or a room, or the number that an answer gave.`,
    );
    return { ...nobody, waitsFor: { kind: "argument", argument: "who", choices: [] } };
  },
});

function ofNumber(what: string, context: CommandContext): Reply {
  const { past, world } = context;
  const found = numbered(what, context);
  if (!found)
    return problem(
      say`${code(what, 60)} is neither a user, a server nor a room, nor a number under which I remember anything.`,
    );
  const acts = past.ofOccasion(occasionOf(found.because)).toReversed();
  const at = acts.at(-1)?.decision.at;
  const when = at === undefined ? "" : say`${describeTime(at)}, `;
  return {
    say: lines(
      say`${found.number}: ${when}${describeCause(found.because, world)}.`,
      ...decisions(acts, context),
    ),
  };
}

function ofEntity(who: Entity, context: CommandContext): Say {
  const { past } = context;
  const now =
    who.kind === "user" && !who.isGlob
      ? userNow(who.text as UserId, context)
      : who.kind === "server"
        ? serverNow(who, context)
        : [];
  const rules = rulesNow(who, context);
  const acts = past.about(who.text, context.world.limits.pastActs);
  const refusals = past.refusalsOf(who.text, shownRules);
  const once = past
    .rulesOnce(who.text, shownRules)
    .filter(({ rule }) => rule.kind === who.kind || who.kind === "user");
  if (now.length + rules.length + acts.length + refusals.length + once.length === 0)
    return say`Nothing touches ${code(who.text)}, now or in what I remember.`;
  return lines(
    say`${code(who.text)}:`,
    now.length > 0 ? bullets(now) : undefined,
    rules.length > 0
      ? lines(say`Rules now, the strongest first:`, bullets(rules))
      : say`No rule speaks about it now.`,
    once.length > 0
      ? lines(say`Rules there were:`, bullets(once.map((one) => describeOnce(one, context))))
      : undefined,
    ...decisions(acts, context),
    refused(refusals),
  );
}

function userNow(user: UserId, context: CommandContext): readonly Say[] {
  const { world, rulesInForce, at } = context;
  const said: Say[] = [];
  if (user === world.self) said.push(say`That is me.`);
  if (world.isSpared(user)) said.push(say`Is in this room as a moderator, and never touched.`);
  const exemption = rulesInForce.exemptionOf(user);
  if (exemption)
    said.push(
      say`Is exempt (${code(exemption.entity)}), by ${code(exemption.by)} on ${describeDay(exemption.at)}${exemption.reason === "" ? "" : say`: ${plain(exemption.reason, 120)}`}.`,
    );
  const speaker = world.regulars.get(user);
  if (speaker)
    said.push(
      say`${world.regulars.isRegular(user, at) ? "A regular: has" : "Has"} spoken on ${count(speaker.days, "day")} since ${describeDay(speaker.firstDay * dayMs)}.`,
    );
  said.push(...heatNow(user, world, at), ...reportedNow(user, world), ...notesNow(user, world));
  const joined = world.protectedRoomsOf(user, ["join"]);
  if (joined.length > 0) said.push(say`Is in ${someRooms(joined, world)}.`);
  said.push(...bansNow(user, world));
  if (!exemption) said.push(...voicesNow(rulesForUser(user, rulesInForce), context, user));
  return said;
}

function rulesForUser(user: UserId, { index }: CommandContext["rulesInForce"]): readonly Rule[] {
  return index.rulesForUser(user).filter(({ kind }) => kind === "user");
}

function bansNow(user: UserId, world: CommandContext["world"]): readonly Say[] {
  const bans = world.protectedRoomsOf(user, ["ban"]);
  const byReason = Map.groupBy(bans, (room) => {
    const record = world.members.get(room, user);
    if (!record?.isOurs) return "somebody";
    return record.forList ?? "me";
  });
  return [...byReason].map(([reason, rooms]) => {
    if (reason === "somebody") return say`Is banned by somebody else in ${someRooms(rooms, world)}.`;
    if (reason === "me") return say`Is banned by me in ${someRooms(rooms, world)}, for no list.`;
    return say`Is banned by me for ${listName(reason, world)} in ${someRooms(rooms, world)}.`;
  });
}

function serverNow(who: Entity, context: CommandContext): readonly Say[] {
  const { world, rulesInForce, at } = context;
  const server = parseServerName(who.text);
  if (!server) return [];
  const denying = [...world.protectedRooms()]
    .filter((room) => !isServerAllowed(readServerAcl(room.event("m.room.server_acl")?.content), server))
    .map((room) => room.id);
  const people = [...world.members.usersOfServer(server)].length;
  return [
    ...(server === serverOf(world.self) ? [say`That is my own server: it is never denied.`] : []),
    ...heatNow(server, world, at),
    ...(people > 0 ? [say`I know ${count(people, "person", "people")} of it.`] : []),
    ...(denying.length > 0 ? [say`The server ACL denies it in ${someRooms(denying, world)}.`] : []),
    ...voicesNow(rulesInForce.index.rulesForServer(server), context),
  ];
}

function rulesNow(who: Entity, context: CommandContext): readonly Say[] {
  const { rulesInForce, world } = context;
  const { index } = rulesInForce;
  const server = parseServerName(who.text);
  const rules = who.isGlob
    ? index.rulesWithEntity(who.kind, who.text)
    : who.kind === "user"
      ? index.rulesNamingUser(who.text as UserId)
      : server
        ? index.rulesNamingServer(server)
        : [];
  const shown = rulesInForce.inOrder(rules).slice(0, shownRules);
  return shown.map(
    (rule) =>
      say`${listName(rule.list, world)}: ${describeRule(rule)}${notAppliedNote(rule, context)}${exceptedNote(rule, who, context)}`,
  );
}

function describeOnce({ rule, endedAt, endedBy }: PastRule, { world }: CommandContext): Say {
  const by = endedBy ? say` (by ${code(endedBy)})` : "";
  return say`${listName(rule.list, world)}: ${describeRule(rule)}; gone or changed on ${describeTime(endedAt)}${by}`;
}

function ofRoom(who: Entity, context: CommandContext): Say {
  const { world, past, rulesInForce } = context;
  const id = who.text as RoomId;
  const room = world.rooms.get(id);
  const holders = holdersOf(id, world.settings);
  const wanted = holders.length > 0;
  const held = heldByText(holders, world);
  const trouble = wanted || world.isWatched(id) ? troubleOf(id, world) : undefined;
  const acl = readServerAcl(room?.event("m.room.server_acl")?.content);
  const rules = rulesInForce
    .inOrder(rulesInForce.index.rulesForRoom(id))
    .map((rule) => say`${listName(rule.list, world)}: ${describeRule(rule)}`);
  const now = [
    wanted
      ? say`Is ${world.settings.spaces.has(id) ? say`a space that I follow, and protected` : "protected"}${held ? say`, ${held}` : ""}.`
      : say`Is not protected.`,
    ...(world.isWatched(id) ? [say`Is a list that I watch.`] : []),
    ...(trouble ? [trouble] : []),
    ...(acl
      ? [
          say`Its server ACL denies ${count(acl.deny.length, "entry", "entries")}, ${room?.aclByHand.length ?? 0} of them made by hand.`,
        ]
      : []),
    ...(world.settings.rejected.has(id) ? [say`What lists ask for there is not applied: it got a no.`] : []),
  ];
  return lines(
    say`${roomNameAndId(id, world)}:`,
    bullets(now),
    rules.length > 0
      ? lines(say`Rules about it (never applied to our own rooms):`, bullets(rules))
      : undefined,
    ...decisions(
      [...past.inRoom(id, world.limits.pastActs), ...past.about(id, world.limits.pastActs)],
      context,
    ),
  );
}

/** What was decided, one line for each occasion and kind, newest first. */
function decisions(acts: readonly PastAct[], context: CommandContext): readonly Say[] {
  const telling = acts.filter(({ decision }) => words[decision.action.kind].inWhy === "listed");
  if (telling.length === 0) return [];
  const groups = [
    ...Map.groupBy(
      telling,
      ({ decision }) => `${occasionOf(decision.because)}\n${decision.action.kind}`,
    ).values(),
  ];
  const items = groups.slice(0, shownOccasions).map((group) => describeGroup(group, context));
  const more = groups.length > shownOccasions ? [say`... and ${groups.length - shownOccasions} older.`] : [];
  return [
    folded(
      say`What I did (${count(groups.length, "occasion")}, newest first):`,
      bullets([...items, ...more]),
    ),
  ];
}

function describeGroup(group: readonly PastAct[], { world, past }: CommandContext): Say {
  const { action, because, at } = group[0]!.decision;
  const done = group.filter(({ result }) => result?.kind === "done").length;
  const stopped = group.filter(
    ({ result }) => result?.kind === "failed" && result.code === stoppedCode,
  ).length;
  const failed = group.filter(({ result }) => result?.kind === "failed").length - stopped;
  const off = group.filter(({ result }) => result?.kind === "superseded").length;
  const recorded = group.filter(({ result }) => result?.kind === "recorded").length;
  const open = group.length - done - failed - stopped - off - recorded;
  const parts = [
    ...(recorded < group.length ? [`${done} done`] : []),
    ...(recorded > 0 ? [`${recorded} in a dry run, so not done`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
    ...(off > 0 ? [`${off} called off`] : []),
    ...(open > 0 ? [`${open} under way`] : []),
  ];
  const rooms = new Set(group.map(({ decision }) => actKey(decision.action).split("\n")[1])).size;
  const isNumbered = because.kind === "command" || because.kind === "finding";
  const number = isNumbered ? past.numberOf(occasionOf(because)) : undefined;
  const where = "room" in action ? say` in ${count(rooms, "room")}` : "";
  return say`${describeTime(at)}: ${words[action.kind].did}${where} (${plain(parts.join(", "))}), ${describeCause(because, world)}${number === undefined ? "" : say` [undo ${number}]`}`;
}

/** Why something was done, as it follows a comma. */
export function describeCause(cause: Cause, world: CommandContext["world"]): Say {
  switch (cause.kind) {
    case "rule":
      if (cause.with)
        return say`as ${joined(
          [cause.list, ...cause.with.map(({ list }) => list)].map((list) => listName(list, world)),
          " and ",
        )} together ask for it: ${cause.ruleKind} ${code(cause.entity)}`;
      return say`as ${listName(cause.list, world)} has a rule for ${cause.ruleKind} ${code(cause.entity)}`;
    case "rule-removed":
      return say`as ${listName(cause.list, world)} asks for it no longer`;
    case "expiry":
      return say`as the time of ${code(cause.entity)} was over`;
    case "command":
      return say`as ${code(cause.by)} said ${code(cause.text, 100)}`;
    case "lists":
      return say`as the lists together ask for it`;
    case "finding":
      return say`as ${cause.protection} found: ${quoted(cause.sentence, 200)}`;
    case "self":
      return say`by myself (${plain(cause.what, 80)})`;
  }
}

function refused(refusals: readonly PastRefusal[]): Say | undefined {
  if (refusals.length === 0) return undefined;
  const items = refusals.map(
    (one) => say`${describeTime(one.at)}: ${plain(one.kind)} not done: ${quoted(one.why, 200)}`,
  );
  return lines(say`What I refused:`, bullets(items));
}

function someRooms(rooms: readonly RoomId[], world: CommandContext["world"]): Say {
  const named = rooms.slice(0, 3).map((room) => roomName(room, world));
  return rooms.length > 3 ? say`${count(rooms.length, "room")} (${joined(named)}, ...)` : joined(named);
}
