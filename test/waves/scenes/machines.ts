/** Harmless traffic that looks like machines, or is: backlogs, bridges, bots, our own start; and regulars at play. */
import { hourMs, minuteMs } from "../../../src/kit/duration.ts";
import { ghost, human } from "../blocks/names.ts";
import { largest } from "../blocks/servers.ts";
import { chat } from "../blocks/talk.ts";
import { ownLink } from "../community.ts";
import { comes, lively, paces, type Scene } from "../scene.ts";
import { harmless, people, unhurried } from "./people.ts";

const nobody = { accounts: [0, 0], servers: [0, 0] } as const;

const backlog = harmless(
  "backlog",
  "the largest server was cut off for 30 minutes: all that its people did comes at once",
  { accounts: [60, 60], servers: [1, 1], lasts: [8, 30], delay: [0, 3] },
  (stage) => {
    const { chance, script, of } = stage;
    const there = of.members.filter(({ server }) => server === largest);
    const place = (room: number, n: number) => ({
      room,
      at: n * 60,
      lateMs: chance.between(0, 30) * minuteMs,
    });
    for (let n = 0; n < 200; n++) {
      const who = chance.one(there);
      script.say(who, chat(chance), place(who.rooms[0]!, n));
    }
    comes(stage, {
      ...{ count: 60, servers: [largest], naming: human, every: 200, rooms: [0] },
      delay: (c) => c.between(0, 2_000),
      says: ({ who, place: { at, room } }) =>
        script.say(who, chat(chance), { room, at, lateMs: chance.between(0, 30) * minuteMs }),
    });
  },
);

const ownStart = harmless(
  "own start",
  "we were away for 6 hours, in which 100 people came and spoke",
  { accounts: [100, 100], servers: [28, 100], lasts: [4 * 3_600, 10 * 3_600], delay: unhurried },
  (stage) => {
    const { chance, script } = stage;
    people(stage, { count: 100, minutes: 350, rooms: lively(4) }, ({ who, place }) =>
      script.say(who, chat(chance), place),
    );
  },
);

const puppets = harmless(
  "new names",
  "all 400 ghosts of a bridge get new names and pictures within two minutes",
  { ...nobody, lasts: [100, 140] },
  ({ chance, script, of }) => {
    for (const [i, who] of of.ghosts.entries())
      for (const room of who.rooms)
        script.join({ ...who, display: `${ghost("")(chance, i).display} (Telegram)` }, { room, at: i * 300 });
  },
);

const notices = harmless(
  "bots",
  "a web hook's and a build bot's notices, the same text each time",
  { ...nobody, lasts: [1_100, 1_300] },
  ({ script, of }) => {
    for (let n = 0; n < 60; n++)
      script.send(
        n % 2 === 0 ? of.bridgeBot : of.members[500]!,
        "m.room.message",
        { msgtype: "m.notice", body: "build failed on main: https://git.project.example/project/build" },
        { room: of.members[500]!.rooms[0]!, at: n * 20_000 },
      );
  },
);

const popular = harmless(
  "popular post",
  "400 members react to one post within a minute",
  { ...nobody, lasts: [50, 65] },
  ({ chance, script, of }) => {
    const post = script.say(of.staff[0]!, "version 5 is out!", { room: 0, at: 0 });
    for (const who of chance.some(
      of.members.filter(({ rooms }) => rooms.includes(0)),
      400,
    ))
      script.react(who, chance.one(["🎉", "❤️", "🚀"]), post, { room: 0, at: chance.between(1_000, 60_000) });
  },
);

const meme = harmless(
  "meme",
  "30 regulars post one picture and one line, one after the other",
  { ...nobody, lasts: [100, 1_000] },
  ({ chance, script, of }) => {
    for (const [i, who] of chance.some(of.regulars, 30).entries()) {
      const place = { room: who.rooms[0]!, at: i * 15_000 + chance.between(0, 9_000) };
      script.say(who, "one does not simply walk into the merge queue", place);
      script.send(who, "m.sticker", { body: "meme", url: "mxc://project.example/meme", info: {} }, place);
    }
  },
);

const releasePosts = harmless(
  "release posts",
  "a maintainer posts one announcement in 10 rooms",
  { ...nobody, lasts: [20, 60] },
  ({ chance, script, of }) => {
    const text = `Version 5.${chance.whole(0, 9)} is out: ${ownLink(chance)}`;
    for (let room = 0; room < 10; room++) script.say(of.staff[1]!, text, { room, at: room * 4_000 });
  },
);

const secondAccounts = harmless(
  "second accounts",
  "4 moderators try things with second accounts, all within a few minutes",
  { accounts: [4, 4], servers: [1, 1], lasts: [40, 1_800], delay: [6, 200] },
  (stage) => {
    const { chance, script, of } = stage;
    comes(stage, {
      ...{
        count: 4,
        servers: [of.servers[2]!],
        naming: (_, i) => ({ localpart: `modtest${i}`, display: `test ${i}` }),
      },
      ...{ every: 30_000, rooms: [7], delay: paces.hasty, words: [2, 4], pause: paces.hasty },
      says: ({ who, nth, place }) =>
        script.say(who, nth === 0 ? "test" : `test ${nth}: ${ownLink(chance)}`, place),
    });
  },
);

export const machines: readonly Scene[] = [
  ...[backlog, { ...ownStart, away: [0, 6 * hourMs] as const }, puppets, notices, popular, meme],
  ...[releasePosts, secondAccounts],
];
