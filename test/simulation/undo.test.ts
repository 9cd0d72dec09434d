// The undo of a command takes back all that the command did: rules, settings, server ACLs, bans.

import { expect, test } from "@jest/globals";
import { Story } from "../support/story.ts";
import { Chance } from "./chance.ts";
import { rulesOf, verdictOn } from "./naive-policy.ts";

const lives = 120;

test(`an undo restores what was before, in ${lives} worlds`, async () => {
  for (let seed = 1; seed <= lives; seed++) {
    const chance = new Chance(seed);
    const world = await found(chance);
    for (let i = chance.integer(0, 4); i > 0; i--) await world.story.confirmed(someCommand(world, chance));
    await world.story.pass(10_000);
    const before = lookAt(world);
    const command = someCommand(world, chance);

    const answer = await world.story.confirmed(command);
    await world.story.pass(10_000);
    const number = /Take it back: !tyr undo (\d+)/.exec(answer)?.[1];
    const undone = number === undefined ? "" : await world.story.command(`!tyr undo ${number}`);
    await world.story.pass(10_000);

    const after = lookAt(world);
    // What the lists did in a room while it was protected stays there.
    const rooms = command.startsWith("!tyr rooms add") ? [0, 1] : [0, 1, 2];
    const seen = (one: typeof before) => ({
      ...one,
      denied: rooms.map((i) => one.denied[i]),
      banned: undefined,
    });
    expect({ seed, command, undone, ...seen(after) }).toEqual({ seed, command, undone, ...seen(before) });
    for (const i of rooms) {
      // Whom a list names is banned again when they come.
      const mayBeAway = before.banned[i]!.filter((user) => isNamed(world, user));
      expect({
        seed,
        command,
        undone,
        also: after.banned[i]!.filter((user) => !before.banned[i]!.includes(user)),
      }).toEqual({ seed, command, undone, also: [] });
      expect([
        seed,
        command,
        undone,
        before.banned[i]!.filter((user) => !after.banned[i]!.includes(user) && !mayBeAway.includes(user)),
      ]).toEqual([seed, command, undone, []]);
    }
    await world.story.stop();
  }
}, 300_000);

interface World {
  readonly story: Story;
  readonly spare: string;
  readonly lists: readonly string[];
  readonly people: readonly string[];
}

async function found(chance: Chance): Promise<World> {
  const story = new Story({ onlyPromises: true, rooms: 2 });
  const shortcode = (name: string) => [
    { type: "org.matrix.mjolnir.shortcode", content: { shortcode: name } },
  ];
  const lists = [
    story.list,
    story.room("Second", { initialState: shortcode("second") }),
    story.room("Foreign", { botLevel: 0, initialState: shortcode("foreign") }),
  ];
  const spare = story.room("Spare");
  const people = ["ann", "bob", "eve"].map((one) =>
    story.person(
      one,
      [...story.rooms, spare].filter(() => chance.happens(0.7)),
    ),
  );
  if (chance.happens(0.5)) story.rule(chance.pick(people), { list: lists[2]! });
  if (chance.happens(0.3)) story.rule("far.example", { kind: "server", list: chance.pick(lists) });
  if (chance.happens(0.3)) story.homeserver.ban(story.rooms[0]!, story.moderator, chance.pick(people));
  const guard = { maxPeople: 1_000, maxRoomShare: 100, maxStaff: 1_000, maxServerShare: 100 };
  const watchedLists = chance.happens(0.5) ? lists : [lists[2], lists[0]];
  story.settings = { protectedRooms: story.rooms, watchedLists, guard };
  await story.start();
  return { story, spare, lists, people };
}

function someCommand({ story, spare, lists, people }: World, chance: Chance): string {
  const who = chance.pick([...people, "@*:hs.test", "@ev*:*", "far.example", "*.example"]);
  const room = chance.pick([...story.rooms, spare]);
  const list = chance.pick(lists);
  const words = chance.pick([
    ...[`ban ${who} coc rude`, `ban ${who} coc`, `ban ${chance.pick(people)} second --for 1h`],
    ...[`unban ${who}`, `unban ${who}`, `kick ${chance.pick(people)}`],
    ...[`exempt add ${who}`, `exempt add ${who} for now --for 1h`, `exempt remove ${who}`],
    ...[`rooms add ${room}`, `rooms remove ${room}`, `undo foreign`],
    ...[`lists watch ${list}`, `lists unwatch ${list}`, `lists default ${list}`],
  ]);
  return `!tyr ${words}`;
}

/** Whether a rule of a watched list means the person. */
function isNamed({ story }: World, user: string): boolean {
  const lists = story.world!.settings.lists.map(({ room }) => room);
  const rules = rulesOf(story.homeserver, lists, { now: story.clock.now(), rejected: new Set() });
  return verdictOn(rules, user) === "ban";
}

/** All that an undo can put back. Who was removed has to come back by themselves. */
function lookAt({ story, spare, lists, people }: World) {
  const { homeserver, world } = story;
  const { settings } = world!;
  const rooms = [...story.rooms, spare];
  const kinds = ["m.policy.rule.user", "m.policy.rule.server"];
  return {
    rules: lists.map((list) =>
      kinds.flatMap((kind) =>
        homeserver
          .stateOfType(list, kind)
          .filter(({ content }) => content["entity"] !== undefined)
          .map(({ state_key: key, content }) => JSON.stringify([key, sortedKeys({ reason: "", ...content })]))
          .sort(),
      ),
    ),
    banned: rooms.map((room) => people.filter((user) => homeserver.membership(room, user) === "ban")),
    denied: rooms.map((room) => [...story.deny(room)].sort()),
    protectedRooms: [...settings.rooms.keys()].sort(),
    lists: settings.lists.map(({ room }) => room),
    defaultList: settings.defaultList,
    exemptions: [...settings.exemptions.values()]
      .map(({ entity, reason, expiresAt }) => JSON.stringify([entity, reason, expiresAt]))
      .sort(),
    rejected: [...settings.rejected.keys()].sort(),
  };
}

function sortedKeys(content: object): readonly unknown[] {
  return Object.entries(content).sort(([a], [b]) => a.localeCompare(b));
}
