// Tyr's own name and picture: changed by command, with what was there before in the answer.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.start();
});
afterEach(() => story.stop());

const profile = () => story.homeserver.profileOf(story.bot.userId);

test("displayname changes the name, and says what it was", async () => {
  await story.command("!tyr displayname Gatekeeper  of ours");
  expect(profile()[0]).toBe("Gatekeeper of ours");
  const again = await story.command("!tyr displayname Tyr");

  expect(profile()[0]).toBe("Tyr");
  expect(again).toMatch(/^✅/);
  expect(again).toContain("before: Gatekeeper of ours");
  expect(await story.command("!tyr displayname Tyr")).toContain("it was so already");
});

test("avatar changes the picture", async () => {
  const answer = await story.command("!tyr avatar mxc://hs.test/picture");

  expect(profile()[1]).toBe("mxc://hs.test/picture");
  expect(answer).toMatch(/^✅/);
});

test.each([
  ["displayname", "❌"],
  [`displayname ${"x".repeat(101)}`, "1 to 100 characters"],
  ["avatar cat.jpg", "is not the address of a file"],
])("%p is refused", async (line, why) => {
  const before = profile();

  expect(await story.command(`!tyr ${line}`)).toContain(why);
  expect(profile()).toEqual(before);
});
