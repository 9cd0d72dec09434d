// A word with a dot may be a server or somebody's name: nothing is done before it is clear which.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
};
const named = (localpart: string, displayname: string) => {
  const user = story.person(localpart);
  for (const room of story.rooms)
    story.homeserver.setState(room, user, "m.room.member", user, { membership: "join", displayname });
  story.homeserver.setDisplayName(user, displayname);
  return user;
};
const rules = (kind: string) =>
  story.homeserver
    .stateOfType(story.list, `m.policy.rule.${kind}`)
    .flatMap(({ content }) => content["entity"] ?? []);
const isAsked = () => story.said().some((text) => text.startsWith("Question 1:"));

afterEach(() => story.stop());

describe("a name with a dot that somebody here bears", () => {
  test("is offered, and the choice is banned", async () => {
    await begin();
    const john = named("john", "j.doe1");
    await story.pass();

    const answer = await story.command("!tyr ban j.doe1 spam");
    await story.pass();
    expect(answer).toMatch(/^❌ j.doe1 is the name of somebody here, and may be a server. Which is meant?/);
    expect(answer).toContain("1: @john:hs.test");
    expect(answer).toContain("2: the server j.doe1");
    expect([rules("server"), story.isBanned(john)]).toEqual([[], false]);

    await story.command("1");
    await story.pass();
    expect([rules("user"), rules("server")]).toEqual([[john], []]);
    expect(story.isBanned(john)).toBe(true);
  });

  test("may be the server after all", async () => {
    await begin();
    named("john", "j.doe1");
    await story.pass();
    await story.command("!tyr ban j.doe1 spam");

    await story.command("2");
    await story.pass();

    expect([rules("user"), rules("server")]).toEqual([[], ["j.doe1"]]);
  });

  test("is offered when it has just left, too, and for an exemption", async () => {
    await begin();
    const doctor = named("doctor", "Dr.X");
    await story.pass();
    for (const room of story.rooms) story.homeserver.kick(room, story.moderator, doctor);
    await story.pass();

    expect(await story.command("!tyr exempt add Dr.X")).toContain("1: @doctor:hs.test");
    await story.command("1");

    expect([...story.world!.settings.exemptions.keys()]).toEqual([doctor]);
  });

  test("of one word without a dot is found after they left, too", async () => {
    await begin();
    const rude = named("rude", "Rudolf");
    await story.pass();
    for (const room of story.rooms) story.homeserver.leave(room, rude);
    await story.pass();

    await story.command("!tyr ban Rudolf spam");

    expect(rules("user")).toEqual([rude]);
  });
});

describe("a server that nobody here knows", () => {
  test.each([
    ["ban", "!tyr ban j.doe1 spam"],
    ["exempt add", "!tyr exempt add Dr.X"],
    ["allow", "!tyr allow j.doe1"],
  ])("%s is asked about, and done after a yes", async (what, command) => {
    await begin();

    story.homeserver.sendText(story.managementRoom, story.moderator, command);
    await story.until(isAsked, "the question");
    await story.pass();
    expect([rules("server"), story.world!.settings.exemptions.size]).toEqual([[], 0]);
    expect(story.said().join("\n")).toContain(`!tyr ${what} server `);

    await story.command("!tyr yes 1");
    await story.pass();
    expect(rules("server").length + story.world!.settings.exemptions.size).toBe(1);
  });

  test.each([
    ["called a server", "!tyr ban server evil.example spam"],
    ["an address", "!tyr ban 10.1.2.3 spam"],
    ["a glob", "!tyr ban *.evil.example spam"],
    ["on a list already", "!tyr ban listed.example spam"],
    ["of people here", "!tyr ban here.example spam"],
  ])("is not where it is %s", async (_what, command) => {
    await begin();
    story.homeserver.join(story.rooms[0]!, "@one:here.example");
    story.rule("listed.example", { kind: "server" });
    await story.pass();

    expect(await story.command(command)).toMatch(/^✅/);
    expect(isAsked()).toBe(false);
  });
});
