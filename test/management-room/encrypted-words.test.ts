import { beforeEach, describe, expect, test } from "@jest/globals";
import { EncryptedWords } from "../../src/management-room/encrypted-words.ts";
import type { RoomEvent, Sealed } from "../../src/model/event.ts";
import type { EncryptionHealth } from "../../src/model/health.ts";
import type { Observation } from "../../src/model/observation.ts";
import type { WorldView } from "../../src/model/world/view.ts";
import { decide } from "../../src/model/decision.ts";
import type { Say } from "../../src/kit/say.ts";
import { event, lobby, user } from "../support/make.ts";

const mod = user("@mod:example.org");
const tyr = user("@tyr:example.org");
const day = 86_400_000;

let health: EncryptionHealth;
let words: EncryptedWords;
let isDiskInTrouble: boolean;
const on: EncryptionHealth = { kind: "on", device: "D", fingerprint: "f" };

beforeEach(() => {
  health = on;
  isDiskInTrouble = false;
  const tell = (text: Say, what: string, at: number) =>
    decide(
      { kind: "tell", room: lobby, key: what, revision: 0, say: text, edits: undefined, replyTo: undefined },
      { kind: "self", what },
      { at, replaces: "" },
    );
  words = new EncryptedWords({
    world: {
      self: tyr,
      settings: { managementRoom: lobby },
      isModerator: (one: string) => one === mod,
    } as unknown as WorldView,
    announcements: { of: tell, trouble: (text, { what, at }) => tell(text, what, at) },
    notify: { with: (message) => message },
    encryption: () => health,
    isDiskInTrouble: () => isDiskInTrouble,
  });
  words.caughtUp();
});

function sealed(how: Sealed | undefined, { id = "$e", sender = mod } = {}): RoomEvent {
  const about = { sender, eventId: event(id), content: {}, sentAt: 1, type: "m.room.encrypted" };
  return how ? { ...about, sealed: how } : about;
}

function said(at: number, ...events: readonly RoomEvent[]): readonly string[] {
  const seen = events.map((one): Observation => ({
    kind: "message",
    room: lobby,
    event: one,
    late: false,
    at,
    dueBy: at,
  }));
  return texts(words.says({ seen, at }));
}

function texts(messages: ReturnType<EncryptedWords["says"]>): readonly string[] {
  return messages.map(({ action }) => action.say.text);
}

const noKey: Sealed = { closed: "no key" };

