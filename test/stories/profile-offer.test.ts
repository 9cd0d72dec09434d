// An installation without any protection is asked once; a config that names a profile has it from the first start.

import { afterEach, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async (protectionProfile: string, rooms = 1) => {
  story = new Story({ rooms, settings: { protectionProfile }, dataPath: aFolder() });
  await story.start();
  await story.pass(20_000);
};
// Without their edits.
const offers = () =>
  story.said().filter((text) => text.startsWith("Question") && text.includes("No protection is on:"));
const isOn = (name: string) => story.world!.settings.protections.get(name);

test("it is asked once, and a yes switches the usual ones on", async () => {
  await begin("ask");
  expect(offers()).toHaveLength(1);
  expect(offers()[0]).toContain("Switch on the usual ones, 20 protections for most communities?");

  await story.command("!tyr yes 1");
  await story.until(() => story.world!.settings.profile === "usual", "the profile");

  expect(isOn("flood")).toEqual({ enabled: true, mode: "act" });
  expect(isOn("first-link")).toEqual({ enabled: true, mode: "shadow" });
  expect(story.said().some((text) => text.includes("usual is in use now"))).toBe(true);
});

test("after a no, and a restart, it is not asked again", async () => {
  await begin("ask");
  await story.command("!tyr no 1");
  await story.stop();

  await story.start();
  await story.pass(20_000);

  expect(offers()).toHaveLength(1);
  expect(story.world!.settings.protections.size).toBe(0);
});

test("whoever switches one on by themselves has nothing to answer any more", async () => {
  await begin("ask");
  await story.command("!tyr protections act flood");
  await story.pass(20_000);

  expect(story.world!.questions.open()).toEqual([]);
  expect(isOn("copies")).toBeUndefined();
});

test("it is not asked before there is a room to protect, and not where the config wants none", async () => {
  await begin("ask", 0);
  expect(offers()).toEqual([]);
  await story.stop();

  await begin("none");
  expect(offers()).toEqual([]);
});

test("a profile of the config is on from the first start, is told, and yields to what is set later", async () => {
  await begin("quiet");
  expect(story.said().join("\n")).toContain("As the config says:\nThe profile quiet is in use now:");
  expect(isOn("flood")).toEqual({ enabled: true, mode: "act" });

  for (const name of ["flood", "mention-limit", "invalid", "imitation"])
    await story.command(`!tyr protections disable ${name}`);
  await story.stop();
  await story.start();
  await story.pass(20_000);

  expect(isOn("flood")).toEqual({ enabled: false, mode: "act" });
});

test("a profile of the config is journalled, and taken back for good by its number", async () => {
  await begin("quiet");
  const told = story.said().find((text) => text.includes("As the config says:"))!;
  const number = undoNumber(told);
  expect(await story.command(`!tyr why ${number}`)).toContain("protections profile quiet --now");
  expect(await story.command("!tyr undo last")).toContain("❌");

  await story.command(`!tyr undo ${number}`);
  await story.pass(20_000);
  expect(isOn("flood")).toBeUndefined();
  await story.stop();
  await story.start();
  await story.pass(20_000);

  expect(isOn("flood")).toBeUndefined();
  expect(story.said().filter((text) => text.includes("As the config says:"))).toHaveLength(1);
});

test("a restart does not tell it again, and a dry run has it for itself", async () => {
  await begin("quiet");
  await story.stop();
  await story.start();
  await story.pass(20_000);
  expect(story.said().filter((text) => text.includes("As the config says:"))).toHaveLength(1);
  await story.stop();

  story = new Story({ rooms: 1, settings: { protectionProfile: "quiet", dryRun: true } });
  await story.start();
  await story.pass(20_000);

  expect(isOn("flood")).toEqual({ enabled: true, mode: "act" });
  expect(story.said().join("\n")).toContain("The protections of the profile quiet are on (8 protections)");
});
