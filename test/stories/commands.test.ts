// The desk: what moderators type, what they are answered, and what then is true in the rooms.

import { afterEach, describe, expect, test } from "@jest/globals";
import { Story, type StoryOptions } from "../support/story.ts";

let story: Story;
const begin = async (options?: StoryOptions) => {
  story = new Story(options);
  await story.start();
  return story;
};

afterEach(() => story.stop());

test.each([
  ["!tyr ban coc @rude:hs.test insults and more"],
  ["!tyr ban @rude:hs.test coc insults and more"],
  ["!tyr ban @rude:hs.test insults and more"],
  ["!TYR BAN @rude:hs.test “insults and more”"],
  ["!tyr ban user @rude:hs.test coc insults and more"],
])("%s", async (command) => {
  await begin({ rooms: 3 });
  const rude = story.person("rude");

  const answer = await story.command(command);

  expect(answer).toMatch(/^✅/);
  expect(answer).toContain("banned @rude:hs.test in 3 rooms");
  expect(story.isBanned(rude)).toBe(true);
  const [rule] = story.homeserver.stateOfType(story.list, "m.policy.rule.user");
  expect(rule?.content).toEqual({
    entity: "@rude:hs.test",
    recommendation: "m.ban",
    reason: "insults and more",
  });
});

test("a ban costs its bans, one rule, one message and one mark", async () => {
  await begin({ rooms: 5 });
  story.person("rude");
  await story.pass(1_000);
  story.homeserver.clearRequests();

  await story.command("!tyr ban @rude:hs.test");
  await story.pass();

  const writes = story.homeserver.requests.filter(
    (request) => request.method === "PUT" && request.userId === story.bot.userId,
  );
  const kinds = Map.groupBy(writes, (request) => request.kind);
  expect(Object.fromEntries([...kinds].map(([kind, requests]) => [kind, requests.length]))).toEqual({
    "PUT state m.policy.rule.user": 1,
    "PUT state m.room.member": 5,
    "PUT send m.room.message": 1,
    "PUT send m.reaction": 1,
  });
});

test("unban takes back rules of every dialect and key, and the bans of others too", async () => {
  await begin();
  const back = story.person("back");
  story.rule(back, { type: "org.matrix.mjolnir.rule.user", key: "one" });
  story.rule(back, { type: "m.room.rule.user", key: "two" });
  story.rule(back, { key: "one" });
  story.homeserver.ban(story.rooms[0]!, story.moderator, back);
  await story.until(() => story.isBanned(back), "the bans");

  const answer = await story.command(`!tyr unban ${back} appeal accepted`);
  await story.pass();

  expect(answer).toMatch(/^✅/);
  expect(story.rooms.map((room) => story.homeserver.membership(room, back))).toEqual(["leave", "leave"]);
  for (const type of ["org.matrix.mjolnir.rule.user", "m.room.rule.user", "m.policy.rule.user"]) {
    expect(
      story.homeserver.stateOfType(story.list, type).filter((event) => event.content["entity"] === back),
    ).toEqual([]);
  }
});

test("unban says which foreign list still asks for the ban, and lifts nothing", async () => {
  story = new Story();
  const foreign = story.room("Foreign", {
    botLevel: 0,
    initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "foreign" } }],
  });
  story.settings = { watchedLists: [story.list, foreign] };
  const person = story.person("person");
  story.rule("@person:*", { list: foreign });
  await story.start();
  await story.until(() => story.isBanned(person), "the bans");

  const answer = await story.command(`!tyr unban ${person}`);

  expect(answer).toContain("The bans stay");
  expect(answer).toContain("list foreign");
  expect(story.isBanned(person)).toBe(true);
});

test("kick removes everybody a glob matches, but neither moderators nor Tyr", async () => {
  await begin();
  const one = story.person("bad1");
  const two = story.person("bad2");
  const good = story.person("good");

  const answer = await story.confirmed("!tyr kick @*:hs.test cleaning");

  expect(answer).toMatch(/^✅ Kick of @\*:hs\.test: 6 removals; 1 person is spared/);
  // Everybody may come back by themselves: there is nothing to undo.
  expect(answer).not.toContain("Take it back");
  expect([one, two, good].map((user) => story.homeserver.membership(story.rooms[0]!, user))).toEqual([
    "leave",
    "leave",
    "leave",
  ]);
  expect(
    [story.moderator, story.bot.userId].map((user) => story.homeserver.membership(story.rooms[0]!, user)),
  ).toEqual(["join", "join"]);
});

