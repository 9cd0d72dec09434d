// Rules of every sort, written by command: what they ask for, what they do here, and what they leave open.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sha256Base64 } from "../../src/kit/hash.ts";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.start();
});
afterEach(() => story.stop());

const rules = () =>
  story.homeserver
    .events(story.list)
    .filter(({ type, sender }) => type.startsWith("m.policy.rule.") && sender === story.bot.userId)
    .map(({ content }) => content);

describe("a ban of a server", () => {
  test("says that its subdomains are not part of it, unless they are banned", async () => {
    expect(await story.command("!tyr ban server evil.example scam")).toContain(
      "Servers below it are not part of that: !tyr ban *.evil.example bans them as well.",
    );

    await story.command("!tyr ban *.worse.example scam");
    expect(await story.command("!tyr ban server worse.example scam")).not.toContain("below");
  });

  test("names who is still there, and sweep shows and removes them after a yes", async () => {
    const [first, second] = story.rooms as [string, string];
    for (const room of story.rooms) story.homeserver.join(room, "@one:evil.example");
    story.homeserver.join(first, "@two:evil.example");
    story.homeserver.join(second, "@fine:good.example");
    await story.command("!tyr exempt add @two:evil.example");
    await story.pass(1_000);

    // The blast radius asks first, as people are cut off.
    const answer = await story.confirmed("!tyr ban server evil.example scam");
    expect(answer).toContain("1 person of it is still in the rooms");
    expect(story.homeserver.membership(first, "@one:evil.example")).toBe("join");

    const swept = await story.confirmed("!tyr sweep evil.example");
    expect(swept).toContain("Removal of 1 person of 1 banned server from 2 rooms");
    expect(story.rooms.map((room) => story.homeserver.membership(room, "@one:evil.example"))).toEqual([
      "leave",
      "leave",
    ]);
    expect(story.homeserver.membership(first, "@two:evil.example")).toBe("join");
    expect(story.homeserver.membership(second, "@fine:good.example")).toBe("join");
    expect(await story.command("!tyr sweep")).toBe("✅ Nobody of a banned server is in a protected room.");
  });

  test.each([
    ["no server ACLs are written", { acl: { enabled: false } }],
    ["the config spares the server", { acl: { sparedServers: ["evil.example"] } }],
  ])("does not say that its people cannot be heard where %s", async (_what, settings) => {
    await story.stop();
    story = new Story({ settings });
    await story.start();
    story.homeserver.join(story.rooms[0]!, "@one:evil.example");
    await story.pass(1_000);

    const answer = await story.confirmed("!tyr ban server evil.example scam");
    await story.pass();

    expect(answer).toContain("1 person of it is still in the rooms and is heard there as before");
    expect(answer).toContain("!tyr sweep evil.example");
    expect(answer).not.toContain("cannot be heard");
    expect(story.deny(story.rooms[0]!)).toEqual([]);
  });

  test("tells those who cannot be heard from those of a spared server among them", async () => {
    await story.stop();
    story = new Story({ settings: { acl: { sparedServers: ["good.evil.example"] } } });
    await story.start();
    story.homeserver.join(story.rooms[0]!, "@one:bad.evil.example");
    story.homeserver.join(story.rooms[0]!, "@two:good.evil.example");
    await story.pass(1_000);

    const answer = await story.confirmed("!tyr ban *.evil.example scam");

    expect(answer).toContain("1 person of it is still in the rooms and cannot be heard there any more");
    expect(answer).toContain("1 person of it is still in the rooms and is heard there as before");
  });

  test("sweep does nothing before the yes, and nothing against servers that no rule bans", async () => {
    story.homeserver.join(story.rooms[0]!, "@one:good.example");
    await story.pass(1_000);

    expect(await story.command("!tyr sweep good.example")).toMatch(/^❌ no rule bans good\.example/);
    expect(story.homeserver.membership(story.rooms[0]!, "@one:good.example")).toBe("join");
  });
});

