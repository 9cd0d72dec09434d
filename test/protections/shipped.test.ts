// Each shipped rule finds its case and leaves its counter-case alone, as it is set when somebody switches it on.

import { describe, expect, test } from "@jest/globals";
import { valuesOf } from "../../src/automod/define.ts";
import type { Given } from "../../src/automod/language/compile-amount.ts";
import { compile } from "../../src/automod/language/compile.ts";
import { yes } from "../../src/automod/language/truth.ts";
import { Registry } from "../../src/automod/registry.ts";
import { checkRule, settingAmount } from "../../src/automod/rule.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import { minuteMs } from "../../src/kit/duration.ts";
import type { Fact, FactValue } from "../../src/model/facts/fact.ts";
import type { RuleList } from "../../src/model/rule-lists.ts";
import { RecentSpeech } from "../../src/model/recent-speech.ts";
import { noSettings } from "../../src/model/settings/settings.ts";
import type { EventKind, EventSighting, SightedWorld } from "../../src/model/signals/sighting.ts";
import type { Wave } from "../../src/model/waves.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { aWorld, lobby, me, nextEvent, room, user } from "../support/make.ts";

const now = 1_800_000_000_000;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const real = aWorld();

/** What is believed of everybody who does something; nothing is known of them otherwise but that they are ordinary. */
interface About {
  /** Ms since they came; of an old member it is unknown. */
  readonly age?: number | "old";
  readonly spoken?: number;
  readonly isRegular?: boolean;
  readonly level?: number;
  readonly offences?: number;
  readonly imitates?: boolean;
  /** Everything that is posted is known here. */
  readonly isKnown?: boolean;
  readonly lag?: number;
  /** Names of people here that stand in the text. */
  readonly names?: number;
  readonly editAfter?: number;
  readonly joins?: number;
  readonly usualJoins?: number;
  readonly delay?: number;
  /** What is believed of the wave that they belong to. */
  readonly wave?: Pick<Wave, "stage"> & Partial<Wave>;
}

interface Deed {
  readonly kind: EventKind;
  readonly type: string;
  readonly content: JsonObject;
  readonly by?: string;
  readonly in?: string;
  /** Ms since the one before. */
  readonly after?: number;
}

interface Half extends About {
  readonly deeds: readonly Deed[];
}

interface Case {
  readonly finds: Half;
  readonly leaves: Half;
  readonly lists?: Readonly<Record<string, RuleList>>;
}

const message = (content: JsonObject): Deed => ({ kind: "message", type: "m.room.message", content });
const text = (body: string, more: JsonObject = {}): Deed => message({ msgtype: "m.text", body, ...more });
const html = (formatted_body: string): Deed =>
  text("see", { format: "org.matrix.custom.html", formatted_body });
const media = (msgtype: string, more: JsonObject = {}): Deed =>
  message({ msgtype, body: "a.bin", url: "mxc://x.test/a", info: { size: 1_000 }, ...more });
const sticker: Deed = { kind: "message", type: "m.sticker", content: { body: "hi", url: "mxc://x.test/s" } };
const voice = media("m.audio", { "org.matrix.msc3245.voice": {} });
const reaction = (key: string): Deed => ({
  kind: "message",
  type: "m.reaction",
  content: { "m.relates_to": { rel_type: "m.annotation", event_id: "$a", key } },
});
const edit = (body: string): Deed =>
  text(`* ${body}`, {
    "m.new_content": { msgtype: "m.text", body },
    "m.relates_to": { rel_type: "m.replace", event_id: "$edited" },
  });
const member = (kind: EventKind, content: JsonObject = {}): Deed => ({
  kind,
  type: "m.room.member",
  content: { membership: kind === "leave" ? "leave" : "join", ...content },
});
const join = (content: JsonObject = {}) => member("join", content);
const topic = (words: string): Deed => ({ kind: "state", type: "m.room.topic", content: { topic: words } });
const by = (who: string, deed: Deed): Deed => ({ ...deed, by: who });
const times = (count: number, deed: Deed, after = 1_000): readonly Deed[] =>
  Array.from({ length: count }, () => ({ ...deed, after }));