test("a glob that matches moderators alone does nothing and says whom it spares", async () => {
  await begin();

  expect(await story.command("!tyr kick @mod*:hs.test")).toBe(
    "❌ nobody whom I may touch matches @mod*:hs.test in a protected room; 1 person is spared, as a moderator or exempt",
  );
  expect(await story.command("!tyr redact @mod*:hs.test")).toBe(
    "❌ nobody whom I may touch matches @mod*:hs.test; 1 person is spared, as a moderator or exempt",
  );
  expect(await story.command(`!tyr kick ${story.moderator}`)).toMatch(/^❌.*never touched/s);
});

test("a kick from rooms that cannot be entered without an invitation offers to take it back", async () => {
  await begin();
  const person = story.person("person");
  for (const room of story.rooms)
    story.homeserver.setState(room, story.moderator, "m.room.join_rules", "", { join_rule: "invite" });
  await story.pass(1_000);

  expect(await story.command(`!tyr kick ${person}`)).toMatch(/Take it back: !tyr undo \d+$/);
});

test("a typo is answered with the nearest command", async () => {
  await begin();

  expect(await story.command("!tyr bna @a:b")).toMatch(
    /^❌ I do not know the command bna\. Did you mean !tyr ban\?/,
  );
  expect(await story.command("!tyr lists wach #x:y")).toContain("Did you mean !tyr lists watch?");
  expect(await story.command("!tyr redact @a:b --limt 3")).toContain("Did you mean --limit?");
});

test("a missing argument is named, with usage and an example", async () => {
  await begin();

  const answer = await story.command("!tyr ban");

  expect(answer).toMatch(/^❌ Whom or what\?\nReply to this with @name:server/);
  expect(answer).toContain("Usage: !tyr ban [kind] <who> [list] [reason...]");
});

test("where all lists belong to others, a ban says that one of our own is needed", async () => {
  story = new Story();
  const others = story.room("Others", { botLevel: 0 });
  story.settings = { watchedLists: [others] };
  await story.start();

  const answer = await story.command("!tyr ban @a:b rude");

  expect(answer).toContain(
    "I may write to none of those that I watch. !tyr lists create <shortcode> makes one.",
  );
});

test("a list of others as the default is told to be of no use so far", async () => {
  story = new Story();
  const others = story.room("Others", { botLevel: 0 });
  story.settings = { watchedLists: [story.list, others] };
  await story.start();

  expect(await story.command(`!tyr lists default ${others}`)).toContain(
    "list Others is the default now, and I may not write to it: no command can until I have level 50 there.",
  );
  expect(await story.command("!tyr lists default coc")).not.toContain("level");
});

test("a name of several words without quotes is answered with what to do", async () => {
  await begin();

  const answer = await story.command("!tyr mute Carol the Loud");

  expect(answer).toContain('A name of several words needs quotes: "Some Body"');
});

test("rooms add protects a room by alias and bans there whoever is listed", async () => {
  story = new Story();
  const listed = story.person("listed", []);
  story.rule(listed);
  const room = story.homeserver.createRoom({
    creator: story.moderator,
    name: "New",
    joinRule: "public",
    alias: "#new:hs.test",
    powerLevels: { users: { [story.moderator]: 100, [story.bot.userId]: 100 } },
  });
  story.homeserver.join(room, listed);
  await story.start();

  const answer = await story.command("!tyr rooms add #new:hs.test");
  await story.until(() => story.homeserver.membership(room, listed) === "ban", "the ban in the new room");

  expect(answer).toMatch(/^✅/);
  expect(await story.command("!tyr rooms")).toContain("New");
  expect(story.homeserver.accountData(story.bot.userId, "org.matrix.mjolnir.protected_rooms")).toMatchObject({
    rooms: [...story.rooms, room],
  });
});

