// A community of twelve rooms: three weeks in which Tyr gets to know it, then ordinary hours under a profile, and what Tyr
// did and said in them. The whole bot on the scripted homeserver; a seed gives the same hours again.

import { heat } from "../../src/automod/heat.ts";

import { shipped } from "../../src/protections/shipped.ts";
import type { ClientEvent, Content } from "../homeserver/event.ts";
import type { Homeserver } from "../homeserver/homeserver.ts";
import { user } from "../support/make.ts";
import { Story } from "../support/story.ts";
import { seeded } from "../support/seeded.ts";
import { ghost, RoomHours, somebody, type Deed, type People } from "./room-hours.ts";
import { announcements, bots, bridge, developers, maths, support } from "./rooms-of-work.ts";
import { art, conference, gaming, manyLanguages, memes, welcome } from "./rooms-of-leisure.ts";
import { logLines, subjects } from "./texts.ts";

const kinds: Readonly<Record<string, (room: RoomHours, others: readonly RoomHours[]) => void>> = {
  developers,
  memes,
  languages: manyLanguages,
  bridge,
  announcements,
  gaming,
  maths,
  support,
  art,
  bots,
  welcome,
  conference,
};

export interface OrdinaryOptions {
  readonly seed: number;
  readonly hours: number;
  readonly profile: "quiet" | "usual" | "strict";
  /** Waves are looked for; otherwise what rules find is told apart from that. */
  readonly waves?: boolean;
}

/** Somebody was found. */
export interface Hit {
  readonly protection: string;
  readonly room: string;
  readonly who: string;
  readonly isRegular: boolean;
  readonly isShadow: boolean;
  readonly sentence: string;
  readonly said: string;
}

/** Something that Tyr did in a room: the type of the event, and whom it was about. */
export interface Act {
  readonly type: string;
  readonly room: string;
  readonly who: string;
  readonly isRegular: boolean;
}

export interface OrdinaryHours {
  readonly messages: number;
  readonly people: number;
  readonly regulars: number;
  readonly hits: readonly Hit[];
  readonly acts: readonly Act[];
  /** What it began to tell in the management room: alerts, questions, what it did; edits of it not counted. */
  readonly told: readonly string[];
  /** What somebody wanted to do and the homeserver refused. */
  readonly refused: readonly string[];
}

const dayMs = 86_400_000;
const daysBefore = 21;
const knownLinks = [
  "https://github.com/example/app",
  "https://docs.known.example/start",
  "https://slides.known.example/2024",
  "https://en.wikipedia.org/wiki/Matrix",
];

export async function ordinaryHours({
  seed,
  hours,
  profile,
  waves = false,
}: OrdinaryOptions): Promise<OrdinaryHours> {
  const chance = seeded(seed);
  const names = Object.keys(kinds);
  const story = new Story({
    rooms: names.length,
    onlyPromises: true,
    settings: { waves: { act: waves ? "contain" : "off" } },
  });
  const rooms = names.map((_, i) => {
    const room = story.rooms[i]!;
    return new RoomHours(room, { hours, chance, people: peopleOf(story, { room, i }) });
  });
  await story.start();
  await story.confirmed(`!tyr protections profile ${profile}`);
  await getAcquainted(story, rooms);
  names.forEach((name, i) => kinds[name]!(rooms[i]!, rooms));
  const nameOf = new Map(rooms.map(({ room }, i) => [room, names[i]!]));
  const report = await lastFor(story, rooms, nameOf);
  await story.stop();
  return report;
}

/** The maintainer is the first regular of the announcements, and is in all rooms. */
const maintainer = "@maintainer:hs.test";

function peopleOf(story: Story, { room, i }: { room: string; i: number }): People {
  const some = (what: string, count: number, server: string) =>
    Array.from({ length: count }, (_, nth) => `@${what}${nth}-${i}:${server}`);
  if (i === 0) story.person("maintainer");
  else if (!story.homeserver.members(room).includes(maintainer)) story.homeserver.join(room, maintainer);
  const regulars = [...(i === 4 ? [maintainer] : []), ...some("regular", 6, "friends.example")];
  const old = some("old", 4, "matrix.example");
  for (const who of [...regulars, ...old])
    if (who !== maintainer) story.homeserver.join(room, who, { displayname: who.slice(1, who.indexOf("-")) });
  return { regulars, old, recent: some("recent", 4, "chat.example"), moderator: story.moderator };
}

/** Regulars say something each day, and link and show what is known; in the last days some more people come. */
async function getAcquainted(story: Story, rooms: readonly RoomHours[]): Promise<void> {
  const hs = story.homeserver;
  for (let day = 0; day < daysBefore; day++) {
    await story.clock.skip(dayMs);
    newcomersOf(hs, rooms);
    for (const { room, people } of rooms) {
      for (const who of people.regulars) {
        hs.sendText(room, who, subjects[(day * 31 + who.charCodeAt(8)) % subjects.length]!);
        if (day < daysBefore - 6) continue;
        hs.sendText(room, who, knownLinks[(day + who.charCodeAt(8)) % knownLinks.length]!);
        // What is pasted here in a month.
        const lines = 40 * ((day + who.charCodeAt(8)) % 6);
        hs.sendText(room, who, logLines.slice(lines, lines + 40).join("\n"));
      }
      if (day < daysBefore - 3) continue;
      for (const who of people.recent) {
        if (day === daysBefore - 3) hs.join(room, who);
        hs.sendText(room, who, subjects[(day * 17 + who.charCodeAt(7)) % subjects.length]!);
      }
    }
    await story.pass(15_000);
  }
  await story.clock.skip(dayMs);
  await story.pass(120_000);
}

