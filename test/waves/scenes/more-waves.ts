/** Further waves as they were reported: floods of joins, pictures, edits, invitations, and what surrounds them. */
import { dayMs, hourMs, minuteMs } from "../../../src/kit/duration.ts";
import { encodedAgain, picture } from "../blocks/media.ts";
import { hexadecimal, human, lettersAndDigits, syllables, twoWords } from "../blocks/names.ts";
import { big, fresh, largest } from "../blocks/servers.ts";
import { masks, spam, templates, type Mask } from "../blocks/spam-texts.ts";
import { chat, greeting } from "../blocks/talk.ts";
import { comes, everywhere, lively, paces, type Scene } from "../scene.ts";
import { ownLink } from "../community.ts";

const joinFlood: Scene = {
  name: "M291",
  about: "13,000 silent joins in an hour from 3 servers",
  is: "wave",
  promises: { accounts: [13_000, 13_000], servers: [3, 3], lasts: [3_400, 3_800] },
  must: { reach: "suspected", joined: { most: 50 } },
  play: (stage) =>
    void comes(stage, {
      ...{ count: 13_000, servers: fresh(3, stage.chance), naming: lettersAndDigits },
      ...{ every: hourMs / 13_000, rooms: [0] },
    }),
};

const sixtyAtOnce: Scene = {
  name: "M267",
  about: "60 accounts at once, the same picture from each",
  is: "wave",
  promises: { accounts: [60, 60], servers: [5, 5], lasts: [4, 30], delay: [1.5, 3.5] },
  must: { reach: "harmful", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script } = stage;
    const shown = picture(chance, "evil.test");
    comes(stage, {
      ...{ count: 60, servers: fresh(5, chance), naming: lettersAndDigits, every: 50, rooms: lively(5) },
      delay: paces.machine,
      says: ({ who, place }) => script.show(who, shown, place),
    });
  },
};

const oneServer: Scene = {
  name: "NixOS",
  about: "3,000 hexadecimal names of one server in half an hour, insults from every tenth",
  is: "wave",
  promises: { accounts: [3_000, 3_000], servers: [1, 1], lasts: [1_650, 2_000], delay: [1.5, 3.5] },
  must: { reach: "suspected", joined: { most: 50 } },
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("hate", 12, chance);
    comes(stage, {
      ...{ count: 3_000, servers: fresh(1, chance), naming: hexadecimal(32), every: (30 * minuteMs) / 3_000 },
      ...{ rooms: lively(6), delay: paces.machine },
      says: ({ who, index, place }) => void (index % 10 === 0 && script.say(who, chance.one(texts), place)),
    });
  },
};

const twoWithPictures: Scene = {
  name: "HQ",
  about: "2 accounts post pictures in 20 rooms (too few for a wave: rules for newcomers' media)",
  is: "wave",
  promises: { accounts: [2, 2], servers: [1, 2], lasts: [60, 400], delay: [6, 400] },
  play: (stage) => {
    const { chance, script, of } = stage;
    comes(stage, {
      ...{ count: 2, servers: big(of.servers), naming: twoWords, every: 20_000, rooms: everywhere },
      ...{ roomsEach: [20, 20], delay: paces.hasty, words: [40, 40], pause: (c) => c.between(1_500, 5_000) },
      says: ({ who, place }) => script.show(who, picture(chance, who.server), place),
    });
  },
};

const daily: Scene = {
  name: "Fedora",
  about: "3 accounts a day on five days, the same kind of picture",
  is: "wave",
  promises: { accounts: [15, 15], servers: [4, 15], lasts: [330_000, 362_000], delay: [6, 60] },
  play: (stage) => {
    const { chance, script, of } = stage;
    const shown = picture(chance, largest);
    for (let day = 0; day < 5; day++)
      comes(stage, {
        ...{ count: 3, servers: big(of.servers), naming: twoWords, rooms: lively(8), roomsEach: [2, 4] },
        ...{ from: day * dayMs + chance.between(0, 4) * hourMs, every: 60_000, delay: paces.hasty },
        ...{ words: [3, 5], pause: paces.patient },
        says: ({ who, place }) => script.show(who, encodedAgain(shown, chance, who.server), place),
      });
  },
};