test("rooms add follows a space as its rooms come and go", async () => {
  await begin();
  const space = story.room("Space", { creationContent: { type: "m.space" } });
  const child = story.room("Child");
  story.homeserver.setState(space, story.moderator, "m.space.child", child, { via: ["hs.test"] });
  await story.pass(1_000);

  await story.command(`!tyr rooms add ${space}`);
  await story.until(() => story.tyr.world()!.isProtected(child as never), "the child's protection");
  story.homeserver.setState(space, story.moderator, "m.space.child", child, {});
  await story.until(
    () => !story.tyr.world()!.isProtected(child as never),
    "the end of the child's protection",
  );
});

test("lists create makes a list, watches it, and makes it the default", async () => {
  await begin({ settings: { watchedLists: [] } });

  const answer = await story.command("!tyr lists create ours");
  await story.until(() => story.tyr.world()!.settings.lists.length === 1, "the list");
  const list = story.tyr.world()!.settings.lists[0]!.room;

  expect(answer).toMatch(/^✅/);
  expect(story.homeserver.state(list, "m.room.create")?.content["type"]).toBe("m.policy");
  await story.until(() => story.tyr.world()!.rooms.get(list)?.isKnown === true, "the list's state");
  expect(await story.command("!tyr ban @x:hs.test")).toMatch(/^✅/);
});

test("lists create names the list's room, and puts it on the public list where that is asked for", async () => {
  await begin({ settings: { watchedLists: [] } });

  await story.command("!tyr lists create ours");
  const answer = await story.command('!tyr lists create theirs --name "Bans & scams" --public');
  await story.until(() => story.tyr.world()!.settings.lists.length === 2, "the lists");
  const [ours, theirs] = story.tyr.world()!.settings.lists.map(({ room }) => room);

  expect(story.homeserver.state(ours!, "m.room.name")?.content["name"]).toBe("ours (policy list)");
  expect(story.homeserver.isListed(ours!)).toBe(false);
  expect(story.homeserver.state(theirs!, "m.room.name")?.content["name"]).toBe("Bans & scams");
  expect(story.homeserver.isListed(theirs!)).toBe(true);
  expect(answer).toContain("it stands on the public list of rooms");
  expect(await story.command(`!tyr lists create more --name "${"x".repeat(101)}"`)).toContain("too long");
  expect(await story.command("!tyr lists create more --name")).toContain("--name needs a text");
});

test("powerlevel sets a level in several rooms, and takes nothing else for one", async () => {
  await begin({ rooms: 3 });
  const helper = story.person("helper");
  const levels = () =>
    story.rooms.map(
      (room) =>
        (story.homeserver.state(room, "m.room.power_levels")!.content["users"] as Record<string, number>)[
          helper
        ],
    );

  await story.command(`!tyr powerlevel ${helper} 20 ${story.rooms[0]!} ${story.rooms[2]!}`);

  expect(levels()).toEqual([20, undefined, 20]);
  expect(await story.command(`!tyr powerlevel ${helper} 30 ${story.rooms[0]!} please`)).toContain(
    "please is no room",
  );
});

test("lists unwatch lifts what was done for the list", async () => {
  await begin();
  const person = story.person("person");
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");

  await story.command("!tyr lists unwatch coc");
  await story.until(() => story.homeserver.membership(story.rooms[0]!, person) === "leave", "the lift");
});

test("exempt spares somebody and lifts the bans; ending it bans again on return", async () => {
  await begin();
  const person = story.person("person");
  story.rule(person);
  await story.until(() => story.isBanned(person), "the bans");

  expect(await story.command(`!tyr exempt add ${person} a friend`)).toMatch(/^✅/);
  await story.until(() => story.homeserver.membership(story.rooms[0]!, person) === "leave", "the lift");
  story.homeserver.join(story.rooms[0]!, person);
  await story.pass();

  expect(story.homeserver.membership(story.rooms[0]!, person)).toBe("join");
  expect(await story.command(`!tyr ban ${person}`)).toContain("is exempt");
  await story.command(`!tyr exempt remove ${person}`);
  await story.until(() => story.homeserver.membership(story.rooms[0]!, person) === "ban", "the ban");
});