const each = (deeds: readonly Deed[], change: (deed: Deed, i: number) => Partial<Deed>): readonly Deed[] =>
  deeds.map((deed, i) => ({ ...deed, ...change(deed, i) }));
const inRooms = (deeds: readonly Deed[]) => each(deeds, (_, i) => ({ in: `!room-${i}:x.test` }));
const ofPeople = (deeds: readonly Deed[]) => each(deeds, (_, i) => ({ by: `@p${i}:x.test` }));
const pings = { "m.mentions": { user_ids: Array.from({ length: 11 }, (_, i) => `@p${i}:x.test`) } };
const words = (...entries: string[]): RuleList => ({ kind: "words", entries });
const links = (...entries: string[]): RuleList => ({ kind: "links", entries });
const pictures = (...entries: string[]): RuleList => ({ kind: "pictures", entries });
const badWords = { "bad-words": words("scoundrel") };
const sharedLink = [{ class: "link", key: "link:other.example", shown: "", share: 0.9 }];
const long = "buy the very best coins at our place today";

const cases: Readonly<Record<string, Case>> = {
  flood: { finds: { deeds: times(11, text("a"), 500) }, leaves: { deeds: times(11, text("a"), 2_000) } },
  "mention-limit": { finds: { deeds: [text("a", pings)] }, leaves: { deeds: [text("a @p1:x.test")] } },
  "name-pings": { finds: { names: 11, deeds: [text("hey")] }, leaves: { names: 10, deeds: [text("hey")] } },
  "mention-undeclared": {
    finds: { deeds: [text("@p1:x.test look")] },
    leaves: { deeds: [text("@p1:x.test look", { "m.mentions": { user_ids: ["@p1:x.test"] } })] },
  },
  "room-ping": {
    finds: { deeds: [text("@room", { "m.mentions": { room: true } })] },
    leaves: { level: 50, deeds: [text("@room", { "m.mentions": { room: true } })] },
  },
  "no-media": {
    finds: { deeds: [media("m.file")] },
    leaves: { isRegular: true, deeds: [media("m.file"), text("a")] },
  },
  "no-images": { finds: { deeds: [media("m.image")] }, leaves: { deeds: [media("m.video"), text("a.png")] } },
  "no-videos": { finds: { deeds: [media("m.video")] }, leaves: { deeds: [media("m.image")] } },
  "no-audio": { finds: { deeds: [media("m.audio")] }, leaves: { deeds: [voice] } },
  "no-voice": { finds: { deeds: [voice] }, leaves: { deeds: [media("m.audio")] } },
  "no-files": { finds: { deeds: [media("m.file")] }, leaves: { deeds: [media("m.image")] } },
  "no-stickers": { finds: { deeds: [sticker] }, leaves: { deeds: [media("m.image")] } },
  "big-media": {
    finds: { deeds: [media("m.file", { info: { size: 30_000_000 } })] },
    leaves: { deeds: [media("m.file"), media("m.file", { info: {} })] },
  },
  words: {
    lists: badWords,
    finds: { deeds: [topic("you SCOUNDREL!")] },
    leaves: { deeds: [text("scoundrels, and other scoundrelly words"), topic("welcome")] },
  },
  "spelled-words": {
    lists: badWords,
    finds: { deeds: [text("you sc\u043eundrel")] },
    leaves: { deeds: [text("you scoundrel"), text("\u043a\u043e\u0440\u043e\u0432\u0430")] },
  },
  "denied-links": {
    lists: { "denied-links": links("bad.example") },
    finds: { deeds: [text("https://www.bad.example/x")] },
    leaves: { deeds: [text("https://good.example bad.example.org")] },
  },
  "allowed-links": {
    lists: { "allowed-links": links("good.example") },
    finds: { deeds: [text("https://good.example https://other.example")] },
    leaves: { deeds: [text("https://good.example/a https://matrix.to/#/@a:x.test"), text("none")] },
  },
  names: {
    lists: { "bad-names": words("scoundrel") },
    finds: { deeds: [member("profile", { displayname: "The Scoundrel" })] },
    leaves: { deeds: [join({ displayname: "Scott" }), member("profile")] },
  },
  imitation: {
    finds: { age: hour, imitates: true, deeds: [join({ displayname: "\u041elga" })] },
    leaves: { age: 30 * day, imitates: true, deeds: [join({ displayname: "\u041elga" })] },
  },
  avatars: {
    lists: { "bad-pictures": pictures("mxc://bad.example/a") },
    finds: { deeds: [join({ avatar_url: "mxc://bad.example/a" })] },
    leaves: { deeds: [join({ avatar_url: "mxc://bad.example/b" }), join()] },
  },
  invalid: {
    finds: { deeds: [message({ msgtype: 7, body: [] })] },
    leaves: { deeds: [text("a", { "org.example.more": 1 }), join({ displayname: "A" })] },
  },
  flapping: {
    finds: { deeds: each(times(8, join(), minute), (_, i) => (i % 2 ? member("leave") : {})) },
    leaves: { deeds: times(8, join(), 10 * minute) },
  },
  "new-servers": {
    lists: { "watched-servers": { kind: "servers", entries: ["evil.test"] } },
    finds: { deeds: [by("@a:evil.test", join())] },
    leaves: { deeds: [by("@a:good.test", join())] },
  },
  "federation-lag": {
    finds: { lag: 4 * minute, deeds: [text("a")] },
    leaves: { lag: 2 * minute, deeds: [text("a")] },
  },
  "user-ids": {
    finds: { deeds: [by("@the_one_who_sells_you_best_coins:x.test", join())] },
    leaves: { deeds: [by("@anna_maria:x.test", join())] },
  },
  "inline-pictures": {
    finds: { deeds: [html('<img src="mxc://x.test/a" height="200">')] },
    leaves: { deeds: [html('<img src="mxc://x.test/a" height="32">')] },
  },
  "picture-reactions": {
    finds: { deeds: [reaction("mxc://x.test/a")] },
    leaves: { deeds: [reaction("\u{1f44d}")] },
  },
  sticky: {
    finds: { deeds: [text("a", { "org.matrix.msc4354.sticky": { duration_ms: 1 } })] },
    leaves: { isRegular: true, deeds: [text("a", { "org.matrix.msc4354.sticky": { duration_ms: 1 } })] },
  },
  copies: {
    finds: { age: day, deeds: times(4, text(long), minute) },
    leaves: { age: "old", deeds: times(9, text(long), minute) },
  },
  crossposting: {
    finds: { age: day, deeds: inRooms(times(4, text(long))) },
    leaves: { age: day, isRegular: true, deeds: inRooms(times(9, text(long))) },
  },
  "room-hopping": {
    finds: { age: minute, spoken: 0, deeds: inRooms(times(9, join())) },
    leaves: { age: minute, spoken: 2, deeds: inRooms(times(9, join())) },
  },
  "reaction-flood": {
    finds: { deeds: times(21, reaction("\u{1f44d}")) },
    leaves: { deeds: ofPeople(times(60, reaction("\u{1f44d}"))) },
  },
  "after-offence": {
    finds: { age: hour, offences: 1, deeds: [text("a")] },
    leaves: { age: "old", offences: 1, deeds: [text("a")] },
  },
  "first-media": {
    finds: { age: hour, spoken: 0, deeds: [media("m.image")] },
    leaves: { age: hour, spoken: 0, isKnown: true, deeds: [media("m.image"), text("hello")] },
  },
  "first-link": {
    lists: { "allowed-links": links("good.example") },
    finds: { age: hour, spoken: 0, deeds: [text("https://other.example")] },
    leaves: { age: hour, spoken: 0, deeds: [text("https://good.example/a"), text("no link")] },
  },
  "newcomer-media": {
    finds: { age: 2 * day, spoken: 4, deeds: [media("m.video")] },
    leaves: { age: "old", deeds: [media("m.video")] },
  },
  "false-links": {
    finds: { age: hour, deeds: [html('<a href="https://evil.example">https://bank.example</a>')] },
    leaves: { age: hour, deeds: [html('<a href="https://bank.example">bank</a>')] },
  },
  "bad-pictures": {
    lists: { "bad-pictures": pictures("mxc://x.test/a") },
    finds: { deeds: [media("m.image")] },
    leaves: { deeds: [media("m.image", { url: "mxc://x.test/b" })] },
  },
  "late-link": {
    finds: { age: hour, editAfter: minute, deeds: [edit("https://other.example")] },
    leaves: { age: hour, editAfter: minute, deeds: [edit("a word"), text("https://other.example")] },
  },
  "shared-link": {
    finds: { age: hour, deeds: ofPeople(times(4, text("https://other.example/a"), minute)) },
    leaves: { age: hour, deeds: times(9, text("https://other.example/a"), minute) },
  },
  "shared-picture": {
    finds: { age: hour, deeds: ofPeople(times(3, media("m.image"), minute)) },
    leaves: { age: hour, isKnown: true, deeds: ofPeople(times(9, media("m.image"), minute)) },
  },
  "join-rate": {
    finds: { joins: 60, usualJoins: 2, deeds: ofPeople(times(50, join(), minute)) },
    leaves: { joins: 60, usualJoins: 20, deeds: ofPeople(times(50, join(), minute)) },
  },
  "state-vandal": {
    finds: { age: hour, deeds: [topic("mine")] },
    leaves: { age: hour, level: 50, deeds: [topic("mine")] },
  },
  "odd-types": {
    finds: { age: hour, deeds: times(6, { kind: "message", type: "org.example.odd", content: {} }) },
    leaves: { age: hour, deeds: times(6, text("a")) },
  },
  "dense-text": {
    finds: { deeds: [text("a".repeat(200))] },
    leaves: { deeds: [text("some words ".repeat(30)), text("https://x.test/" + "a".repeat(200))] },
  },
  "padded-text": {
    finds: { deeds: [text(`a${"\n".repeat(30)}`)] },
    leaves: { deeds: [text(`a${"\n".repeat(30)}b`)] },
  },
  "long-text": {
    finds: { deeds: [text("line\n".repeat(70))] },
    leaves: { deeds: [text("line\n".repeat(50))] },
  },
  ornaments: {
    finds: { deeds: [text("\u{1f389}".repeat(40))] },
    leaves: {
      deeds: [
        text("well done \u{1f389}\u{1f389}"),
        text("OK THEN"),
        text("PLEASE ALL OF YOU TURN OFF THE COFFEE MACHINE AT NIGHT"),
        text(`${"=".repeat(72)}\n$ npm test\n${"=".repeat(72)}`),
        text("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd"),
      ],
    },
  },
  "loud-text": {
    finds: { deeds: [text("PLEASE ALL OF YOU TURN OFF THE COFFEE MACHINE AT NIGHT")] },
    leaves: { deeds: [text("GOOD MORNING"), text("The API of the SDK of ACME")] },
  },
  "masked-text": {
    finds: { deeds: [text("free \u0430irdr\u043ep")] },
    leaves: {
      deeds: [text("\u0434\u043e\u0431\u0440\u043e\u0435 \u0443\u0442\u0440\u043e"), text("free airdrop")],
    },
  },
  "wave-suspected": {
    finds: { wave: { stage: "suspected" }, deeds: [media("m.image"), text("https://other.example")] },
    leaves: { wave: { stage: "suspected" }, deeds: [text("hello"), join()] },
  },
  "wave-recognised": {
    finds: {
      wave: { stage: "recognised", shares: sharedLink },
      deeds: [text("see https://other.example/b")],
    },
    leaves: {
      wave: { stage: "recognised", shares: sharedLink },
      deeds: [text("hello"), text("https://x.test")],
    },
  },
  "wave-harmful": {
    finds: { wave: { stage: "harmful" }, deeds: [text("hello")] },
    leaves: { wave: { stage: "harmful", asksFirst: "cold" }, deeds: [text("hello")] },
  },
  unreadable: {
    finds: { spoken: 0, delay: 2_000, deeds: [{ kind: "message", type: "m.room.encrypted", content: {} }] },
    leaves: { spoken: 0, delay: 60_000, deeds: [{ kind: "message", type: "m.room.encrypted", content: {} }] },
  },
};

