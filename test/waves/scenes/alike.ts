/** Harmless crowds that say alike things: a joke, a form, an error, a petition; and those of one language or class. */
import { inLanguage, languages, type Language } from "../blocks/languages.ts";
import { fresh } from "../blocks/servers.ts";
import { chat, code, greeting, question } from "../blocks/talk.ts";
import { ownLink } from "../community.ts";
import { lively, type Scene, type Stage, type Word } from "../scene.ts";
import { harmless, people } from "./people.ts";

/** People say one thing, most of them as it is, some with words of their own. */
const repeating = (text: string, share: number) => (stage: Stage) => {
  const { chance, script } = stage;
  return ({ who, place }: Word) =>
    script.say(who, chance.hits(share) ? text : `${text.slice(0, 30)} ${chat(chance)}`, place);
};

const copypasta = harmless(
  "copypasta",
  "25 newcomers post the joke of the day",
  { accounts: [25, 25], servers: [7, 25], lasts: [400, 9_000], delay: [25, 260] },
  (stage) => {
    const joke =
      "I would just like to interject for a moment: what you call the kernel is in fact the kernel plus everything else";
    people(stage, { count: 25, minutes: 10, rooms: lively(3) }, repeating(joke, 0.8)(stage));
  },
);

const welcomeForm = harmless(
  "welcome form",
  "40 newcomers fill in the form that the topic asks for",
  { accounts: [40, 40], servers: [11, 40], lasts: [1_500, 9_000], delay: [30, 200] },
  (stage) => {
    const { chance, script } = stage;
    people(stage, { count: 40, minutes: 40 }, ({ who, place }) =>
      script.say(
        who,
        `Name: ${who.display}\nWhere from: ${chance.letters(7)}\nWhat I use: ${chat(chance)}\nHow I found you: ${chance.one(["a friend", "search", "the wiki", "a talk"])}`,
        place,
      ),
    );
  },
);

const chinese = harmless(
  "Chinese newcomers",
  "60 people who write Chinese, of four servers known here",
  { accounts: [60, 60], servers: [4, 4], lasts: [1_200, 9_000], delay: [30, 200] },
  (stage) => {
    const { chance, script, of } = stage;
    people(stage, { count: 60, minutes: 30, servers: of.servers.slice(4, 8) }, ({ who, place }) =>
      script.say(who, inLanguage("chinese", chance), place),
    );
  },
);

const errorPaste = harmless(
  "one error",
  "40 newcomers paste the same error after a broken update",
  { accounts: [40, 40], servers: [11, 40], lasts: [1_200, 9_000], delay: [30, 200] },
  (stage) => {
    const { chance, script } = stage;
    const error = `Error: failed to load module "compositor": undefined symbol wl_display_${chance.letters(5)} (code ${chance.whole(100, 999)})`;
    people(stage, { count: 40, minutes: 30 }, ({ who, place }) =>
      script.say(who, chance.hits(0.5) ? error : `${question(chance)}\n${error}`, place),
    );
  },
);

const schoolClass = harmless(
  "school class",
  "25 pupils of one new server in an hour's lesson",
  { accounts: [25, 25], servers: [1, 1], lasts: [300, 9_000], delay: [25, 260] },
  (stage) => {
    const { chance, script } = stage;
    people(stage, { count: 25, minutes: 8, servers: fresh(1, chance) }, ({ who, place }) =>
      script.say(who, chance.hits(0.5) ? greeting(chance) : question(chance), place),
    );
  },
  { atMost: { stage: "suspected", share: 1 } },
);

const petition = harmless(
  "petition",
  "40 people paste one sentence in half an hour",
  { accounts: [40, 40], servers: [11, 40], lasts: [1_200, 9_000], delay: [30, 200] },
  (stage) => {
    const sentence =
      "I ask the board to keep the old logo, which many of us have worn on our shirts for twenty years";
    people(stage, { count: 40, minutes: 30 }, repeating(sentence, 0.9)(stage));
  },
  { atMost: { stage: "recognised", share: 0.2 } },
);

/** Code that many ask about, too long for one look. */
const pasted = harmless(
  "long pastes",
  "15 newcomers paste 200 lines of code each",
  { accounts: [15, 15], servers: [4, 15], lasts: [500, 9_000], delay: [25, 250] },
  (stage) => {
    const { chance, script } = stage;
    people(stage, { count: 15, minutes: 20 }, ({ who, place }) => script.say(who, code(chance, 200), place));
  },
);

const newcomersWriting = (language: Language): Scene =>
  harmless(
    `${language} newcomers`,
    `40 people who write ${language}, of four servers known here`,
    { accounts: [40, 40], servers: [4, 4], lasts: [1_000, 9_000], delay: [30, 200] },
    (stage) => {
      const { chance, script, of } = stage;
      people(stage, { count: 40, minutes: 25, servers: of.servers.slice(8, 12) }, ({ who, place }) =>
        script.say(who, inLanguage(language, chance), place),
      );
    },
  );

const quiz = harmless(
  "quiz",
  "30 pupils answer with the same word",
  { accounts: [30, 30], servers: [8, 30], lasts: [300, 9_000], delay: [25, 260] },
  (stage) => {
    const { chance, script } = stage;
    const word = chance.one(["photosynthesis", "archipelago", "onomatopoeia", "constantinople"]);
    people(stage, { count: 30, minutes: 6 }, ({ who, place }) => script.say(who, word, place));
  },
);

const ama = harmless(
  "ask me anything",
  "90 people with a question each, some with the link of the announcement",
  { accounts: [90, 90], servers: [25, 90], lasts: [1_800, 6_500], delay: [50, 120] },
  (stage) => {
    const { chance, script, of } = stage;
    const link = `https://${chance.one(of.hosts)}/ama-${chance.letters(4)}`;
    people(stage, { count: 90, minutes: 40 }, ({ who, place }) =>
      script.say(who, `Question: ${question(chance)}${chance.hits(0.2) ? ` (${link})` : ""}`, place),
    );
  },
);

const poll = harmless(
  "poll",
  "50 people, half of them pass on the link of a poll that a moderator posted",
  { accounts: [50, 50], servers: [14, 50], lasts: [900, 9_000], delay: [30, 200] },
  (stage) => {
    const { chance, script, of } = stage;
    const link = ownLink(chance);
    script.say(of.staff[0]!, `please vote: ${link}`, { room: 0, at: -60_000 });
    people(stage, { count: 50, minutes: 30 }, ({ who, place }) =>
      script.say(who, chance.hits(0.5) ? `voted, you too: ${link}` : chat(chance), place),
    );
  },
);

const ritual = harmless(
  "welcome ritual",
  "50 newcomers greet with the same three emoji",
  { accounts: [50, 50], servers: [14, 50], lasts: [1_200, 9_000], delay: [30, 200] },
  (stage) => {
    const { script } = stage;
    people(stage, { count: 50, minutes: 30 }, ({ who, place }) => script.say(who, "🎉🦊👋", place));
  },
);

export const alike: readonly Scene[] = [
  ...[copypasta, welcomeForm, chinese, errorPaste, schoolClass, petition, pasted],
  ...languages.filter((language) => language !== "chinese").map(newcomersWriting),
  ...[quiz, ama, poll, ritual],
];