describe("rules matching names every rule and the one that decides:", () => {
  const startWithTwoLists = async () => {
    story = new Story();
    const second = story.room("Second", {
      initialState: [{ type: "org.matrix.mjolnir.shortcode", content: { shortcode: "second" } }],
    });
    story.settings = { watchedLists: [story.list, second] };
    await story.start();
    return second;
  };
  /** The rules as they are listed, without who wrote them and when. */
  const listed = (answer: string) =>
    answer
      .split("\n")
      .filter((line) => line.startsWith("• "))
      .map((line) => line.replace(/ by .* on \d.*?(?=:|$)/, ""));

  test("that of the list watched first, though the other is more precise and newer", async () => {
    const second = await startWithTwoLists();
    story.rule("@*:evil.example", { reason: "all of them" });
    story.rule("@a:evil.example", { list: second, recommendation: "m.allow" });
    story.rule("evil.example", { kind: "server", list: second });
    await story.pass();

    const answer = await story.command("!tyr rules matching @a:evil.example");

    expect(answer).toContain("The first of the rules below decides: ban.\n3 rules about @a:evil.example:\n");
    expect(listed(answer)).toEqual([
      "• list coc: user @*:evil.example (ban): all of them",
      "• list second: user @a:evil.example (allow)",
      "• list second: server evil.example (ban)",
    ]);
  });

  test("the other where the lists stand the other way round", async () => {
    const second = await startWithTwoLists();
    story.rule("@*:evil.example", { list: second, reason: "all of them" });
    story.rule("@a:evil.example", { recommendation: "m.allow" });
    await story.pass();

    const answer = await story.command("!tyr rules matching @a:evil.example");

    expect(answer).toContain("The first of the rules below decides: allow.\n");
    expect(listed(answer)).toEqual([
      "• list coc: user @a:evil.example (allow)",
      "• list second: user @*:evil.example (ban): all of them",
    ]);
  });

  test("none where the person is exempt", async () => {
    await begin();
    story.rule("@a:evil.example");
    await story.command("!tyr exempt add @a:evil.example a friend");

    const answer = await story.command("!tyr rules matching @a:evil.example");

    expect(answer).toContain("@a:evil.example is exempt (@a:evil.example): no rule is applied.");
    expect(answer).not.toContain("decides");
  });
});

test("only the management room is obeyed, edits and old commands are not", async () => {
  story = new Story();
  const person = story.person("person");
  story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
  await story.start();
  story.homeserver.sendText(story.rooms[0]!, story.moderator, `!tyr ban ${person}`);
  story.homeserver.send(story.managementRoom, story.moderator, "m.room.message", {
    msgtype: "m.text",
    body: `!tyr ban ${person}`,
    "m.relates_to": { rel_type: "m.replace", event_id: "$x" },
  });

  await story.pass();

  expect(story.isBanned(person)).toBe(false);
  expect(story.written("m.room.member")).toEqual([]);
});

test("status names a room without rights and what to do", async () => {
  story = new Story();
  const weak = story.room("Weak", { botLevel: 0 });
  story.settings = { protectedRooms: [...story.rooms, weak] };
  await story.start();

  const answer = await story.command("!tyr status");

  expect(answer).toContain("Weak");
  expect(answer).toContain("Give me level 100");
  expect(await story.command("!tyr verify")).toContain("Weak");
});

test("sync reads everything again and puts right what differs", async () => {
  await begin();
  const [back, regular] = [story.person("back"), story.person("regular")];
  story.rule(back);
  await story.until(() => story.isBanned(back), "the bans");
  // The ban is gone from the room's state, and no sync tells of it.
  const [room] = story.rooms;
  story.homeserver.forceState(room!, back, "m.room.member", back, { membership: "join" }, { silent: true });
  await story.pass(60_000);
  expect(story.isBanned(back)).toBe(false);

  const answer = await story.command("!tyr sync");
  await story.until(() => story.isBanned(back), "the ban that was missing");

  expect(answer).toContain("read again in 3 rooms");
  expect(story.homeserver.membership(room!, regular)).toBe("join");
});

