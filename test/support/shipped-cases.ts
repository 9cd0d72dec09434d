// What each shipped rule is about, done by people: `bad` is found, `fine` is not. On the scripted homeserver or a real one.

import type { Content } from "../homeserver/event.ts";

type Soon<T> = T | Promise<T>;

/** What people do, with the event that it makes. */
export interface Deeds {
  send(room: string, who: string, type: string, content: Content): Soon<string>;
  setState(room: string, who: string, type: string, stateKey: string, content: Content): Soon<string>;
  join(room: string, who: string, content?: Content): Soon<string>;
  leave(room: string, who: string): Soon<string>;
  /** What no homeserver of theirs would send. */
  forceSend(room: string, who: string, type: string, content: Content): Soon<string>;
  sendLate(room: string, who: string, agoMs: number, body: string): Soon<string>;
}

/** One rule's room, and what can be done there. */
export interface Stage {
  readonly hs: Deeds;
  readonly room: string;
  /** Where no rule is on. */
  readonly elsewhere: readonly string[];
  /** Has been here for weeks. */
  readonly regular: string;
  readonly moderator: string;
  /** What is sent is sent by this person: "bad" or "fine" of this rule. */
  readonly who: string;
  /** Another one of them. */
  readonly other: (nth: number) => string;
  /** Somebody who is called so. */
  readonly named: (localpart: string) => string;
  readonly wait: (ms: number) => Promise<void>;
}

type Does = (stage: Stage) => unknown;

export interface ShippedCase {
  readonly finds: Does;
  readonly leaves: Does;
  /** They come with the deed itself, not a minute before it. */
  readonly comes?: true;
}

const text =
  (body: string, more: Content = {}): Does =>
  (stage) =>
    say(stage, body, more);
const say = ({ hs, room, who }: Stage, body: string, more: Content = {}) =>
  hs.send(room, who, "m.room.message", { msgtype: "m.text", body, ...more });
const times =
  (count: number, does: (stage: Stage, nth: number) => unknown): Does =>
  async (stage) => {
    for (let nth = 0; nth < count; nth++) await does(stage, nth);
  };
const all =
  (...every: readonly Does[]): Does =>
  async (stage) => {
    for (const does of every) await does(stage);
  };
const media =
  (msgtype: string, more: Content = {}): Does =>
  ({ hs, room, who }) =>
    hs.send(room, who, "m.room.message", {
      msgtype,
      body: "a.bin",
      url: `mxc://elsewhere.example/${who.slice(1, 9)}`,
      info: { size: 1_000 },
      ...more,
    });
const voice = media("m.audio", { "org.matrix.msc3245.voice": {} });
const sticker: Does = ({ hs, room, who }) =>
  hs.send(room, who, "m.sticker", { body: "hi", url: "mxc://elsewhere.example/s", info: {} });
const html = (formatted_body: string): Does =>
  text("see", { format: "org.matrix.custom.html", formatted_body });
const reaction =
  (key: string): Does =>
  async ({ hs, room, who, regular }) => {
    const event_id = await hs.send(room, regular, "m.room.message", {
      msgtype: "m.text",
      body: "what do you think?",
    });
    await hs.send(room, who, "m.reaction", { "m.relates_to": { rel_type: "m.annotation", event_id, key } });
  };
const edit =
  (body: string): Does =>
  async ({ hs, room, who, wait }) => {
    const event_id = await hs.send(room, who, "m.room.message", { msgtype: "m.text", body: "hello all" });
    await wait(60_000);
    await hs.send(room, who, "m.room.message", {
      msgtype: "m.text",
      body: `* ${body}`,
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id },
    });
  };
const joins =
  (content: Content = {}): Does =>
  ({ hs, room, who }) =>
    hs.join(room, who, content);
const joinsAs =
  (localpart: string): Does =>
  ({ hs, room, named: called }) =>
    hs.join(room, called(localpart));
const topic = ({ hs, room }: Stage, who: string, words: string) =>
  hs.setState(room, who, "m.room.topic", "", { topic: words });
const pings = {
  "m.mentions": { user_ids: Array.from({ length: 11 }, (_, i) => `@p${i}:elsewhere.example`) },
};
const long = "buy the very best coins at our place today";
const shouting = "PLEASE ALL OF YOU TURN OFF THE COFFEE MACHINE AT NIGHT";
const sticky = { "org.matrix.msc4354.sticky": { duration_ms: 1 } };
const byRegular =
  (does: Does): Does =>
  (stage) =>
    does({ ...stage, who: stage.regular });
const slowly =
  (count: number, pauseMs: number, does: Does): Does =>
  async (stage) => {
    for (let nth = 0; nth < count; nth++) {
      await does(stage);
      await stage.wait(pauseMs);
    }
  };