describe("by command", () => {
  test("a takedown removes what was written as well", async () => {
    const spammer = story.person("spammer");
    const event = story.homeserver.sendText(story.rooms[0]!, spammer, "buy");
    await story.pass(1_000);

    await story.command(`!tyr ban ${spammer} --takedown`);
    await story.until(
      () => story.homeserver.events(story.rooms[0]!).some((one) => one.type === "m.room.redaction"),
      `the redaction of ${event}`,
    );

    expect(rules()).toMatchObject([{ entity: spammer, recommendation: "org.matrix.msc4204.takedown" }]);
    expect(await story.command(`!tyr unban ${spammer}`)).toContain("took back 1 rule");
  });

  test("a rule may hold a hash in place of the name; it bans, and unban finds it", async () => {
    const spammer = story.person("spammer");
    await story.pass(1_000);

    const answer = await story.command(`!tyr ban ${spammer} --hash`);

    expect(answer).toContain(`banned ${spammer} in 2 rooms`);
    expect(story.isBanned(spammer)).toBe(true);
    expect(JSON.stringify(rules())).not.toContain("spammer");
    expect(rules()[0]).toHaveProperty("hashes.sha256");
    await story.command(`!tyr unban ${spammer}`);
    expect(story.isBanned(spammer)).toBe(false);
    expect(await story.command("!tyr ban @a*:hs.test --hash")).toMatch(/^❌.*a hash stands for one name/);
  });

  test("an allow rule keeps a list from banning, until it is taken back or undone", async () => {
    const regular = story.person("regular");
    await story.pass(1_000);
    const answer = await story.command(`!tyr allow ${regular} appeal accepted`);
    story.rule(regular);
    await story.pass(5_000);

    expect(answer).toMatch(/^✅ Allow rule for @regular:hs\.test on list coc/);
    expect(story.isBanned(regular)).toBe(false);

    expect(await story.command(`!tyr unallow ${regular}`)).toContain("1 allow rule");
    await story.until(() => story.isBanned(regular), "the bans");
    expect(await story.command(`!tyr unallow ${regular}`)).toBe(`❌ no list allows ${regular}`);
  });
});

describe("rules for exactly one entity", () => {
  const standing = () =>
    story.homeserver
      .stateOfType(story.list, "m.policy.rule.user")
      .flatMap(({ content }) => (Object.keys(content).length > 0 ? [content] : []));
  const hashed = (entity: string, recommendation: string) =>
    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.user", "theirs", {
      hashes: { sha256: sha256Base64(entity) },
      recommendation,
      reason: "",
    });

  test("a hashed ban that a ban for a time replaces is there again after an undo", async () => {
    const spammer = story.person("spammer");
    await story.command(`!tyr ban ${spammer} --hash`);
    const [before] = standing();

    const answer = await story.command(`!tyr ban ${spammer} --for 1h`);
    await story.command(`!tyr undo ${undoNumber(answer)}`);
    await story.pass();

    expect(standing()).toMatchObject([{ hashes: before!["hashes"] }]);
    expect(standing()[0]).not.toHaveProperty("expiry");
  });

  test("a ban for a time ends although somebody else had written a hash", async () => {
    const spammer = story.person("spammer");
    hashed(spammer, "m.ban");
    await story.until(() => story.isBanned(spammer), "the bans");

    await story.command(`!tyr ban ${spammer} --for 1h`);
    await story.pass(2 * 3_600_000);

    expect(standing()).toEqual([]);
    expect(story.isBanned(spammer)).toBe(false);
  });

  test("unallow leaves the allow rule of another spelling alone, and finds a hashed one", async () => {
    const [upper, lower] = [story.person("Twin"), story.person("twin")];
    await story.command(`!tyr allow ${upper}`);
    hashed(lower, "m.allow");
    await story.pass();

    expect(await story.command(`!tyr unallow ${lower}`)).toContain("1 allow rule");
    expect(await story.command(`!tyr unallow ${lower}`)).toBe(`❌ no list allows ${lower}`);
    expect(standing()).toMatchObject([{ entity: upper }]);
  });

  test.each([
    ["!tyr ban server @x:far.test", "@x:far.test is no server: it looks like a user."],
    ["!tyr ban server !r:far.test", "!r:far.test is no server: it looks like a room."],
    ["!tyr ban server *:far.test", "*:far.test is no server: it looks like a user."],
    ["!tyr ban user evil.example", "evil.example is no user: it looks like a server."],
    ["!tyr ban user !r:far.test", "!r:far.test is no user: it looks like a room."],
    ["!tyr ban room @x:far.test", "@x:far.test is no room: it looks like a user."],
    ["!tyr allow room evil.example", "evil.example is no room: it looks like a server."],
    ["!tyr allow server @x:far.test", "@x:far.test is no server: it looks like a user."],
    ["!tyr exempt add server @x:far.test", "@x:far.test is no server: it looks like a user."],
    ["!tyr exempt add user far.test", "far.test is no user: it looks like a server."],
  ])("%s is refused, as a rule for it would match nothing", async (command, why) => {
    const answer = await story.command(command);

    expect(answer).toMatch(/^❌/);
    expect(answer).toContain(why);
    expect(rules()).toEqual([]);
    expect(story.world!.settings.exemptions.size).toBe(0);
  });

  test.each([
    ["!tyr ban user *spam*", "m.policy.rule.user"],
    ["!tyr ban user @x:far.test", "m.policy.rule.user"],
    ["!tyr ban room *:far.test", "m.policy.rule.room"],
    ["!tyr ban room !abc", "m.policy.rule.room"],
    ["!tyr ban server far*", "m.policy.rule.server"],
    ["!tyr ban server far.test:8448", "m.policy.rule.server"],
    ["!tyr ban server [2001:db8::1]", "m.policy.rule.server"],
  ])("%s is done: it fits", async (command, type) => {
    await story.confirmed(command);

    expect(story.homeserver.stateOfType(story.list, type)).toHaveLength(1);
  });

  test("unban takes off a rule of a kind that does not fit, too", async () => {
    story.rule("evil.example", { kind: "user" });
    await story.pass(1_000);

    expect(await story.command("!tyr unban user evil.example")).toContain("took back 1 rule");
  });

  test("a ban of somebody whom the same list allows names unallow", async () => {
    const regular = story.person("regular");
    await story.command(`!tyr allow ${regular}`);

    expect(await story.command(`!tyr ban ${regular} spam`)).toBe(
      `❌ list coc allows ${regular}, and a ban would have no effect: !tyr unallow ${regular} first`,
    );
  });

  test("an allow rule for a room that a list before it bans does not suggest an exemption, which rooms cannot have", async () => {
    await story.command("!tyr lists create second");
    await story.command("!tyr ban coc !bad:far.test");
    await story.command("!tyr ban coc @bad:far.test --hash");

    const answer = await story.command("!tyr allow second !bad:far.test");
    expect(answer).toContain("list coc comes before it and still bans.");
    expect(answer).not.toContain("exempt");
    expect(await story.command("!tyr allow second @bad:far.test")).toContain("!tyr exempt add @bad:far.test");
  });
});