/** Of rules that are not fed yet: facts under which they find, and under which they do not. */
const madeUp: Readonly<Record<string, readonly [Facts, Facts]>> = {
  "open-registration": [
    { "server.registration": "open", "server.home": false, "server.regulars": 0 },
    { "server.registration": "open", "server.home": false, "server.regulars": 1 },
  ],
  scanner: [
    { "scan.verdict": "bad", "scan.score": 0.9 },
    { "scan.verdict": "bad", "scan.score": 0.5 },
  ],
};

/** Of rules that are fed by what has tests of its own: the modes of rooms, lists, what people report, what moderators do. */
const byModes: Readonly<Record<string, readonly [Facts, Facts]>> = {
  reports: [
    { "report.weight": 3, "author.newcomer": true },
    { "report.weight": 3, "author.newcomer": false },
  ],
  flagged: [
    { "author.flagged": true, "author.spoken": 0 },
    { "author.flagged": false, "author.spoken": 0 },
  ],
  staff: [
    { "act.removals": 31, "act.levels": 0, "act.changes": 0 },
    { "act.removals": 30, "act.levels": 3, "act.changes": 30 },
  ],
  "slow-newcomers": [
    { "room.mode": "guarded", "author.newcomer": true, rate: 4 },
    { "room.mode": "calm", "author.newcomer": true, rate: 4 },
  ],
};
type Facts = Readonly<Record<string, FactValue>>;

