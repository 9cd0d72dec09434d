// A community whose events are looked at: rooms, people of all ages, and what they send, peaceful or as an attack.

import type { Observation, Seen } from "../../src/model/observation.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { RoomId } from "../../src/model/ids.ts";
import type { Settings } from "../../src/model/settings/settings.ts";
import { World } from "../../src/model/world/world.ts";
import { usualLimits } from "../../test/support/limits.ts";
import {
  desk,
  event,
  joining,
  me,
  member,
  room,
  roomRead,
  state,
  user,
  usualSettings,
} from "../../test/support/make.ts";
import { badWords, otherScripts, plainWords } from "./words.ts";

const dayMs = 86_400_000;
const begun = 1_700_000_000_000;
export const rooms: readonly RoomId[] = Array.from({ length: 20 }, (_, i) => room(`!room${i}:example.org`));
const old = Array.from({ length: 600 }, (_, i) => `@old${i}:server${i % 40}.example`);
const regulars = old.slice(0, 200);
const young = Array.from({ length: 200 }, (_, i) => `@young${i}:server${i % 60}.example`);
const attackers = Array.from({ length: 80 }, (_, i) => `@a${(0xabcde01234 + i).toString(16)}:flood.example`);

export interface Community {
  readonly world: World;
  /** Believes it, and gives it back with its time. */
  readonly sees: (one: Sent, afterMs: number) => Observation;
}

/** What somebody sends; `state`: of the type, under their own id or under the key "". */
export interface Sent {
  readonly room: RoomId;
  readonly who: string;
  readonly type: string;
  readonly content: JsonObject;
}

export function community(protections: Settings["protections"]): Community {
  const settings: Settings = {
    ...usualSettings,
    protections,
    rooms: new Map(rooms.map((id) => [id, { room: id, via: [], space: undefined }])),
    lists: [],
  };
  const world = new World(me, {
    people: 10_000,
    eventsEach: 20,
    regulars: { afterDays: 14, days: 5, people: 10_000 },
    limits: usualLimits,
  });
  world.restore({ kind: "settings", settings });
  let now = begun;
  let sent = 0;
  const apply = (one: Seen): Observation => {
    const seen = stamped(one, now);
    world.apply(seen);
    return seen;
  };
  for (const [i, id] of [desk, ...rooms].entries()) {
    apply(joining(id));
    const there = old.filter((_, n) => n % 4 === i % 4 || n < regulars.length);
    apply(
      roomRead(
        id,
        id === desk ? [member("@mod:example.org", "join")] : there.map((who) => member(who, "join")),
      ),
    );
  }
  const sees = (one: Sent, afterMs: number): Observation => {
    now += afterMs;
    sent++;
    return apply(observed(one, `$sent${sent}`, now));
  };
  // Three weeks in which regulars talk, and a day on which young ones come.
  for (const day of [0, 4, 8, 12, 15, 16]) {
    now = begun + day * dayMs;
    for (const [i, who] of regulars.entries())
      sees(said(rooms[i % rooms.length]!, who, "good morning"), 1_000);
  }
  for (const [i, who] of young.entries()) sees(joined(rooms[i % rooms.length]!, who), 120_000);
  world.takeChanges();
  world.takeRows();
  return { world, sees };
}

function stamped(one: Seen, at: number): Observation {
  return { ...one, at, dueBy: at };
}

function observed({ room: id, who, type, content }: Sent, eventId: string, at: number): Seen {
  const common = { stateKey: type === "m.room.member" ? who : "", sender: who, sentAt: at - 200 };
  const { stateKey, ...message } = state(type, content, { ...common, id: event(eventId) });
  const isState = type === "m.room.member" || type === "m.room.topic";
  return isState
    ? ({ kind: "state", room: id, event: { ...message, stateKey }, fromTimeline: true } as const)
    : ({ kind: "message", room: id, event: message, late: false } as const);
}

const said = (id: RoomId, who: string, body: string, more: JsonObject = {}): Sent => ({
  room: id,
  who,
  type: "m.room.message",
  content: { msgtype: "m.text", body, ...more },
});

const joined = (id: RoomId, who: string): Sent => ({
  room: id,
  who,
  type: "m.room.member",
  content: { membership: "join", displayname: user(who).slice(1, 8) },
});

type Random = () => number;

