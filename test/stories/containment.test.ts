// Rooms that are closed for a while, to newcomers or to all but the staff, and open again exactly as they were.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { aFolder } from "../support/folder.ts";
import { Story, undoNumber, type StoryOptions } from "../support/story.ts";

const minute = 60_000;
const levelsType = "m.room.power_levels";

let story: Story;
let folder: string;
/** Who was there before Tyr was. */
let known: string;
const begin = async (options: StoryOptions = {}) => {
  story = new Story({ dataPath: folder, ...options });
  known = story.person("known");
  await story.start();
};
const levels = (room: string) => story.homeserver.state(room, levelsType)!.content;
const usersIn = (room: string) => levels(room)["users"] as Record<string, unknown>;
const texts = () => story.rooms.map((room) => JSON.stringify(levels(room)));
const setLevels = (room: string, change: object, by = story.moderator) =>
  story.homeserver.setState(room, by, levelsType, "", { ...levels(room), ...change });
const writesOf = (room: string) =>
  story.homeserver
    .events(room)
    .filter(({ type, sender }) => type === levelsType && sender === story.bot.userId).length;
const canSpeak = (room: string, who: string) => {
  const { events_default: asked = 0, users_default: usual = 0 } = levels(room) as Record<string, number>;
  return Number(usersIn(room)[who] ?? usual) >= asked;
};

beforeEach(() => {
  folder = aFolder();
});
afterEach(() => story.stop());

describe.each(["11", "12"] as const)("raid and calm in rooms of version %s", (version) => {
  test("silence newcomers with one write a room, and leave every byte as it was", async () => {
    await begin({ version, rooms: 3 });
    const stranger = story.person("stranger");
    await story.pass(minute);
    const before = texts();

    const said = await story.command("!tyr raid");
    const during = story.rooms.map((room) => [canSpeak(room, known), canSpeak(room, stranger)]);
    const writes = story.rooms.map(writesOf);
    const calm = await story.command("!tyr calm");

    expect(said).toContain(
      "Closing 3 rooms to newcomers: who spoke there before keeps their voice, 1 person who came lately does not. !tyr calm opens them again.",
    );
    expect(said).toContain("changed who can speak or join in 3 rooms");
    expect(during).toEqual(story.rooms.map(() => [true, false]));
    expect(writes).toEqual([1, 1, 1]);
    expect(calm).toContain("Opening 3 rooms again, as they were.");
    expect(texts()).toEqual(before);
    expect(story.rooms.map(writesOf)).toEqual([2, 2, 2]);
  });
});

describe("raid", () => {
  test("of one room leaves the others as they are", async () => {
    await begin();
    const [one, two] = story.rooms;
    const stranger = story.person("stranger");
    await story.pass(minute);

    await story.command(`!tyr raid ${one}`);

    expect([canSpeak(one!, stranger), canSpeak(two!, stranger)]).toEqual([false, true]);
    expect(await story.command("!tyr rooms")).toContain("raid");
  });

  test.each(["raid 30m", "raid --for 30m"])("(%s) ends by itself, after a restart too", async (line) => {
    await begin();
    const before = texts();

    await story.command(`!tyr ${line}`);
    await story.stop();
    await story.start();
    await story.pass(20 * minute);
    const during = texts();
    await story.pass(11 * minute);

    expect(during).not.toEqual(before);
    expect(texts()).toEqual(before);
    expect(await story.command("!tyr status")).not.toContain("Closed");
  });

  test("raises what is said by a type of its own, and the right to invite", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    setLevels(room!, {
      events: { "m.reaction": 0, "m.room.name": 50, "m.room.redaction": 0 },
      invite: 0,
    });
    await story.pass(minute);
    const before = texts();

    await story.command("!tyr raid");

    expect(levels(room!)["events"]).toEqual({ "m.reaction": 1, "m.room.name": 50, "m.room.redaction": 0 });
    expect(levels(room!)["invite"]).toBe(1);
    await story.command("!tyr calm");
    expect(texts()).toEqual(before);
  });

  test("said twice is done once, and undo takes it back", async () => {
    await begin();
    const before = texts();

    const said = await story.command("!tyr raid");
    await story.command("!tyr raid");
    await story.pass(minute);
    const writes = story.rooms.map(writesOf);
    const undone = await story.command(`!tyr undo ${undoNumber(said)}`);

    expect(writes).toEqual([1, 1]);
    expect(undone).toContain("2 rooms to open");
    expect(texts()).toEqual(before);
  });

  test("is not possible where a voice would be more than a voice", async () => {
    await begin({ rooms: 1 });
    setLevels(story.rooms[0]!, { kick: 1 });
    await story.pass(minute);
    const before = texts();

    const said = await story.command("!tyr raid");

    expect(said).toContain("Room 1 stays open: level 1 would let people do more there than speak.");
    expect(texts()).toEqual(before);
  });

  test("is told where Tyr lacks the level for it", async () => {
    await begin({ rooms: 1 });
    const users = { ...usersIn(story.rooms[0]!), [story.bot.userId]: 50 };
    setLevels(story.rooms[0]!, { users }, story.bot.userId);
    await story.pass(minute);
    const before = texts();

    const said = await story.command("!tyr raid");

    expect(said).toContain("to change the power levels in Room 1 I need level 100 and have 50");
    expect(texts()).toEqual(before);
  });

  test("with a time that is none does nothing", async () => {
    await begin();
    const before = texts();

    expect(await story.command("!tyr raid soon")).toContain("I did not understand soon as a span of time");
    expect(texts()).toEqual(before);
  });
});