export const cases: Readonly<Record<string, ShippedCase>> = {
  flood: { finds: times(11, (stage, nth) => say(stage, `${nth}`)), leaves: slowly(11, 2_000, text("a")) },
  "mention-limit": { finds: text("a", pings), leaves: text("a @p1:elsewhere.example") },
  "name-pings": {
    finds: all(named(12), text(Array.from({ length: 12 }, (_, i) => `friend${i}`).join(" "))),
    leaves: text(Array.from({ length: 9 }, (_, i) => `friend${i}`).join(" ")),
  },
  "mention-undeclared": {
    finds: text("@p1:elsewhere.example look"),
    leaves: text("@p1:elsewhere.example look", { "m.mentions": { user_ids: ["@p1:elsewhere.example"] } }),
  },
  "room-ping": {
    finds: text("@room", { "m.mentions": { room: true } }),
    leaves: all(text("@room"), (stage) =>
      say({ ...stage, who: stage.moderator }, "@room", { "m.mentions": { room: true } }),
    ),
  },
  "no-media": { finds: media("m.file"), leaves: all(byRegular(media("m.file")), text("a.bin")) },
  "no-images": { finds: media("m.image"), leaves: all(media("m.video"), text("a.png")) },
  "no-videos": { finds: media("m.video"), leaves: media("m.image") },
  "no-audio": { finds: media("m.audio"), leaves: voice },
  "no-voice": { finds: voice, leaves: media("m.audio") },
  "no-files": { finds: media("m.file"), leaves: media("m.image") },
  "no-stickers": { finds: sticker, leaves: media("m.image") },
  "big-media": {
    finds: media("m.file", { info: { size: 30_000_000 } }),
    leaves: all(media("m.file"), media("m.file", { info: {} })),
  },
  words: { finds: text("you SCOUNDREL!"), leaves: text("scoundrels, and other scoundrelly words") },
  "spelled-words": {
    finds: text("you sc\u043eundrel"),
    leaves: text("you scoundrel, \u043a\u043e\u0440\u043e\u0432\u0430"),
  },
  "denied-links": {
    finds: text("https://www.bad.example/x"),
    leaves: text("https://good.example bad.example.org"),
  },
  "allowed-links": {
    finds: text("https://good.example https://other.example"),
    leaves: all(text("https://good.example/a"), text("https://matrix.to/#/@a:x.test")),
  },
  names: {
    finds: joins({ displayname: "The Scoundrel" }),
    leaves: joins({ displayname: "Scott" }),
    comes: true,
  },
  imitation: {
    // "mod" with a Cyrillic letter; and somebody who is called so and is another.
    finds: joins({ displayname: "m\u043ed" }),
    leaves: joins({ displayname: "modern" }),
    comes: true,
  },
  avatars: {
    finds: joins({ avatar_url: "mxc://bad.example/a" }),
    leaves: joins({ avatar_url: "mxc://bad.example/b" }),
    comes: true,
  },
  "bad-pictures": {
    finds: media("m.image", { url: "mxc://bad.example/a" }),
    leaves: media("m.image", { url: "mxc://bad.example/b" }),
  },
  invalid: {
    finds: ({ hs, room, who }) => hs.forceSend(room, who, "m.room.message", { msgtype: 7, body: [] }),
    leaves: text("a", { "org.example.more": 1 }),
  },
  flapping: {
    finds: times(9, ({ hs, room, who }, nth) => (nth % 2 ? hs.join(room, who) : hs.leave(room, who))),
    leaves: times(2, ({ hs, room, who }, nth) => (nth % 2 ? hs.join(room, who) : hs.leave(room, who))),
  },
  "new-servers": {
    finds: ({ hs, room }) => hs.join(room, "@bad-watched:evil.test"),
    leaves: joins(),
    comes: true,
  },
  "federation-lag": { finds: lagging(4 * 60_000), leaves: () => {} },
  "user-ids": {
    finds: joinsAs("bad_the_one_who_sells_you_best_coins"),
    leaves: joinsAs("fine_anna_maria"),
    comes: true,
  },
  "inline-pictures": {
    finds: html('<img src="mxc://x.test/a" height="200">'),
    leaves: html('<img src="mxc://x.test/a" height="32">'),
  },
  "picture-reactions": { finds: reaction("mxc://x.test/a"), leaves: reaction("\u{1f44d}") },
  sticky: { finds: text("a", sticky), leaves: byRegular(text("a", sticky)) },
  copies: { finds: slowly(4, 60_000, text(long)), leaves: slowly(3, 60_000, text(long)) },
  crossposting: {
    finds: all(postedIn(3, long), text(long)),
    leaves: all(postedIn(2, `${long} and tomorrow`), text(`${long} and tomorrow`)),
  },
  "room-hopping": { finds: all(joinedIn(8), joins()), leaves: all(joinedIn(4), joins()), comes: true },
  "reaction-flood": {
    finds: times(21, (stage, nth) => reaction(`${nth}`)(stage)),
    leaves: times(15, (stage, nth) => reaction(`${nth}`)(stage)),
  },
  "first-media": { finds: media("m.image"), leaves: all(text("hello"), media("m.image")) },
  "first-link": {
    finds: text("https://other.example"),
    leaves: all(text("https://good.example/a"), text("and https://docs.known.example/x")),
  },
  "newcomer-media": { finds: media("m.video"), leaves: byRegular(media("m.video")) },
  "false-links": {
    finds: html('<a href="https://evil.example">https://bank.example</a>'),
    leaves: html('<a href="https://bank.example">bank</a>'),
  },
  "late-link": { finds: edit("https://other.example"), leaves: edit("a word") },
  "shared-link": {
    finds: times(5, (stage, nth) => text("https://shared.example/a")({ ...stage, who: stage.other(nth) })),
    leaves: slowly(5, 20_000, text("https://lonely.example/a")),
  },
  "shared-picture": {
    finds: times(4, (stage, nth) =>
      media("m.image", { url: "mxc://x.test/shared" })({ ...stage, who: stage.other(nth) }),
    ),
    leaves: slowly(4, 20_000, media("m.image", { url: "mxc://x.test/lonely" })),
  },
  "join-rate": {
    finds: times(12, ({ hs, room, other }, nth) => hs.join(room, other(nth))),
    leaves: times(2, ({ hs, room, other }, nth) => hs.join(room, other(nth))),
    comes: true,
  },
  // Its room is in the mode raid.
  "slow-newcomers": { finds: times(4, (stage, nth) => say(stage, `${nth}`)), leaves: text("a") },
  "state-vandal": {
    finds: (stage) => topic(stage, stage.who, "mine"),
    leaves: (stage) => topic(stage, stage.moderator, "ours"),
  },
  "odd-types": {
    finds: times(6, ({ hs, room, who }, nth) => hs.send(room, who, "org.example.odd", { nth })),
    leaves: times(4, ({ hs, room, who }, nth) => hs.send(room, who, "org.example.odd", { nth })),
  },
  "dense-text": { finds: text("ab".repeat(100)), leaves: text("some words ".repeat(30)) },
  "padded-text": { finds: text(`a${"\n".repeat(30)}`), leaves: text(`a${"\n".repeat(30)}b`) },
  "long-text": { finds: text("line\n".repeat(70)), leaves: text("line\n".repeat(50)) },
  ornaments: {
    finds: text("\u{1f389}".repeat(40)),
    leaves: all(text("well done \u{1f389}\u{1f389}"), text(shouting)),
  },
  "loud-text": { finds: text(shouting), leaves: text("GOOD MORNING") },
  "masked-text": {
    finds: text("free \u0430irdr\u043ep"),
    leaves: all(text("free airdrop"), text("\u0434\u043e\u0431\u0440\u043e\u0435")),
  },
  unreadable: {
    finds: all(joins(), ({ hs, room, who }) =>
      hs.send(room, who, "m.room.encrypted", {
        algorithm: "m.megolm.v1.aes-sha2",
        ciphertext: "x",
        session_id: "s",
      }),
    ),
    leaves: all(joins(), text("hello")),
    comes: true,
  },
  "after-offence": {
    // Found by the rule for words, in another room of its own.
    finds: all(
      ({ hs, who, elsewhere }) =>
        hs.send(elsewhere[9]!, who, "m.room.message", { msgtype: "m.text", body: "scoundrel" }),
      async ({ wait }) => wait(15_000),
      text("hello"),
    ),
    leaves: text("hello"),
  },
};

