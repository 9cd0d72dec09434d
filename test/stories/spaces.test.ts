// Rooms that come and go by themselves, through spaces and upgrades: followed, told in one message, shown in `rooms`.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "@jest/globals";
import { databaseFile } from "../../src/store/database.ts";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber } from "../support/story.ts";

let story: Story;
const begin = async () => {
  story = new Story();
  await story.start();
};
afterEach(() => story.stop());

const aSpace = (name: string) => story.room(name, { creationContent: { type: "m.space" } });
const put = (space: string, ...rooms: readonly string[]) => {
  for (const room of rooms)
    story.homeserver.setState(space, story.moderator, "m.space.child", room, { via: ["hs.test"] });
};
const take = (space: string, room: string) =>
  story.homeserver.setState(space, story.moderator, "m.space.child", room, {});
const isProtected = (room: string) => story.world!.settings.rooms.has(room as never);
const isFollowed = (space: string) => story.world!.settings.spaces.has(space as never);
/** What is said while something happens, edits left out. */
async function saidAfter(act: () => unknown): Promise<readonly string[]> {
  const before = story.said().length;
  await act();
  await story.pass(30_000);
  return story
    .said()
    .slice(before)
    .filter((text) => !text.startsWith("* "));
}
function inDatabase(folder: string, act: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(folder, databaseFile));
  act(db);
  db.close();
}
/** A space with one room in it, followed. */
async function followed(): Promise<{ space: string; child: string }> {
  await begin();
  const [space, child] = [aSpace("Town"), story.room("First")];
  put(space, child);
  await story.pass(1_000);
  await story.command(`!tyr rooms add ${space}`);
  await story.until(() => isProtected(child), "the room's protection");
  await story.pass(30_000);
  return { space, child };
}

test("rooms that join a space are protected, and told in one message", async () => {
  const { space } = await followed();
  const rooms = ["Second", "Third"].map((name) => story.room(name));

  const said = await saidAfter(() => put(space, ...rooms));

  expect(said).toEqual([`Now protected, through the space Town: Second ${rooms[0]!}, Third ${rooms[1]!}.`]);
  expect(await story.command("!tyr rooms")).toMatch(/Second .*through Town/);
});

test("a room that leaves a space is protected no longer, and told", async () => {
  const { space, child } = await followed();

  const said = await saidAfter(() => take(space, child));

  expect(said).toEqual([`No longer protected, as no space that I follow holds it: First ${child}.`]);
  expect(await story.command("!tyr rooms")).not.toContain("First");
});

test("a space within a space comes with its rooms and goes with them, told each time", async () => {
  const { space } = await followed();
  const [inner, room] = [aSpace("Quarter"), story.room("Corner")];
  put(inner, room);

  const came = await saidAfter(() => put(space, inner));
  expect(came).toHaveLength(1);
  expect(came[0]).toContain("The space Quarter, which is in Town, is followed too.");
  expect(came[0]).toContain(`Now protected, through the space Quarter: Corner ${room}.`);
  expect(await story.command("!tyr rooms")).toMatch(
    /Corner .*through Quarter(.|\n)*Space Town (.|\n)*Space Quarter .*, through Town/,
  );

  const went = await saidAfter(() => take(space, inner));
  expect(went).toEqual([
    "The space Quarter is followed no longer, nor are its rooms protected: no space holds it any more.",
  ]);
  expect(isProtected(room)).toBe(false);
  expect(await story.command("!tyr rooms")).not.toContain("Quarter");

  // It comes back like any other: nobody has taken it out.
  await saidAfter(() => put(space, inner));
  expect(isProtected(room)).toBe(true);
});

test("whoever takes out a space takes out the spaces within it, and undo brings them back", async () => {
  const { space } = await followed();
  const [inner, room] = [aSpace("Quarter"), story.room("Corner")];
  put(inner, room);
  put(space, inner);
  await story.until(() => isProtected(room), "the inner room's protection");

  await story.command(`!tyr rooms remove ${space}`);
  expect([isFollowed(space), isFollowed(inner), isProtected(room)]).toEqual([false, false, false]);

  await story.command("!tyr undo last");
  await story.until(() => isProtected(room), "the inner room's protection again");
  expect(isFollowed(inner)).toBe(true);
});