const federationLoad: Scene = {
  name: "load",
  about: "10,000 member events of 50 accounts, to hold up redactions, and pictures between them",
  is: "wave",
  promises: { accounts: [50, 50], servers: [4, 4], lasts: [55, 75], delay: [0.9, 4.1] },
  must: { reach: "suspected", joined: { most: 50 } },
  play: (stage) => {
    const { chance, script } = stage;
    const flood = comes(stage, {
      ...{ count: 50, servers: fresh(4, chance), naming: lettersAndDigits, every: 100, rooms: lively(2) },
      delay: paces.machine,
      says: ({ who, place }) => script.show(who, picture(chance, who.server), place),
    });
    for (let n = 0; n < 10_000; n++) {
      const who = flood[n % flood.length]!;
      const at = 5_000 + n * 5.5;
      script.join({ ...who, display: `${who.display}${chance.whole(1, 999)}` }, { room: n % 2, at });
    }
  },
};

const editedLater: Scene = {
  name: "edits",
  about: "40 accounts greet, and make spam of it by an edit an hour later",
  is: "wave",
  promises: { accounts: [40, 40], servers: [8, 12], lasts: [4_000, 9_000], delay: [18, 45] },
  must: { reach: "recognised" },
  play: (stage) => {
    const { chance, script, of } = stage;
    const texts = templates("coins", 5, chance);
    const link = ownLink(chance);
    comes(stage, {
      ...{ count: 40, servers: big(of.servers), naming: twoWords, every: 30_000, rooms: lively(8) },
      delay: paces.hasty,
      says: ({ who, place }) => {
        const said = script.say(who, chance.hits(0.5) ? greeting(chance) : chat(chance), place);
        const at = place.at + hourMs + chance.between(0, 10) * minuteMs;
        script.edit(who, `${chance.one(texts)} ${link}`, said, { ...place, at });
      },
    });
  },
};

const splitMentions: Scene = {
  name: "pings",
  about: "25 accounts mention everybody, one name a message",
  is: "wave",
  promises: { accounts: [25, 25], servers: [5, 5], lasts: [60, 250], delay: [1.5, 3.5] },
  must: { reach: "suspected" },
  play: (stage) => {
    const { chance, script, of } = stage;
    comes(stage, {
      ...{ count: 25, servers: fresh(5, chance), naming: lettersAndDigits, every: 3_000, rooms: lively(2) },
      ...{ delay: paces.machine, words: [15, 30], pause: (c) => c.between(700, 2_500) },
      says: ({ who, place }) => script.mention(who, "", [chance.one(of.regulars).id], place),
    });
  },
};

/** As W10, in the masks that word filters do not see through. */
const masked = (mask: Mask): Scene => ({
  name: `masked: ${mask}`,
  about: `60 accounts of large servers, six texts masked by ${mask}, at human pace`,
  is: "wave",
  promises: { accounts: [60, 60], servers: [8, 12], lasts: [600, 3_500], delay: [18, 40] },
  must: { reach: "recognised", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script, of } = stage;
    const texts = templates("pills", 6, chance);
    const link = ownLink(chance);
    comes(stage, {
      ...{ count: 60, servers: big(of.servers), naming: syllables, every: 16_000, rooms: lively(8) },
      delay: paces.hasty,
      says: ({ who, place }) => script.say(who, `${masks[mask](chance.one(texts), chance)} ${link}`, place),
    });
  },
});

const invitations: Scene = {
  name: "invites",
  about: "30 accounts invite regulars and say nothing",
  is: "wave",
  promises: { accounts: [30, 30], servers: [4, 6], lasts: [60, 300] },
  must: { reach: "suspected" },
  play: (stage) => {
    const { chance, script } = stage;
    const came = comes(stage, {
      ...{ count: 30, servers: fresh(6, chance), naming: lettersAndDigits, every: 3_000, rooms: lively(3) },
      roomsEach: [3, 3],
    });
    for (const [i, who] of came.entries())
      for (let n = 0; n < 4; n++)
        script.invite(who, `@${chance.letters(8)}:${largest}`, {
          room: n % 3,
          at: 8_000 + i * 3_500 + n * 700,
        });
  },
};

