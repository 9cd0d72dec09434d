import { beforeEach, describe, expect, test } from "@jest/globals";
import type { MissingArgument } from "../../../src/commands/define.ts";
import { ArgumentPrompts } from "../../../src/management-room/hearing/argument-prompts.ts";
import { OpenPrompts } from "../../../src/model/open-prompts.ts";
import type { RoomEvent } from "../../../src/model/event.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, event, nextEvent, user } from "../../support/make.ts";

const minuteMs = 60_000;
const mod = "@mod:example.org";
const world = aWorld();
const choices = ["coc", "spam"].map((typed) => ({ typed, shown: { text: typed, html: typed } }));

let prompts: ArgumentPrompts;
beforeEach(() => {
  const open = new OpenPrompts(2);
  prompts = new ArgumentPrompts({
    open,
    set: (prompt) => open.set(prompt),
    remove: (command) => open.delete(command),
    withinMs: 10 * minuteMs,
  });
});

/** Opens a prompt for the command; `message`: where the question is in the room already. */
function open(
  command: string,
  {
    by = mod,
    at = 0,
    message,
    missing = {},
  }: { by?: string; at?: number; message?: string; missing?: Partial<MissingArgument> } = {},
): void {
  prompts.open({
    command: event(command),
    by: user(by),
    missing: { kind: "person", before: "kick", after: "", choices: [], ...missing },
    at,
    aliases: [],
    names: [],
  });
  if (message) prompts.promptSent(event(command), event(message));
}

function says(
  text: string,
  { by = mod, to, thread, at = 0 }: { by?: string; to?: string; thread?: string; at?: number } = {},
): string | undefined {
  const relation = {
    ...(to ? { "m.in_reply_to": { event_id: to } } : {}),
    ...(thread ? { rel_type: "m.thread", event_id: thread } : {}),
  };
  const one: RoomEvent = {
    type: "m.room.message",
    sender: user(by),
    eventId: nextEvent(),
    content: { msgtype: "m.text", body: text, "m.relates_to": relation },
    sentAt: 0,
  };
  return prompts.completedBy(one, { text, at, context: asking(world, text) })?.line;
}

function reacts(key: string, to: string, by = mod) {
  const one: RoomEvent = {
    type: "m.reaction",
    sender: user(by),
    eventId: nextEvent(),
    content: { "m.relates_to": { rel_type: "m.annotation", event_id: to, key } },
    sentAt: 0,
  };
  return prompts.completedBy(one, { text: undefined, at: 0, context: asking(world, "") });
}

describe("the next message of the moderator", () => {
  test("completes the command where it can be nothing else", () => {
    open("$kick");

    expect(says("@bob:x")).toBe("kick @bob:x");
  });

  test.each(["Bob", "@bob:x did it", "", "no"])("%p is conversation", (text) => {
    open("$kick");

    expect(says(text)).toBeUndefined();
  });

  test("is the only one that needs no reply", () => {
    open("$kick", { message: "$prompt" });

    expect(says("just a moment")).toBeUndefined();
    expect(says("@bob:x")).toBeUndefined();
    expect(says("@bob:x", { to: "$prompt" })).toBe("kick @bob:x");
  });

  test("that replies to something else is about that", () => {
    open("$kick", { message: "$prompt" });

    expect(says("@bob:x", { to: "$other" })).toBeUndefined();
  });

  test("answers the newest prompt; an older one needs a reply", () => {
    open("$kick", { message: "$prompt-1" });
    open("$ban", { message: "$prompt-2", missing: { before: "ban" } });

    expect(says("@bob:x")).toBe("ban @bob:x");
    expect(says("@eve:x")).toBeUndefined();
    expect(says("@eve:x", { to: "$prompt-1" })).toBe("kick @eve:x");
  });
});