test("each shipped rule has a case", () => {
  expect([cases, madeUp, byModes].flatMap(Object.keys).toSorted()).toEqual(shipped.map(({ name }) => name));
});

describe("on its case and its counter-case", () => {
  test.each(Object.entries(cases))("%s", (name, { finds, leaves, lists }) => {
    expect(verdictsOf(name, finds, lists).at(-1)).toEqual(expect.any(String));
    expect(verdictsOf(name, leaves, lists).filter((one) => one !== undefined)).toEqual([]);
  });
});

describe("with its lists empty, as they are before anybody fills them", () => {
  // A first link is one, whatever is allowed.
  const looking = shipped.flatMap(({ name, lists }) =>
    lists && cases[name] && name !== "first-link" ? [name] : [],
  );

  test.each(looking)("%s finds nothing", (name) => {
    expect(verdictsOf(name, cases[name]!.finds).filter((one) => one !== undefined)).toEqual([]);
  });
});

describe("by what has tests of its own", () => {
  test.each(Object.entries(byModes))("%s finds, and does not", (name, [finds, not]) => {
    expect([isTrueOf(name, finds), isTrueOf(name, not)]).toEqual([true, false]);
    expect(protectionNamed(name).waitsFor).toBeUndefined();
  });
});

describe("not fed yet", () => {
  test.each(Object.entries(madeUp))(
    "%s finds by made-up facts, and waits until then",
    (name, [finds, not]) => {
      expect([isTrueOf(name, finds), isTrueOf(name, not)]).toEqual([true, false]);
      expect(protectionNamed(name).waitsFor).toEqual(expect.any(String));
    },
  );

  test("no other rule waits for anything", () => {
    const waiting = shipped.filter(({ name }) => protectionNamed(name).waitsFor !== undefined);

    expect(waiting.map(({ name }) => name)).toEqual(Object.keys(madeUp).toSorted());
  });
});

