/** Waves that aim at the recogniser itself: at its patience, its memory, what it holds for known, and at bystanders. */
import { hourMs, minuteMs } from "../../../src/kit/duration.ts";
import { human, lettersAndDigits, like, syllables } from "../blocks/names.ts";
import { big, byPopularity, fresh, largest } from "../blocks/servers.ts";
import { masks, spam, templates } from "../blocks/spam-texts.ts";
import { chat, fluent, question } from "../blocks/talk.ts";
import { comes, lively, paces, type Scene } from "../scene.ts";
import { ownLink } from "../community.ts";
import { audience } from "./people.ts";

const imitators: Scene = {
  name: "imitators",
  about: "60 accounts with names, links and pace of regulars, one handle",
  is: "wave",
  promises: { accounts: [60, 60], servers: [8, 12], lasts: [900, 5_000], delay: [55, 110] },
  play: (stage) => {
    const { chance, script, of } = stage;
    const handle = `@${chance.letters(6)}_help`;
    const known = of.regulars.map(({ id, display }) => ({
      localpart: id.slice(1, id.indexOf(":")),
      display,
    }));
    comes(stage, {
      ...{ count: 60, servers: big(of.servers), naming: like(known), every: 25_000, rooms: lively(6) },
      ...{ delay: paces.human, words: [2, 3], pause: paces.human },
      says: ({ who, nth, place }) =>
        script.say(
          who,
          nth === 0
            ? `${question(chance)} https://${chance.one(of.hosts)}/${chance.letters(5)}`
            : `${chat(chance)}, telegram ${handle}`,
          place,
        ),
    });
  },
};

const insideKeynote: Scene = {
  name: "in a keynote",
  about: "120 accounts of 12 new servers among 300 people who come for a talk",
  is: "wave",
  promises: { accounts: [120, 120], servers: [12, 12], lasts: [130, 260], delay: [1.5, 3.5] },
  must: { reach: "harmful", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("coins", 4, chance);
    const link = ownLink(chance);
    audience(stage, { isApart: true });
    comes(stage, {
      ...{ count: 120, servers: fresh(12, chance), naming: syllables, from: minuteMs, every: 1_500 },
      ...{ rooms: lively(3), delay: paces.machine },
      says: ({ who, place }) => script.say(who, `${masks.twins(chance.one(texts), chance)} ${link}`, place),
    });
  },
};

const lockOut: Scene = {
  name: "lock out",
  about: "80 accounts of the largest server, so that a cut would meet all newcomers",
  is: "wave",
  promises: { accounts: [80, 80], servers: [1, 1], lasts: [100, 400], delay: [1.5, 3.5] },
  must: { reach: "harmful", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script, of } = stage;
    const texts = templates("hate", 3, chance);
    const link = ownLink(chance);
    comes(stage, {
      ...{ count: 80, servers: [largest], naming: lettersAndDigits, every: 2_000, rooms: lively(8) },
      delay: paces.machine,
      says: ({ who, place }) => script.say(who, `${chance.one(texts)} ${link}`, place),
    });
    comes(stage, {
      ...{ count: 20, servers: [largest, ...big(of.servers)], naming: human, every: 8_000, rooms: lively(8) },
      ...{ delay: paces.human, isApart: true },
      says: ({ who, place }) => script.say(who, question(chance), place),
    });
  },
};

const fillMemory: Scene = {
  name: "memory",
  about: "12,000 accounts of 3,000 servers, each with words of its own",
  is: "wave",
  promises: { accounts: [12_000, 12_000], servers: [2_850, 3_000], lasts: [2_300, 2_700], delay: [1.5, 3.5] },
  play: (stage) => {
    const { chance, script } = stage;
    comes(stage, {
      ...{ count: 12_000, servers: fresh(3_000, chance), naming: lettersAndDigits, every: 200 },
      ...{ rooms: lively(20), delay: paces.machine },
      says: ({ who, place }) => script.say(who, `${chance.letters(40)} ${ownLink(chance)}`, place),
    });
  },
};

const poisoned: Scene = {
  name: "poisoned",
  about: "two taken-over regulars post the link first; then 60 accounts with it, masked",
  is: "wave",
  promises: { accounts: [60, 60], servers: [10, 10], lasts: [60, 7_600], delay: [1.5, 3.5] },
  must: { reach: "harmful", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script, of } = stage;
    const link = ownLink(chance);
    const texts = templates("pills", 4, chance);
    for (const [i, who] of chance.some(of.regulars, 2).entries())
      script.say(who, `${chat(chance)} ${link}`, { room: who.rooms[0]!, at: -2 * hourMs + i * minuteMs });
    comes(stage, {
      ...{ count: 60, servers: fresh(10, chance), naming: syllables, every: 2_000, rooms: lively(6) },
      delay: paces.machine,
      says: ({ who, place }) => script.say(who, `${masks.twins(chance.one(texts), chance)} ${link}`, place),
    });
  },
};

const copycats: Scene = {
  name: "copycats",
  about: "40 accounts repeat what newcomers have just said, so that newcomers look like them",
  is: "wave",
  promises: { accounts: [40, 40], servers: [6, 6], lasts: [60, 2_500], delay: [1.5, 3.5] },
  play: (stage) => {
    const { chance, script, of } = stage;
    const said: string[] = [];
    comes(stage, {
      ...{
        count: 30,
        servers: byPopularity(of.servers),
        naming: human,
        every: 10_000,
        rooms: lively(2),
        isApart: true,
      },
      delay: paces.hasty,
      says: ({ who, place }) => {
        said.push(fluent(chance));
        script.say(who, said.at(-1)!, place);
      },
    });
    comes(stage, {
      ...{ count: 40, servers: fresh(6, chance), naming: lettersAndDigits, from: 2 * minuteMs, every: 4_000 },
      ...{ rooms: lively(2), delay: paces.machine, words: [1, 2], pause: paces.machine },
      says: ({ who, index, place }) =>
        script.say(who, said[Math.min(said.length - 1, Math.floor(index / 2))]!, place),
    });
  },
};

const patient: Scene = {
  name: "patient",
  about: "80 accounts of 20 new servers, the text and link of W8, told to wait 6 to 20 s",
  is: "wave",
  promises: { accounts: [80, 80], servers: [17, 20], lasts: [150, 400], delay: [9, 16] },
  must: { reach: "recognised", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("coins", 4, chance);
    const link = ownLink(chance);
    comes(stage, {
      ...{ count: 80, servers: fresh(20, chance), naming: human, every: 2_500, rooms: lively(8) },
      delay: paces.patient,
      says: ({ who, place }) =>
        script.say(who, `${chance.one(texts)} ${spam("coins", chance)} ${link}`, place),
    });
  },
};

export const hostileWaves: readonly Scene[] = [
  ...[imitators, insideKeynote, lockOut, fillMemory, poisoned, copycats, patient],
];
