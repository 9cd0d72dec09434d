// Every shipped rule that is fed, whole bot: each acts in a room of its own, finds its case there and leaves its
// counter-case alone.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { shipped } from "../../src/protections/shipped.ts";
import { Registry } from "../../src/automod/registry.ts";
import { Story } from "../support/story.ts";
import { cases, type Stage } from "../support/shipped-cases.ts";

const day = 86_400_000;
const hour = 3_600_000;
const names = Object.keys(cases);
const spare = 10;

let story: Story;
const roomOf = (name: string) => story.rooms[names.indexOf(name)]!;
const elsewhere = () => story.rooms.slice(-spare);
const regular = "@regular:friends.example";

beforeAll(async () => {
  const guard = { regularAfterDays: 1, regularDays: 2 };
  story = new Story({ rooms: names.length + spare, settings: { guard }, onlyPromises: true });
  for (const room of story.rooms) {
    story.homeserver.join(room, regular);
    story.homeserver.join(room, "@friend:friends.example");
  }
  await story.start();
  await lists();
  for (const name of names) await story.command(`!tyr protections act ${name} ${roomOf(name)}`);
  await story.command(`!tyr protections act words ${elsewhere()[9]!}`);
  // What is counted over all rooms is counted where the rule is on.
  for (const name of ["crossposting", "room-hopping"])
    for (const room of elsewhere()) await story.command(`!tyr protections act ${name} ${room}`);
  await story.command(`!tyr protections set join-rate limit ${roomOf("join-rate")} 4`);
  await nineDays();
  await everybodyComes();
  await raidWithVoices();
  for (const kind of ["leaves", "finds"] as const)
    for (const name of names) {
      await cases[name]![kind](stageOf(name, kind));
      await story.pass(2_000);
    }
  await story.pass(60_000);
}, 600_000);
afterAll(() => story.stop());

async function lists(): Promise<void> {
  for (const [kind, name, entry] of [
    ["words", "bad-words", "scoundrel"],
    ["words", "bad-names", "scoundrel"],
    ["links", "denied-links", "bad.example"],
    ["links", "allowed-links", "good.example"],
    ["servers", "watched-servers", "evil.test"],
    ["pictures", "bad-pictures", "mxc://bad.example/a"],
  ])
    await story.command(`!tyr protections ${kind} ${name} add ${entry}`);
}

/** What is usual at this hour is known after a week; regulars, and where they link, after some days. */
async function nineDays(): Promise<void> {
  const speak = () => {
    for (const who of [regular, "@friend:friends.example"])
      story.homeserver.sendText(elsewhere()[0]!, who, "as https://docs.known.example/start says");
  };
  const nextHour = Math.ceil(story.clock.now() / hour) * hour + 60_000;
  await story.pass(nextHour - story.clock.now());
  speak();
  story.homeserver.join(roomOf("join-rate"), "@usual:elsewhere.example");
  await story.pass(hour);
  for (let i = 0; i < 7; i++) {
    await story.clock.skip(day - (i === 0 ? hour : 0));
    speak();
    await story.pass(i === 6 ? 0 : 1_000);
  }
  await story.pass(120_000);
}

const person = (name: string, kind: "finds" | "leaves", nth?: number) =>
  `@${kind === "finds" ? "bad" : "fine"}${nth ?? ""}-${name}:elsewhere.example`;

async function everybodyComes(): Promise<void> {
  for (const name of names) {
    const levels = story.homeserver.state(roomOf(name), "m.room.power_levels")!.content;
    if (name === "state-vandal")
      story.homeserver.setState(roomOf(name), story.moderator, "m.room.power_levels", "", {
        ...levels,
        events: { ...(levels["events"] as object), "m.room.topic": 0 },
      });
    for (const kind of ["finds", "leaves"] as const) {
      const people = [person(name, kind), ...Array.from({ length: 6 }, (_, nth) => person(name, kind, nth))];
      const where = ["crossposting", "after-offence"].includes(name)
        ? [roomOf(name), ...elsewhere()]
        : [roomOf(name)];
      if (!cases[name]!.comes)
        for (const who of name.startsWith("shared-") ? people : people.slice(0, 1))
          for (const room of where) story.homeserver.join(room, who);
    }
  }
  await story.pass(90_000);
}

/** A room in the mode raid, in which a moderator lets newcomers speak all the same. */
async function raidWithVoices(): Promise<void> {
  const room = roomOf("slow-newcomers");
  const levels = () => story.homeserver.state(room, "m.room.power_levels")!.content;
  await story.confirmed(`!tyr raid ${room}`);
  await story.until(() => levels()["events_default"] !== 0, "the raised level");
  story.homeserver.setState(room, story.moderator, "m.room.power_levels", "", {
    ...levels(),
    events_default: 0,
  });
  await story.pass(5_000);
}

function stageOf(name: string, kind: "finds" | "leaves"): Stage {
  return {
    hs: story.homeserver,
    room: roomOf(name),
    elsewhere: elsewhere(),
    regular,
    moderator: story.moderator,
    who: person(name, kind),
    other: (nth) => person(name, kind, nth),
    named: (localpart) => `@${localpart}:elsewhere.example`,
    wait: (ms) => story.pass(ms),
  };
}

const found = (name: string) =>
  [...story.world!.stored.ruleHits.of(name)].filter(({ room }) => room === roomOf(name));

test("each rule that is fed has a case", () => {
  const { all } = new Registry(shipped).known({ rules: new Map(), ruleLists: new Map() });
  const fed = shipped.filter(({ name }) => all.find((one) => one.name === name)!.waitsFor === undefined);

  // Those take a wave, a moderator, a list, reports: waves.test.ts, staff.test.ts, list-trust.test.ts, reports.test.ts.
  const alone = fed
    .map(({ name }) => name)
    .filter((name) => !/^(?:wave-|staff$|flagged$|reports$)/.test(name));
  expect(names.toSorted()).toEqual(alone);
});

describe("finds its case, and nobody else in its room", () => {
  test.each(names)("%s", (name) => {
    const met = [...new Set(found(name).map(({ user }) => user))];

    expect(met.length).toBeGreaterThan(0);
    expect(met.filter((who) => !who.startsWith("@bad"))).toEqual([]);
  });
});
