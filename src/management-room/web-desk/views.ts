/** What the pages of the web desk show, as it is believed now. Nothing of it takes a request or a look at the disk. */
import { roleOfAnswer } from "../../commands/role-of-words.ts";
import type { CommandFacts } from "../../commands/define.ts";
import { containedNow } from "../../commands/shared/contained.ts";
import { problemsOf } from "../../commands/shared/problems.ts";
import { troubleOf } from "../../commands/shared/room-trouble.ts";
import { dayMs } from "../../kit/duration.ts";
import type { Say } from "../../kit/say.ts";
import type { Health } from "../../model/health.ts";
import { parseUserId, type RoomId, type UserId } from "../../model/ids.ts";
import type { Membership } from "../../model/event.ts";
import type { Rule } from "../../model/policy-rule.ts";
import type { Question } from "../../model/question.ts";
import type {
  Button,
  ListRow,
  ListsView,
  ListView,
  NowView,
  PersonView,
  QuestionRow,
  RoomsView,
  RuleRow,
} from "../../model/web-desk.ts";
import { howListsDecide, listNotes } from "../../commands/shared/list-notes.ts";
import type { WatchedList } from "../../model/settings/lists.ts";
import type { WorldView } from "../../model/world/view.ts";
import { closedForNow } from "../../policy/knock-gate.ts";

export interface ViewOptions {
  readonly facts: Pick<CommandFacts, "world" | "commands">;
  readonly health: () => Health;
  readonly prefix: string;
  readonly now: () => number;
  /** What a line is answered that only looks. */
  readonly look: (by: UserId, line: string) => Say | undefined;
}

/** A page has 100 KB at most. */
const [shownQuestions, shownRooms, shownRules, shownPlaces] = [30, 200, 100, 100];
const everywhere: readonly Membership[] = ["join", "invite", "knock", "ban"];

export function nowView(user: UserId, { facts, health, prefix, now, look }: ViewOptions): NowView {
  const { world } = facts;
  const open = world.questions.open();
  const at = now();
  const closed = containedNow({ world, at, prefix });
  const waves = world.stored.waves.open().length > 0 ? look(user, "waves") : undefined;
  return {
    questions: open.slice(0, shownQuestions).map((question) => questionRow(question, user, facts)),
    more: Math.max(0, open.length - shownQuestions),
    goingOn: [waves, closed].flatMap((one) => one ?? []),
    trouble: problemsOf(world, health(), prefix),
    rooms: [...world.protectedRooms()].length,
    stop: stopButton(user, world),
    status: look(user, "status"),
  };
}

function stopButton(user: UserId, world: WorldView): Button | undefined {
  if (!world.mayDo(user, "moderator")) return undefined;
  return world.settings.stopping.stop
    ? { label: "Go on", line: "go" }
    : { label: "Stop everything", line: "stop" };
}

function questionRow(question: Question, user: UserId, facts: ViewOptions["facts"]): QuestionRow {
  const { id, say: what, askedAt, expiresAt } = question;
  return { id, say: what, askedAt, expiresAt, buttons: answersOf(question, user, facts) };
}

/** As `questions` offers them. */
function answersOf(
  { id, about }: Question,
  user: UserId,
  { world, commands }: ViewOptions["facts"],
): readonly Button[] {
  const [yes, no] = labels[about.kind] ?? ["Yes", "No"];
  const may = (isYes: boolean) => world.mayDo(user, roleOfAnswer({ about }, isYes, commands));
  return [
    ...(may(true) ? [{ label: yes, line: `yes ${id}` }] : []),
    ...(may(false) ? [{ label: no, line: `no ${id}` }] : []),
    ...(may(false) && about.kind === "held" ? [{ label: "Ban them", line: `no ${id} ban` }] : []),
  ];
}

const labels: { readonly [Kind in Question["about"]["kind"]]?: readonly [yes: string, no: string] } = {
  held: ["Let through", "Go on"],
  knocks: ["Let in", "Refuse"],
  staff: ["It is them", "Stop the account"],
};

