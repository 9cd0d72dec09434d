import { beforeEach, describe, expect, test } from "@jest/globals";
import { ProgressMessages } from "../../../src/management-room/progress/progress-messages.ts";
import type { Telling } from "../../../src/management-room/progress/message-text.ts";
import { plain, say } from "../../../src/kit/say.ts";
import type { Action } from "../../../src/model/actions/action.ts";
import { decide, type Cause, type Decision, type Outcome } from "../../../src/model/decision.ts";
import { desk, event, hall, listA, lobby, nextEvent, user } from "../../support/make.ts";

const mod = user("@mod:example.org");
const command: Cause & { kind: "command" } = {
  kind: "command",
  event: event("$command"),
  by: mod,
  text: "ban @a:x",
};
const byRule: Cause = {
  kind: "rule",
  list: listA,
  event: event("$rule"),
  ruleKind: "user",
  recommendation: "ban",
  entity: "@a:x",
};

let messages: ProgressMessages;
beforeEach(() => {
  messages = new ProgressMessages({ firstAfterMs: 2_000, editEveryMs: 3_000 });
});

const asked = (headline = "Ban of @a:x", isProblem = false) =>
  messages.command(command.event, { headline: plain(headline), because: command, at: 0, isProblem });
const ban = (
  room = lobby,
  { because = command, at = 0, who = "@a:x" }: { because?: Cause; at?: number; who?: string } = {},
): Decision => {
  const action: Action = { kind: "ban", room, user: user(who), reason: "", redacts: false };
  return decide(action, because, { at, replaces: "" });
};
const plan = (...decisions: readonly Decision[]) => {
  for (const one of decisions) messages.planned(one);
  return decisions;
};
const end = (decision: Decision, at: number, result: Outcome["result"] = { kind: "done" }) =>
  messages.ended({ decision, result }, at);
const forbidden: Outcome["result"] = {
  kind: "failed",
  lasting: true,
  code: "M_FORBIDDEN",
  message: "no power",
};
const undoWith = (number: number) => say`undo ${number}`;
const roomName = (room: string) => say`room ${room.slice(1, 5)}`;
const view = {
  room: desk,
  roomName,
  cause: () => say`as a rule asks for it`,
  undoWith,
  notified: () => undefined,
};

/** What is due, in short; messages count as sent at once unless `isSent` is false. */
function due(at: number, { isSent = true } = {}): readonly string[] {
  const tellings = messages.due(at, view);
  if (isSent) for (const one of tellings) sent(one, at);
  return tellings.map(({ action }) =>
    action.kind === "react" ? action.with : `${action.edits ? "edit: " : ""}${action.say.text}`,
  );
}

function sent({ action, because }: Telling, at: number): void {
  if (action.kind === "react") return;
  const decision = decide(action, because, { at, replaces: "" });
  messages.ended({ decision, result: { kind: "done", eventId: nextEvent() } }, at);
}