describe("what a moderator can click on", () => {
  const htmlSaid = () =>
    String(
      story.homeserver
        .events(story.managementRoom)
        .findLast((one) => one.type === "m.room.message" && one.sender === story.bot.userId)!.content[
        "formatted_body"
      ],
    );
  const opens = (id: string, name = id) => {
    const via = id.startsWith("!") ? "?via=hs.test" : "";
    return `<code><a href="https://matrix.to/#/${encodeURIComponent(id)}${via}">${name}</a></code>`;
  };

  test("people, rooms and lists in answers open what they name, and nobody is mentioned", async () => {
    await begin();
    const rude = story.person("rude");
    await story.command(`!tyr ban ${rude} coc rude`);

    await story.command(`!tyr why ${rude}`);

    const html = htmlSaid();
    expect(html).toContain(opens(rude));
    expect(html).toContain(opens(story.rooms[0]!, "Room 1"));
    expect(html).toContain(`list ${opens(story.list, "coc")}`);
    const said = story.homeserver
      .events(story.managementRoom)
      .filter(({ sender, type }) => sender === story.bot.userId && type === "m.room.message");
    expect(said.map(({ content }) => content["m.mentions"])).toEqual(said.map(() => ({})));
  });

  test("a message that is redacted is a link to it", async () => {
    await begin();
    const event = story.homeserver.sendText(story.rooms[0]!, story.person("rude"), "rude words");

    await story.command(`!tyr redact https://matrix.to/#/${story.rooms[0]!}/${event}`);

    expect(htmlSaid()).toContain(
      `<a href="https://matrix.to/#/${encodeURIComponent(story.rooms[0]!)}/${encodeURIComponent(event)}">${event}</a>`,
    );
  });

  test("an id in the homeserver's own words is code", async () => {
    await begin();

    const answer = await story.command("!tyr rooms add #nowhere:hs.test");

    expect(answer).toContain("#nowhere:hs.test");
    expect(htmlSaid().replace(/<code>.*?<\/code>/gs, "")).not.toContain("#nowhere:hs.test");
  });
});

test("status names the version, the lists and the rooms, folded", async () => {
  await begin();
  story.rule("@rude:evil.example");
  await story.pass(5_000);

  const answer = await story.command("!tyr status");

  expect(answer).toMatch(/Up for .*, as Tyr \d+\.\d+\.\d+\./);
  expect(answer).toContain("Lists (1):\nlist coc (1 rule)");
  expect(answer).toContain("Protected (2):\nRoom 1, Room 2");
  expect(answer).toContain("Nothing is under way.");
});

test("a new list is told with its address, who can come in and who was invited", async () => {
  await begin();

  expect(await story.command("!tyr lists create spam spam-bans")).toMatch(
    /made 1 list\nIts address is #spam-bans:hs\.test, its id !\S+\. Anybody who knows one of them can join and read it\. @mod:hs\.test is invited/,
  );
  expect(await story.command("!tyr lists create scam")).toMatch(
    /Its id is !\S+, and it has no address\. Anybody/,
  );
});

test("a server ACL that is put right says which list and servers it is for", async () => {
  await begin();
  story.rule("evil.example", { kind: "server" });
  await story.until(() => story.deny(story.rooms[1]!).includes("evil.example"), "the ACLs");
  await story.pass(30_000);
  const said = story.said().length;

  const room = story.room("Room 3");
  await story.command(`!tyr rooms add ${room}`);
  await story.until(() => story.deny(room).includes("evil.example"), "the ACL of the new room");
  await story.pass(30_000);

  const news = story.said().slice(said).join("\n");
  expect(news).toContain("as list coc asks for it: evil.example");
});

describe("help", () => {
  test("alone is short: what is needed every day, and where the rest is", async () => {
    await begin();

    const answer = await story.command("!tyr help");

    expect(answer.split("\n").length).toBeLessThan(24);
    expect(answer).toContain("• !tyr ban <who> [reason]: ban a person");
    expect(answer).toContain("• !tyr help lists: policy lists");
    expect(answer).not.toContain("exempt add");
  });

  test.each([
    [
      "all",
      ["!tyr exempt add [kind] <who>", "!tyr lists watch <room>", "!tyr deactivate <who>", "!tyr understand"],
      "shortened",
    ],
    ["Lists", ["!tyr lists watch <room>", "!tyr rules matching <who>"], "!tyr exempt"],
    ["rules", ["!tyr rules matching <who>", "!tyr rules show"], "!tyr lists"],
    ["lists watch", ["--keep-bans", "For example:"], "lists unwatch"],
    ["redact", ["--limit: ", "!tyr redact <event>"], "!tyr ban"],
    ["status", ["For example:"], "!tyr ban"],
  ])("%s shows no more than was asked for", async (words, shown, hidden) => {
    await begin();

    const answer = await story.command(`!tyr help ${words}`);

    for (const part of shown) expect(answer).toContain(part);
    expect(answer).not.toContain(hidden);
    expect(answer).toMatch(/^✅/);
  });

  test.each([
    ["lits", "Did you mean !tyr help lists?"],
    ["bann", "Did you mean !tyr help ban?"],
    ["frobnicate", "!tyr help all shows all commands."],
  ])("%s, which is none, is answered with what may be meant", async (word, hint) => {
    await begin();

    expect(await story.command(`!tyr help ${word}`)).toBe(`❌ There is no command or topic ${word}. ${hint}`);
  });
});