describe("a room that more than one thing holds", () => {
  /** The room in a second followed space, too. */
  async function inTwo(): Promise<{ space: string; child: string; market: string }> {
    const { space, child } = await followed();
    const market = aSpace("Market");
    put(market, child);
    await story.pass(1_000);
    await story.command(`!tyr rooms add ${market}`);
    await story.pass(30_000);
    return { space, child, market };
  }

  test("is shown with all of it, and stays when one space lets go of it, without a word", async () => {
    const { space, child, market } = await inTwo();
    expect(await story.command("!tyr rooms")).toMatch(/First .*, through Market and Town/);
    const spammer = story.person("spammer", [child]);

    expect(await saidAfter(() => take(space, child))).toEqual([]);
    story.rule(spammer);
    await story.until(() => story.isBanned(spammer, [child]), "the ban");

    expect(await story.command("!tyr rooms")).toMatch(/First .*, through Market/);
    await story.pass(30_000);
    expect(await saidAfter(() => take(market, child))).toEqual([
      `No longer protected, as no space that I follow holds it: First ${child}.`,
    ]);
  });

  test("stays when one of the spaces is given up, and the answer says so", async () => {
    const { space, child } = await inTwo();

    const answer = await story.command(`!tyr rooms remove ${space}`);

    expect(answer).toContain("1 room stays protected, such as First, through Market.");
    expect(isProtected(child)).toBe(true);
    expect(await story.command("!tyr rooms")).toMatch(/First .*, through Market/);
  });

  test("that is added by hand as well outlasts every space, and undo of that leaves the space", async () => {
    const { space, child } = await followed();

    const added = await story.command(`!tyr rooms add ${child}`);
    expect(added).toContain("is protected already, through Town; from now on by itself as well");
    expect(await story.command("!tyr rooms")).toMatch(/First .*, by itself and through Town/);
    expect(await saidAfter(() => take(space, child))).toEqual([]);
    expect(isProtected(child)).toBe(true);

    put(space, child);
    await story.pass();
    await story.command(`!tyr undo ${undoNumber(added)}`);
    expect(isProtected(child)).toBe(true);
    await saidAfter(() => take(space, child));
    expect(isProtected(child)).toBe(false);
  });

  test("that the config names outlasts its space", async () => {
    story = new Story();
    const [space, child] = [aSpace("Town"), story.room("First")];
    put(space, child);
    story.settings = { protectedRooms: [space, child] };
    await story.start();
    await story.pass(30_000);

    await saidAfter(() => take(space, child));

    expect(isProtected(child)).toBe(true);
  });

  test("moves from one space to another without a gap", async () => {
    const { space, child } = await followed();
    const market = aSpace("Market");
    await story.command(`!tyr rooms add ${market}`);
    const spammer = story.person("spammer", [child]);

    const said = await saidAfter(() => {
      take(space, child);
      put(market, child);
    });
    expect(said).toEqual([]);
    story.rule(spammer);
    await story.until(() => story.isBanned(spammer, [child]), "the ban");
    expect(await story.command("!tyr rooms")).toMatch(/First .*, through Market/);
  });

  test("stays out when a person takes it out, whatever holds it", async () => {
    const { child } = await inTwo();

    const answer = await story.command(`!tyr rooms remove ${child}`);
    await story.pass(60_000);

    expect(answer).toContain("It stays out, although it is in Market and Town");
    expect(isProtected(child)).toBe(false);
  });

  test("was stored by a version that knew of one holder alone, and heals at the next start", async () => {
    const folder = aFolder();
    story = new Story({ dataPath: folder });
    const [space, market, child] = [aSpace("Town"), aSpace("Market"), story.room("First")];
    for (const one of [space, market]) put(one, child);
    await story.start();
    for (const one of [space, market]) await story.command(`!tyr rooms add ${one}`);
    await story.until(() => isProtected(child), "the protection");
    await story.stop();
    inDatabase(folder, (db) => {
      const stored = db.prepare("SELECT value FROM keep WHERE name = 'settings'").get()!["value"];
      const settings = JSON.parse(String(stored)) as { rooms: { room: string; heldBy?: unknown }[] };
      for (const one of settings.rooms)
        if (one.room === child) Object.assign(one, { space, heldBy: undefined });
      db.prepare("UPDATE keep SET value = ? WHERE name = 'settings'").run(JSON.stringify(settings));
    });

    await story.start();
    await story.pass(30_000);
    await saidAfter(() => take(space, child));

    expect(isProtected(child)).toBe(true);
  });
});

describe("the followed space itself", () => {
  test("and a space in it are rooms in which listed people sit: banned there, and their servers denied", async () => {
    const { space } = await followed();
    const quarter = aSpace("Quarter");
    put(space, quarter);
    await story.until(() => isFollowed(quarter), "the inner space");
    const [spammer, other] = [story.person("spammer", [space, quarter]), story.person("other", [space])];
    await story.pass(30_000);

    story.rule(spammer);
    story.rule("evil.example", { kind: "server" });
    await story.until(() => story.isBanned(spammer, [space, quarter]), "the bans");
    await story.until(
      () => [space, quarter].every((one) => story.deny(one).includes("evil.example")),
      "the ACLs",
    );
    await story.command(`!tyr ban ${other} spam`);

    expect(story.isBanned(other, [space])).toBe(true);
    expect(await story.command(`!tyr why ${space}`)).toContain("Is a space that I follow, and protected.");
    expect(await story.command("!tyr status")).toContain("over 3 protected rooms, 2 spaces and");
  });

  test("in which Tyr lacks rights is named", async () => {
    await begin();
    const space = story.room("Town", { creationContent: { type: "m.space" }, botLevel: 0 });

    const said = await saidAfter(() => story.command(`!tyr rooms add ${space}`));

    expect(said.join("\n")).toContain("I may not ban");
    expect(await story.command("!tyr verify")).toContain("Town");
  });

  test("is let alone when it is followed no longer", async () => {
    const { space } = await followed();
    const spammer = story.person("spammer", [space]);
    await story.command(`!tyr rooms remove ${space}`);

    story.rule(spammer);
    await story.pass(30_000);

    expect(story.isBanned(spammer, [space])).toBe(false);
  });
});

