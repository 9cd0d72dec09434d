// One room for some hours: who is there, and what they do when. What is done is noted first and sent in order of time.

import type { Content } from "../homeserver/event.ts";
import type { Homeserver } from "../homeserver/homeserver.ts";

export interface Deed {
  /** Ms since the hours began. */
  readonly at: number;
  readonly does: (homeserver: Homeserver) => void;
}

/** An event that is sent when its time has come. */
export interface Sent {
  id?: string;
  readonly who: string;
  readonly content: () => Content;
}

export interface People {
  /** They have spoken here for weeks. */
  readonly regulars: readonly string[];
  /** They were here before Tyr, and seldom say something. */
  readonly old: readonly string[];
  /** They came some days ago. */
  readonly recent: readonly string[];
  readonly moderator: string;
}

const minute = 60_000;

export class RoomHours {
  readonly room: string;
  readonly hours: number;
  readonly people: People;
  readonly deeds: Deed[] = [];
  readonly sent: Sent[] = [];
  readonly chance: () => number;
  readonly #came = new Set<string>();

  constructor(
    room: string,
    { hours, people, chance }: { hours: number; people: People; chance: () => number },
  ) {
    this.room = room;
    this.hours = hours;
    this.people = people;
    this.chance = chance;
  }

  /** Everybody who may say something without anything special about them. */
  get everybody(): readonly string[] {
    const { regulars, old, recent } = this.people;
    return [...regulars, ...regulars, ...old, ...recent];
  }

  between(least: number, most: number): number {
    return least + this.chance() * (most - least);
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.chance() * choices.length)]!;
  }

  /** Does it so many times in eight hours, or the share of it that these hours are; the times are ms, in order. */
  spread(times: number, does: (at: number) => void): void {
    const share = (times * this.hours) / 8;
    const count = Math.floor(share) + (this.chance() < share % 1 ? 1 : 0);
    const moments = Array.from({ length: count }, () => this.chance() * this.hours * 60 * minute);
    for (const at of moments.toSorted((a, b) => a - b)) does(at);
  }

  /** Conversations: so many in eight hours, each of some messages by a few people, seconds to a minute apart. */
  talk(times: number, does: (at: number, who: string) => void, among = this.everybody): void {
    this.spread(times, (begun) => {
      const speakers = [this.oneOf(among), this.oneOf(among), this.oneOf(among)];
      let at = begun;
      for (let left = Math.ceil(this.between(1, 7)); left > 0; left--) {
        does(at, this.oneOf(speakers));
        at += this.between(3_000, 50_000);
      }
    });
  }

  does(at: number, does: Deed["does"]): void {
    this.deeds.push({ at, does });
  }

  send(at: number, who: string, type: string, content: () => Content): Sent {
    const sent: Sent = { who, content };
    this.sent.push(sent);
    this.does(at, (homeserver) => {
      sent.id = homeserver.send(this.room, who, type, content());
    });
    return sent;
  }

  say(at: number, who: string, body: string, more: Content = {}): Sent {
    const mentions = { "m.mentions": {} };
    return this.send(at, who, "m.room.message", () => ({ msgtype: "m.text", body, ...mentions, ...more }));
  }

  reply(at: number, who: string, to: Sent, body: string): Sent {
    return this.send(at, who, "m.room.message", () => ({
      msgtype: "m.text",
      body,
      "m.mentions": {},
      "m.relates_to": { "m.in_reply_to": { event_id: idOf(to) } },
    }));
  }

  edit(at: number, who: string, changed: Sent, body: string): void {
    this.send(at, who, "m.room.message", () => ({
      msgtype: "m.text",
      body: `* ${body}`,
      "m.mentions": {},
      "m.new_content": { msgtype: "m.text", body, "m.mentions": {} },
      "m.relates_to": { rel_type: "m.replace", event_id: idOf(changed) },
    }));
  }

  react(at: number, who: string, to: Sent, key: string): void {
    this.send(at, who, "m.reaction", () => ({
      "m.relates_to": { rel_type: "m.annotation", event_id: idOf(to), key },
    }));
  }

  /** A picture that nobody has posted before, unless it is said which. */
  show(at: number, who: string, what: { url?: string; name?: string; caption?: string } = {}): Sent {
    const key = Math.floor(this.chance() * 1e12).toString(36);
    const { url = `mxc://media.example/${key}`, name = `IMG_${key}.jpg`, caption } = what;
    const info = {
      mimetype: "image/jpeg",
      w: Math.floor(this.between(300, 4_000)),
      h: Math.floor(this.between(300, 3_000)),
      size: Math.floor(this.between(20_000, 4_000_000)),
      "xyz.amorgan.blurhash": `L${key}`,
    };
    const body = caption ?? name;
    return this.send(at, who, "m.room.message", () => ({
      msgtype: "m.image",
      body,
      filename: name,
      url,
      info,
    }));
  }

  sticker(at: number, who: string, body: string): Sent {
    return this.send(at, who, "m.sticker", () => ({ body, url: "mxc://media.example/sticker", info: {} }));
  }

  /** Somebody comes, and is called so. */
  comes(at: number, who: string, displayname?: string): string {
    this.does(at, (homeserver) => {
      homeserver.join(this.room, who, displayname === undefined ? undefined : { displayname });
    });
    return who;
  }

  /** Somebody who was never here. */
  newcomer(at: number): string {
    const { who, name } = somebody(this.chance);
    if (this.#came.has(who)) return this.newcomer(at);
    this.#came.add(who);
    return this.comes(at, who, name);
  }
}

