/** Harmless crowds that come for one reason: a talk, an outage, a bridge, a release. With those that are alike, the twenty. */
import { hourMs, minuteMs } from "../../../src/kit/duration.ts";
import { ghost, numbered, twoWords } from "../blocks/names.ts";
import type { Chance } from "../blocks/chance.ts";
import { phrases } from "../blocks/phrase.ts";
import { fresh, largest } from "../blocks/servers.ts";
import { chat, greeting, question } from "../blocks/talk.ts";
import { ownLink } from "../community.ts";
import { lively, type Scene, type Stage, type Word } from "../scene.ts";
import { audience, harmless, people, unhurried } from "./people.ts";

const keynote = harmless(
  "keynote",
  "300 people come for a talk in 5 minutes",
  { accounts: [300, 300], servers: [84, 300], lasts: [350, 9_000], delay: unhurried },
  (stage) => audience(stage),
);

const keynoteLink = harmless(
  "keynote, link",
  "the same, and many post the link of the talk after the speaker",
  { accounts: [300, 300], servers: [84, 300], lasts: [350, 9_000], delay: unhurried },
  (stage) => {
    const { chance, script, of } = stage;
    const link = ownLink(chance);
    for (const [i, who] of chance.some(of.regulars, 2).entries())
      script.say(who, `${chat(chance)} ${link}`, { room: 0, at: -4 * minuteMs + i * minuteMs });
    people(stage, { count: 300, minutes: 5 }, ({ who, place }) =>
      script.say(who, chance.hits(0.4) ? `${greeting(chance)} ${link}` : question(chance), place),
    );
  },
);

const guests = (
  name: string,
  about: string,
  says: (stage: Stage) => (word: Word) => void,
  must: Scene["must"] = {},
) =>
  harmless(
    name,
    about,
    { accounts: [300, 300], servers: [1, 1], lasts: [350, 9_000], delay: unhurried },
    (stage) => {
      const servers = fresh(1, stage.chance);
      people(stage, { count: 300, minutes: 5, servers, naming: numbered("guest-") }, says(stage));
    },
    must,
  );

const conference = guests(
  "conference",
  "300 numbered guests of a conference's server never seen",
  ({ chance, script }) =>
    ({ who, place }) =>
      script.say(who, chance.hits(0.7) ? greeting(chance) : question(chance), place),
);

const conferenceLink = guests(
  "conference, link",
  "the same, all with one link that nobody here knows",
  ({ chance, script }) => {
    const link = ownLink(chance);
    return ({ who, place }) => script.say(who, `${question(chance)} ${link}`, place);
  },
  { atMost: { stage: "recognised", share: 1 } },
);

const hackathon = harmless(
  "hackathon",
  "120 people whose names a form made, in half an hour",
  { accounts: [120, 120], servers: [1, 3], lasts: [1_500, 9_000], delay: unhurried },
  (stage) => {
    const { chance, script, of } = stage;
    people(
      stage,
      { count: 120, minutes: 30, servers: of.servers.slice(0, 3), naming: twoWords, rooms: lively(3) },
      ({ who, place }) => script.say(who, chance.hits(0.5) ? greeting(chance) : chat(chance), place),
    );
  },
);

const outage = harmless(
  "outage",
  "80 people ask the same question in 10 minutes",
  { accounts: [80, 80], servers: [22, 80], lasts: [600, 9_000], delay: unhurried },
  (stage) => {
    const { chance, script } = stage;
    const asked = [
      "is the server down?",
      "is it down for everybody or just me?",
      "anyone else cannot log in?",
    ];
    people(stage, { count: 80, minutes: 10 }, ({ who, place }) =>
      script.say(who, chance.hits(0.7) ? chance.one(asked) : question(chance), place),
    );
  },
);

const bridgeRestart = harmless(
  "bridge restart",
  "400 known ghosts of a bridge leave and come back",
  { accounts: [0, 0], servers: [0, 0], lasts: [60, 200] },
  ({ script, of }) => {
    for (const [i, who] of of.ghosts.entries())
      for (const room of who.rooms) {
        script.leave(who, { room, at: i * 120 });
        script.join(who, { room, at: 60_000 + i * 120 });
      }
  },
);

const newBridge = harmless(
  "new bridge",
  "400 ghosts of a bridge that is new, whose bot has a level; a third of them speak",
  { accounts: [400, 400], servers: [1, 1], lasts: [200, 5_000], delay: unhurried },
  (stage) => {
    const { chance, script, of } = stage;
    people(
      stage,
      { count: 400, minutes: 4, servers: [of.bridgeBot.server], naming: ghost("_discord_") },
      ({ who, index, place }) => void (index % 3 === 0 && script.say(who, chat(chance), place)),
    );
  },
);

