import { expect, test } from "@jest/globals";
import { tellingPutOff } from "../../src/lifecycle/telling-put-off.ts";
import type { Performed } from "../../src/matrix/perform/attempt.ts";
import { decide } from "../../src/model/decision.ts";
import { lobby } from "../support/make.ts";

const { signal } = new AbortController();
const join = decide(
  { kind: "join", room: lobby, via: [] },
  { kind: "self", what: "test" },
  { at: 0, replaces: "" },
);
const unavailable: Performed = { kind: "unavailable", everywhere: false, message: "no answer" };

/** What is told when the attempts end like this, one after another. */
async function told(...results: readonly Performed[]): Promise<readonly string[]> {
  const messages: string[] = [];
  const left = [...results];
  const perform = tellingPutOff(
    () => Promise.resolve(left.shift()!),
    (_, message) => messages.push(message),
  );
  for (const _ of results) await perform(join, signal);
  return messages;
}

test("an act that is tried again is told of once", async () => {
  expect(await told(unavailable, unavailable, { kind: "limited", retryAfterMs: 1 }, unavailable)).toEqual([
    "no answer",
  ]);
});

test("the same act, decided again after it was done, is told of again", async () => {
  expect(await told(unavailable, { kind: "done" }, unavailable)).toEqual(["no answer", "no answer"]);
});

test("nothing is told where nothing at all can be reached", async () => {
  expect(await told({ kind: "unavailable", everywhere: true, message: "no answer" })).toEqual([]);
});
