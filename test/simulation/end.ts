/** How things must stand once everything works again and time has passed. */
import {
  isAllowed,
  isExempt,
  isSurelyExempt,
  matches,
  rulesOf,
  serverOf,
  verdictOn,
  type NaiveRule,
} from "./naive-policy.ts";
import type { Simulation } from "./simulation.ts";
import { servers } from "./town.ts";
import { isFullyTrusted } from "../../src/model/settings/lists.ts";

interface Ending {
  readonly simulation: Simulation;
  readonly rules: readonly NaiveRule[];
  readonly exempt: readonly string[];
  /** Whom a list does not count for, by its rank. */
  readonly excepted: readonly { readonly listRank: number; readonly entity: string }[];
  /** Protected rooms that Tyr is in. */
  readonly rooms: readonly string[];
}

export function checkEnd(simulation: Simulation): void {
  const { story, watch, isUp } = simulation;
  if (!isUp || !watch.isReady) return watch.violation("does not run, although everything is well");
  // Only Tyr holds the settings, so its own rooms, lists and exemptions are taken as given.
  const { settings } = story.world!;
  const isIn = (room: string) => story.homeserver.membership(room, story.bot.userId) === "join";
  const lists = settings.lists.map((list) => list.room);
  const now = Math.min(story.clock.now(), story.clock.wall());
  const rulesAt = (at: number) => rulesOf(story.homeserver, lists, { now: at, rejected: settings.rejected });
  const ending: Ending = {
    simulation,
    rules: rulesAt(now),
    exempt: [...settings.exemptions.keys()],
    excepted: [...settings.exceptions.values()].flatMap(({ list, entity }) =>
      successorsOf(story.homeserver, list).flatMap((room) => {
        const listRank = lists.indexOf(room as never);
        return listRank < 0 ? [] : [{ listRank, entity }];
      }),
    ),
    rooms: [...settings.rooms.keys()].filter(isIn),
  };
  simulation.guard.checkEnd();
  // What ended just now ends by the later of two clocks, one of which stands still between answers.
  const justBefore = rulesAt(now - 120_000);
  checkCommands(simulation);
  checkJournal(simulation);
  if (!lists.every(isIn) || justBefore.length !== ending.rules.length) return;
  // What lists say together where they are not all trusted alike is worked out in test/policy alone.
  if (!settings.lists.every(isFullyTrusted)) return;
  for (const room of ending.rooms) {
    checkPeople(ending, room);
    checkAcl(ending, room);
  }
}

function checkCommands({ said, watch, run, story }: Simulation): void {
  // Messages that the server has refused again and again.
  const unsaid = story
    .database!.all("SELECT occasion FROM decision WHERE kind IN ('tell', 'react') AND state = 'failed'")
    .map(([occasion]) => occasion);
  for (const command of said) {
    if (unsaid.includes(command.event)) continue;
    if (command.isVoid || command.isDoubtful || command.run !== run) continue;
    const [answers, marks] = [watch.answersTo(command.event), watch.marksOn(command.event)];
    // A command that waited may have got a no, which is told in the question alone.
    const hasWaited = story.world!.questions.ofCommand(command.event as never) !== undefined;
    if (hasWaited && marks === 1 && answers <= 1) continue;
    if (answers !== 1 || marks !== 1)
      watch.violation(`${answers} answers and ${marks} marks for: ${command.text}`);
  }
}

function checkJournal({ story, watch }: Simulation): void {
  const open = story.database!.all("SELECT kind, room, target, cause FROM decision WHERE state = 'open'");
  for (const row of open) watch.violation(`an open decision: ${JSON.stringify(row)}`);
  const pending = story.tyr.bot()?.executor.pending ?? 0;
  if (pending > 0) watch.violation(`${pending} acts still wait`);
}

/** The room and those that took its place. */
function successorsOf(homeserver: Simulation["story"]["homeserver"], list: string): readonly string[] {
  const rooms = [list];
  for (let next: unknown = list; typeof next === "string" && rooms.length < 10;) {
    next = homeserver.state(next, "m.room.tombstone")?.content["replacement_room"];
    if (typeof next === "string" && !rooms.includes(next)) rooms.push(next);
    else break;
  }
  return rooms;
}

/** The rules that count for this person. */
function rulesFor(user: string, { rules, excepted }: Ending): readonly NaiveRule[] {
  return rules.filter(
    ({ says, listRank }) =>
      says === "allow" || !excepted.some((one) => one.listRank === listRank && isExempt([one.entity], user)),
  );
}