/** Who else comes in a day, and says a word: a few to each room, most to where people are welcomed, ghosts to the bridge. */
function newcomersOf(hs: Homeserver, rooms: readonly RoomHours[]): void {
  const names = Object.keys(kinds);
  for (const [i, { room, chance }] of rooms.entries()) {
    const isBridge = names[i] === "bridge";
    for (let left = isBridge || names[i] === "welcome" ? 12 : 2; left > 0; left--) {
      const { who, name } = isBridge ? ghost(chance) : somebody(chance);
      hs.join(room, who, { displayname: name });
      hs.sendText(room, who, subjects[Math.floor(chance() * subjects.length)]!);
    }
  }
}

async function lastFor(
  story: Story,
  rooms: readonly RoomHours[],
  nameOf: ReadonlyMap<string, string>,
): Promise<OrdinaryHours> {
  const begun = story.clock.now();
  const toldBefore = firstWords(story).length;
  const deeds = rooms.flatMap((room) => room.deeds).toSorted((a, b) => a.at - b.at);
  const refused: string[] = [];
  for (const deed of deeds) {
    const wait = begun + deed.at - story.clock.now();
    if (wait > 0) await story.pass(wait);
    tryTo(deed, { story, refused });
  }
  await story.pass(120_000);
  const isRegular = regularsOf(story);
  const looking: Looking = { rooms, nameOf, isRegular, begun };
  const seen = rooms.flatMap(({ room }) => eventsSince(story, { room, begun }));
  return {
    messages: seen.filter(({ sender }) => sender !== story.bot.userId).length,
    people: new Set(seen.map(({ sender }) => sender)).size,
    regulars: new Set(rooms.flatMap(({ people }) => people.regulars).filter(isRegular)).size,
    hits: hitsIn(story, looking),
    acts: actsIn(story, looking),
    told: firstWords(story).slice(toldBefore),
    refused,
  };
}

function regularsOf(story: Story): (who: string) => boolean {
  return (who) => story.world!.regulars.isRegular(user(who), story.clock.now());
}

function eventsSince(story: Story, { room, begun }: { room: string; begun: number }): readonly ClientEvent[] {
  return story.homeserver.events(room).filter((event) => event.origin_server_ts >= begun);
}

interface Looking {
  readonly rooms: readonly RoomHours[];
  readonly nameOf: ReadonlyMap<string, string>;
  readonly isRegular: (who: string) => boolean;
  readonly begun: number;
}

function hitsIn(story: Story, { rooms, nameOf, isRegular, begun }: Looking): readonly Hit[] {
  const said = new Map(
    rooms
      .flatMap(({ sent }) => sent.filter(({ id }) => id !== undefined))
      .map((one) => [one.id, String(one.content()["body"])]),
  );
  const all = [...shipped.map(({ name }) => name), heat.name].flatMap((name) => [
    ...story.world!.stored.ruleHits.of(name),
  ]);
  return all
    .filter(({ at }) => at >= begun)
    .map(({ protection, room, user: who, event, isShadow, sentence }) => ({
      protection,
      room: nameOf.get(room)!,
      who,
      isRegular: isRegular(who),
      isShadow,
      sentence,
      said: said.get(event) ?? "",
    }));
}

function actsIn(story: Story, { rooms, nameOf, isRegular, begun }: Looking): readonly Act[] {
  return rooms.flatMap(({ room }) => {
    const events = eventsSince(story, { room, begun });
    const authorOf = new Map(events.map((event) => [event.event_id, event.sender]));
    return events
      .filter(({ sender }) => sender === story.bot.userId)
      .flatMap(({ type, content, state_key: key, redacts }) => {
        const redacted = String(redacts ?? content["redacts"]);
        const body = String(content["body"]);
        const met =
          type === "m.room.redaction"
            ? [authorOf.get(redacted) ?? "somebody"]
            : type === "m.room.power_levels"
              ? mutedIn(content)
              : [key ?? body.slice(0, body.indexOf(": "))];
        const what = { type, room: nameOf.get(room)! };
        return met.map((who) => ({ ...what, who, isRegular: who.startsWith("@") && isRegular(who) }));
      });
  });
}

function mutedIn(content: Content): readonly string[] {
  const users = (content["users"] ?? {}) as Readonly<Record<string, number>>;
  return Object.keys(users).filter((who) => users[who]! < 0);
}

/** What Tyr began to tell; not what it added to it. */
function firstWords(story: Story): readonly string[] {
  return story.homeserver
    .events(story.managementRoom)
    .filter(({ type, sender, content }) => {
      const relation = content["m.relates_to"] as Content | undefined;
      return (
        type === "m.room.message" && sender === story.bot.userId && relation?.["rel_type"] !== "m.replace"
      );
    })
    .map(({ content }) => String(content["body"]));
}

function tryTo(deed: Deed, { story, refused }: { story: Story; refused: string[] }): void {
  try {
    deed.does(story.homeserver);
  } catch (error) {
    refused.push(String(error));
  }
}