/** What an ordinary day brings: mostly plain text, with links, pictures, reactions, joins and other alphabets in between. */
export function ordinary(count: number, random: Random): readonly Sent[] {
  const { one, text } = making(random);
  const kinds: readonly (readonly [share: number, make: (id: RoomId, who: string) => Sent])[] = [
    [0.58, (id, who) => said(id, who, text(3, 25))],
    [0.1, (id, who) => said(id, who, one(otherScripts))],
    [
      0.06,
      (id, who) => said(id, who, `${text(2, 8)} https://${one(hosts)}/${one(plainWords)} ${text(1, 5)}`),
    ],
    [0.03, (id, who) => said(id, who, text(3, 10), { "m.mentions": { user_ids: [one(old)] } })],
    [0.05, (id, who) => ({ ...said(id, who, "picture.png"), content: picture(String(random())) })],
    [0.08, (id, who) => ({ room: id, who, type: "m.reaction", content: reaction("👍") })],
    [0.02, (id, who) => edited(id, who, text(3, 20))],
    [
      0.04,
      (id) => joined(id, `@new${Math.floor(random() * 1e9)}:server${Math.floor(random() * 60)}.example`),
    ],
    [
      0.04,
      (id, who) => ({
        room: id,
        who,
        type: "m.room.encrypted",
        content: { algorithm: "m.megolm.v1.aes-sha2" },
      }),
    ],
  ];
  return Array.from({ length: count }, () => {
    let share = random();
    const [, make] = kinds.find(([part]) => (share -= part) < 0) ?? kinds[0]!;
    return make(one(rooms), one(random() < 0.6 ? regulars : random() < 0.7 ? old : young));
  });
}

/** Every event of newcomers, and such that many rules find it: floods, masked words, links, mentions, pictures, joins. */
export function attack(count: number, random: Random): readonly Sent[] {
  const { one, text } = making(random);
  const masked = (word: string) => word.replace("a", "\u0430").replace("o", "\u043e");
  const kinds: readonly ((id: RoomId, who: string) => Sent)[] = [
    (id, who) =>
      said(
        id,
        who,
        `FREE ${masked(one(badWords))} NOW https://s3hrt.example/x write me on telegram: @${who.slice(1, 9)}`,
      ),
    (id, who) =>
      said(
        id,
        who,
        `${one(badWords)} ${text(5, 10)} https://bit.ly/${one(plainWords)} https://win.example/a`,
      ),
    (id, who) => said(id, who, text(3, 5), { "m.mentions": { user_ids: old.slice(0, 30) } }),
    (id, who) => said(id, who, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA HELLO EVERYBODY LOOK AT THIS NOW"),
    (id, who) => said(id, who, "z̸̢͎a̷̡͕l̵̨͙g̸̢͎o̷̡͕ ".repeat(10)),
    (id, who) => ({ ...said(id, who, "x"), content: picture("the same") }),
    (id, who) => edited(id, who, `look https://evil.example/${one(plainWords)} ${one(badWords)}`),
    (id) => joined(id, `@${Math.floor(random() * 2 ** 48).toString(16)}:flood.example`),
    (id, who) => ({ room: id, who, type: "m.reaction", content: reaction(who) }),
    (id, who) =>
      said(
        id,
        who,
        "the same text that everybody posts in all of the rooms, with https://evil.example/ in it",
      ),
  ];
  // A few of them send most.
  return Array.from({ length: count }, () =>
    one(kinds)(one(rooms.slice(0, 5)), one(random() < 0.7 ? attackers.slice(0, 5) : attackers)),
  );
}

/** The attackers come first. */
export function arrivals(): readonly Sent[] {
  return attackers.flatMap((who) => rooms.slice(0, 5).map((id) => joined(id, who)));
}

const hosts = [
  "example.org",
  "matrix.org",
  "github.com",
  "news.example.net",
  "www.youtube.com",
  "blog.example.com",
];

function making(random: Random) {
  const one = <T>(those: readonly T[]) => those[Math.floor(random() * those.length)]!;
  const text = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least)) }, () => one(plainWords)).join(" ");
  return { one, text };
}

const picture = (name: string): JsonObject => ({
  msgtype: "m.image",
  body: "picture.png",
  url: `mxc://example.org/${name}`,
  info: {
    mimetype: "image/png",
    size: 200_000,
    w: 800,
    h: 600,
    "xyz.amorgan.blurhash": `LEHV6nWB2yk8pyo0${name}`,
  },
});

const reaction = (key: string): JsonObject => ({
  "m.relates_to": { rel_type: "m.annotation", event_id: "$any", key },
});

function edited(id: RoomId, who: string, body: string): Sent {
  return said(id, who, `* ${body}`, {
    "m.new_content": { msgtype: "m.text", body },
    "m.relates_to": { rel_type: "m.replace", event_id: "$any" },
  });
}
