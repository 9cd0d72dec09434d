// A homeserver that asks before it lets somebody invite or join, answered by the whole bot from what it believes.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Story } from "../support/story.ts";

const eve = "@eve:evil.example";
let story: Story;
let dataPath: string;
beforeEach(() => {
  dataPath = mkdtempSync(join(tmpdir(), "tyr-antispam-"));
});
afterEach(async () => {
  await story.stop();
  rmSync(dataPath, { recursive: true });
});

const withCallbacks = (settings: Readonly<Record<string, unknown>> = {}) =>
  new Story({ dataPath, settings: { antispam: { secret: "s3cret" }, ...settings } });
const invites = (inviter = eve) =>
  story.tyr.callbacks!.answer({
    callback: "user_may_invite",
    body: { inviter, invitee: "@guest:hs.test", room_id: "!dm:evil.example" },
  });
const joins = (user: string) =>
  story.tyr.callbacks!.answer({
    callback: "user_may_join_room",
    body: { user, room: story.rooms[0], is_invited: false },
  });

test("a rule that comes refuses from then on, and one that goes does no more", async () => {
  story = withCallbacks();
  const { userId: local } = story.homeserver.createUser("local");
  await story.start();
  expect([invites(), joins(local)]).toEqual(["allowed", "allowed"]);

  story.rule(eve);
  story.rule(local);
  await story.until(() => invites() === "refused" && joins(local) === "refused", "the refusals");
  await story.command(`!tyr exempt add ${eve}`);
  expect(invites()).toBe("allowed");
  await story.command(`!tyr exempt remove ${eve}`);
  expect(invites()).toBe("refused");

  story.rule(eve, { recommendation: "" });
  await story.until(() => invites() === "allowed", "the end of the rule");
  expect(joins(local)).toBe("refused");
});

test("after a stop everything is allowed, and after a go it is as before", async () => {
  story = withCallbacks();
  story.rule(eve);
  await story.start();
  expect(invites()).toBe("refused");

  await story.command("!tyr stop");
  expect(invites()).toBe("allowed");

  await story.confirmed("!tyr go");
  expect(invites()).toBe("refused");
});

test("a restart allows everything until all is read, and then refuses as before, without the list being read anew", async () => {
  story = withCallbacks();
  story.rule(eve);
  await story.start();
  story.kill();

  story.launch();
  expect(invites()).toBe("allowed");
  await story.until(() => invites() === "refused", "the refusal");
});

test("while the homeserver's sync is down it answers from what it knows", async () => {
  story = withCallbacks();
  story.rule(eve);
  await story.start();

  story.homeserver.goDown();
  await story.pass(600_000);

  expect(invites()).toBe("refused");
  expect(invites("@ann:far.example")).toBe("allowed");
});

test("a dry run refuses nobody", async () => {
  story = withCallbacks({ dryRun: true });
  story.rule(eve);
  await story.start();

  expect(invites()).toBe("recorded");
});

test("asking writes nothing, and without a secret there is nobody to ask", async () => {
  story = withCallbacks();
  story.rule(eve);
  await story.start();
  await story.pass();
  const before = story.homeserver.requests.length;

  for (let i = 0; i < 1_000; i++) invites(`@x${i}:evil.example`);
  expect(story.homeserver.requests.length).toBe(before);

  await story.stop();
  story.settings = {};
  story.launch();
  expect(story.tyr.callbacks).toBeUndefined();
});