describe("a command", () => {
  test("that leads to nothing is answered at once, with a tick", () => {
    asked("All is well");

    expect(due(0)).toEqual(["All is well", "✅"]);
    expect(due(60_000)).toEqual([]);
    expect(messages.nextAt()).toBeUndefined();
  });

  test("that cannot be carried out is answered with a cross", () => {
    asked("I do not know that", true);

    expect(due(0)).toEqual(["I do not know that", "❌"]);
  });

  test("that is quickly done is told once, when it is done", () => {
    asked();
    const [one, two] = plan(ban(lobby), ban(hall));
    expect(due(10)).toEqual([]);
    end(one!, 100);
    expect(due(100)).toEqual([]);
    end(two!, 200);

    expect(due(200)).toEqual(["Ban of @a:x\nbanned @a:x in 2 rooms", "✅"]);
  });

  test("that takes long is told after two seconds, then edited, then finished with one edit", () => {
    asked();
    const [one, two] = plan(ban(lobby), ban(hall));
    expect(due(1_999)).toEqual([]);
    expect(due(2_000)).toEqual(["Ban of @a:x\nbanning @a:x in 0 of 2 rooms"]);

    end(one!, 2_500);
    expect(due(4_999)).toEqual([]);
    expect(due(5_000)).toEqual(["edit: Ban of @a:x\nbanned @a:x in 1 of 2 rooms"]);

    end(two!, 6_000);
    expect(due(6_000)).toEqual(["edit: Ban of @a:x\nbanned @a:x in 2 rooms", "✅"]);
    expect(due(60_000)).toEqual([]);
  });

  test("is edited ever more seldom", () => {
    asked();
    const bans = plan(...Array.from({ length: 300 }, (_, i) => ban(lobby, { who: `@p${i}:x` })));
    const told: number[] = [];
    for (const [i, one] of bans.entries()) {
      if (due(i * 1_000).length > 0) told.push(i);
      end(one, i * 1_000);
    }

    expect(told).toEqual([2, 5, 17, 65, 257]);
  });

  test("is not told again when nothing has changed", () => {
    asked();
    plan(ban(lobby));
    expect(due(2_000)).toHaveLength(1);

    expect(due(5_000)).toEqual([]);
    expect(due(50_000)).toEqual([]);
  });

  test("that ends while its first message is on its way waits for it, and then edits it", () => {
    asked();
    const [one] = plan(ban(lobby));
    const [first] = messages.due(2_000, view);
    end(one!, 2_100);
    expect(due(2_100)).toEqual([]);

    sent(first!, 2_200);

    expect(due(2_200)).toEqual(["edit: Ban of @a:x\nbanned @a:x in 1 room", "✅"]);
  });

  test("whose first message failed is told in a new one", () => {
    asked();
    const [one] = plan(ban(lobby));
    const [first] = messages.due(2_000, view);
    end(one!, 2_100);
    messages.ended(
      { decision: decide(first!.action, command, { at: 2_000, replaces: "" }), result: forbidden },
      2_200,
    );

    expect(due(2_200)).toEqual(["Ban of @a:x\nbanned @a:x in 1 room", "✅"]);
  });

  test("with failures tells where and why, and gets a cross", () => {
    asked();
    const [one, two] = plan(ban(lobby), ban(hall));
    end(one!, 100);
    end(two!, 100, forbidden);

    expect(due(100)).toEqual([
      "Ban of @a:x\nbanned @a:x in 1 of 2 rooms\nfailed in 1: room hall: forbidden (no power)",
      "❌",
    ]);
  });

  test("with refusals tells each once", () => {
    asked();
    for (let i = 0; i < 2; i++)
      messages.refused(ban(), { key: "self", why: say`I do not act against myself` });

    expect(due(0)).toEqual(["Ban of @a:x\nNot done: I do not act against myself.", "❌"]);
  });

  test("does not count what was superseded", () => {
    asked();
    const [one, two] = plan(ban(lobby), ban(hall));
    end(one!, 100, { kind: "superseded" });
    end(two!, 100);

    expect(due(100)).toEqual(["Ban of @a:x\nbanned @a:x in 1 room", "✅"]);
  });

  describe("after a restart", () => {
    const past = (decision: Decision, result?: Outcome["result"]) => ({ decision, result });
    const earlier = (revision: number, edits?: string): Decision => {
      const action: Action = {
        kind: "tell",
        room: desk,
        key: command.event,
        revision,
        say: plain("Ban of @a:x"),
        edits: edits === undefined ? undefined : event(edits),
        replyTo: undefined,
      };
      return decide(action, command, { at: 0, replaces: "" });
    };

    test("goes on under its own words, with what the journal has", () => {
      messages.resume(command, [past(ban(lobby), { kind: "done" }), past(ban(hall))], 0);
      end(ban(hall), 100);

      expect(due(100)).toEqual(["ban @a:x\nbanned @a:x in 2 rooms", "✅"]);
    });

    test("edits the newest message of its own, and not an edit", () => {
      const done = (id: string) => ({ kind: "done", eventId: event(id) }) as const;
      messages.resume(
        command,
        [
          past(earlier(0), done("$first")),
          past(earlier(1, "$first"), done("$edit")),
          past(earlier(2), done("$second")),
          past(ban(lobby)),
        ],
        0,
      );
      end(ban(lobby), 100);

      expect(messages.due(100, view)[0]!.action).toMatchObject({ edits: "$second" });
    });

    test("edits the message that was sent before", () => {
      messages.resume(
        command,
        [past(earlier(0), { kind: "done", eventId: event("$told") }), past(ban(lobby))],
        0,
      );
      end(ban(lobby), 100);

      expect(due(100)).toEqual(["edit: ban @a:x\nbanned @a:x in 1 room", "✅"]);
    });
  });
});