/** Called as people call themselves; half of them live on the largest server. */
export function somebody(chance: () => number): { readonly who: string; readonly name: string } {
  const oneOf = (choices: readonly string[]) => choices[Math.floor(chance() * choices.length)]!;
  const server = chance() < 0.5 ? "matrix.example" : oneOf(servers);
  const first = oneOf(firstNames);
  const word = oneOf(words);
  const year = Math.ceil(chance() * 99);
  const localpart = oneOf([
    `${first}.${word}`,
    `${first}${year}`,
    `${word}${first}`,
    `${word}-${word.length}`,
    `the_${word}`,
    `${first[0]!}${word}`,
    `${first}_${word}${year}`,
    `${word}${oneOf(words)}`,
    `x${word}x`,
  ]);
  return { who: `@${localpart}:${server}`, name: oneOf([first, word, `${first} ${word}`, localpart]) };
}

/** Somebody of IRC. */
export function ghost(chance: () => number): { readonly who: string; readonly name: string } {
  const { name } = somebody(chance);
  const nick = `${name.replace(/\W/g, "")}${chance() < 0.3 ? "_" : ""}`;
  return { who: `@_irc_${nick}:bridge.example`, name: nick };
}

const servers = [
  "chat.example",
  "home.example",
  "uni.example",
  "club.example",
  "friends.example",
  "host.example",
];
const firstNames = [
  ...["anna", "ben", "chen", "dana", "emre", "finn", "gil", "hana", "ivo", "jo", "kim", "lea", "max", "nora"],
  ...["olu", "petra", "quim", "rosa", "sam", "tariq", "uma", "vera", "wen", "xenia", "yara", "zoe"],
];
const words = [
  ...[
    "fox",
    "keller",
    "river",
    "tux",
    "penguin",
    "moon",
    "okafor",
    "stone",
    "berg",
    "lopez",
    "kitten",
    "byte",
  ],
  ...[
    "nowak",
    "silva",
    "raven",
    "leaf",
    "tanaka",
    "frost",
    "pixel",
    "ahmed",
    "novel",
    "north",
    "wolf",
    "ivy",
  ],
];

/** There is nothing to answer where the homeserver refused it. */
function idOf(sent: Sent): string {
  if (sent.id === undefined) throw new Error("what it refers to was not sent");
  return sent.id;
}
