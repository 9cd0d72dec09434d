/**
 * The community in which everything is tried: 6,500 members, 20 rooms, 400 servers, a bridge, a handful of staff, links
 * that everybody knows; and its ordinary hours, 12 joins and 150 messages each.
 */
import { hourMs, minuteMs } from "../../src/kit/duration.ts";
import { Chance, Weighted } from "./blocks/chance.ts";
import { inLanguage, languages } from "./blocks/languages.ts";
import { address, picture } from "./blocks/media.ts";
import { ghost, human, type Naming } from "./blocks/names.ts";
import { byPopularity, fresh, known } from "./blocks/servers.ts";
import { chat, code, greeting, question } from "./blocks/talk.ts";
import { Script, type Account, type Place, type Scripted } from "./script.ts";

export const size = {
  members: 6_500,
  rooms: 20,
  servers: 400,
  regulars: 320,
  staff: 4,
  ghosts: 400,
  joinsAnHour: 12,
  messagesAnHour: 150,
} as const;

export interface Member extends Account {
  readonly rooms: readonly number[];
}

export interface Community {
  readonly seed: number;
  readonly servers: readonly string[];
  /** All of them, the next ones included. */
  readonly members: readonly Member[];
  readonly staff: readonly Member[];
  readonly regulars: readonly Member[];
  /** Brought by a bridge whose bot has a level. */
  readonly ghosts: readonly Member[];
  /** Of that bridge, and of one that has no ghosts yet. */
  readonly bridgeBot: Member;
  readonly newBridgeBot: Member;
  /** Hosts that people here link to. */
  readonly hosts: readonly string[];
}

const hosts = [
  "wiki.project.example",
  "bugs.project.example",
  "git.project.example",
  "github.com",
  "gitlab.com",
  "news.daily.example",
  "en.wikipedia.org",
  "www.youtube.com",
  "blog.planet.example",
  "paste.debian.net",
  "matrix.to",
  "archive.org",
];

/** Its first rooms are those that most people are in. */
export const popularity = new Weighted(
  Array.from({ length: size.rooms }, (_, i) => i),
  (i) => 1 / (i + 1) ** 0.7,
);

export function community(seed: number): Community {
  const chance = new Chance(seed).stream("community");
  const servers = known(size.servers, chance);
  const home = byPopularity(servers);
  const names = new Set<string>();
  const people = (count: number, more: (i: number) => { server?: string; naming?: Naming; rooms: number }) =>
    Array.from({ length: count }, (_, i): Member => {
      const { server = home.draw(chance), naming = human, rooms } = more(i);
      return { ...newAccount(naming, i, server, { chance, names }), rooms: someRooms(chance, rooms) };
    });
  const staff = people(size.staff, () => ({ rooms: size.rooms }));
  const regulars = people(size.regulars, () => ({ rooms: chance.whole(2, 9) }));
  const bridge = servers[3]!;
  const ghosts = people(size.ghosts, () => ({ server: bridge, naming: ghost("_telegram_"), rooms: 1 }));
  const bot = (name: string): Member => ({
    ...{ id: `@${name}:${bridge}`, server: bridge, display: "Bridge", rooms: allRooms },
  });
  const [bridgeBot, newBridgeBot] = [bot("telegrambot"), bot("discordbot")];
  // One of each server, so that all of them are known here.
  const settled = people(size.servers, (i) => ({ server: servers[i]!, rooms: chance.whole(1, 3) }));
  const others = size.members - staff.length - regulars.length - ghosts.length - settled.length - 2;
  const rest = people(others, () => ({ rooms: chance.whole(1, 4) }));
  const members = [...staff, ...regulars, ...ghosts, bridgeBot, newBridgeBot, ...settled, ...rest];
  return { seed, servers, members, staff, regulars, ghosts, bridgeBot, newBridgeBot, hosts };
}

const allRooms: readonly number[] = Array.from({ length: size.rooms }, (_, i) => i);

function someRooms(chance: Chance, count: number): readonly number[] {
  if (count >= size.rooms) return allRooms;
  const rooms = new Set<number>();
  while (rooms.size < count) rooms.add(popularity.draw(chance));
  return [...rooms];
}

/** An account that no other one is called like. */
export function newAccount(
  naming: Naming,
  index: number,
  server: string,
  { chance, names }: { readonly chance: Chance; readonly names: Set<string> },
): Account {
  const { localpart, display } = naming(chance, index);
  let id = `@${localpart}:${server}`;
  for (let n = 2; names.has(id); n++) id = `@${localpart}${n}:${server}`;
  names.add(id);
  return { id, server, display, ...(chance.hits(0.35) ? { avatar: address(chance, server) } : {}) };
}

const mostBustle = 1.6;