test("whether something answers a prompt can be asked without using it up", () => {
  open("$kick", { message: "$prompt" });
  const reply: RoomEvent = {
    type: "m.room.message",
    sender: user(mod),
    eventId: nextEvent(),
    content: { "m.relates_to": { "m.in_reply_to": { event_id: "$prompt" } } },
    sentAt: 0,
  };
  const isAnswer = (text: string) => prompts.isAnswer(reply, { text, at: 0, context: asking(world, text) });

  expect([isAnswer("Bob"), isAnswer("cancel"), isAnswer("")]).toEqual([true, true, false]);
  expect(says("@bob:x")).toBe("kick @bob:x");
});

describe("a reply", () => {
  test("may say anything, as it can only be meant as the answer", () => {
    open("$kick", { message: "$prompt" });

    expect(says("Bob", { to: "$prompt" })).toBe("kick Bob");
  });

  test("in a thread that began with the prompt is one, too", () => {
    open("$kick", { message: "$prompt" });

    expect(says("Bob", { thread: "$prompt" })).toBe("kick Bob");
  });

  test("by number chooses", () => {
    open("$ban", { message: "$prompt", missing: { kind: "list", before: "ban", after: " @bob:x", choices } });

    expect(says("2", { to: "$prompt" })).toBe("ban spam @bob:x");
  });

  test.each(["no", "Cancel.", "never mind"])("%p ends the prompt", (text) => {
    open("$kick", { message: "$prompt" });

    expect(says(text, { to: "$prompt" })).toBeUndefined();
    expect(says("@bob:x", { to: "$prompt" })).toBeUndefined();
  });

  test("completes a command once", () => {
    open("$kick", { message: "$prompt" });

    expect(says("@bob:x", { to: "$prompt" })).toBe("kick @bob:x");
    expect(says("@eve:x", { to: "$prompt" })).toBeUndefined();
  });

  test("of somebody else completes nothing", () => {
    open("$kick", { message: "$prompt" });

    expect(says("@bob:x", { to: "$prompt", by: "@other:example.org" })).toBeUndefined();
    expect(says("@bob:x", { to: "$prompt" })).toBe("kick @bob:x");
  });
});

describe("a reaction", () => {
  test("chooses by its number", () => {
    open("$ban", { message: "$prompt", missing: { kind: "list", before: "ban", choices } });

    expect(reacts("1️⃣", "$prompt")).toMatchObject({ line: "ban coc", isReaction: true });
  });

  test.each([
    ["that is no number", "👍", "$prompt", mod],
    ["beyond the choices", "3️⃣", "$prompt", mod],
    ["on another message", "1️⃣", "$other", mod],
    ["of somebody else", "1️⃣", "$prompt", "@other:example.org"],
  ])("%s chooses nothing", (_what, key, to, by) => {
    open("$ban", { message: "$prompt", missing: { kind: "list", before: "ban", choices } });

    expect(reacts(key, to, by)).toBeUndefined();
  });
});

test("the message that asks offers one reaction for each choice, once", () => {
  open("$ban", { missing: { kind: "list", before: "ban", choices } });

  expect(prompts.promptSent(event("$ban"), event("$prompt"))).toEqual(["1️⃣", "2️⃣"]);
  expect(prompts.promptSent(event("$ban"), event("$again"))).toEqual([]);
  expect(prompts.promptSent(event("$unknown"), event("$prompt"))).toEqual([]);
});

test("a prompt can be answered for ten minutes, and not from a clock that is far off either", () => {
  open("$kick", { message: "$prompt" });
  expect(says("@bob:x", { to: "$prompt", at: 10 * minuteMs })).toBe("kick @bob:x");

  open("$kick", { message: "$prompt" });
  expect(says("@bob:x", { to: "$prompt", at: 10 * minuteMs + 1 })).toBeUndefined();

  open("$kick", { message: "$prompt", at: 11 * minuteMs });
  expect(says("@bob:x", { to: "$prompt", at: 0 })).toBeUndefined();
});

test("of too many prompts the oldest is forgotten", () => {
  for (const n of [1, 2, 3]) open(`$kick-${n}`, { message: `$prompt-${n}` });

  expect(says("@bob:x", { to: "$prompt-1" })).toBeUndefined();
  expect(says("@bob:x", { to: "$prompt-2" })).toBe("kick @bob:x");
});
