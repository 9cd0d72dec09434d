/** What is wrong with the homeserver, the account, the disk, rooms and lists, each with what to do about it. */
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import type { Health } from "../../model/health.ts";
import type { RoomId } from "../../model/ids.ts";
import type { PolicyListView } from "../../model/policy-list.ts";
import type { WorldView } from "../../model/world/view.ts";
import { quoted } from "../../model/quoted.ts";
import { listName, roomNameAndId } from "./room-names.ts";
import { troubleOf } from "./room-trouble.ts";
import { describeRuleFile, ruleFileTroubles } from "./rule-files.ts";

/** Further problems are counted: the message has to fit into an event. */
const shownProblems = 20;
/** Refused server rules come in masses, from one faulty list. */
const shownAclRefusals = 5;

/** Undefined where nothing is wrong. */
export function problemsOf(world: WorldView, health: Health, prefix: string): Say | undefined {
  const problems = [
    ...environmentProblems(health),
    ...encryptionProblem(world, health),
    ...upgradeProblem(world, health),
    ...health.lost,
    ...roomProblems(world),
    ...ruleProblems(health),
    ...protectionProblems(health),
    ...ruleFileTroubles(world).map((trouble) =>
      describeRuleFile(trouble, { settings: world.settings, prefix }),
    ),
    ...world.watchedLists().flatMap((list) => listProblems(list, world)),
    ...malformedEvents(world),
  ];
  if (problems.length === 0) return undefined;
  const more =
    problems.length > shownProblems ? say`... and ${problems.length - shownProblems} more` : undefined;
  return lines(
    say`${count(problems.length, "thing")} to look at:`,
    bullets(problems.slice(0, shownProblems)),
    more,
  );
}

export function diskTroubleOf(reason: string): Say {
  return say`My data folder cannot be written: ${plain(reason, 200)}. I go on protecting, and forget what I do meanwhile if I am stopped now. Free some space, or look at the disk.`;
}

/** True also where it is read later: what is encrypted waits while the disk is full. */
export function keysTroubleOf(reason: string): Say {
  return say`Keys that others give me cannot be kept on my disk (${code("crypto.db")}): ${plain(reason, 200)}. I try again with each answer of the homeserver, and go on protecting; what I have to say in encrypted rooms may come late. Free some space, or look at the disk.`;
}

function environmentProblems({
  syncTrouble,
  accountTrouble,
  diskTrouble,
  stashTrouble,
}: Health): readonly Say[] {
  const problems: Say[] = [];
  if (syncTrouble)
    problems.push(say`The homeserver does not answer: ${quoted(syncTrouble, 200)}. I keep trying.`);
  if (accountTrouble)
    problems.push(
      say`My account is locked or suspended: ${quoted(accountTrouble, 200)}. An administrator of the homeserver has to free it; I go on by myself then.`,
    );
  if (diskTrouble) problems.push(diskTroubleOf(diskTrouble));
  if (stashTrouble) problems.push(plain(stashTrouble, 400));
  return problems;
}

function encryptionProblem({ settings, rooms }: WorldView, { encryption }: Health): readonly Say[] {
  const { managementRoom } = settings;
  const isEncrypted = managementRoom && rooms.get(managementRoom)?.isEncrypted;
  if (encryption.kind === "on")
    return [
      ...(encryption.notKept === undefined ? [] : [keysTroubleOf(encryption.notKept)]),
      ...(encryption.trouble === undefined ? [] : [plain(encryption.trouble, 600)]),
    ];
  return isEncrypted && encryption.kind === "off"
    ? [
        say`This room is encrypted, and I cannot read encrypted commands, nor encrypt what I say. ${plain(encryption.why, 600)}`,
      ]
    : [];
}

/** A room that is no longer the newest, and whose successor Tyr does not take for its own. */
function upgradeProblem({ settings, rooms }: WorldView, { encryption }: Health): readonly Say[] {
  const room = settings.managementRoom && rooms.get(settings.managementRoom);
  const fit = encryption.kind === "off" ? "is invite-only and not encrypted" : "and is invite-only";
  return room?.tombstone
    ? [
        say`This room was upgraded, and I stay here. I follow a successor that a moderator made, that names this room as its predecessor, ${plain(fit)}; to ${code(room.tombstone.replacement)} I have to be invited.`,
      ]
    : [];
}

/** Protected rooms, lists and followed spaces that cannot be read, or in which Tyr lacks rights. */
function roomProblems(world: WorldView): readonly Say[] {
  const { lists, rulesRooms } = world.settings;
  const ids = new Set<RoomId>([
    ...world.protectedIds(),
    ...lists.map((list) => list.room),
    ...rulesRooms.keys(),
  ]);
  return [...ids].flatMap((id) => {
    const trouble = troubleOf(id, world);
    if (!trouble) return [];
    return [say`${roomNameAndId(id, world)}: ${trouble}`];
  });
}

function ruleProblems({ acls, unused: { rules } }: Health): readonly Say[] {
  const problems = acls.refused
    .slice(0, shownAclRefusals)
    .map(
      ({ entity, why, isInPart = false }) =>
        say`Server rule ${code(entity)} is ${isInPart ? "applied in part" : "not applied"}: ${quoted(why, 300)}`,
    );
  if (acls.leftOut.length > 0)
    problems.push(
      say`${count(acls.leftOut.length, "server")} did not fit into the server ACL (first: ${code(acls.leftOut[0]!)}). Take old server rules off the lists.`,
    );
  if (rules > 0)
    problems.push(
      say`${count(rules, "rule")} with nothing but wildcards to go by ${rules === 1 ? "is" : "are"} not applied: there are too many of them.`,
    );
  return problems;
}

/** Rules of the room that cannot be read any more. */
function protectionProblems({ unused }: Health): readonly Say[] {
  return [...unused.protections].map(
    ([name, why]) => say`The protection ${code(name)} cannot be used: ${plain(why, 200)}.`,
  );
}

function listProblems({ room, leftOut, malformed }: PolicyListView, world: WorldView): readonly Say[] {
  const problems: Say[] = [];
  if (leftOut > 0)
    problems.push(
      say`${listName(room, world)} has more rules than I take in: ${count(leftOut, "rule")} of the newest ${leftOut === 1 ? "is" : "are"} not applied. ${code("limits.rulesPerList")} and ${code("limits.rules")} in the config are the bounds.`,
    );
  const [, why] = [...malformed].at(-1) ?? [];
  if (why)
    problems.push(
      say`${listName(room, world)} has ${count(malformed.size, "event")} that ${malformed.size === 1 ? "looks like a rule and is none" : "look like rules and are none"}: ${quoted(why, 120)}`,
    );
  return problems;
}

function malformedEvents({ malformed }: WorldView): readonly Say[] {
  if (malformed.count === 0) return [];
  return [
    say`${count(malformed.count, "odd event")} from servers so far; the newest: ${quoted(malformed.examples.at(-1)!.what, 150)}`,
  ];
}