export function roomsView(search: string, { facts: { world } }: ViewOptions): RoomsView {
  const wanted = search.trim().toLowerCase();
  const closed = new Set(closedForNow(world).map(({ room }) => room));
  const named = (id: RoomId) => world.rooms.get(id)?.label ?? id;
  const fitting = [...world.protectedIds()].filter(
    (id) => named(id).toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted),
  );
  const rows = fitting.slice(0, shownRooms).map((id) => ({
    name: named(id),
    id,
    members: world.members.joinedCount(id),
    level: world.rooms.get(id)?.power.of(world.self),
    trouble: troubleOf(id, world),
    isContained: closed.has(id),
  }));
  return { rows, found: fitting.length };
}

export function listsView({ facts: { world } }: ViewOptions): ListsView {
  const { settings } = world;
  return { rows: settings.lists.map((list) => listRow(list, world)), how: howListsDecide(settings) };
}

function listRow(watched: WatchedList, world: WorldView): ListRow {
  const { room: id } = watched;
  const list = world.lists.get(id);
  const counts = { user: 0, room: 0, server: 0 };
  for (const rule of list?.rules() ?? []) counts[rule.kind]++;
  return {
    name: list?.shortcode ?? world.rooms.get(id)?.label ?? id,
    id,
    users: counts.user,
    servers: counts.server,
    rooms: counts.room,
    notes: listNotes(watched, world),
    trouble: troubleOf(id, world),
  };
}

export function listView(
  id: string,
  search: string,
  { facts: { world } }: ViewOptions,
): ListView | undefined {
  const watched = world.settings.lists.find(({ room }) => room === id);
  const list = watched && world.lists.get(watched.room);
  if (!list) return undefined;
  const wanted = search.trim().toLowerCase();
  const fitting = [...list.rules()].filter(
    ({ entity = "", reason, sender }) =>
      wanted === "" || [entity, reason, sender].some((text) => text.toLowerCase().includes(wanted)),
  );
  const newest = fitting.sort((a, b) => b.sentAt - a.sentAt).slice(0, shownRules);
  return { list: listRow(watched, world), rules: newest.map(ruleRow), found: fitting.length };
}

function ruleRow({
  kind,
  entity,
  hash,
  recommendationText,
  reason,
  sender,
  sentAt,
  expiresAt,
}: Rule): RuleRow {
  const name = entity ?? `hash ${hash}`;
  return {
    kind,
    entity: name,
    recommendation: recommendationText,
    reason,
    by: sender,
    at: sentAt,
    expiresAt,
  };
}

export function personView(text: string, by: UserId, options: ViewOptions): PersonView | undefined {
  const { world } = options.facts;
  const user = parseUserId(text.trim());
  if (!user) return undefined;
  const record = world.regulars.get(user);
  const isStaff = world.isSpared(user) || user === world.self;
  const places = world.members
    .roomsOf(user, everywhere)
    .filter((room) => world.isProtected(room))
    .slice(0, shownPlaces)
    .map((room) => ({
      room: world.rooms.get(room)?.label ?? room,
      membership: world.members.membershipOf(room, user),
      level: world.rooms.get(room)?.power.of(user),
    }));
  return {
    user,
    isStaff,
    places,
    speech: record && { days: record.days, first: record.firstDay * dayMs, last: record.lastDay * dayMs },
    // A name with spaces would be several words of a command.
    why: isWord(user) ? options.look(by, `why ${user}`) : undefined,
    buttons: isWord(user) && !isStaff && world.mayDo(by, "moderator") ? actsOn(user, by, world) : [],
  };
}

function isWord(user: UserId): boolean {
  return /^[^\s"'\\*?]+$/.test(user);
}

function actsOn(user: UserId, by: UserId, world: WorldView): readonly Button[] {
  const isBanned = world.members.roomsOf(user, ["ban"]).length > 0;
  return [
    { label: "Mute for a day", line: `mute ${user} --for 1d` },
    { label: "Kick", line: `kick ${user}` },
    isBanned ? { label: "Unban", line: `unban ${user}` } : { label: "Ban", line: `ban ${user}` },
    ...(world.mayDo(by, "admin") ? [{ label: "Exempt", line: `exempt add ${user}` }] : []),
  ];
}