describe("a rule for a room", () => {
  const listed = () =>
    story.homeserver.createRoom({ creator: story.homeserver.createUser("stranger").userId, name: "Bad" });

  test("says that it touches nobody, and has invitations of strangers declined", async () => {
    const room = listed();
    expect(await story.command(`!tyr ban ${room} spam`)).toContain(
      "A rule for a room touches nobody in my rooms.",
    );

    story.homeserver.invite(room, "@stranger:hs.test", story.bot.userId);
    await story.until(() => story.homeserver.membership(room, story.bot.userId) === "leave", "the refusal");
    expect(story.said().join("\n")).not.toContain("who is no moderator, invited me");
  });

  test("that is a takedown shuts the room down on our homeserver after a yes, where Tyr is administrator", async () => {
    const room = listed();
    expect(await story.command(`!tyr ban ${room} --takedown`)).toContain("I am no administrator");
    expect(story.homeserver.isBlocked(room)).toBe(false);

    story.homeserver.setAdmin(story.bot.userId, true);
    await story.stop();
    await story.start();
    expect(await story.command(`!tyr ban ${story.rooms[0]!} --takedown`)).toContain(
      "That is a protected room",
    );
    const answer = await story.confirmed(`!tyr ban ${room} --takedown spam`);

    expect(answer).toContain("shut down 1 room");
    expect(story.homeserver.isBlocked(room)).toBe(true);
    expect(story.homeserver.isBlocked(story.rooms[0]!)).toBe(false);
  });

  test("leaves invitations of moderators, and to other rooms, alone", async () => {
    const other = listed();
    story.homeserver.invite(other, "@stranger:hs.test", story.bot.userId);
    await story.pass(5_000);

    expect(story.homeserver.membership(other, story.bot.userId)).toBe("invite");
  });

  test("says where it means a room of ours", async () => {
    expect(await story.command(`!tyr ban ${story.rooms[0]!}`)).toContain("That is a protected room");
  });
});
