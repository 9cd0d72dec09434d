// A protection with a list of words, set and shown by command.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { defineProtection } from "../../../src/automod/define.ts";
import { Registry } from "../../../src/automod/registry.ts";
import { runCommand } from "../../../src/commands/run.ts";
import type { World } from "../../../src/model/world/world.ts";
import { protectionsPage } from "../../../src/protections/docs-page.ts";
import { asking } from "../../support/asking.ts";
import { aWorld, see } from "../../support/make.ts";

const words = defineProtection({
  name: "words",
  about: "Words that are not wanted.",
  settings: {
    badWords: { type: "list", about: "Which ones.", unit: "words", default: [], max: 25 },
  },
  watches: ["message"],
  warning: "Please do not say that.",
  evaluate: () => undefined,
});

let world: World;
beforeEach(() => {
  world = aWorld();
});

/** What is replied; what is proposed is done at once. */
function say(line: string): string {
  const { reply, decisions } = runCommand({
    ...asking(world, line),
    registry: new Registry([], { code: [words] }),
  });
  for (const { action } of decisions)
    if (action.kind === "change-settings") see(world, { kind: "settings-changed", change: action.change });
  return reply.say?.text ?? "";
}

describe("a list", () => {
  test("is set with commas between its entries, and shown", () => {
    expect(say("protections set words badWords free nitro, dm me")).toBe(
      "words badWords: none becomes free nitro, dm me",
    );
    expect(say("protections show words")).toContain(
      "badWords is free nitro, dm me (default none): Which ones.",
    );
  });

  test("is put back by default, and emptied by none", () => {
    say("protections set words badWords airdrop");

    expect(say("protections set words badWords none")).toBe("words badWords: airdrop becomes none");
    expect(say("protections show words")).toContain("badWords is none: Which ones.");
    say("protections set words badWords airdrop");
    expect(say("protections set words badWords default")).toBe("words badWords: airdrop becomes the default");
    expect(say("protections show words")).toContain("badWords is none: Which ones.");
  });

  test("that is long is shown by its first entries", () => {
    const entries = Array.from({ length: 22 }, (_, i) => `word-${i}`);

    expect(say(`protections set words badWords ${entries.join(", ")}`)).toBe(
      `words badWords: none becomes ${entries.slice(0, 20).join(", ")} and 2 more`,
    );
  });

  test("that is too long is refused, with how many there may be", () => {
    const entries = Array.from({ length: 26 }, (_, i) => `word-${i}`).join(", ");

    expect(say(`protections set words badWords ${entries}`)).toContain("may have 25 words, not 26");
    expect(say("protections show words")).toContain("badWords is none: Which ones.");
  });

  test("is in the docs with how it is written", () => {
    expect(protectionsPage([words], "!tyr")).toContain(
      "| `badWords` | none | Which ones. Up to 25 words, with commas between them. |",
    );
  });
});