function checkPeople(ending: Ending, room: string): void {
  const { simulation, exempt } = ending;
  const { story, watch, resets, leftAlone, keepsBans } = simulation;
  const isLeft = (place: string) => resets.has(place) || simulation.broughtBack.has(place);
  const mayStay = leftAlone.has(room) || keepsBans;
  for (const { state_key: user, content, sender } of story.homeserver.stateOfType(room, "m.room.member")) {
    if (user === undefined || user === story.bot.userId) continue;
    const rules = rulesFor(user, ending);
    if (ending.excepted.some(({ entity }) => isExempt([entity], user) !== isSurelyExempt([entity], user)))
      continue;
    if (dependsOnSpelling(rules, user) || isExempt(exempt, user) !== isSurelyExempt(exempt, user)) continue;
    const isListed = verdictOn(rules, user) === "ban" && !isExempt(exempt, user);
    const membership = String(content["membership"]);
    const isPresent = ["join", "invite", "knock"].includes(membership);
    if (isListed && isPresent && !watch.isSpared(user) && canBan(simulation, room, user))
      watch.violation(`${user} is listed, and in ${room} (${membership})`);
    const isOurs = membership === "ban" && sender === story.bot.userId;
    if (isOurs && !isListed && !mayStay && !isLeft(`${room} ${user}`) && canBan(simulation, room, user))
      watch.violation(`${user} is banned in ${room} by Tyr, and nothing asks for it`);
  }
}

/** A rule for the id in other capitals means this person or not, as somebody bears that id or not: that may change any time. */
function dependsOnSpelling(rules: readonly NaiveRule[], user: string): boolean {
  return verdictOn(rules, user) !== verdictOn(rules, user, () => true);
}

function canBan({ story: { homeserver, bot } }: Simulation, room: string, user: string): boolean {
  const power = homeserver.state(room, "m.room.power_levels")?.content ?? {};
  const users = (power["users"] ?? {}) as Record<string, number>;
  const create = homeserver.state(room, "m.room.create")!;
  if (create.content["room_version"] === "12" && create.sender === user) return false;
  const [ours, theirs] = [users[bot.userId] ?? 0, users[user] ?? 0];
  return ours > theirs && ours >= Number(power["ban"] ?? 50) && ours >= Number(power["kick"] ?? 50);
}

function checkAcl(ending: Ending, room: string): void {
  const { simulation } = ending;
  const { story, watch, resets } = simulation;
  const { homeserver, bot } = story;
  const power = homeserver.state(room, "m.room.power_levels")?.content ?? {};
  const level = ((power["users"] ?? {}) as Record<string, number>)[bot.userId] ?? 0;
  const needed = ((power["events"] ?? {}) as Record<string, number>)["m.room.server_acl"] ?? 50;
  if (level < needed) return;
  const acl = homeserver.state(room, "m.room.server_acl")?.content;
  const { sure, possible } = deniedPatterns(ending);
  const byHand = handmade(simulation, room);
  for (const server of servers) {
    const isIn = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, server));
    if (isIn(sure) && isAllowed(acl, server)) watch.violation(`${server} is listed, and allowed in ${room}`);
    if (!isIn(possible) && !byHand && !isAllowed(acl, server) && !resets.has(`${room} `))
      watch.violation(`${server} is denied in ${room}, and nothing asks for it`);
  }
}

/**
 * A pattern that would deny somebody spared is left out whole. Of two patterns with wildcards it is hard to tell whether
 * they can mean the same server, so what hangs on that is possible and not sure.
 */
function deniedPatterns({ simulation: { watch, story, town }, rules, exempt, excepted }: Ending): {
  readonly sure: readonly string[];
  readonly possible: readonly string[];
} {
  const ofServers = rules.filter((rule) => rule.kind === "server");
  const everybody = [story.moderator, ...town.people];
  const always = ["hs.test", ...everybody.filter((user) => watch.isSpared(user)).map(serverOf)];
  always.push(...exempt.flatMap(serverSparedBy));
  const sure: string[] = [];
  const possible: string[] = [];
  for (const { entity, listRank, isHashed } of ofServers.filter((rule) => rule.says === "ban")) {
    const allowed = ofServers.filter((rule) => rule.says === "allow" && rule.listRank <= listRank);
    const here = excepted.filter((one) => one.listRank === listRank);
    const ofList = here.flatMap((one) => serverSparedBy(one.entity));
    const spared = [...always, ...ofList, ...allowed.map((rule) => rule.entity)];
    const isSpared = spared.some((other) => matches(entity, other) || matches(other, entity));
    // What is spared within one domain leaves the rest of it denied, as far as an ACL can say that.
    if (isSpared && /^\*\.[^.*?]+\.[^*?]+$/.test(entity)) possible.push(entity);
    if (isSpared) continue;
    possible.push(entity);
    // Whom a hash means Tyr can tell only of servers that it has seen.
    if (!isHashed && (!hasWildcard(entity) || !spared.some(hasWildcard))) sure.push(entity);
  }
  return { sure, possible };
}

/** A server, everybody of a server, or somebody there. */
function serverSparedBy(entity: string): readonly string[] {
  if (!entity.startsWith("@")) return [entity];
  return !hasWildcard(entity) || entity.startsWith("@*:") ? [serverOf(entity)] : [];
}

function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** Whether a person has ever set this room's ACL: their entries stay. */
function handmade({ story }: Simulation, room: string): boolean {
  return story.homeserver
    .events(room)
    .some((event) => event.type === "m.room.server_acl" && event.sender !== story.bot.userId);
}
