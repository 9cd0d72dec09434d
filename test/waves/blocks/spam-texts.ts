/** What waves say: patterns of the kinds of spam that rooms have had, and the ways in which words are masked. */
import type { Chance } from "./chance.ts";
import { phrase, type Lexicon } from "./phrase.ts";

const lexicon: Lexicon = {
  coin: "bitcoin,tether,a new token,ether,the airdrop,this presale".split(","),
  gain: "(3|5|7|9)00 percent,(10|20|50) times,$(2400|5100|12000) a week,a fortune,more than my salary".split(
    ",",
  ),
  urge: "join now,do not miss it,only today,hurry up,last chance,ends tonight,just (30|50|100) places left".split(
    ",",
  ),
  job: "remote job,part-time work,data entry job,evaluation task,home office position".split(","),
};

/** By what is offered. None holds a link: that is put in where a scene has one. */
export const offers = {
  coins: [
    "{urge}! I (made|earned|won) {gain} with {coin} (in a week|since monday|overnight), see",
    "(hi|hello|dear friends), {coin} (will rise|is up) {gain}, {urge}:",
    "the (team|developers) of this room (give away|hand out) {coin}, {gain} for everybody. {urge}",
    "(verify|connect|register) your wallet (here|now) and get {coin}, {gain}, {urge}",
  ],
  jobs: [
    "we are hiring for a {job}, {gain}, no experience needed, {urge}",
    "{job} (available|open) (today|this week): {gain}. (write to|contact|text) me, {urge}",
    "looking for people (worldwide|everywhere) for a {job}; pays {gain}; {urge}",
  ],
  pills: [
    "(best|finest|top) (quality|grade) of everything, (discreet|safe) shipping, (menu|prices) at",
    "(order|buy) (today|now) without (questions|papers), (fast|overnight) (delivery|shipping):",
    "(we|our shop) (deliver|ships) (worldwide|everywhere), {urge}, (list|menu):",
  ],
  dates: [
    "(lonely|bored) (girls|people) near you are waiting, {urge}, (pictures|videos) at",
    "my (private|new) (pictures|videos) are (free|open) (today|tonight):",
    "(chat|meet) with me (tonight|now), (no|without) sign-up, {urge}:",
  ],
  hate: [
    "the people who run this room are (frauds|liars|thieves), (leave|get out) while you can",
    "this (project|place) is (dead|over|finished), its (staff|team) are (thieves|liars|frauds), (spread|share) the word",
    "everybody should know that the (staff|team) here are (liars|thieves), (spread|tell) it",
  ],
} satisfies Readonly<Record<string, readonly string[]>>;

export type Offer = keyof typeof offers;

export function spam(offer: Offer, chance: Chance): string {
  return phrase(chance.one<string>(offers[offer]), lexicon, chance);
}

/** As many different texts as wanted: a wave often has a handful. */
export function templates(offer: Offer, count: number, chance: Chance): readonly string[] {
  const texts = new Set<string>();
  while (texts.size < count) texts.add(spam(offer, chance));
  return [...texts];
}

const twins: Readonly<Record<string, string>> = {
  a: "\u0430",
  c: "\u0441",
  e: "\u0435",
  i: "\u0456",
  o: "\u043e",
  p: "\u0440",
  s: "\u0455",
  x: "\u0445",
  y: "\u0443",
};
const invisible = ["\u200b", "\u200c", "\u2060", "\u00ad"];
const marks = ["\u0335", "\u0321", "\u034e", "\u0361"];

/** Each masks a text by chance, so that no two maskings of it are the same. */
export const masks = {
  /** Letters of other alphabets that look the same. */
  twins: (text: string, chance: Chance) =>
    [...text].map((letter) => (twins[letter] && chance.hits(0.45) ? twins[letter] : letter)).join(""),
  /** What nobody sees, within words. */
  invisible: (text: string, chance: Chance) =>
    text.replace(/\p{L}(?=\p{L})/gu, (letter) =>
      chance.hits(0.3) ? letter + chance.one(invisible) : letter,
    ),
  /** Marks over and under. */
  marks: (text: string, chance: Chance) =>
    text.replace(/\p{L}/gu, (letter) => (chance.hits(0.4) ? letter + chance.one(marks) : letter)),
  /** L i k e t h i s, a word here and there. */
  spaced: (text: string, chance: Chance) =>
    text.replace(/\p{L}{4,}/gu, (word) => (chance.hits(0.4) ? [...word].join(" ") : word)),
} satisfies Record<string, (text: string, chance: Chance) => string>;

export type Mask = keyof typeof masks;
