/** `knocks`, `knocks allow` and `knocks deny`: who asks to be let into protected rooms, and the answer to them. */
import { describeTime } from "../../kit/duration.ts";
import { code, count, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { knocksCovered, type Knock } from "../../model/knocks.ts";
import type { WorldView } from "../../model/world/view.ts";
import { gatesOf } from "../../policy/knock-gate.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  yesFirst,
  type ArgumentValues,
  type CommandContext,
  type Entity,
  type Proposal,
  type Reply,
} from "../define.ts";
import { pageFlag, pagesOf } from "../shared/paging.ts";
import { globNeedsYes, notProtected, peopleMeant, roomsMeant, type PersonInRoom } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";

type Room = ArgumentValues["room"] | undefined;
type Answer = "allow" | "deny";

const aboutRoom = "only this room, or a space with its rooms; without it all protected rooms";
/** Whoever lets in more by one word says it twice. */
const mostAtOnce = 50;
const namedRooms = 5;
const wordsShown = 100;

export const knocksList = defineCommand({
  words: ["knocks"],
  role: "viewer",
  also: [["knocks", "list"]],
  about:
    "Show who asks to be let in, where people have to knock and I answer: since when, with which words, and what I know of them.",
  takes: { room: optional("room", aboutRoom) },
  flags: { page: pageFlag },
  examples: ["knocks", "knocks #lobby:example.org"],
  reply({ room }, { page }, { world, prefix }) {
    const objection = notProtected(room, world);
    if (objection) return problem(objection);
    const waiting = waitingAt(room, world);
    const gates = [...gatesOf(world)];
    const beside = lines(
      beyond(gates, world),
      refused(room, world),
      gates.length > 0
        ? say`I answer knocks at ${someOf(
            gates.slice(0, namedRooms).map((id) => roomName(id, world, 60)),
            namedRooms,
            gates.length,
          )}.`
        : say`I answer knocks nowhere; ${code(`${prefix} rooms knock on #room:server`)} has people knock at a room for good.`,
    );
    if (waiting.length === 0) return { say: lines(say`Nobody waits to be let in.`, beside) };
    const title = say`${count(waiting.length, "person asks", "people ask")} to be let in`;
    const items = waiting.map((knock) => () => describe(knock, world));
    return { say: lines(pagesOf(title, items, { page, again: `${prefix} knocks` }), beside) };
  },
});

export const knocksAllow = defineCommand({
  words: ["knocks", "allow"],
  role: "moderator",
  takesSeveral: true,
  about: "Let in somebody who knocks, or who was refused a short while ago: they are invited.",
  takes: {
    who: needed("person", "@name:server, or a glob such as @*:friends.example"),
    room: optional("room", aboutRoom),
  },
  examples: ["knocks allow @guest:example.org", "knocks allow @guest:example.org #lobby:example.org"],
  reply: ({ who, room }, _flags, context) => answered("allow", who, room, context),
});

export const knocksDeny = defineCommand({
  words: ["knocks", "deny"],
  role: "moderator",
  takesSeveral: true,
  about:
    "Refuse somebody who knocks. They may ask again, which is not told for a day; to keep them away, ban them.",
  takes: {
    who: needed("person", "@name:server, or a glob such as @*:evil.example"),
    room: optional("room", aboutRoom),
  },
  examples: ["knocks deny @spammer:evil.example", "knocks deny @*:evil.example"],
  reply: ({ who, room }, _flags, context) => answered("deny", who, room, context),
});

const questionFlag = {
  type: "number",
  about: "Only those whom this question names, by its number.",
  default: 0,
} as const;

export const knocksAllowAll = defineCommand({
  words: ["knocks", "allow", "all"],
  role: "moderator",
  about: "Let in everybody who waits and was not answered: they are invited.",
  takes: { room: optional("room", aboutRoom) },
  flags: { question: questionFlag },
  examples: ["knocks allow all", "knocks allow all #lobby:example.org"],
  reply: ({ room }, { question }, context) => allAnswered("allow", { room, question, context }),
});

export const knocksDenyAll = defineCommand({
  words: ["knocks", "deny", "all"],
  role: "moderator",
  about: "Refuse everybody who waits and was not answered.",
  takes: { room: optional("room", aboutRoom) },
  flags: { question: questionFlag },
  examples: ["knocks deny all", "knocks deny all #lobby:example.org"],
  reply: ({ room }, { question }, context) => allAnswered("deny", { room, question, context }),
});

function answered(answer: Answer, who: Entity, room: Room, context: CommandContext): Reply {
  const { world } = context;
  const objection = notProtected(room, world);
  if (objection) return problem(objection);
  const rooms = roomsMeant(room, world);
  const people = peopleMeant(who, world).flatMap((user) => {
    const asked = world.protectedRoomsOf(user, ["knock"]);
    const refusedAt = answer === "allow" && !who.isGlob ? refusedIn(user, world) : [];
    return [...new Set([...asked, ...refusedAt])].map((id) => ({ room: id, user }));
  });
  const meant = people.filter((one) => rooms?.has(one.room) ?? true);
  if (meant.length === 0)
    return problem(
      say`${code(who.text)} asks to be let in at ${room ? code(room.text) : "no protected room"}`,
    );
  return replyWith(answer, meant, { context, why: answer === "allow" ? globNeedsYes(who) : undefined });
}