describe("words without a key", () => {
  test("are waited for, and told of when none has come", () => {
    expect(said(1_000, sealed(noKey))).toEqual([]);
    expect(words.nextAt()).toBe(11_000);
    expect(said(10_999)).toEqual([]);
    expect(said(11_000)).toEqual([expect.stringContaining("no key for it came")]);
    expect(said(30_000)).toEqual([]);
  });

  test("are not told of once their key has come", () => {
    said(1_000, sealed(noKey));
    const opened = { ...sealed({ by: "signed", place: "s 1" }), type: "m.room.message" };
    words.says({
      seen: [{ kind: "opened", room: lobby, event: opened, at: 2_000, dueBy: 2_000 }],
      at: 2_000,
    });

    expect(said(60_000)).toEqual([]);
  });

  test("that their sender's client withholds are told of at once, with its word for why", () => {
    expect(said(1, sealed({ closed: "withheld", why: "m.unverified" }))).toEqual([
      expect.stringMatching(/gives me no key.*m\.unverified/),
    ]);
  });

  test("are answered with the same act for a person and day, so that it is said once", () => {
    const keys = [1, 2, day].map(
      (at) =>
        words.says({ seen: seen(sealed({ closed: "withheld" }, { id: `$${at}` }), at), at })[0]?.action.key,
    );

    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test.each([tyr, user("@stranger:example.org")])("of %s are left alone", (sender) => {
    expect(said(1, sealed({ closed: "withheld" }, { sender }))).toEqual([]);
  });
});

function seen(one: RoomEvent, at: number): Observation[] {
  return [{ kind: "message", room: lobby, event: one, late: false, at, dueBy: at }];
}

describe("where nothing can be opened", () => {
  test("it is said why, with what to do", () => {
    health = { kind: "off", why: "Because of this. Do that." };

    expect(said(1, sealed(undefined))).toEqual([
      expect.stringMatching(/cannot read encrypted messages.*Because of this\. Do that\./),
    ]);
  });

  test("while encryption begins nothing is said", () => {
    health = { kind: "starting" };

    expect(said(1, sealed(undefined))).toEqual([]);
  });
});

describe("an engine that is lost", () => {
  test("is told once", () => {
    said(1);
    health = { kind: "off", why: "It broke." };

    expect(said(2)).toEqual([expect.stringMatching(/can no longer read.*It broke\./)]);
    expect(said(3)).toEqual([]);
  });

  test("is no news where it never was there", () => {
    health = { kind: "starting" };
    said(1);
    health = { kind: "off", why: "No device." };

    expect(said(2)).toEqual([]);
  });
});

describe("a room that becomes encrypted", () => {
  const state = (at: number): Observation => ({
    kind: "state",
    room: lobby,
    event: { ...sealed(undefined), type: "m.room.encryption", stateKey: "" },
    fromTimeline: true,
    at,
    dueBy: at,
  });

  test("is told what counts from then on", () => {
    health = { kind: "starting" };

    expect(texts(words.says({ seen: [state(1)], at: 1 }))).toEqual([
      expect.stringMatching(/^This room is encrypted from now on\. I read it/),
    ]);
  });

  test("is told that it cannot be read where that is so", () => {
    health = { kind: "off", why: "Switched off." };

    expect(texts(words.says({ seen: [state(1)], at: 1 }))).toEqual([
      expect.stringMatching(/cannot read encrypted messages.*Switched off\./),
    ]);
  });
});

test.each([
  ["clear", "not encrypted"],
  ["device", "not verified"],
  ["forged", "somebody else"],
  ["repeated", "came before"],
  ["reaction", "Write yes or no"],
] as const)("words that are refused for %s are told so", (why, part) => {
  words.refuse({ room: lobby, event: sealed({ by: "unsigned", device: "DEV", place: "s 1" }) }, why, 5);

  expect(said(5)).toEqual([expect.stringContaining(part)]);
});

test("words in other rooms are refused without a word here", () => {
  words.refuse({ room: "!other:example.org" as never, event: sealed(undefined) }, "clear", 5);

  expect(said(5)).toEqual([]);
});

describe("keys that cannot be kept", () => {
  const full: EncryptionHealth = { ...on, notKept: "the disk is full (SQLite error 13)" };

  test("are told of once that lasts, and that it is over once that lasts", () => {
    health = full;
    expect(said(0)).toEqual([]);
    expect(words.nextAt()).toBe(10_000);
    expect(said(10_000)).toEqual([expect.stringContaining("crypto.db): the disk is full (SQLite error 13)")]);
    expect(said(60_000)).toEqual([]);

    health = on;
    expect(said(100_000)).toEqual([]);
    expect(words.nextAt()).toBe(160_000);
    expect(said(160_000)).toEqual([expect.stringContaining("can be kept on my disk again")]);
    expect(said(300_000)).toEqual([]);
    expect(words.nextAt()).toBeUndefined();
  });

  test("now and then are not told of, and neither is every pause of it", () => {
    for (let at = 0; at < 60_000; at += 6_000) {
      health = at % 12_000 === 0 ? full : on;
      expect(said(at)).toEqual([]);
    }
    health = full;
    said(60_000);
    expect(said(70_000)).toHaveLength(1);
    for (let at = 80_000; at < 200_000; at += 30_000) {
      health = at % 60_000 === 20_000 ? on : full;
      expect(said(at)).toEqual([]);
    }
  });

  test("are not told of beside a data folder that cannot be written at all", () => {
    [health, isDiskInTrouble] = [full, true];
    said(0);

    expect(said(20_000)).toEqual([]);
  });

  test("are not said to be kept again where the engine was lost", () => {
    health = full;
    said(0);
    said(10_000);
    health = { kind: "off", why: "It broke." };

    expect(said(20_000)).toEqual([expect.stringContaining("I can no longer read")]);
    expect(said(200_000)).toEqual([]);
  });
});
