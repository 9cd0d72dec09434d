// Invitations: a stranger's is told once a day, a moderator's is joined and offered; so is the successor of an upgraded list that another person made.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";

const day = 24 * 3_600_000;

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.start();
});
afterEach(() => story.stop());

const membership = (room: string) => story.homeserver.membership(room, story.bot.userId);
const isProtected = (room: string) => story.world!.isProtected(room as never);
/** A room that the bot is not in. */
const elsewhere = (creator: string, plan: object = {}) =>
  story.homeserver.createRoom({ creator, name: "Elsewhere", joinRule: "public", ...plan });
const stranger = (name: string) => story.homeserver.createUser(name).userId;
async function saidAfter(act: () => unknown, ms = 30_000): Promise<readonly string[]> {
  const before = story.said().length;
  await act();
  await story.pass(ms);
  return story.said().slice(before);
}

describe("a stranger's invitation", () => {
  test("is told with what to type, and not accepted", async () => {
    const person = stranger("stranger");
    const room = elsewhere(person);

    const said = await saidAfter(() => story.homeserver.invite(room, person, story.bot.userId));

    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`${person}, who is no moderator, invited me to ${room}.`);
    expect(said[0]).toContain(
      `!tyr rooms add ${room} protects a room, !tyr lists watch ${room} follows a list.`,
    );
    expect(membership(room)).toBe("invite");
    await story.command(`!tyr rooms add ${room}`);
    await story.until(() => membership(room) === "join", "the join");
  });

  test("is one message a day, however many come", async () => {
    const invite = (n: number) => {
      const person = stranger(`stranger${n}`);
      story.homeserver.invite(elsewhere(person), person, story.bot.userId);
    };

    expect(await saidAfter(() => invite(0))).toHaveLength(1);
    expect(
      await saidAfter(() => {
        for (let n = 1; n <= 20; n++) invite(n);
      }),
    ).toEqual([]);
    const later = await saidAfter(() => undefined, day + 60_000);

    expect(later).toHaveLength(1);
    expect(later[0]).toContain("People who are no moderators invited me to 20 rooms:");
    expect(later[0]).toContain("and 15 more");
  });
});

describe("the invitation of somebody whose invitations are accepted", () => {
  test("is accepted by name or server, and the room offered for protection", async () => {
    await story.command("!tyr invitations add @helper:hs.test");
    const helper = stranger("helper");
    const room = elsewhere(helper);

    const said = await saidAfter(() => story.homeserver.invite(room, helper, story.bot.userId));

    expect(membership(room)).toBe("join");
    expect(said[0]).toContain(`as ${helper} invited me. Protect it?`);
    expect(isProtected(room)).toBe(false);
    expect(await story.command("!tyr invitations")).toContain(`${helper} since`);
  });

  test("is a stranger's again after remove, and after an undo", async () => {
    const helper = stranger("helper");
    const added = await story.command("!tyr invitations add @help*:hs.test");
    await story.command(`!tyr undo ${/undo (\d+)/.exec(added)![1]!}`);
    const room = elsewhere(helper);
    const said = await saidAfter(() => story.homeserver.invite(room, helper, story.bot.userId));
    await story.command("!tyr invitations add hs.test");
    await story.command("!tyr invitations remove hs.test");

    expect(said[0]).toContain("who is no moderator, invited me");
    expect(membership(room)).toBe("invite");
    expect(await story.command("!tyr invitations")).toContain("Those of others I tell here");
    expect(await story.command("!tyr invitations remove hs.test")).toMatch(/^❌/);
  });

  test("is not accepted where a list bans them, or the room", async () => {
    await story.command("!tyr invitations add hs.test");
    const [banned, helper] = [stranger("banned"), stranger("helper")];
    story.rule(banned);
    const [theirs, listed] = [elsewhere(banned), elsewhere(helper)];
    story.homeserver.setState(story.list, story.moderator, "m.policy.rule.room", "r", {
      entity: listed,
      recommendation: "m.ban",
      reason: "",
    });
    await story.pass(5_000);

    await saidAfter(() => story.homeserver.invite(theirs, banned, story.bot.userId));
    await saidAfter(() => story.homeserver.invite(listed, helper, story.bot.userId));

    expect(membership(theirs)).toBe("invite");
    expect(membership(listed)).toBe("leave");
  });

  test("cannot be everybody's, or a room's", async () => {
    expect(await story.command("!tyr invitations add *")).toContain("is everybody");
    expect(await story.command(`!tyr invitations add ${story.rooms[0]!}`)).toContain("is a room");
  });
});