function protectionNamed(name: string, lists: Readonly<Record<string, RuleList>> = {}) {
  const registry = new Registry(shipped);
  const { all } = registry.known({ rules: new Map(), ruleLists: new Map(Object.entries(lists)) });
  return all.find((one) => one.name === name)!;
}

/** Of each thing that is done, in order, what the rule says of it. */
function verdictsOf(name: string, half: Half, lists?: Readonly<Record<string, RuleList>>) {
  const protection = protectionNamed(name, lists);
  const values = valuesOf(protection, noSettings, undefined);
  const speech = new RecentSpeech({ people: 100 });
  let at = now;
  return half.deeds.map((deed) => {
    at += deed.after ?? 1_000;
    const sender = user(deed.by ?? "@somebody:x.test");
    const where = deed.in ? room(deed.in) : lobby;
    const event = { type: deed.type, sender, eventId: nextEvent(), content: deed.content, sentAt: at };
    speech.heard(where, event, at);
    const sighting: EventSighting = {
      kind: deed.kind,
      room: where,
      user: sender,
      event,
      at,
      late: false,
      speech,
      world: worldFor(half, at),
    };
    return protection.evaluate(sighting, values)?.sentence;
  });
}

function worldFor(about: About, at: number): SightedWorld {
  const { age, spoken, isRegular = false, level = 0, isKnown = false } = about;
  const since = typeof age === "number" ? (at - age) / minuteMs : 0;
  const known = { isKnown: () => isKnown };
  const changed = {
    recentSpeech: real.recentSpeech,
    members: {
      get: () => ({ since }),
      membershipOf: () => "join",
      joinedCount: () => 10,
      usersOfServer: () => [],
    },
    regulars: { get: () => undefined, isRegular: () => isRegular },
    pace: { messages: () => 1, joins: () => about.joins ?? 1, lagMs: () => about.lag },
    rooms: new Map([[lobby, { isPublic: true, power: { of: () => level, isAboveUsual: () => level > 0 } }]]),
    recentEvents: {
      timesOf: () =>
        about.editAfter === undefined
          ? undefined
          : { at: at - about.editAfter, sentAt: at - about.editAfter },
    },
    stored: {
      ...real.stored,
      knownLinks: known,
      knownMedia: known,
      spoken: { before: () => spoken, beforeAnywhere: () => spoken },
      offences: { timesFound: () => about.offences ?? 0 },
      names: { isImitation: () => about.imitates ?? false, countIn: () => about.names ?? 0 },
      arrivals: { get: () => ({ delayMs: about.delay }) },
      servers: { since: () => undefined },
      waveMembers: { get: () => about.wave && { wave: "w", bits: 20 } },
      waves: { get: () => about.wave && { accounts: 9, shares: [], ...about.wave } },
      usual: {
        of: () => (about.usualJoins === undefined ? undefined : { joins: about.usualJoins, messages: 60 }),
      },
    },
  };
  return {
    ...(changed as unknown as SightedWorld),
    heldUpMs: () => 0,
    self: me,
    settings: noSettings,
    isSpared: () => false,
    spared: () => [],
    protectedRoomsOf: () => [lobby],
  };
}

function isTrueOf(name: string, facts: Facts): boolean {
  const text = shipped.find((one) => one.name === name)!;
  const { rule } = checkRule(text, new Map());
  const settings = Object.entries(text.settings).map(
    ([setting, spec]) => [setting, settingAmount(spec, spec.default)!] as const,
  );
  const given: Given = { settings: new Map(settings), lists: new Map(), newcomerMs: day };
  const newcomerAge = facts["author.newcomer"] === true ? hour : undefined;
  const all: Facts = { ...facts, ...(newcomerAge === undefined ? {} : { "author.age": newcomerAge }) };
  const look = compile(rule!.checked.meaning, given);
  const told = {
    kinds: text.on,
    get: (fact: Fact) => all[fact.name],
    links: () => [],
    folded: () => undefined,
  };
  return look(told, { rate: () => Number(facts["rate"] ?? 0) }) === yes;
}