describe("what others change meanwhile", () => {
  test("stays theirs", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const other = story.person("other");
    await story.command("!tyr raid");
    setLevels(room!, { ban: 60, users: { ...usersIn(room!), [known]: 50, [other]: 33 } });
    await story.pass(minute);

    await story.command("!tyr calm");

    expect(levels(room!)).toMatchObject({ ban: 60 });
    expect(usersIn(room!)).toMatchObject({ [known]: 50, [other]: 33 });
    expect(levels(room!)["events_default"]).toBe(0);
    expect(usersIn(room!)[story.moderator]).toBe(100);
  });

  test("ends it, where newcomers can speak again by it: nothing of ours is left, and it is not done again", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const before = texts();
    await story.command("!tyr raid");
    setLevels(room!, { events_default: 0 });

    await story.pass(5 * minute);

    expect(usersIn(room!)[known]).toBeUndefined();
    expect(texts()).toEqual(before);
    const opened = story.said().filter((text) => text.includes("opened Room 1 again"));
    expect(opened).toEqual([
      `${story.moderator} opened Room 1 again. I leave it so, and put back what else I had changed there.`,
    ]);
  });

  test("a level that Tyr lost keeps it closed: it is told what to set, and opens it when it can again", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const before = texts();
    await story.command("!tyr raid 30m");
    const users = usersIn(room!);
    setLevels(room!, { users: { ...users, [story.bot.userId]: 10 } }, story.bot.userId);
    await story.pass(40 * minute);
    const stuck = story.said().filter((text) => text.startsWith("I cannot open Room 1"));
    const status = await story.command("!tyr status");
    story.homeserver.setState(room!, story.moderator, levelsType, "", {
      ...levels(room!),
      users: { ...usersIn(room!), [story.bot.userId]: 100 },
    });
    await story.pass(2 * minute);

    expect(stuck).toEqual([
      "I cannot open Room 1: I may not change its m.room.power_levels any more. Give me my level back, or set there events_default: 0 (null: remove it).",
    ]);
    expect(status).toContain("I cannot open Room 1");
    expect(texts()).toEqual(before);
  });

  test("a room that stays closed is told of every day", async () => {
    await begin({ rooms: 1, onlyPromises: true });
    await story.command("!tyr raid");
    await story.pass(25 * 60 * minute);

    const told = story.said().filter((text) => text.includes("has been closed for"));

    expect(told).toEqual([`Room 1 has been closed for 1 day now. !tyr calm ${story.rooms[0]} opens it.`]);
  });

  test("a mute of somebody who was named outlives it, and its end leaves what stood there before both", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const before = texts();
    await story.command("!tyr raid");
    await story.command(`!tyr mute ${known}`);

    await story.command("!tyr calm");
    const muted = usersIn(room!)[known];
    await story.command(`!tyr unmute ${known}`);

    expect(muted).toBe(-1);
    expect(texts()).toEqual(before);
  });

  test("who was muted before stays muted", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    await story.command(`!tyr mute ${known}`);
    const before = texts();

    await story.command("!tyr raid");
    const during = usersIn(room!)[known];
    await story.command("!tyr calm");

    expect(during).toBe(-1);
    expect(texts()).toEqual(before);
  });
});

