/** `status`: rooms, lists, work that is under way, and what is wrong. */
import { code, count, folded, joined, lines, say, someOf, type Say } from "../../kit/say.ts";
import { describeDuration, describeRoughly } from "../../kit/duration.ts";
import type { WorldView } from "../../model/world/view.ts";
import { version } from "../../kit/version.ts";
import { words } from "../../model/actions/words.ts";
import { defineCommand, type CommandContext } from "../define.ts";
import type { Health } from "../../model/health.ts";
import { listName, roomName } from "../shared/room-names.ts";
import { containedNow } from "../shared/contained.ts";
import { problemsOf } from "../shared/problems.ts";
import { closingTimeMs, exemption } from "../shared/rate-limits.ts";
import { waitingQuestions } from "./questions.ts";
import { followedRooms } from "../shared/followed-rooms.ts";
import { stopInForce } from "./stop.ts";

/** Lists and rooms named; the others are counted, `lists` and `rooms` show them all. */
const named = 30;

export const status = defineCommand({
  words: ["status"],
  role: "viewer",
  about:
    "Show how I am doing: version, rooms, lists, what is under way, and what is wrong with what to do about it.",
  takes: {},
  examples: ["status"],
  reply: (_args, _flags, context) => ({ say: statusOf(context) }),
});

function statusOf({ world, health, at, prefix }: CommandContext): Say {
  const waiting = waitingQuestions(world);
  return lines(
    say`Up for ${describeDuration(at - health.startedAt)}, as Tyr ${version}.`,
    summaryOf(world),
    listsOf(world),
    roomsOf(world),
    followedRooms(world),
    encryptionOf(health),
    health.restriction,
    stopInForce({ world, prefix }),
    containedNow({ world, at, prefix }),
    workOf(health),
    limitOf(health, world),
    aclPauseOf(health),
    waiting &&
      say`${waiting} ${code(`${prefix} questions`)} shows ${world.questions.open().length === 1 ? "it" : "them"}.`,
    problemsOf(world, health, prefix),
  );
}

function listsOf(world: WorldView): Say | undefined {
  const lists = world.settings.lists.map(
    ({ room }) => say`${listName(room, world)} (${count(world.lists.get(room)?.size ?? 0, "rule")})`,
  );
  return lists.length === 0 ? undefined : folded(say`Lists (${lists.length}):`, someOf(lists, named));
}

function roomsOf(world: WorldView): Say | undefined {
  const ids = [...world.protectedIds()];
  if (ids.length === 0) return undefined;
  const shown = ids.slice(0, named).map((id) => roomName(id, world, 60));
  return folded(say`Protected (${ids.length.toLocaleString("en")}):`, someOf(shown, named, ids.length));
}

/** "12 acts under way: 10 bans, 2 redactions." */
function workOf({ pending, atWork }: Health): Say {
  if (pending === 0) return say`Nothing is under way.`;
  const { waiting, underWay } = atWork();
  const kinds = Map.groupBy([...underWay, ...waiting], ({ action }) => words[action.kind].leftAlone);
  const which = [...kinds].map(([[one, many], acts]) => count(acts.length, one, many));
  return say`${count(pending, "act")} under way${which.length > 0 ? say`: ${joined(which)}` : ""}.`;
}

function limitOf({ expectedMs, pauseLeftMs, limitedEveryMs }: Health, world: WorldView): Say | undefined {
  if (expectedMs !== undefined)
    return say`The homeserver limits how fast I may write: done in about ${describeRoughly(expectedMs)}. ${exemption(world)}`;
  if (pauseLeftMs === 0)
    return limitedEveryMs === undefined ? undefined : whatLimitMeans(limitedEveryMs, world);
  return say`I write nothing for ${describeDuration(pauseLeftMs)}, as the homeserver could not be written to.`;
}

/** The key is shown as clients show it, in groups of four, for whoever verifies us by hand. */
function encryptionOf({ encryption }: Health): Say | undefined {
  if (encryption.kind === "starting") return say`Encryption is being made ready.`;
  if (encryption.kind !== "on") return undefined;
  const fingerprint = encryption.fingerprint.replace(/.{4}(?=.)/g, "$& ");
  return say`Encrypted. To verify me: device ${code(encryption.device)}, key ${code(fingerprint)}.`;
}

/** Said while there is time to have it lifted. */
function whatLimitMeans(everyMs: number, world: WorldView): Say | undefined {
  const rooms = [...world.protectedIds()].length;
  const closingMs = closingTimeMs(rooms, everyMs);
  return closingMs === 0
    ? undefined
    : say`The homeserver has limited how fast I may write: closing all ${count(rooms, "room")} to a wave would take about ${describeRoughly(closingMs)}. ${exemption(world)}`;
}

/** Shorter waits are over before anybody has read of them. */
const shownAclWaitMs = 2_000;

function aclPauseOf({ acls: { dueMs = 0 } }: Health): Say | undefined {
  return dueMs < shownAclWaitMs
    ? undefined
    : say`New server rules come in fast: the next round of server ACLs is due in ${describeDuration(dueMs)}.`;
}

/** "Tyr is watching 3 lists with 1,204 rules over 20 rooms and 4,111 people." */
export function summaryOf(world: WorldView): Say {
  const rules = world.watchedLists().reduce((sum, list) => sum + list.size, 0);
  const { spaces, rooms: wanted } = world.settings;
  const rooms = [...world.protectedRooms()].filter(({ id }) => wanted.has(id)).length;
  const followed = spaces.size > 0 ? say`, ${count(spaces.size, "space")}` : "";
  const people = world.members.size;
  return say`Tyr is watching ${count(world.settings.lists.length, "list")} with ${count(rules, "rule")} over ${count(rooms, "protected room")}${rooms < wanted.size ? say` (of ${wanted.size})` : ""}${followed} and ${count(people, "person", "people")}.`;
}
