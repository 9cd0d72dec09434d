/** `status`, `verify` and `sync`: how things stand, and looking again. */
import { bullets, code, count, lines, plain, say, type Say } from "../../kit/say.ts";
import { describeDuration, describeRoughly } from "../../kit/duration.ts";
import type { RoomId } from "../../model/ids.ts";
import type { WorldView } from "../../model/world/view.ts";
import { defineCommand, type CommandContext, type Proposal } from "../define.ts";
import type { Health } from "../../model/health.ts";
import { listName, roomName } from "../shared/room-names.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { waitingQuestions } from "./questions.ts";
import { powersMissing, troubleOf } from "../shared/room-trouble.ts";

/** More problems than this are counted, not told one by one. */
const shownProblems = 20;

export const status = defineCommand({
  words: ["status"],
  about: "Show how I am doing: rooms, lists, what is under way, and what is wrong with what to do about it.",
  takes: {},
  examples: ["status"],
  answer: (_args, _flags, context) => ({ say: statusOf(context) }),
});

function statusOf({ world, health, at, prefix }: CommandContext): Say {
  const waiting = waitingQuestions(world);
  const work =
    health.pending === 0 ? say`Nothing is under way.` : say`${count(health.pending, "act")} under way.`;
  return lines(
    say`Up for ${describeDuration(at - health.startedAt)}.`,
    summaryOf(world),
    health.restriction,
    work,
    limitOf(health),
    waiting &&
      say`${waiting} ${code(`${prefix} questions`)} shows ${world.questions.open().length === 1 ? "it" : "them"}.`,
    problemsOf(world, health),
  );
}

function limitOf({ expectedMs, pauseLeftMs }: Health): Say | undefined {
  if (expectedMs !== undefined)
    return say`The homeserver limits how fast I may write: done in about ${describeRoughly(expectedMs)}. Its administrator can exempt me: ${code("override_ratelimit")}.`;
  if (pauseLeftMs === 0) return undefined;
  return say`I write nothing for ${describeDuration(pauseLeftMs)}, as the homeserver could not be written to.`;
}

/** "Tyr is watching 3 lists with 1,204 rules over 20 rooms and 4,111 people." */
export function summaryOf(world: WorldView): Say {
  const rules = world.watchedLists().reduce((sum, list) => sum + list.size, 0);
  const rooms = [...world.protectedRooms()].length;
  const all = world.settings.rooms.size;
  const people = world.members.size;
  return say`Tyr is watching ${count(world.settings.lists.length, "list")} with ${count(rules, "rule")} over ${count(rooms, "protected room")}${rooms < all ? say` (of ${all})` : ""} and ${count(people, "person", "people")}.`;
}

/** What is wrong, with what to do. Undefined where nothing is. */
export function problemsOf(world: WorldView, health: Health): Say | undefined {
  const problems: Say[] = [];
  if (health.syncTrouble)
    problems.push(say`The homeserver does not answer: ${plain(health.syncTrouble, 200)}. I keep trying.`);
  if (health.accountTrouble)
    problems.push(
      say`My account is locked or suspended: ${plain(health.accountTrouble, 200)}. An administrator of the homeserver has to free it; I go on by myself then.`,
    );
  if (health.diskTrouble) problems.push(diskTroubleOf(health.diskTrouble));
  const { managementRoom } = world.settings;
  if (managementRoom && world.rooms.get(managementRoom)?.event("m.room.encryption")) {
    problems.push(
      say`This room is encrypted, and I cannot read encrypted commands yet. Make one without encryption.`,
    );
  }
  problems.push(...health.lost);
  const ours = new Set<RoomId>([
    ...world.settings.rooms.keys(),
    ...world.settings.lists.map((list) => list.room),
    ...world.settings.spaces.keys(),
  ]);
  for (const id of ours) {
    const trouble = troubleOf(id, world);
    if (trouble)
      problems.push(
        say`${world.isWatched(id) ? listName(id, world) : roomName(id, world)} ${code(id)}: ${trouble}`,
      );
  }
  for (const { entity, why } of health.aclRefused.slice(0, 5))
    problems.push(say`Server rule ${code(entity)} is not applied: ${plain(why, 200)}`);
  if (health.aclLeftOut.length > 0)
    problems.push(
      say`${count(health.aclLeftOut.length, "server")} did not fit into the server ACL (first: ${code(health.aclLeftOut[0]!)}). Take old server rules off the lists.`,
    );
  if (health.rulesNotApplied > 0) {
    problems.push(
      say`${count(health.rulesNotApplied, "rule")} with nothing but wildcards to go by ${health.rulesNotApplied === 1 ? "is" : "are"} not applied: there are too many of them.`,
    );
  }
  for (const list of world.watchedLists()) {
    if (list.leftOut > 0)
      problems.push(
        say`${listName(list.room, world)} has more rules than I take in: ${count(list.leftOut, "rule")} of the newest ${list.leftOut === 1 ? "is" : "are"} not applied. ${code("limits.rulesPerList")} and ${code("limits.rules")} in the config are the bounds.`,
      );
    const [, why] = [...list.malformed].at(-1) ?? [];
    if (why)
      problems.push(
        say`${listName(list.room, world)} has ${count(list.malformed.size, "event")} that ${list.malformed.size === 1 ? "looks like a rule and is none" : "look like rules and are none"}: ${plain(why, 120)}`,
      );
  }
  if (world.malformed.count > 0)
    problems.push(
      say`${count(world.malformed.count, "odd event")} from servers so far; the newest: ${plain(world.malformed.examples.at(-1)!.what, 150)}`,
    );
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

export const verify = defineCommand({
  words: ["verify"],
  about: "Check my rights in every protected room, and who there stands as high as I do.",
  takes: {},
  flags: { page: pageFlag },
  examples: ["verify"],
  answer(_args, { page }, context) {
    const findings = [...context.world.settings.rooms.keys()].flatMap((room) => checked(room, context) ?? []);
    const total = context.world.settings.rooms.size;
    if (findings.length === 0) return { say: say`I have every right I need in all ${count(total, "room")}.` };
    return {
      say: pagesOf(
        say`${count(findings.length, "room")} of ${total} ${findings.length === 1 ? "needs" : "need"} a look`,
        findings,
        { page, again: `${context.prefix} verify` },
      ),
    };
  },
});

function checked(id: RoomId, { world }: CommandContext): Say | undefined {
  const trouble = troubleOf(id, world);
  if (trouble) return say`${roomName(id, world)}: ${trouble}`;
  const room = world.rooms.get(id);
  if (!room || powersMissing(room, world.self).length > 0) return undefined;
  const equals = room.power
    .named()
    .filter(
      (user) =>
        user !== world.self && room.power.of(user) >= room.power.of(world.self) && !world.isSpared(user),
    );
  return equals.length === 0
    ? undefined
    : say`${roomName(id, world)}: I could do nothing against ${code(equals.slice(0, 5).join(", "))}, whose level is not below mine.`;
}

export const sync = defineCommand({
  words: ["sync"],
  about: "Read every room and list again from the homeserver and put right whatever differs from the lists.",
  takes: {},
  examples: ["sync"],
  answer(_args, _flags, { world }) {
    const rooms = new Set<RoomId>([
      ...world.settings.lists.map((list) => list.room),
      ...world.settings.rooms.keys(),
    ]);
    const joined = [...rooms].filter((id) => world.rooms.get(id)?.ownMembership === "join");
    const acts = joined.map((room): Proposal => ({
      action: { kind: "read-room", room, state: true, members: world.isProtected(room) },
    }));
    return { say: say`Reading ${count(joined.length, "room")} again`, acts };
  },
});
