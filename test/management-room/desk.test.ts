import { beforeEach, describe, expect, test } from "@jest/globals";
import { Notify } from "../../src/management-room/notify.ts";
import { usualNotify } from "../support/notify.ts";
import { commands } from "../../src/commands/index.ts";
import { BlastRadius } from "../../src/decisions/guard/blast-radius.ts";
import type { EventId } from "../../src/model/ids.ts";
import type { Observation, Seen } from "../../src/model/observation.ts";
import type { RoomEvent } from "../../src/model/event.ts";
import type { World } from "../../src/model/world/world.ts";
import { Announcements } from "../../src/management-room/announcements.ts";
import { DeferredCommands } from "../../src/management-room/deferred-commands.ts";
import { Desk } from "../../src/management-room/desk.ts";
import { Listener } from "../../src/management-room/hearing/listener.ts";
import { ProgressMessages } from "../../src/management-room/progress/progress-messages.ts";
import { AnswerListener } from "../../src/management-room/questions/hear-answer.ts";
import { PutQuestions } from "../../src/management-room/questions/put-question.ts";
import { CommandReplies } from "../../src/management-room/reply-to-command.ts";
import { RulesInForce } from "../../src/policy/rules-in-force.ts";
import { asking } from "../support/asking.ts";
import { usualGuard } from "../support/limits.ts";
import {
  aWorld,
  desk,
  event,
  live,
  lobby,
  me,
  member,
  nextEvent,
  see,
  state,
  user,
} from "../support/make.ts";

const mod = user("@mod:example.org");
const startedAt = 1_000_000;

let world: World;
let parts: ReturnType<typeof aDesk>;
let received: Seen[];
let effects: string[];

beforeEach(() => {
  world = aWorld();
  see(world, live(desk, member(mod, "join")), live(lobby, member("@bob:x", "join")));
  received = [];
  effects = [];
  parts = aDesk();
  parts.desk.caughtUp();
});

function aDesk() {
  const { event: _event, by: _by, at: _at, line: _line, health, ...facts } = asking(world, "");
  const receive = (seen: readonly Seen[]) => void received.push(...seen);
  const listener = new Listener({
    world,
    commands,
    settings: {
      prefixes: ["!tyr"],
      understands: [],
      inProtectedRooms: false,
      answerWithinMinutes: 5,
      describe: false,
    },
    distrust: () => undefined,
    lookUps: {
      alias: () => Promise.resolve({ problem: "nowhere" }),
      people: () => Promise.resolve(undefined),
      event: () => Promise.resolve(undefined),
      file: () => Promise.resolve(undefined),
      room: () => Promise.resolve(undefined),
      policyServer: () => Promise.resolve({ problem: "nowhere" }),
    },
    receive,
    beforeReply: () => Promise.resolve(),
    believe: (seen) => see(world, seen),
    wasCarriedOut: () => false,
  });
  const deferred = new DeferredCommands(receive);
  const messages = new ProgressMessages({ firstAfterMs: 2_000, editEveryMs: 3_000 });
  const blast = new BlastRadius({ ...usualGuard, windowMinutes: 10 }, undefined);
  const replies = new CommandReplies({
    facts,
    health: () => health,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    listener,
    deferred,
    messages,
    needsYes: (command) => void effects.push(`needs a yes: ${command}`),
    dropped: (_, { text }) => void effects.push(`dropped ${text}`),
    undone: (occasions) => void effects.push(`undid ${occasions.join(" ")}`),
  });
  const notify = new Notify(world, usualNotify);
  const questions = new PutQuestions({
    world,
    notify,
    rulesInForce: new RulesInForce(world),
    blast,
    prefix: "!tyr",
    answerWithinHours: 24,
    secondPerson: { aloneAfterDays: 7, coolOffMinutes: 10 },
    believe: (seen, at) => world.apply({ ...seen, at, dueBy: at }),
    withdraw: (command) => replies.withdraw(command),
    roleFor: () => undefined,
    isUnderWay: () => false,
  });
  const announcements = new Announcements({
    world,
    notify,
    prefix: "!tyr",
    isLeftAlone: () => false,
    diskNews: () => undefined,
  });
  const answers = new AnswerListener({ world, commands, distrust: () => undefined });
  const one = new Desk({
    world,
    listener,
    answers,
    replies,
    questions,
    announcements,
    distrust: () => undefined,
    encryptedWords: { refuse: () => {} },
    startedAt,
    obeyWithinMs: 300_000,
  });
  return { desk: one, messages, replies, questions };
}

const said = (body: string, { by = mod, sentAt = startedAt }: { by?: string; sentAt?: number } = {}) =>
  ({
    type: "m.room.message",
    sender: user(by),
    eventId: nextEvent(),
    content: { msgtype: "m.text", body },
    sentAt,
  }) as const;