function refusedIn(user: string, world: WorldView): readonly RoomId[] {
  return [...world.stored.knocks.all()]
    .filter((one) => one.user === user && one.state === "refused" && world.isProtected(one.room))
    .map(({ room }) => room);
}

function allAnswered(
  answer: Answer,
  { room, question, context }: { room: Room; question: number; context: CommandContext },
): Reply {
  const { world } = context;
  const objection = notProtected(room, world);
  if (objection) return problem(objection);
  if (question > 0) return answeredQuestion(answer, question, context);
  const waiting = waitingAt(room, world);
  // Those who could not be listed are refused as well; nobody is let in whom nobody could see.
  const people = answer === "allow" ? waiting : [...waiting, ...unlisted(room, world)];
  if (people.length === 0) return { say: say`Nobody waits to be let in.` };
  const why =
    answer === "allow" && people.length > mostAtOnce
      ? say`${people.length} people would be let in, and more than ${mostAtOnce} at once are not let in by one word`
      : undefined;
  return replyWith(answer, people, { context, why });
}

/** What an answer to the question gives: it is for those of whom its message told, as far as they still ask. */
function answeredQuestion(answer: Answer, number: number, context: CommandContext): Reply {
  const { world } = context;
  const asked = world.questions.get(number);
  if (asked?.about.kind !== "knocks")
    return problem(say`there is no question ${number} about people who ask to be let in`);
  const people = knocksCovered(asked.about, asked.told).filter(
    ({ room, user }) => world.isProtected(room) && world.members.membershipOf(room, user) === "knock",
  );
  if (people.length === 0) return { say: say`Nobody of them asks to be let in any more.` };
  return replyWith(answer, people, { context, why: undefined });
}

function replyWith(
  answer: Answer,
  people: readonly PersonInRoom[],
  { context: { world }, why }: { context: CommandContext; why: Say | undefined },
): Reply {
  const users = [...new Set(people.map(({ user }) => user))];
  const rooms = [...new Set(people.map(({ room }) => room))];
  const who = users.length === 1 ? code(users[0]!) : count(users.length, "person", "people");
  const where = rooms.length === 1 ? roomName(rooms[0]!, world) : count(rooms.length, "room");
  return {
    say: answer === "allow" ? say`Letting ${who} into ${where}` : say`Not letting ${who} into ${where}`,
    acts: people.map(({ room, user }): Proposal => ({
      action: { kind: answer === "allow" ? "invite" : "refuse-knock", room, user, reason: "" },
      replaces: String(world.members.get(room, user)?.stamp),
    })),
    waitsFor: yesFirst(why),
  };
}

/** Those who wait, the oldest first. */
function waitingAt(room: Room, world: WorldView): readonly Knock[] {
  const rooms = roomsMeant(room, world);
  return [...world.stored.knocks.all()].filter(
    (one) =>
      one.state === "asks" &&
      (rooms?.has(one.room) ?? true) &&
      world.isProtected(one.room) &&
      world.members.membershipOf(one.room, one.user) === "knock",
  );
}

/** Who knocks where we answer, and found no place among those who wait. */
function unlisted(room: Room, world: WorldView): readonly PersonInRoom[] {
  const rooms = roomsMeant(room, world);
  return [...gatesOf(world)]
    .filter((id) => rooms?.has(id) ?? true)
    .flatMap((id) =>
      [...world.members.membersOf(id, ["knock"])]
        .filter((user) => !world.stored.knocks.get(id, user))
        .map((user) => ({ room: id, user })),
    );
}

function beyond(gates: readonly RoomId[], world: WorldView): Say | undefined {
  const more = gates.length > 0 && world.stored.knocks.isFull ? unlisted(undefined, world).length : 0;
  return more > 0
    ? say`${count(more, "more person asks", "more people ask")}; I keep ${world.limits.knocksRemembered} (${code("limits.knocksRemembered")}). Whoever I know passes all the same.`
    : undefined;
}

function refused(room: Room, world: WorldView): Say | undefined {
  const rooms = roomsMeant(room, world);
  const again = [...world.stored.knocks.all()].filter(
    (one) =>
      one.state === "refused" &&
      (rooms?.has(one.room) ?? true) &&
      world.members.membershipOf(one.room, one.user) === "knock",
  ).length;
  return again > 0
    ? say`${count(again, "person who was", "people who were")} refused less than a day ago ${again === 1 ? "asks" : "ask"} again.`
    : undefined;
}

function describe({ room, user, at, words, note }: Knock, world: WorldView): Say {
  const said = words === undefined ? "" : say`: “${plain(words, wordsShown)}”`;
  const known = note === undefined ? "" : say` (${plain(note, 120)})`;
  return say`${code(user)} at ${roomName(room, world, 60)} since ${describeTime(at)}${known}${said}`;
}