test.each(["@*:hs.test", "@mod:hs.test", "hs.test", "*"])(
  "a rule for %s that would hit moderators is not written",
  async (entity) => {
    await begin();
    const regular = story.person("regular");

    const answer = await story.command(`!tyr ban ${entity}`);

    expect(answer).toMatch(/^❌/);
    expect(answer).toContain("would hit");
    expect(story.homeserver.membership(story.rooms[0]!, regular)).toBe("join");
    expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user")).toEqual([]);
    expect(story.homeserver.stateOfType(story.list, "m.policy.rule.server")).toEqual([]);
  },
);

test("what cannot be a command is told so, and nothing is done", async () => {
  await begin();

  expect(await story.command(`!tyr ban @a:b.c ${"r".repeat(6_000)}`)).toContain("5000 characters");
  expect(await story.command("!tyr ban @a:b.c\n!tyr ban @d:e.f")).toContain("one command a message");
  expect(await story.command("!tyr redact @a:b.c --limit 0")).toContain("above 0");
  expect(story.homeserver.stateOfType(story.list, "m.policy.rule.user")).toEqual([]);
});

test("a room without rights is told when it is added, not when the first ban fails", async () => {
  await begin();
  const weak = story.room("Weak", { botLevel: 0 });

  await story.command(`!tyr rooms add ${weak}`);

  await story.until(
    () => story.said().some((text) => text.includes("Weak") && text.includes("/op @tyr:hs.test 100")),
    "the word about it",
  );
});

