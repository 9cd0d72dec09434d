import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  noItems,
  restoreItem,
  takeItemRows,
  type Collections,
} from "../../../src/model/world/collections.ts";
import { event, hall, lobby, user } from "../../support/make.ts";
import { usualLimits } from "../../support/limits.ts";
import { OpenPrompts } from "../../../src/model/open-prompts.ts";

const [ann, bob, cid] = [user("@ann:x"), user("@bob:x"), user("@cid:x")];
const dayMs = 86_400_000;

let collections: Collections;
beforeEach(() => {
  collections = noItems({
    people: 10,
    eventsEach: 10,
    regulars: { afterDays: 14, days: 2, people: 2 },
    limits: { ...usualLimits, mutesRemembered: 2, offencesRemembered: 2, questionsRemembered: 1 },
  });
});

const mute = (who = ann, room = lobby, until?: number) => ({
  room,
  user: who,
  level: -1,
  before: undefined,
  ...(until === undefined ? {} : { until }),
});
const offence = (who = ann, step = 0, at = 5) => ({
  protection: "flood",
  user: who,
  step,
  at,
  incident: `$of-${who}`,
  rooms: [lobby],
});
const question = (id: number, isAnswered = false) => ({
  id,
  about: { kind: "rooms", rooms: [hall] } as const,
  say: { text: "?", html: "?" },
  askedAt: 0,
  expiresAt: 1,
  message: undefined,
  told: 1,
  answer: isAnswered ? { yes: true, by: ann, at: 1 } : undefined,
});
const rows = () => takeItemRows(collections).map(({ collection, key, item }) => [collection, key, item]);

test("each has a name of its own in the store, which never changes", () => {
  expect(Object.values(collections).map(({ storedAs }) => storedAs)).toEqual([
    "question",
    "mute",
    "offence",
    "rule-file-trouble",
    "rule-files",
    "rule-hit",
    "speaker",
    "spoke",
    "opened-word",
    "prompt",
    "known-link",
    "known-media",
    "name",
    "spoken",
    "usual",
    "server",
    "arrival",
    "hold",
    "let-through",
    "room-reply",
    "heat",
    "wave",
    "wave-member",
    "wave-profile",
    "newcomer-trait",
    "containment",
    "room-mode",
    "knock",
    "departure",
    "staff-act",
    "staff-hours",
    "staff-alarm",
    "case",
    "reporter",
    "server-reports",
    "timed-act",
    "policy-place",
    "policy-command",
    "flag",
    "kept-rule",
  ]);
});

test("what changes is to be written, once, in its newest form", () => {
  collections.mutes.set(mute());
  collections.mutes.set(mute(ann, lobby, 9));
  collections.offences.set(offence(), 5);
  collections.regulars.spoke(ann, 3 * dayMs);
  collections.questions.set(question(1));

  expect(rows()).toEqual([
    ["question", "1", question(1)],
    ["mute", `${lobby} ${ann}`, mute(ann, lobby, 9)],
    ["offence", `flood ${ann}`, offence()],
    ["speaker", ann, { firstDay: 3, lastDay: 3, days: 1 }],
  ]);
  expect(rows()).toEqual([]);
});

test("what ends is deleted; what never was is not", () => {
  collections.mutes.set(mute());
  collections.offences.set(offence(), 5);
  takeItemRows(collections);

  collections.mutes.delete(lobby, ann);
  collections.mutes.delete(hall, ann);
  collections.offences.forgive(new Set([`$of-${ann}`, "$other"]));

  expect(rows()).toEqual([
    ["mute", `${lobby} ${ann}`, undefined],
    ["offence", `flood ${ann}`, undefined],
  ]);
});

describe("beyond its bound", () => {
  test("the oldest mute is forgotten and deleted; one that is set anew is no old one", () => {
    for (const who of [ann, bob, ann]) collections.mutes.set(mute(who));
    takeItemRows(collections);

    collections.mutes.set(mute(cid));

    expect(rows()).toEqual([
      ["mute", `${lobby} ${cid}`, mute(cid)],
      ["mute", `${lobby} ${bob}`, undefined],
    ]);
    expect(collections.mutes.inRoom(lobby).map((one) => one.user)).toEqual([ann, cid]);
  });

  test("the oldest offence is forgotten and deleted", () => {
    for (const who of [ann, bob, ann]) collections.offences.set(offence(who), 5);
    takeItemRows(collections);

    collections.offences.set(offence(cid), 6);

    expect(rows()).toEqual([
      ["offence", `flood ${cid}`, offence(cid)],
      ["offence", `flood ${bob}`, undefined],
    ]);
  });

  test("the oldest answered question is forgotten and deleted, an open one never", () => {
    for (const id of [1, 2, 3]) collections.questions.set(question(id, id > 1));

    expect(rows()).toEqual([
      ["question", "1", question(1)],
      ["question", "2", undefined],
      ["question", "3", question(3, true)],
    ]);
  });

  test("who is silent for longest is forgotten and deleted", () => {
    collections.regulars.spoke(ann, dayMs);
    collections.regulars.spoke(bob, dayMs);
    collections.regulars.spoke(ann, 2 * dayMs);
    takeItemRows(collections);

    collections.regulars.spoke(cid, 2 * dayMs);

    expect(rows()).toEqual([
      ["speaker", cid, { firstDay: 2, lastDay: 2, days: 1 }],
      ["speaker", bob, undefined],
    ]);
  });
});

describe("put back from the store", () => {
  test("an item is believed, and is not to be written again", () => {
    collections.mutes.set(mute(ann, lobby, 9));
    collections.offences.set(offence(), 5);
    collections.regulars.spoke(ann, 3 * dayMs);
    collections.questions.set(question(7));
    const stored = takeItemRows(collections);
    const again = noItems({
      people: 1,
      eventsEach: 1,
      regulars: { afterDays: 1, days: 1, people: 5 },
      limits: usualLimits,
    });

    for (const row of stored) restoreItem(again, row);

    expect(again.mutes.nextEnd).toBe(9);
    expect(again.offences.get("flood", { user: ann })).toEqual(offence());
    expect(again.offences.incidentOf("flood")).toEqual({ id: `$of-${ann}`, begunAt: 5, lastAt: 5 });
    expect(again.regulars.get(ann)).toEqual({ firstDay: 3, lastDay: 3, days: 1 });
    expect(again.questions.holding(hall)).toBe(7);
    expect(takeItemRows(again)).toEqual([]);
  });

  test("an item of a collection that we do not know changes nothing", () => {
    const unknown = { kind: "item", collection: "wave", key: "k", item: { at: event("$x") } };

    restoreItem(collections, unknown as never);

    expect(takeItemRows(collections)).toEqual([]);
  });
});

test("prompts are kept, found again after a restart, and forgotten beyond their bound", () => {
  const prompt = (command: string) => ({
    command: event(command),
    by: ann,
    missing: { kind: "person", before: "kick", after: "", choices: [] },
    at: 5,
    aliases: [],
    names: [],
    takesNextMessage: true,
  });
  const prompts = new OpenPrompts(1);
  prompts.set(prompt("$1"));
  prompts.set(prompt("$2"));

  expect([...prompts.unwritten.take()]).toEqual([
    ["$1", undefined],
    ["$2", prompt("$2")],
  ]);
  prompts.restore("$3", prompt("$3"));
  prompts.delete(event("$2"));
  prompts.delete(event("$2"));
  expect(prompts.all()).toEqual([prompt("$3")]);
  expect([...prompts.unwritten.take()]).toEqual([["$2", undefined]]);
});