const netsplit = harmless(
  "netsplit",
  "200 members of one server leave and come back within a minute",
  { accounts: [0, 0], servers: [0, 0], lasts: [30, 120] },
  ({ script, of, chance }) => {
    const there = of.members.filter(({ server }) => server === of.servers[1] || server === largest);
    for (const who of chance.some(there, 200))
      for (const room of who.rooms) {
        script.leave(who, { room, at: chance.between(0, 5_000) });
        script.join(who, { room, at: chance.between(30_000, 60_000) });
      }
  },
);

const frontPage = harmless(
  "front page",
  "250 people after a link on a front page, in two hours",
  { accounts: [250, 250], servers: [70, 250], lasts: [5_000, 11_000], delay: unhurried },
  (stage) => {
    const { chance, script, of } = stage;
    people(stage, { count: 250, minutes: 120, rooms: lively(4) }, ({ who, place }) =>
      script.say(
        who,
        chance.hits(0.3)
          ? `${chat(chance)} https://${chance.one(of.hosts)}/`
          : `${greeting(chance)}, ${question(chance)}`,
        place,
      ),
    );
  },
);

const friends = harmless(
  "five friends",
  "5 friends from one small server that is new here, with a link of their own",
  { accounts: [5, 5], servers: [1, 1], lasts: [60, 7_200], delay: [10, 600] },
  (stage) => {
    const { chance, script } = stage;
    const link = ownLink(chance);
    people(stage, { count: 5, minutes: 3, servers: fresh(1, chance) }, ({ who, nth, place }) =>
      script.say(who, nth === 0 ? greeting(chance) : `${chat(chance)} ${link}`, place),
    );
  },
);

const launch = harmless(
  "launch",
  "100 people on the day of a release, many with the same link that regulars posted",
  { accounts: [100, 100], servers: [28, 100], lasts: [2_000, 11_000], delay: [50, 115] },
  (stage) => {
    const { chance, script, of } = stage;
    const link = ownLink(chance);
    for (const [i, who] of chance.some(of.regulars, 3).entries())
      script.say(who, `${chat(chance)} ${link}`, { room: who.rooms[0]!, at: -20 * minuteMs + i * minuteMs });
    people(stage, { count: 100, minutes: 60, rooms: lively(3) }, ({ who, place }) =>
      script.say(who, chance.hits(0.5) ? `congratulations! ${link}` : chat(chance), place),
    );
  },
);

/** In their own words, as everybody does. */
const introduced = (chance: Chance) =>
  phrases(
    [
      "(my|our) (old|last) (server|homeserver) (is gone|shut down|died) (yesterday|last week|this morning)",
      "(new|second) account, same (person|me) (as before|as always)",
      "(so|well), (had to|time to) move (house|elsewhere), you (know|knew) me as {old}",
      "(hi|hello) again, I (lost|left) my old account (with|when) the server",
      "{old} here, (can somebody|please) give me my (old level|rooms) back?",
    ],
    { old: ["kettle", "the one with the printer", "number six", "the translator", "your tester"] },
    chance,
  );

const refugees = harmless(
  "refugees",
  "80 people of a server that died come back by two new ones",
  { accounts: [80, 80], servers: [2, 2], lasts: [4_500, 16_000], delay: [45, 120] },
  (stage) => {
    const { chance, script, of } = stage;
    const old = chance.some(
      of.members.filter(({ server }) => server === largest),
      80,
    );
    const naming = (_: unknown, i: number) => ({
      localpart: old[i]!.id.slice(1, old[i]!.id.indexOf(":")),
      display: old[i]!.display,
    });
    people(
      stage,
      { count: 80, minutes: 120, servers: fresh(2, chance), naming, rooms: lively(6) },
      ({ who, place }) =>
        script.say(who, chance.hits(0.3) ? `${introduced(chance)}. ${chat(chance)}` : chat(chance), place),
    );
  },
);

const ordinaryHours = harmless(
  "ordinary",
  "8 ordinary hours",
  { accounts: [0, 0], servers: [0, 0], lasts: [8 * 3_600, 8 * 3_600] },
  ({ script, of }) => {
    script.say(of.regulars[0]!, "good morning", { room: 0, at: 0 });
    script.say(of.regulars[1]!, "good night", { room: 0, at: 8 * hourMs });
  },
);

export const crowds: readonly Scene[] = [
  ...[
    keynote,
    keynoteLink,
    conference,
    conferenceLink,
    hackathon,
    outage,
    bridgeRestart,
    newBridge,
    netsplit,
  ],
  ...[frontPage, friends, launch, refugees, ordinaryHours],
];
