import { expect, test } from "@jest/globals";
import { renderingOnSend } from "../../src/lifecycle/render-on-send.ts";
import { plain } from "../../src/kit/say.ts";
import type { Performed } from "../../src/matrix/perform/attempt.ts";
import { decide, type Decision } from "../../src/model/decision.ts";
import { lobby } from "../support/make.ts";

const { signal } = new AbortController();
const tell = decide(
  {
    kind: "tell",
    room: lobby,
    key: "k",
    revision: 0,
    say: plain("old"),
    edits: undefined,
    replyTo: undefined,
  },
  { kind: "self", what: "test" },
  { at: 0, replaces: "" },
);
const saying = (decision: Decision, text: string): Decision =>
  decision.action.kind === "tell"
    ? { ...decision, action: { ...decision.action, say: plain(text) } }
    : decision;

/** What is sent when the attempts end like this, one after another; the words change before each. */
async function sent(...results: readonly Performed[]): Promise<readonly string[]> {
  const texts: string[] = [];
  let words = 0;
  const perform = renderingOnSend(
    (decision) => {
      if (decision.action.kind === "tell") texts.push(decision.action.say.text);
      return Promise.resolve(results[texts.length - 1]!);
    },
    (decision) => saying(decision, `words ${++words}`),
  );
  for (const _ of results) await perform(tell, signal);
  return texts;
}

const limited: Performed = { kind: "limited", retryAfterMs: 1 };
const unavailable: Performed = { kind: "unavailable", everywhere: false, message: "no answer" };

test("a message that was refused for the limits says the newest when it is tried again", async () => {
  expect(await sent(limited, limited, { kind: "done" })).toEqual(["words 1", "words 2", "words 3"]);
});

test("a message that may have arrived says the same until its fate is known", async () => {
  expect(await sent(limited, unavailable, limited, unavailable, { kind: "done" })).toEqual([
    "words 1",
    "words 2",
    "words 2",
    "words 2",
    "words 2",
  ]);
});

test("what is no message is performed as it is", async () => {
  const react = decide(
    { kind: "react", room: lobby, event: "$e" as never, with: "✅" },
    { kind: "self", what: "test" },
    { at: 0, replaces: "" },
  );
  const done: Decision[] = [];
  const perform = renderingOnSend(
    (decision) => (done.push(decision), Promise.resolve({ kind: "done" })),
    () => tell,
  );

  await perform(react, signal);

  expect(done).toEqual([react]);
});