describe("a change of lists", () => {
  const changed = (text: string, at: number) => messages.listsChanged(() => plain(text), at);

  test("is told a second after the last of it, in one message without a mark", () => {
    changed("List coc: 1 new", 0);
    changed("List coc: 2 new", 500);
    const [one] = plan(ban(lobby, { because: byRule, at: 500 }));
    end(one!, 700);
    expect(due(1_699)).toEqual([]);
    expect(messages.nextAt()).toBe(1_700);

    expect(due(1_700)).toEqual(["List coc: 2 new\nbanned @a:x in 1 room"]);
    expect(messages.nextAt()).toBeUndefined();
  });

  test("soon after that still belongs to it, and edits its message", () => {
    changed("first", 0);
    expect(due(1_000)).toEqual(["first"]);
    changed("first and second", 2_000);

    expect(due(60_000)).toEqual(["edit: first and second"]);
  });

  test("long after that is a new one", () => {
    changed("first", 0);
    expect(due(1_000)).toEqual(["first"]);
    changed("second", 20_000);

    expect(due(60_000)).toEqual(["second"]);
  });

  test("knows what it has said so far in this burst, and only that", () => {
    const heard: (string | undefined)[] = [];
    const note = (at: number) =>
      messages.listsChanged((already) => {
        heard.push(already?.text);
        return plain(`at ${at}`);
      }, at);
    note(0);
    note(100);
    due(5_000);
    note(60_000);

    expect(heard).toEqual([undefined, "at 0", undefined]);
  });
});

test("what Tyr does for itself is told to nobody", () => {
  const own = decide(
    { kind: "join", room: lobby, via: [] },
    { kind: "self", what: "upkeep" },
    { at: 0, replaces: "" },
  );
  plan(own);
  end(own, 100);

  expect(due(60_000)).toEqual([]);
  expect(messages.nextAt()).toBeUndefined();
});

describe("where our clock was set back by a day", () => {
  const day = 86_400_000;

  test("the answer to a command is given when it is done", () => {
    messages.command(command.event, {
      headline: plain("Ban of @a:x"),
      because: command,
      at: day,
      isProblem: false,
    });

    expect(due(0)).toEqual(["Ban of @a:x", "✅"]);
  });

  test("work that takes long is told after the usual time", () => {
    messages.command(command.event, {
      headline: plain("Ban of @a:x"),
      because: command,
      at: day,
      isProblem: false,
    });
    plan(ban(lobby, { at: day }));
    due(0);

    expect(messages.nextAt()).toBe(2_000);
    expect(due(2_000)).toHaveLength(1);
  });

  test("a change of lists is told, and what comes long after it is a new one", () => {
    messages.listsChanged(() => plain("first"), day);
    due(0);
    expect(due(1_000)).toEqual(["first"]);
    due(-day);

    messages.listsChanged(() => plain("second"), -day + 20_000);
    expect(due(-day + 60_000)).toEqual(["second"]);
  });
});
