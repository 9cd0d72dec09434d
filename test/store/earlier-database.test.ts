// A database that an earlier Tyr wrote: opened, believed, continued, and written so that the earlier one would find its own.
import { beforeEach, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { World } from "../../src/model/world/world.ts";
import { decide } from "../../src/model/decision.ts";
import { Database, openDatabase, type Value } from "../../src/store/database.ts";
import { Snapshot } from "../../src/store/snapshot.ts";
import { event, hall, lobby, me, room, see, user } from "../support/make.ts";
import { usualLimits } from "../support/limits.ts";

const mod = user("@mod:example.org");
const ann = user("@ann:example.org");
const bob = user("@Bob:evil.example");
const list = room("!list:example.org");
const dayMs = 86_400_000;
/** The newest time in the fixture. */
const writtenAt = 1_729_296_027_000;

const fixture = readFileSync(`${import.meta.dirname}/fixtures/database-of-0fc16fb.sql`, "utf8");
const tables = ["keep", "room", "state", "member", "question", "speaker", "note"];
const contentOf = (db: Database) =>
  Object.fromEntries(tables.map((table) => [table, db.all(`SELECT * FROM ${table}`)]));

let db: Database;
let world: World;
beforeEach(() => {
  const sqlite = new DatabaseSync(":memory:");
  sqlite.exec(fixture);
  db = new Database(sqlite);
  world = new World(me, {
    people: 100,
    eventsEach: 20,
    regulars: { afterDays: 14, days: 2, people: 100 },
    limits: usualLimits,
  });
  for (const row of new Snapshot(db).read()) world.restore(row);
  world.apply({ kind: "tick", retryRooms: false, at: writtenAt, dueBy: writtenAt });
  new Snapshot(db).write(world.takeRows());
});

const note = (kind: string): readonly Value[][] =>
  db.all("SELECT key, value FROM note WHERE kind = ? ORDER BY key", kind);

test("all that was remembered is believed", () => {
  expect(world.questions.open().map(({ id, about }) => [id, about.kind])).toEqual([
    [1, "rules"],
    [3, "offer"],
  ]);
  expect(world.questions.get(2)?.answer).toEqual({ yes: true, by: mod, at: 1_729_296_030_000 });
  expect(world.questions.holding(event("$rule-evil"))).toBe(1);
  expect(world.mutes.get(hall, ann)).toEqual({ room: hall, user: ann, level: -1 });
  expect(world.mutes.over(writtenAt).map(({ room, until }) => [room, until])).toEqual([
    [lobby, 1_728_259_200_000],
  ]);
  expect(world.offences.get("flood", { user: bob })).toMatchObject({
    step: 1,
    incident: "$m3",
    rooms: [hall],
  });
  expect(world.regulars.get(ann)).toEqual({ firstDay: 20_000, lastDay: 20_015, days: 2 });
  expect(world.regulars.isRegular(ann, writtenAt)).toBe(true);
  expect(world.regulars.isRegular(bob, writtenAt)).toBe(false);
});

test("the rooms, people, rules and settings are believed", () => {
  expect(world.members.get(lobby, bob)).toMatchObject({ membership: "ban", isOurs: true, forList: list });
  expect(world.rooms.get(lobby)?.aclByHand).toEqual(["byhand.example"]);
  expect(world.lists.get(list)?.shortcode).toBe("coc");
  expect([...world.lists.get(list)!.rules()].map((rule) => rule.eventId).toSorted()).toEqual([
    "$rule-bob",
    "$rule-evil",
  ]);
  expect([...world.settings.exemptions.keys()]).toEqual(["@bridge_*:example.org"]);
  expect(world.settings.accepted.has(hall)).toBe(true);
});

test("written into a new database, every row is as it was, byte for byte", () => {
  const copy = openDatabase(":memory:");
  const snapshot = new Snapshot(copy);

  snapshot.write([...new Snapshot(db).read()]);
  for (const name of ["user", "token", "settled"]) snapshot.keep(name, new Snapshot(db).kept(name)!);

  expect(contentOf(copy)).toEqual(contentOf(db));
});

test("what changes afterwards is written where it stood before", () => {
  const unmute = { kind: "unmute", room: hall, user: ann, reason: "", level: -1, before: -1 } as const;
  const because = { kind: "command", event: event("$unmute"), by: mod, text: "unmute" } as const;
  const decision = decide(unmute, because, { at: writtenAt, replaces: "" });
  see(
    world,
    { kind: "outcome", outcome: { decision, result: { kind: "done", eventId: event("$unmuted") } } },
    { kind: "answered", question: 1, yes: false, by: mod },
    { kind: "forgiven", incidents: ["$m3"] },
  );
  const at = writtenAt + dayMs;
  const said = { type: "m.room.message", sender: ann, eventId: event("$m4"), content: {}, sentAt: at };
  world.apply({ kind: "message", room: hall, late: false, event: said, at, dueBy: at });

  new Snapshot(db).write(world.takeRows());

  expect(note("mute").map(([key]) => key)).toEqual([`${lobby} ${ann}`]);
  expect(note("offence").map(([key]) => key)).toEqual([`mention-limit ${ann}`]);
  expect(db.all("SELECT * FROM speaker ORDER BY last_day")).toEqual([
    [bob, 20_015, 20_015, 1],
    [ann, 20_000, 20_016, 3],
  ]);
  const [[stored]] = db.all("SELECT question FROM question WHERE id = 1") as [[string]];
  expect(JSON.parse(stored)).toMatchObject({ id: 1, answer: { yes: false, by: mod, at: writtenAt + 2_000 } });
});
