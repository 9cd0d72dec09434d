// `config`: what is in force and where it comes from, never a secret.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
beforeEach(async () => {
  story = new Story({ settings: { guard: { maxPeople: 7 }, limits: { rules: 200_000 } } });
  await story.start();
});
afterEach(() => story.stop());

test("shows what differs from the default, with its place", async () => {
  const answer = await story.command("!tyr config");

  expect(answer).toMatch(/guard\.maxPeople: 7 people \(tyr\.yaml:\d+\), by default 50/);
  expect(answer).toContain("managementRoom: ");
  expect(answer).not.toContain("guard.maxRoomShare");
});

test("shows no secret, whatever is asked", async () => {
  for (const what of ["", "homeserver", "homeserver.accessToken", "accessToken"]) {
    const answer = await story.command(`!tyr config ${what}`);

    expect(answer).toContain("homeserver.accessToken: (set, and not shown)");
    expect(answer).not.toContain(story.bot.accessToken);
  }
});

test("shows a section, and all about a setting", async () => {
  const section = await story.command("!tyr config guard");
  const setting = await story.command("!tyr config guard.maxroomshare");

  expect(section).toContain("guard.maxPeople: 7 people");
  expect(section).toContain("guard.maxRoomShare: 25 percent (default)");
  expect(setting).toContain("guard.maxRoomShare: 25 percent");
  expect(setting).toContain("Share of a room's people");
  expect(setting).toContain("a whole number from 0 to 100");
  expect(setting).toContain("TYR_GUARD_MAX_ROOM_SHARE");
  expect(setting).toContain("Nobody has set it.");
});

test("takes a setting by its last name, and guesses a slip", async () => {
  expect(await story.command("!tyr config maxPeople")).toContain("guard.maxPeople: 7 people");
  expect(await story.command("!tyr config gaurd")).toMatch(/^❌ .* Did you mean !tyr config guard\?/);
  expect(await story.command("!tyr config xyzzy")).toContain("docs/settings.md");
});