/** The same before, in so many other rooms. */
function postedIn(rooms: number, body: string): Does {
  return async ({ hs, who, elsewhere, wait }) => {
    for (const room of elsewhere.slice(0, rooms))
      await hs.send(room, who, "m.room.message", { msgtype: "m.text", body });
    await wait(5_000);
  };
}

function joinedIn(rooms: number): Does {
  return async ({ hs, who, elsewhere, wait }) => {
    for (const room of elsewhere.slice(0, rooms)) await hs.join(room, who);
    await wait(5_000);
  };
}

/** People whose names Tyr has seen. */
function named(count: number): Does {
  return async ({ hs, room, wait }) => {
    for (let i = 0; i < count; i++)
      await hs.join(room, `@friend${i}:names.example`, { displayname: `friend${i}` });
    await wait(5_000);
  };
}

/** Three servers whose messages come late; the last one is of whom the story looks for. */
function lagging(ms: number): Does {
  return async ({ hs, room, who, other, wait }) => {
    for (const server of ["one", "two", "three"]) {
      const person = other(0).replace(/:.*/, `:${server}.example`);
      await hs.join(room, person);
      for (let i = 0; i < 3; i++) await hs.sendLate(room, person, ms, `late ${i}`);
      await wait(2_000);
    }
    await hs.sendLate(room, who, ms, "late, too");
  };
}
