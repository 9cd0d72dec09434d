// Rooms in which people are for each other's sake: pictures, jokes, games, greetings, talks, and all languages.

import type { RoomHours } from "./room-hours.ts";
import { declaration, languages, paragraphs, subjects } from "./texts.ts";

const second = 1_000;
const minute = 60 * second;
const laughter = ["\u{1f602}", "\u{1f923}", "\u{1f480}", "\u{1f62d}"];
const flags = [
  "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
  "\u{1f1fa}\u{1f1e6}",
  "\u{1f3f3}\ufe0f\u200d\u{1f308}",
];
const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";

/** Pictures, walls of laughter, the same text by many people, stickers, reactions by the dozen. */
export function memes(room: RoomHours): void {
  room.talk(40, (at, who) => {
    if (room.chance() < 0.5) return void room.say(at, who, room.oneOf(subjects));
    const shown = room.show(at, who);
    for (let i = 0; i < 6; i++)
      room.react(at + room.between(5, 90) * second, room.oneOf(room.everybody), shown, room.oneOf(laughter));
  });
  room.talk(12, (at, who) => room.say(at, who, room.oneOf(laughter).repeat(Math.ceil(room.between(1, 30)))));
  room.spread(4, (at) => room.say(at, room.oneOf(room.everybody), room.oneOf(laughter).repeat(45)));
  room.spread(6, (at) => room.say(at, room.oneOf(room.everybody), `${room.oneOf(flags)} `.repeat(3)));
  room.talk(6, (at, who) => room.sticker(at, who, "a cat"));
  room.spread(3, (at) => {
    const text = room.oneOf(declaration("eng"));
    room.everybody.slice(0, 8).forEach((who, i) => room.say(at + i * 25 * second, who, text));
  });
  room.spread(2, (at) => {
    const who = room.newcomer(at);
    room.say(at + minute, who, `${family} lol `.repeat(4));
    room.show(at + 3 * minute, who);
    room.say(at + 4 * minute, who, room.oneOf(laughter).repeat(20));
  });
}

/** Everybody in their language, with names of programs in Latin letters; some keyboards write marks apart. */
export function manyLanguages(room: RoomHours): void {
  const text = (of: string) => {
    const whole = room.oneOf(declaration(of));
    const named =
      room.chance() < 0.4 ? whole.replace(/ /, ` ${room.oneOf(["Firefox", "npm", "Matrix"])} `) : whole;
    return room.chance() < 0.2 ? named.normalize("NFD") : named;
  };
  room.talk(120, (at, who) => {
    // Everybody speaks one or two of them.
    const of =
      languages[(who.length * 7 + who.charCodeAt(3) + (room.chance() < 0.5 ? 0 : 13)) % languages.length]!;
    room.say(at, who, text(of));
  });
  languages.forEach((of, i) => {
    if (i % 8 >= room.hours) return;
    const at = room.chance() * room.hours * 50 * minute;
    const who = room.newcomer(at);
    for (let nth = 1; nth < 6; nth++) room.say(at + nth * 40 * second, who, text(of));
  });
}

/** Capitals, long vowels, short words in quick succession. */
export function gaming(room: RoomHours): void {
  const loud = () => room.oneOf(subjects).toUpperCase();
  room.talk(90, (at, who) => {
    if (room.chance() < 0.4) return void room.say(at, who, loud());
    room.say(at, who, room.oneOf(["gg", "GG WP", "lol", "nooo", "one more?", "brb", "LETS GOOOO"]));
  });
  room.spread(12, (at) => {
    const who = room.oneOf(room.people.regulars);
    for (let i = 0; i < 7; i++)
      room.say(at + i * 1_300, who, room.oneOf(["GO", "GO GO", "left", "BEHIND YOU", "ok"]));
  });
  room.spread(6, (at) => room.say(at, room.oneOf(room.everybody), `GO${"O".repeat(45)}AL`));
  room.spread(3, (at) => {
    const who = room.newcomer(at);
    for (let i = 1; i < 8; i++) room.say(at + i * minute, who, i % 2 ? loud() : "WHO WANTS TO PLAY");
  });
}

/** Pictures with a sentence about them, by everybody, newcomers among them. */
export function art(room: RoomHours): void {
  room.talk(40, (at, who) => {
    const shown = room.show(at, who, room.chance() < 0.5 ? { caption: room.oneOf(subjects) } : {});
    room.react(at + 30 * second, room.oneOf(room.everybody), shown, "\u2764\ufe0f");
    room.reply(at + 50 * second, room.oneOf(room.everybody), shown, room.oneOf(paragraphs));
  });
  room.spread(5, (at) => {
    const who = room.newcomer(at);
    if (room.chance() < 0.6) room.say(at + minute, who, "hello, may I show you something?");
    for (let i = 2; i < 6; i++) room.show(at + i * minute, who, { caption: room.oneOf(subjects) });
  });
}

/** Each who comes is greeted in the same words, says who they are, and often where they write. */
export function welcome(room: RoomHours): void {
  const greeting = "Welcome! Please read https://docs.known.example/rules and tell us who you are \u{1f44b}";
  const [greeter] = room.people.regulars;
  room.spread(24, (at) => {
    const who = room.newcomer(at);
    const name = who.slice(1, who.indexOf(":")).replace(/\W|_/g, "");
    room.say(at + 3 * second, greeter!, `${who}: ${greeting}`, { "m.mentions": { user_ids: [who] } });
    const site = room.chance() < 0.3 ? ` I write at https://${name}-${Math.floor(at / minute)}.example/` : "";
    const told = room.say(
      at + room.between(40, 300) * second,
      who,
      `Hi, I am ${name}, ${room.oneOf(subjects)}.${site}`,
    );
    for (let i = 0; i < 6; i++)
      room.react(at + 310 * second + i * 4 * second, room.oneOf(room.everybody), told, "\u{1f44b}");
    room.say(at + 6 * minute, room.oneOf(room.everybody), "\u{1f44b}".repeat(5));
    room.say(at + 8 * minute, who, "\u{1f44b}\u{1f44b}");
  });
  room.talk(10, (at, who) => room.say(at, who, room.oneOf(paragraphs)));
}

/** Talks: many come at once, clap, ask, photograph the slides, and pass on the link that the speaker gave. */
export function conference(room: RoomHours): void {
  room.spread(2, (begun) => {
    const guests = Array.from({ length: 35 }, () => room.newcomer(begun + room.between(0, 10) * minute));
    const [speaker] = room.people.regulars;
    const slides = room.say(begun + 12 * minute, speaker!, "The slides: https://slides.known.example/2025");
    for (const guest of guests) {
      const at = begun + room.between(12, 60) * minute;
      const does = room.chance();
      if (does < 0.3) room.say(at, guest, "\u{1f44f}".repeat(Math.ceil(room.between(1, 16))));
      else if (does < 0.35) room.show(at, guest, { name: "slide.jpg" });
      else if (does < 0.5) room.say(at, guest, "https://slides.known.example/2025 for those who came late");
      else room.say(at, guest, `Q: ${room.oneOf(subjects)}?`);
      room.react(at + 20 * second, guest, slides, "\u{1f44f}");
    }
  });
  room.talk(20, (at, who) => room.say(at, who, room.oneOf(paragraphs)));
}