describe("a state reset", () => {
  test("that undid it is put right once", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const before = story.homeserver.state(room!, levelsType)!;
    await story.command("!tyr raid");

    story.homeserver.resetState(room!, levelsType, before.event_id);
    await story.command("!tyr sync");
    await story.pass(minute);
    const during = levels(room!)["events_default"];
    await story.command("!tyr calm");

    expect(during).toBe(1);
    expect(levels(room!)).toEqual(before.content);
  });
});

describe("shut", () => {
  test("lets only the staff speak, and calm opens it exactly", async () => {
    await begin({ rooms: 1 });
    const [room] = story.rooms;
    const before = texts();

    const said = await story.command(`!tyr shut ${room}`);
    const during = [canSpeak(room!, known), canSpeak(room!, story.moderator)];
    const raid = await story.command("!tyr raid");
    await story.command("!tyr calm");

    expect(said).toContain("Closing Room 1 to all but the staff (level 50).");
    expect(during).toEqual([false, true]);
    expect(raid).toContain("Room 1 is shut: only the staff can speak there, until !tyr calm.");
    expect(texts()).toEqual(before);
  });

  test("goes further than raid, and calm leaves every byte as it was before both", async () => {
    await begin({ rooms: 1 });
    const before = texts();

    await story.command("!tyr raid");
    await story.command("!tyr shut");
    const during = canSpeak(story.rooms[0]!, known);
    await story.command("!tyr calm");

    expect(during).toBe(false);
    expect(texts()).toEqual(before);
  });
});

describe("a crash", () => {
  test("between the write and its answer leaves nothing behind in the end", async () => {
    await begin({ rooms: 2 });
    const before = texts();
    story.homeserver.setRoomLoss(story.rooms[0]!, "answers");
    story.homeserver.sendText(story.managementRoom, story.moderator, "!tyr raid");
    await story.until(() => !canSpeak(story.rooms[0]!, "@nobody:hs.test"), "the write");
    story.kill();
    story.homeserver.setRoomLoss(story.rooms[0]!, undefined);
    await story.start();
    await story.pass(minute);
    const during = story.rooms.map((room) => levels(room)["events_default"]);

    await story.command("!tyr calm");

    expect(during).toEqual([1, 1]);
    expect(texts()).toEqual(before);
  });
});

test("calm and release say so where nothing is closed", async () => {
  await begin();

  expect(await story.command("!tyr calm")).toContain("All is calm: no room is closed.");
  expect(await story.command("!tyr release")).toContain("All is calm: no room is closed.");
  expect(await story.command("!tyr release 99")).toContain("99 is no number that I gave");
});

test("release opens the rooms of one incident, by its number, and tells what is closed without it", async () => {
  await begin();
  const [one, two] = story.rooms;
  const before = texts();
  const first = await story.command(`!tyr raid ${one}`);
  await story.command(`!tyr raid ${two} 2h`);

  const shown = await story.command("!tyr release");
  const opened = await story.command(`!tyr release ${undoNumber(first)}`);

  expect(shown).toContain("Closed: 2 rooms.");
  expect(shown).toContain("Room 2: newcomers cannot speak until ");
  expect(opened).toContain("Opening Room 1 again, as it was.");
  expect(texts()[0]).toBe(before[0]);
  expect(texts()[1]).not.toBe(before[1]);
});

test("a dry run closes nothing", async () => {
  await begin({ settings: { dryRun: true } });
  const before = texts();

  const said = await story.command("!tyr raid");
  await story.pass(10 * minute);

  expect(said).toContain("Dry run: would have changed who can speak or join in 2 rooms");
  expect(texts()).toEqual(before);
  expect(await story.command("!tyr status")).not.toContain("Closed");
});
