/** The waves W1 to W12: what rooms have had, from the flood of one text to what no threshold sees. */
import { hourMs, minuteMs } from "../../../src/kit/duration.ts";
import type { Chance } from "../blocks/chance.ts";
import { encodedAgain, picture } from "../blocks/media.ts";
import { hexadecimal, human, lettersAndDigits, syllables, twoWords, type Naming } from "../blocks/names.ts";
import { big, fresh, largest } from "../blocks/servers.ts";
import { masks, spam, templates } from "../blocks/spam-texts.ts";
import { chat, fluent } from "../blocks/talk.ts";
import { comes, everywhere, lively, paces, type Crowd, type Must, type Scene, type Stage } from "../scene.ts";
import { ownLink } from "../community.ts";

const sameText: Scene = {
  name: "W1",
  about: "500 accounts of 40 new servers, the same text",
  is: "wave",
  promises: { accounts: [500, 500], servers: [40, 40], lasts: [550, 1_000], delay: [2, 3] },
  must: { reach: "harmful", spoke: { median: 5, most: 8 } },
  play: (stage) => {
    const { chance, script } = stage;
    const text = `${spam("coins", chance)} ${ownLink(chance)}`;
    comes(stage, {
      ...{ count: 500, servers: fresh(40, chance), naming: lettersAndDigits, every: 1_500 },
      ...{ rooms: lively(12), roomsEach: [1, 2], delay: paces.machine, words: [1, 2], pause: paces.machine },
      says: ({ who, place }) => script.say(who, text, place),
    });
  },
};

const silentHexadecimal: Scene = {
  name: "W2",
  about: "500 silent joins of one new server, hexadecimal names",
  is: "wave",
  promises: { accounts: [500, 500], servers: [1, 1], lasts: [100, 200] },
  must: { reach: "suspected", joined: { most: 10 } },
  play: (stage) =>
    void comes(stage, {
      ...{ count: 500, servers: fresh(1, stage.chance), naming: hexadecimal(), every: 300 },
      rooms: lively(4),
    }),
};

const sleepers: Scene = {
  name: "W3",
  about: "60 sleepers of large servers, one handle after 3 hours",
  is: "wave",
  promises: { accounts: [60, 60], servers: [8, 12], lasts: [10_000, 19_000], delay: [9_900, 11_700] },
  must: { reach: "recognised", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script, of } = stage;
    const handle = `@${chance.letters(7)}_desk`;
    comes(stage, {
      ...{ count: 60, servers: big(of.servers), naming: twoWords, every: 45_000, rooms: lively(10) },
      delay: () => 3 * hourMs + chance.between(-15, 15) * minuteMs,
      says: ({ who, place }) =>
        script.say(who, `${spam("jobs", chance)}. ${chat(chance)}, telegram ${handle}`, place),
    });
  },
};

const smallTalk = (name: string, naming: Naming, how: string, must?: Must): Scene => ({
  name,
  about: `40 accounts of large servers, ${how}, small talk and then a link`,
  is: "wave",
  promises: { accounts: [40, 40], servers: [8, 12], lasts: [900, 6_000], delay: [30, 130] },
  must,
  play: (stage) => {
    const { chance, script, of } = stage;
    const host = `${chance.letters(6)}.example`;
    comes(stage, {
      ...{ count: 40, servers: big(of.servers), naming, every: 40_000, rooms: lively(8) },
      ...{ delay: paces.human, words: [3, 3], pause: paces.human },
      says: ({ who, nth, place }) =>
        script.say(
          who,
          nth < 2 ? chat(chance) : `${spam("jobs", chance)} https://${host}/${chance.letters(5)}`,
          place,
        ),
    });
  },
});

const pictures: Scene = {
  name: "W5",
  about: "12 accounts with one picture, encoded again each time",
  is: "wave",
  promises: { accounts: [12, 12], servers: [6, 12], lasts: [60, 1_500], delay: [8, 60] },
  must: { reach: "recognised", spoke: { most: 12 } },
  play: (stage) => {
    const { chance, script, of } = stage;
    const shown = picture(chance, largest);
    comes(stage, {
      ...{ count: 12, servers: big(of.servers), naming: twoWords, every: 30_000 },
      ...{ rooms: lively(6), delay: paces.hasty, words: [2, 3], pause: paces.patient },
      says: ({ who, place }) => script.show(who, encodedAgain(shown, chance, who.server), place),
    });
  },
};

const freeText: Scene = {
  name: "W6",
  about: "800 accounts of one new server, hexadecimal names, free text",
  is: "wave",
  promises: { accounts: [800, 800], servers: [1, 1], lasts: [300, 700], delay: [8, 17] },
  must: { reach: "suspected", joined: { most: 10 } },
  play: (stage) => {
    const { chance, script } = stage;
    comes(stage, {
      ...{ count: 800, servers: fresh(1, chance), naming: hexadecimal(20), every: 500, rooms: lively(10) },
      delay: paces.patient,
      says: ({ who, place }) => script.say(who, fluent(chance), place),
    });
  },
};