test("where the server limits writing, the answer comes before the cleaning and says why it takes long", async () => {
  await begin({ rooms: 4 });
  const person = story.person("person");
  for (const room of story.rooms) {
    for (let i = 0; i < 5; i++) story.homeserver.sendText(room, person, `spam ${i}`);
  }
  await story.pass(1_000);
  story.homeserver.limitWrites({ perSecond: 0.2, burst: 2, exempt: [story.moderator] });
  const begun = story.clock.now();

  const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person} spam`);
  await story.until(() => story.answerTo(event)?.includes("limits how fast") === true, "the first answer");

  expect(story.clock.now() - begun).toBeLessThan(60_000);
});

test("a glob to redact also finds who has said something and left", async () => {
  await begin();
  const person = story.person("hitandrun");
  const said = story.homeserver.sendText(story.rooms[0]!, person, "buy this");
  await story.pass(1_000);
  story.homeserver.leave(story.rooms[0]!, person);
  story.homeserver.leave(story.rooms[1]!, person);
  await story.pass(1_000);

  await story.confirmed("!tyr redact @hit*:hs.test");

  expect(story.homeserver.events(story.rooms[0]!).some((event) => event.redacts === said)).toBe(true);
});

describe("with Synapse's default limits", () => {
  const rate = { perSecond: 0.2, burst: 10 };
  /** The time told in the newest text of the answer, in milliseconds. */
  const toldMs = (text: string | undefined): number => {
    const [, number, unit] = /about ([\d.]+) (second|minute)s/.exec(text ?? "") ?? [];
    return Number(number) * (unit === "minute" ? 60_000 : 1_000);
  };
  const withinAThird = (told: number, actual: number) => {
    expect(told).toBeGreaterThan(actual / 1.34);
    expect(told).toBeLessThan(actual * 1.34);
  };

  test.each([
    ["a rested server", 0, 0],
    ["a server that has counted some of our writes already", 7, 28_000],
    ["a server that has just let through the last of many writes", 30, 262_000],
  ])("the first answer tells how long the rest takes, on %s", async (_, before, passedMs) => {
    await begin({ rooms: 30 });
    const person = story.person("person");
    story.homeserver.limitWrites({ ...rate, exempt: [story.moderator] });
    for (let i = 0; i < before; i++)
      story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr help");
    await story.pass(passedMs);

    const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.until(() => toldMs(story.answerTo(event)) > 0, "the first answer");
    const [told, at] = [toldMs(story.answerTo(event)), story.clock.now()];
    await story.until(() => story.isBanned(person), "the bans", 600_000);

    expect(at).toBeLessThan(story.clock.now() - 60_000);
    withinAThird(told, story.clock.now() - at);
  });

  test("once a limit was met, status says how long it would take to close all rooms to a wave, and before that nothing", async () => {
    await begin({ rooms: 30 });
    const person = story.person("person");
    story.homeserver.limitWrites({ ...rate, exempt: [story.moderator] });

    const before = await story.command("!tyr status");
    story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.until(() => story.isBanned(person), "the bans", 600_000);
    await story.pass(600_000);
    const after = await story.command("!tyr status");

    expect(before).not.toMatch(/limit/);
    expect(after).toMatch(
      /The homeserver has limited how fast I may write: closing all 30 rooms to a wave would take about (?:90|100|110) seconds\. Its administrator can exempt me/,
    );
  });

  /** The first message that answers the command, as it was sent. */
  const firstAnswer = (command: string) =>
    story.homeserver
      .events(story.managementRoom)
      .map(({ content }) => content as { body?: string; "m.relates_to"?: Record<string, never> })
      .find((content) => content["m.relates_to"]?.["m.in_reply_to"]?.["event_id"] === command)?.body;

  test("an answer that had to wait tells what is true when it is sent, and is not edited then", async () => {
    await begin({ rooms: 9, settings: { answers: { firstAfterMs: 20 } } });
    const person = story.person("person");
    story.homeserver.limitWrites({ ...rate, exempt: [story.moderator] });

    const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.pass(60_000);

    expect(firstAnswer(event)).toContain(`banned ${person} in 9 rooms`);
    expect(firstAnswer(event)).toContain("Take it back: !tyr undo 1");
    expect(story.said().filter((text) => text.includes(`banned ${person}`))).toHaveLength(1);
  });

  test("the first answer tells how long it takes, though its own first try met the limit", async () => {
    await begin({ rooms: 30, settings: { answers: { firstAfterMs: 50 } } });
    const person = story.person("person");
    story.homeserver.limitWrites({ ...rate, exempt: [story.moderator] });

    const event = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.until(() => firstAnswer(event) !== undefined, "the first answer", 300_000);

    expect(toldMs(firstAnswer(event))).toBeGreaterThan(0);
  });

  test("so does status, and once all is done nothing is told of it", async () => {
    await begin({ rooms: 30 });
    const person = story.person("person");
    story.homeserver.limitWrites({ ...rate, exempt: [story.moderator] });
    const ban = story.homeserver.sendText(story.managementRoom, story.moderator, `!tyr ban ${person}`);
    await story.pass(40_000);

    const event = story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr status");
    await story.until(() => toldMs(story.answerTo(event)) > 0, "the status");
    const [told, at] = [toldMs(story.answerTo(event)), story.clock.now()];
    await story.until(() => story.isBanned(person), "the bans", 600_000);
    withinAThird(told, story.clock.now() - at);
    await story.pass(200_000);

    expect(story.answerTo(ban)).toContain("in 30 rooms");
    expect(story.answerTo(ban)).not.toContain("limits");
    expect(await story.command("!tyr status")).not.toContain("limits");
  });
});

test("the answer to a ban of a server counts the ACLs it led to", async () => {
  await begin({ rooms: 3 });
  // Long enough after the start's own round that this is no burst.
  await story.pass();

  expect(await story.command("!tyr ban server evil.example")).toContain("updated the server ACL in 3 rooms");
  await story.pass();
  expect(await story.command("!tyr unban evil.example")).toContain("updated the server ACL in 3 rooms");
});
