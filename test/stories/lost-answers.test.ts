// The homeserver does what it was asked for, and its answer is lost: what the room shows counts.

import { afterEach, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

let story: Story;
afterEach(() => story.stop());

const begin = async () => {
  story = new Story({ rooms: 1 });
  const x = story.person("x");
  await story.start();
  return x;
};
/** The answers of the room are lost for a while. */
const withoutAnswersOf = async (room: string, text: string) => {
  story.homeserver.setRoomLoss(room, "answers");
  const command = story.homeserver.sendText(story.managementRoom, story.moderator, text);
  await story.pass(20_000);
  story.homeserver.setRoomLoss(room, undefined);
  await story.pass(120_000);
  return story.answerTo(command);
};
const levelOf = (person: string) =>
  (
    story.homeserver.state(story.rooms[0]!, "m.room.power_levels")!.content["users"] as Record<string, number>
  )[person];
const rules = () =>
  story.homeserver
    .stateOfType(story.list, "m.policy.rule.user")
    .filter(({ content }) => content["entity"] !== undefined).length;

test("a power level was given, is told so, and can be taken back", async () => {
  const x = await begin();

  const answer = await withoutAnswersOf(story.rooms[0]!, `!tyr powerlevel ${x} 50`);
  expect(answer).not.toContain("Called off");
  expect(levelOf(x)).toBe(50);

  await story.command("!tyr undo last");
  await story.pass();
  expect(levelOf(x)).toBeUndefined();
});

test("a rule was taken back, is told so, and comes back by an undo", async () => {
  const x = await begin();
  await story.confirmed(`!tyr ban ${x} rude`);

  const answer = await withoutAnswersOf(story.list, `!tyr unban ${x}`);
  expect(answer).toContain("1 rule");
  expect(rules()).toBe(0);

  await story.command("!tyr undo last");
  await story.pass();
  expect(rules()).toBe(1);
});

test("a ban was lifted, is told so, and comes back by an undo", async () => {
  const x = await begin();
  await story.confirmed(`!tyr ban ${x} rude`);

  const answer = await withoutAnswersOf(story.rooms[0]!, `!tyr unban ${x}`);
  expect(answer).toContain(`unbanned ${x} in 1 room`);
  expect(story.homeserver.membership(story.rooms[0]!, x)).toBe("leave");

  await story.command("!tyr undo last");
  await story.pass();
  expect(story.homeserver.membership(story.rooms[0]!, x)).toBe("ban");
});

test("a mute that was undone before stop does not stay", async () => {
  const x = await begin();
  const fault = { match: { path: "/m.room.power_levels" }, status: 500, afterEffect: true, times: 100 };
  story.homeserver.failNext(fault);
  const say = (text: string) => story.homeserver.sendText(story.managementRoom, story.moderator, text);

  say(`!tyr mute ${x}`);
  await story.pass(60);
  say(`!tyr undo ${x}`);
  await story.pass(300);
  say("!tyr stop");
  await story.pass(5_000);
  story.homeserver.clearFaults();
  await story.pass(300_000);

  expect(levelOf(x)).toBeUndefined();
});