const faces: Scene = {
  name: "avatars",
  about: "40 silent accounts of large servers that all wear one picture",
  is: "wave",
  promises: { accounts: [40, 40], servers: [8, 12], lasts: [60, 400] },
  must: { reach: "suspected" },
  play: (stage) => {
    const { chance, of } = stage;
    const { url } = picture(chance, "evil.test");
    comes(stage, {
      ...{ count: 40, servers: big(of.servers), naming: lettersAndDigits, every: 4_000, rooms: lively(5) },
      avatar: () => url,
    });
  },
};

const reactions: Scene = {
  name: "reactions",
  about: "30 accounts react with pictures to what regulars said",
  is: "wave",
  promises: { accounts: [30, 30], servers: [4, 6], lasts: [60, 300], delay: [1.5, 3.5] },
  must: { reach: "suspected" },
  play: (stage) => {
    const { chance, script, of } = stage;
    const { url } = picture(chance, "evil.test");
    const said = lively(3).map((room) =>
      script.say(chance.one(of.regulars), chat(chance), { room, at: -1_000 }),
    );
    comes(stage, {
      ...{ count: 30, servers: fresh(6, chance), naming: lettersAndDigits, every: 3_000, rooms: lively(3) },
      ...{ delay: paces.machine, words: [3, 8], pause: paces.machine },
      says: ({ who, place }) => script.react(who, url, said[place.room]!, place),
    });
  },
};

const leaving: Scene = {
  name: "leaving",
  about: "60 accounts of 8 new servers post the same and leave at once",
  is: "wave",
  promises: { accounts: [60, 60], servers: [8, 8], lasts: [60, 200], delay: [1.5, 3.5] },
  must: { reach: "harmful", spoke: { most: 25 } },
  play: (stage) => {
    const { chance, script } = stage;
    const texts = templates("hate", 3, chance);
    comes(stage, {
      ...{ count: 60, servers: fresh(8, chance), naming: lettersAndDigits, every: 2_000, rooms: lively(6) },
      delay: paces.machine,
      says: ({ who, place }) => {
        script.say(who, `${chance.one(texts)} ${spam("hate", chance)}`, place);
        script.leave(who, { ...place, at: place.at + chance.between(300, 1_500) });
      },
    });
  },
};

const takenOver: Scene = {
  name: "taken over",
  about: "5 accounts of regulars that somebody took over (held at most; nobody is banned)",
  is: "wave",
  // They joined long ago.
  promises: { accounts: [0, 0], servers: [0, 0], lasts: [10, 200] },
  play: ({ chance, script, of }) => {
    const text = `${spam("coins", chance)} ${ownLink(chance)}`;
    for (const [i, who] of chance.some(of.regulars, 5).entries())
      for (let n = 0; n < 6; n++)
        script.say(who, text, { room: who.rooms[n % who.rooms.length]!, at: i * 9_000 + n * 3_000 });
  },
};

/** Names that people have, so that nothing but the masks is to be seen. */
const neighbours: Scene = {
  name: "raid",
  about: "25 people from elsewhere come for a quarrel, each in their own words",
  is: "wave",
  promises: { accounts: [25, 25], servers: [8, 12], lasts: [200, 1_500], delay: [12, 60] },
  play: (stage) => {
    const { chance, script, of } = stage;
    comes(stage, {
      ...{ count: 25, servers: big(of.servers), naming: human, every: 15_000, rooms: lively(2) },
      ...{ delay: paces.hasty, words: [2, 5], pause: paces.hasty },
      says: ({ who, place }) => script.say(who, spam("hate", chance), place),
    });
  },
};

export const moreWaves: readonly Scene[] = [
  ...[joinFlood, sixtyAtOnce, oneServer, twoWithPictures, daily, federationLoad, editedLater, splitMentions],
  ...(Object.keys(masks) as Mask[]).map(masked),
  ...[invitations, faces, reactions, leaving, takenOver, neighbours],
];