test("a command that names a space is for the space and all its rooms, and for no others", async () => {
  const { space, child } = await followed();
  const corner = story.room("Corner");
  const quarter = aSpace("Quarter");
  put(quarter, corner);
  put(space, quarter);
  await story.until(() => isProtected(corner), "the inner room");
  await story.pass(30_000);
  const within = [space, child, quarter, corner];
  const person = story.person("loud", [...within, ...story.rooms]);
  await story.pass(60_000);
  const levelIn = (room: string) => story.world!.rooms.get(room as never)!.power.of(person as never);

  const shown = await story.command(`!tyr since 10m show ${space}`);
  await story.command(`!tyr mute ${person} ${space}`);
  const muted = within.map(levelIn);
  await story.command(`!tyr unmute ${person} ${space}`);
  await story.confirmed(`!tyr powerlevel ${person} 7 ${space}`);
  const given = [...within, ...story.rooms].map(levelIn);
  await story.confirmed(`!tyr since 10m kick ${space} wave`);

  expect(shown).toContain("and 3 more");
  expect(muted).toEqual([-1, -1, -1, -1]);
  expect(given).toEqual([7, 7, 7, 7, 0, 0]);
  expect(within.map((room) => story.homeserver.membership(room, person))).toEqual(within.map(() => "leave"));
  expect(story.rooms.map((room) => story.homeserver.membership(room, person))).toEqual(["join", "join"]);
});

test("verify --levels tells who stands as high as Tyr, room by room, moderators as well", async () => {
  await begin();
  const person = story.person("admin", [story.rooms[0]!]);
  story.homeserver.setState(story.rooms[0]!, story.moderator, "m.room.power_levels", "", {
    users: { [story.bot.userId]: 100, [story.moderator]: 100, [person]: 100, "@low:hs.test": 50 },
  });
  await story.pass();

  const answer = await story.command("!tyr verify --levels");

  expect(answer).toContain(`Room 1 (I have 100): ${story.moderator} 100, moderator, ${person} 100`);
  expect(answer).toContain(`Room 2 (I have 100): ${story.moderator} 100, moderator`);
  expect(answer).not.toContain("@low:hs.test");
});

test("the successor of a room in a space stays, as the space goes on naming the old room", async () => {
  const { space, child } = await followed();
  const next = story.room("First anew", { creationContent: { predecessor: { room_id: child } } });
  await saidAfter(() =>
    story.homeserver.setState(child, story.moderator, "m.room.tombstone", "", { replacement_room: next }),
  );

  await saidAfter(() => put(space, story.room("Second")));
  expect(isProtected(next)).toBe(true);

  await saidAfter(() => take(space, child));
  expect(isProtected(next)).toBe(false);
});

test("the successor of an upgraded room is protected, and told", async () => {
  await begin();
  const room = story.rooms[0]!;
  const next = story.room("Room 1 anew", { creationContent: { predecessor: { room_id: room } } });

  const said = await saidAfter(() =>
    story.homeserver.setState(room, story.moderator, "m.room.tombstone", "", { replacement_room: next }),
  );

  expect(said).toEqual([`Room 1 was upgraded: its successor Room 1 anew ${next} is protected as well.`]);
  const rooms = await story.command("!tyr rooms");
  expect(rooms).toContain("Room 1 anew");
  expect(rooms).toContain(`It was upgraded; its successor is ${next}`);
});

test("the successor of an upgraded list is followed, and told", async () => {
  await begin();
  const next = story.room("List anew", { creationContent: { predecessor: { room_id: story.list } } });
  story.rule("@far:far.test", { list: next });

  const said = await saidAfter(() =>
    story.homeserver.setState(story.list, story.moderator, "m.room.tombstone", "", {
      replacement_room: next,
    }),
  );

  expect(said.filter((text) => text.includes("upgraded"))).toEqual([
    `A list was upgraded: I follow its successor List anew ${next} as well.`,
  ]);
  expect(await story.command("!tyr lists")).toContain(next);
});

test("what a moderator asked for is told in the answer alone", async () => {
  const { child } = await followed();

  const said = await saidAfter(() => story.command(`!tyr rooms remove ${child}`));

  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^No longer protecting First/);
});

test("a space that is given up, and whose rooms all stay protected, is told without a count of none", async () => {
  const { space, child } = await followed();
  await story.command(`!tyr rooms add ${child}`);

  const answer = await story.command(`!tyr rooms remove ${space}`);

  expect(answer).toContain("1 room stays protected, such as First");
  expect(answer).not.toContain("0 rooms");
});