const heard = (one: RoomEvent, { room = desk, late = false } = {}): Observation => ({
  kind: "message",
  room,
  event: one,
  late,
  at: startedAt,
  dueBy: startedAt,
});
const typed = (line: string, id = "$command"): Extract<Observation, { kind: "command" }> => ({
  kind: "command",
  room: desk,
  event: { ...said(`!tyr ${line}`), eventId: event(id) },
  aliases: new Map(),
  line,
  at: startedAt,
  dueBy: startedAt,
});
/** What is heard is followed up by look-ups, which end by and by. */
const lookedUp = () => new Promise<void>((resolve) => setImmediate(resolve));
const commandsReceived = () =>
  received.flatMap((one): readonly EventId[] => (one.kind === "command" ? [one.event.eventId] : []));

describe("a message", () => {
  test("of a moderator that is a command is looked up and given back as one", async () => {
    const message = said("!tyr status");

    parts.desk.proposes({ seen: [heard(message)] });
    await lookedUp();

    expect(commandsReceived()).toEqual([message.eventId]);
  });

  test.each([
    ["of somebody who is no moderator", heard(said("!tyr status", { by: "@bob:x" }))],
    ["of our own", heard(said("!tyr status", { by: me }))],
    ["in a protected room", heard(said("!tyr status"), { room: lobby })],
    ["that is talk", heard(said("good morning"))],
  ])("%s is no command", async (_, message) => {
    parts.desk.proposes({ seen: [message] });
    await lookedUp();

    expect(received).toEqual([]);
    expect(parts.desk.says({ seen: [] })).toEqual([]);
  });

  test("that comes late is no command, and is told", async () => {
    parts.desk.proposes({ seen: [heard(said("!tyr status"), { late: true })] });
    await lookedUp();

    expect(received).toEqual([]);
    expect(parts.desk.says({ seen: [] })).toMatchObject([
      { action: { kind: "tell", say: { text: expect.stringContaining("• status, @mod:example.org") } } },
    ]);
  });

  test("that was said while we were away is counted, and not obeyed", async () => {
    parts = aDesk();

    parts.desk.proposes({ seen: [heard(said("!tyr status", { sentAt: startedAt - 1 }))] });
    await lookedUp();

    expect(parts.desk.ignored).toBe(1);
    expect(received).toEqual([]);
  });

  test("is not obeyed while anybody can join the room, and the room is told why", async () => {
    see(world, live(desk, state("m.room.join_rules", { join_rule: "public" })));

    parts.desk.proposes({ seen: [heard(said("!tyr status"))] });
    await lookedUp();

    expect(received).toEqual([]);
    expect(parts.desk.says({ seen: [] }).map(({ action }) => action)).toMatchObject([
      { kind: "tell", room: desk, say: { text: expect.stringContaining("I obey nobody in it") } },
    ]);
    expect(parts.desk.says({ seen: [] })).toEqual([]);
  });

  test("that answers a question is an act, and no command", async () => {
    world.apply({
      kind: "asked",
      question: {
        id: 1,
        about: { kind: "rooms", rooms: [lobby] },
        say: { text: "", html: "" },
        askedAt: 0,
        expiresAt: 2_000_000,
        message: event("$question"),
        told: 1,
        answer: undefined,
      },
      at: 0,
      dueBy: 0,
    });
    const yes = {
      ...said("yes"),
      content: {
        msgtype: "m.text",
        body: "yes",
        "m.relates_to": { "m.in_reply_to": { event_id: "$question" } },
      },
    };

    const proposed = parts.desk.proposes({ seen: [heard(yes)] });
    await lookedUp();

    expect(proposed.map(({ action }) => action)).toEqual([
      { kind: "answer-question", question: 1, yes: true, by: mod },
    ]);
    expect(received).toEqual([]);
  });
});

describe("a command", () => {
  const headline = () =>
    parts.messages
      .due(startedAt + 10_000, {
        room: desk,
        roomName: () => ({ text: "", html: "" }),
        cause: () => ({ text: "", html: "" }),
        undoWith: () => ({ text: "", html: "" }),
        notified: () => undefined,
      })
      .map(({ action }) => (action.kind === "tell" ? action.say.text.split("\n")[0] : action.with));

  test("proposes its acts, and its reply is told", () => {
    const proposed = parts.desk.proposes({
      seen: [typed("kick @bob:x spam")],
    });

    expect(proposed.map(({ action }) => action)).toMatchObject([
      { kind: "kick", room: lobby, user: "@bob:x" },
    ]);
    expect(headline()).toEqual([expect.stringContaining("Kick of @bob:x"), "✅"]);
  });

  test("that cannot be understood proposes nothing, and gets a cross", () => {
    expect(parts.desk.proposes({ seen: [typed("frobnicate")] })).toEqual([]);
    expect(headline()).toEqual([expect.stringContaining("frobnicate"), "❌"]);
  });

  test("that is dangerous says so before the guard weighs it", () => {
    parts.desk.proposes({ seen: [typed("kick @bo*:x")] });

    expect(effects).toEqual(["needs a yes: $command"]);
  });

  test("that is withdrawn for a question has no effect, and is not replied to yet", () => {
    parts.desk.proposes({ seen: [typed("unmute @bob:x")] });

    const said = parts.replies.withdraw(event("$command"));
    parts.desk.guarded(undefined, { at: startedAt });

    expect(said?.text).toContain("@bob:x");
    expect(effects).toEqual([]);
    expect(headline()).toEqual([]);
  });
});