const maskedTemplates: Scene = {
  name: "W8",
  about: "500 accounts of 40 new servers, four texts with look-alike letters, a link each",
  is: "wave",
  promises: { accounts: [500, 500], servers: [40, 40], lasts: [550, 1_000], delay: [2, 3] },
  must: { reach: "harmful", spoke: { median: 5, most: 8 } },
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("pills", 4, chance);
    const host = `${chance.letters(5)}.example`;
    comes(stage, {
      ...{ count: 500, servers: fresh(40, chance), naming: syllables, every: 1_500, rooms: lively(12) },
      ...{ delay: paces.machine, words: [1, 2], pause: paces.machine },
      says: ({ who, place }) =>
        script.say(
          who,
          `${masks.twins(chance.one(texts), chance)} https://${host}/${chance.letters(4)}`,
          place,
        ),
    });
  },
};

/** Nothing but their servers and the hour is the same. */
const talkative =
  (crowd: Pick<Crowd, "count" | "every" | "naming">, servers: (chance: Chance) => readonly string[]) =>
  (stage: Stage) => {
    const { chance, script } = stage;
    comes(stage, {
      ...{ ...crowd, servers: servers(chance), rooms: lively(12) },
      ...{ delay: paces.human, words: [1, 3], pause: paces.human },
      says: ({ who, place }) => script.say(who, fluent(chance), place),
    });
  };

const fluentFresh: Scene = {
  name: "W9",
  about: "500 accounts of 40 new servers, fluent text without a link",
  is: "wave",
  promises: { accounts: [500, 500], servers: [40, 40], lasts: [600, 9_000], delay: [55, 100] },
  must: { reach: "suspected", joined: { most: 50 } },
  play: talkative({ count: 500, every: 1_250, naming: syllables }, (chance) => fresh(40, chance)),
};

const fluentLargest: Scene = {
  name: "W9b",
  about: "300 accounts of the largest server, fluent text at human pace (nothing sees it)",
  is: "wave",
  promises: { accounts: [300, 300], servers: [1, 1], lasts: [900, 9_000], delay: [50, 105] },
  play: talkative({ count: 300, every: 4_000, naming: human }, () => [largest]),
};

const humanPace = (name: string, naming: Naming, how: string, must?: Must): Scene => ({
  name,
  about: `60 accounts of the largest server, ${how}, six texts and a link, at human pace`,
  is: "wave",
  promises: { accounts: [60, 60], servers: [1, 1], lasts: [600, 3_500], delay: [18, 40] },
  must,
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("coins", 6, chance);
    const link = ownLink(chance);
    comes(stage, {
      ...{ count: 60, servers: [largest], naming, every: 16_000, rooms: lively(8) },
      ...{ delay: paces.hasty, words: [1, 2], pause: paces.human },
      says: ({ who, place }) => script.say(who, `${chance.one(texts)} ${link}`, place),
    });
  },
});

const slowLinks: Scene = {
  name: "W11",
  about: "9 accounts in 3 hours, a link each to one domain (for rules that count over a day)",
  is: "wave",
  promises: { accounts: [9, 9], servers: [2, 9], lasts: [2_500, 30_000], delay: [20, 300] },
  play: (stage) => {
    const { chance, script, of } = stage;
    const host = `${chance.letters(8)}.example`;
    comes(stage, {
      ...{
        count: 9,
        servers: of.servers.slice(0, 9),
        naming: human,
        every: 20 * minuteMs,
        rooms: everywhere,
      },
      delay: paces.human,
      says: ({ who, place }) =>
        script.say(who, `${chat(chance)} https://${host}/${chance.letters(6)}`, place),
    });
  },
};

const mentionsOnly: Scene = {
  name: "W12",
  about: "30 accounts of 6 new servers, nothing but mentions",
  is: "wave",
  promises: { accounts: [30, 30], servers: [4, 6], lasts: [30, 150], delay: [1.5, 3.5] },
  must: { reach: "suspected" },
  play: (stage) => {
    const { chance, script, of } = stage;
    comes(stage, {
      ...{ count: 30, servers: fresh(6, chance), naming: lettersAndDigits, every: 2_000, rooms: lively(3) },
      ...{ delay: paces.machine, words: [2, 4], pause: paces.machine },
      says: ({ who, place }) => {
        const whom = chance.some(of.regulars, chance.whole(6, 15)).map(({ id }) => id);
        script.mention(who, chance.one(["hey", "look", "", "!"]), whom, place);
      },
    });
  },
};

const soon: Must = { reach: "recognised", spoke: { most: 25 } };
/** Names that a registration form proposes, and names of people: of the latter nothing but the words tells. */
const [proposed, people] = ["with proposed names", "with names of people"];

export const waves: readonly Scene[] = [
  ...[sameText, silentHexadecimal, sleepers, smallTalk("W4", twoWords, proposed, soon)],
  ...[smallTalk("W4b", human, people), pictures, freeText, maskedTemplates, fluentFresh, fluentLargest],
  ...[humanPace("W10", twoWords, proposed, soon), humanPace("W10b", human, people), slowLinks, mentionsOnly],
];