/** How much is going on, 1 on average: most in the evening, least before dawn; 0 is noon. */
export function bustle(at: number): number {
  return 1 + (mostBustle - 1) * Math.sin(((at / hourMs + 2) * Math.PI) / 12);
}

/** Everything that ordinary people do from one time to another. `name`: two stretches have different people come. */
export function ordinary(of: Community, name: string, from: number, to: number): readonly Scripted[] {
  const chance = new Chance(of.seed).stream(`ordinary ${name}`);
  const script = new Script(name);
  const hours = new OrdinaryHours(of, script, chance);
  for (const at of moments(chance, { from, to, anHour: size.joinsAnHour })) hours.comes(at, to);
  for (const at of moments(chance, { from, to, anHour: size.messagesAnHour })) hours.speaks(at);
  return script.events;
}

/** When something happens that happens so often an hour on average, more often when more people are awake. */
function* moments(
  chance: Chance,
  { from, to, anHour }: { readonly from: number; readonly to: number; readonly anHour: number },
): Iterable<number> {
  const mean = hourMs / anHour / mostBustle;
  for (let at = from + chance.untilNext(mean); at < to; at += chance.untilNext(mean))
    if (chance.hits(bustle(at) / mostBustle)) yield at;
}

const reactions = ["👍", "❤️", "😂", "🎉", "👀"];

class OrdinaryHours {
  readonly #of: Community;
  readonly #script: Script;
  readonly #chance: Chance;
  readonly #home: Weighted<string>;
  readonly #names: Set<string>;
  /** The newest message of each room. */
  readonly #newest = new Map<number, string>();

  constructor(of: Community, script: Script, chance: Chance) {
    this.#of = of;
    this.#script = script;
    this.#chance = chance;
    this.#home = byPopularity(of.servers);
    this.#names = new Set(of.members.map(({ id }) => id));
  }

  /** A newcomer; nearly half of them say something sooner or later. */
  comes(at: number, to: number): void {
    const chance = this.#chance;
    const server = chance.hits(0.04) ? fresh(1, chance)[0]! : this.#home.draw(chance);
    const who = newAccount(human, 0, server, { chance, names: this.#names });
    const room = popularity.draw(chance);
    this.#script.join(who, { room, at });
    if (!chance.hits(0.45)) return;
    let next = at + Math.max(8_000, chance.logNormal(3 * minuteMs, 1.2));
    for (let words = chance.whole(1, 4); words > 0 && next < to; words--) {
      this.#newcomersWord(who, { room, at: next });
      next += chance.logNormal(2 * minuteMs, 1);
    }
  }

  speaks(at: number): void {
    const chance = this.#chance;
    const who = chance.one(chance.hits(0.8) ? this.#of.regulars : this.#of.members);
    const place = { room: chance.one(who.rooms), at };
    const newest = this.#newest.get(place.room);
    const kind = chance.next();
    if (kind < 0.1 && newest) this.#script.react(who, chance.one(reactions), newest, place);
    else if (kind < 0.16) this.#script.say(who, `${chat(chance)} ${this.#link()}`, place);
    else if (kind < 0.2) this.#script.show(who, picture(chance, who.server), place);
    else if (kind < 0.24) this.#script.say(who, inLanguage(chance.one(languages), chance), place);
    else if (kind < 0.25) this.#script.say(who, code(chance, chance.whole(3, 20)), place);
    else if (kind < 0.27 && newest) this.#script.edit(who, chat(chance), newest, place);
    else if (kind < 0.37 && newest) this.#script.reply(who, chat(chance), newest, place);
    else this.#newest.set(place.room, this.#script.say(who, chat(chance), place));
  }

  #newcomersWord(who: Account, place: Place): void {
    const chance = this.#chance;
    const kind = chance.next();
    if (kind < 0.25) this.#script.say(who, greeting(chance), place);
    else if (kind < 0.33) this.#script.say(who, `${question(chance)} ${this.#link()}`, place);
    else if (kind < 0.36) this.#script.say(who, `${chat(chance)} ${ownLink(chance)}`, place);
    else if (kind < 0.4) this.#script.show(who, picture(chance, who.server), place);
    else if (kind < 0.47) this.#script.say(who, inLanguage(chance.one(languages), chance), place);
    else this.#script.say(who, chance.hits(0.6) ? question(chance) : chat(chance), place);
  }

  #link(): string {
    return `https://${this.#chance.one(this.#of.hosts)}/${this.#chance.letters(6)}`;
  }
}

/** To a place of one's own, which nobody else links to. */
export function ownLink(chance: Chance): string {
  return `https://${chance.letters(7)}.${chance.one(["example", "test"])}/${chance.letters(4)}`;
}