describe("a moderator's invitation", () => {
  test("is accepted, and the room offered for protection", async () => {
    const room = elsewhere(story.moderator);

    const said = await saidAfter(() => story.homeserver.invite(room, story.moderator, story.bot.userId));

    expect(membership(room)).toBe("join");
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`I joined Elsewhere ${room}, as ${story.moderator} invited me. Protect it?`);
    expect(isProtected(room)).toBe(false);
    await story.command("!tyr yes 1");
    await story.until(() => isProtected(room), "the protection");
  });

  test("to a policy list is offered for watching", async () => {
    const list = elsewhere(story.moderator, {
      initialState: [
        {
          type: "m.policy.rule.user",
          stateKey: "x",
          content: { entity: "@a:far.test", recommendation: "m.ban", reason: "" },
        },
      ],
    });

    const said = await saidAfter(() => story.homeserver.invite(list, story.moderator, story.bot.userId));

    expect(said.join()).toContain("It looks like a policy list. Follow it?");
    await story.command("!tyr yes 1");
    await story.until(() => story.world!.isWatched(list as never), "the list");
  });

  test("is asked about no more once the room is protected", async () => {
    const room = elsewhere(story.moderator);
    await saidAfter(() => story.homeserver.invite(room, story.moderator, story.bot.userId));

    await story.command(`!tyr rooms add ${room}`);
    await story.pass();

    expect(story.said().join("\n")).toContain("No longer needed.");
  });
});

describe("an upgraded list", () => {
  const upgrade = (successor: string) =>
    story.homeserver.setState(story.list, story.moderator, "m.room.tombstone", "", {
      replacement_room: successor,
    });
  const anew = (plan: object = {}) =>
    story.room("List anew", { creationContent: { predecessor: { room_id: story.list } }, ...plan });
  const rulesIn = (list: string) =>
    story.homeserver
      .events(list)
      .filter(({ type, sender }) => type === "m.policy.rule.user" && sender === story.bot.userId).length;

  test("gets no more rules: they go to the successor, for a list that was named, too", async () => {
    await story.command("!tyr lists default coc");
    const next = anew();
    upgrade(next);
    await story.until(() => story.world!.isWatched(next as never), "the successor");

    const unnamed = await story.command("!tyr ban @one:far.test spam");
    const named = await story.command("!tyr ban coc @two:far.test spam");
    const byDefault = await story.command("!tyr rules");

    expect([unnamed, named].map((answer) => answer.charAt(0))).toEqual(["✅", "✅"]);
    expect([rulesIn(story.list), rulesIn(next)]).toEqual([0, 2]);
    expect(byDefault).toContain("@one:far.test");
    expect(story.world!.settings.lists.map(({ room }) => room)).toEqual([story.list, next]);
  });

  test("whose successor may not be written to is said to be left behind", async () => {
    upgrade(anew({ botLevel: 0 }));
    await story.pass();

    const answer = await story.command("!tyr ban coc @one:far.test spam");

    expect(answer).toMatch(/^❌/);
    expect(answer).toContain("was upgraded, and I may not write to its successor list List anew");
    expect(rulesIn(story.list)).toBe(0);
  });

  test("by a room that another person made waits for a yes", async () => {
    const other = story.homeserver.createUser("other").userId;
    const next = elsewhere(other, {
      name: "List anew",
      creationContent: { predecessor: { room_id: story.list } },
      initialState: [
        {
          type: "m.policy.rule.user",
          stateKey: "x",
          content: { entity: "@victim:hs.test", recommendation: "m.ban", reason: "" },
        },
      ],
    });
    const victim = story.person("victim");

    const said = await saidAfter(() => upgrade(next));
    const left = await story.command("!tyr ban coc @one:far.test spam");

    expect(said.filter((text) => !text.startsWith("* "))).toHaveLength(1);
    expect(said[0]).toContain(
      `was made by ${other}, while ${story.moderator} made the list, and has 1 rule.`,
    );
    expect(left).toContain("was upgraded and is left behind");
    expect(left).toContain("!tyr yes 1 follows it");
    expect(story.world!.isWatched(next as never)).toBe(false);
    expect(story.isBanned(victim)).toBe(false);
    await story.command("!tyr yes 1");
    await story.until(() => story.isBanned(victim), "the ban");
  });

  test("by a no stays left behind, and is not asked about again", async () => {
    const other = story.homeserver.createUser("other").userId;
    const next = elsewhere(other, { creationContent: { predecessor: { room_id: story.list } } });
    await saidAfter(() => upgrade(next));

    await story.command("!tyr no 1");
    const said = await saidAfter(() => undefined, 3_600_000);

    expect(said).toEqual([]);
    expect(story.world!.isWatched(next as never)).toBe(false);
  });
});
