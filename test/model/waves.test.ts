// What is remembered of waves and their members: bounded, and every change is written.

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import { WaveMembers, Waves, type Wave, type WaveMember } from "../../src/model/waves.ts";

const ann = "@ann:one.example" as UserId;
const bob = "@bob:one.example" as UserId;
const lobby = "!lobby:example.org" as RoomId;
const wave = (id: string, endedAt?: number): Wave => ({
  id,
  stage: "suspected",
  firstAt: 1,
  lastAt: 2,
  reachedAt: { suspected: 2 },
  accounts: 5,
  spoke: 0,
  shares: [],
  ...(endedAt === undefined ? {} : { endedAt }),
});
const member = (user: UserId, of: string): WaveMember => ({
  wave: of,
  user,
  bits: 12,
  rooms: [lobby],
  messages: [],
});

describe("waves", () => {
  let waves: Waves;
  beforeEach(() => {
    waves = new Waves();
  });

  test("those that have ended are not open", () => {
    waves.set(wave("w1", 9));
    waves.set(wave("w2"));

    expect(waves.open().map(({ id }) => id)).toEqual(["w2"]);
    expect([...waves.all()]).toHaveLength(2);
  });

  test("beyond the bound one that has ended is forgotten first, and deleted from the store", () => {
    waves.set(wave("open"));
    waves.set(wave("ended", 9));
    for (let i = 0; i < 127; i++) waves.set(wave(`w${i}`));

    expect(waves.get("ended")).toBeUndefined();
    expect(waves.get("open")).toBeDefined();
    expect(waves.unwritten.take().get("ended")).toBeUndefined();
    expect([...waves.all()]).toHaveLength(128);
  });
});

describe("members", () => {
  let members: WaveMembers;
  beforeEach(() => {
    members = new WaveMembers();
  });

  test("nobody belongs to two waves", () => {
    members.set(member(ann, "w1"));
    members.set(member(ann, "w2"));

    expect([...members.of("w1")]).toEqual([]);
    expect(members.get(ann)?.wave).toBe("w2");
  });

  test("who fits no more is deleted; the others stay", () => {
    members.set(member(ann, "w1"));
    members.set(member(bob, "w1"));
    members.unwritten.take();

    members.delete(ann);

    expect([...members.of("w1")].map(({ user }) => user)).toEqual([bob]);
    expect([...members.unwritten.take()]).toEqual([[ann, undefined]]);
  });

  test("beyond the bound the oldest are forgotten", () => {
    members.set(member(ann, "w1"));
    for (let i = 0; i < 4_096; i++) members.set(member(`@u${i}:two.example` as UserId, "w1"));

    expect(members.get(ann)).toBeUndefined();
    expect([...members.of("w1")]).toHaveLength(4_096);
  });
});
