// The shipped protections by command: the list by state, lists that they look into, and those that are not fed yet.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { runCommand } from "../../../src/commands/run.ts";
import type { World } from "../../../src/model/world/world.ts";
import { shipped } from "../../../src/protections/shipped.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, see } from "../../support/make.ts";

let world: World;
beforeEach(() => {
  world = aWorld();
});

/** What is replied; what is proposed is done at once, or, where it is a question, after a yes. */
function say(line: string, { isConfirmed = false } = {}): string {
  const { reply, decisions } = runCommand({ ...asking(world, line), isConfirmed });
  const waits = reply.waitsFor?.kind === "own-question" && !isConfirmed;
  for (const { action } of waits ? [] : decisions)
    if (action.kind === "change-settings") see(world, { kind: "settings-changed", change: action.change });
  return reply.say?.text ?? "";
}

test("they are listed by what comes of what they find; those that are off are folded", () => {
  say("protections act flood");
  say("protections act copies");
  say("protections alert crossposting");
  say("protections act flapping !lobby:example.org");

  const list = say("protections").split("\n");

  expect(list.slice(0, 4)).toEqual([
    "Protections:",
    "• Act: copies, flood.",
    "• Only tell: crossposting.",
    expect.stringMatching(/^• In some rooms: flapping \(on in .*lobby/),
  ]);
  const waiting = list.find((line) => line.startsWith("• Not fed yet"))!;
  expect(waiting).toContain("scanner");
  // Heat is no rule.
  const off = shipped.length + 1 - 4 - waiting.split(":")[1]!.split(", ").length;
  expect(list).toContainEqual(expect.stringContaining(`${off} protections off`));
});

test("one that is not fed yet is not switched on, whatever it is asked by, and says why", () => {
  for (const line of [
    "protections act scanner",
    "protections alert scanner",
    "protections enable scanner",
    "protections set scanner enabled yes",
  ])
    expect(say(line)).toBe(
      "scanner can find nothing yet: it needs scanners, and that part of me is still to come. Nothing is changed.",
    );

  expect(world.settings.protections.size).toBe(0);
  expect(say("protections show scanner")).toContain("It can find nothing yet");
  expect(say("protections set reports redactAt 5")).toContain("becomes 5");
});

test("a list that a protection looks into is empty until somebody fills it, which both say", () => {
  expect(say("protections show words")).toContain(
    "It looks into the list bad-words, which is empty; !tyr protections words bad-words add ... fills it.",
  );
  expect(say("protections words bad-words")).toContain(
    "bad-words is empty. Protections look into it: spelled-words, words.",
  );
  expect(say("protections words bad-words delete")).toContain("bad-words is empty");
  expect(say("protections words bad-words remove rude")).toContain("has no rude");

  expect(say("protections words bad-words add rude, *coin")).toContain("it has 2 entries now");
  expect(say("protections show words")).toContain("It looks into the list bad-words of 2 entries");
  expect(say("protections words bad-words delete")).toContain("is deleted");
  expect(say("protections words")).toContain("bad-words: 0 entries");
});

test("a list is of the kind that protections look for", () => {
  expect(say("protections links bad-words add x.test")).toContain("bad-words is a list of words");
});

describe("a profile", () => {
  const isOn = (name: string) => world.settings.protections.get(name);

  test("is a question with what changes, and is used after a yes", () => {
    const asked = say("protections profile usual");
    expect(asked).toContain("The profile usual would change 20 protections in all rooms. Do it?");
    expect(asked).toContain("flood: off, then acts, with redact+mute redact+ban");
    expect(asked).toContain("first-link: off, then in shadow");
    expect(asked).toContain("staff: off, then acts, with call");
    expect(world.settings.protections.size).toBe(0);

    expect(say("protections profile usual", { isConfirmed: true })).toContain("usual is in use now");
    expect(isOn("flood")).toEqual({ enabled: true, mode: "act" });
    expect(isOn("first-link")).toEqual({ enabled: true, mode: "shadow" });
    expect(isOn("wave-harmful")).toEqual({ enabled: true, mode: "act" });
    expect(isOn("staff")).toEqual({ enabled: true, mode: "act" });
    expect(say("protections profile usual")).toContain("is in use already");
    expect(say("protections profile")).toContain("the last one used is usual");
  });

  test("switches off what only others have, and leaves all the rest as it is", () => {
    say("protections act words");
    say("protections set flood limit 20");
    say("protections profile strict", { isConfirmed: true });
    expect(isOn("newcomer-media")).toEqual({ enabled: true, mode: "act" });

    say("protections profile quiet", { isConfirmed: true });

    expect(isOn("newcomer-media")).toEqual({ enabled: false, mode: "act" });
    expect(isOn("flood")).toEqual({ enabled: true, mode: "act", limit: 20 });
    expect(isOn("words")).toEqual({ enabled: true, mode: "act" });
  });

  test("that there is not is told with what there is", () => {
    expect(say("protections profile usal")).toContain("Did you mean usual?");
    expect(say("protections profile loud")).toContain("quiet, usual, strict");
  });
});
