import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stampOf } from "../../src/kit/hash.ts";
import type { Membership } from "../../src/model/event.ts";
import { serverOf, type RoomId, type UserId } from "../../src/model/ids.ts";
import type { MemberRecord } from "../../src/model/member-record.ts";
import { Members } from "../../src/model/members.ts";
import { hall, listA, listB, lobby, room, server, user } from "../support/make.ts";

const ann = user("@ann:example.org");
const bob = user("@bob:evil.example");
const every: readonly Membership[] = ["join", "invite", "knock", "ban"];

let members: Members;
beforeEach(() => {
  members = new Members(0);
});

const set = (where: RoomId, who: UserId, membership: Membership, { id = "$1", isOurs = false } = {}) =>
  members.set(where, who, { membership, eventId: id, isOurs });

test("somebody never seen is nowhere", () => {
  expect(members.membershipOf(lobby, ann)).toBe("leave");
  expect(members.get(lobby, ann)).toBeUndefined();
  expect(members.roomsOf(ann, every)).toEqual([]);
  expect(members.joinedCount(lobby)).toBe(0);
});

test("leaving where one never was changes nothing", () => {
  set(lobby, ann, "leave");

  expect(members.memberships).toBe(0);
  expect(members.has(ann)).toBe(false);
});

test("joined people are counted, and nobody else", () => {
  set(lobby, ann, "join");
  set(lobby, bob, "invite");
  set(hall, ann, "join");
  expect(members.joinedCount(lobby)).toBe(1);

  set(lobby, bob, "join");
  set(lobby, ann, "join", { id: "$renamed" });
  expect(members.joinedCount(lobby)).toBe(2);

  set(lobby, ann, "ban");
  set(lobby, bob, "leave");
  expect(members.joinedCount(lobby)).toBe(0);
  expect(members.joinedCount(hall)).toBe(1);
});

test("people are found by their server, in lower case and without port", () => {
  const odd = user("@odd:EVIL.example:8448");
  set(lobby, ann, "join");
  set(lobby, bob, "join");
  set(hall, odd, "invite");

  expect(new Set(members.usersOfServer(server("evil.example")))).toEqual(new Set([bob, odd]));
  expect([...members.usersOfServer(server("nobody.example"))]).toEqual([]);
  expect([...members.servers()]).toEqual(["example.org", "evil.example"]);
});

test("ids with capitals are found by their lower-case form", () => {
  const shouting = user("@ANN:example.org");
  const mixed = user("@Ann:example.org");
  set(lobby, shouting, "join");
  set(lobby, mixed, "join");
  set(lobby, ann, "join");

  expect(members.variantsOf(ann)).toEqual([shouting, mixed]);
  expect(members.variantsOf("@bob:evil.example")).toEqual([]);
});

describe("the list a ban of ours was made for", () => {
  beforeEach(() => {
    set(lobby, bob, "ban", { id: "$ban", isOurs: true });
    members.setForList(lobby, bob, listA);
  });

  const forList = () => members.get(lobby, bob)?.forList;

  test("is kept when the same ban is told again", () => {
    set(lobby, bob, "ban", { id: "$ban", isOurs: true });

    expect(forList()).toBe(listA);
  });

  test("is lost with another ban of ours", () => {
    set(lobby, bob, "ban", { id: "$other", isOurs: true });

    expect(forList()).toBeUndefined();
    expect(members.get(lobby, bob)?.isOurs).toBe(true);
  });

  test("is lost with a ban of somebody else", () => {
    set(lobby, bob, "ban", { id: "$theirs" });

    expect(members.get(lobby, bob)).toEqual({
      membership: "ban",
      stamp: stampOf("$theirs"),
      isOurs: false,
      forList: undefined,
      since: 0,
    });
  });

  test("is lost with the ban itself, and does not come back to whoever takes its place", () => {
    set(lobby, bob, "leave");
    set(lobby, ann, "ban", { id: "$theirs" });

    expect(members.get(lobby, bob)).toBeUndefined();
    expect(members.get(lobby, ann)?.forList).toBeUndefined();
    expect(members.get(lobby, ann)?.isOurs).toBe(false);
  });

  test("is not noted for a ban that is not ours", () => {
    set(hall, bob, "ban", { id: "$theirs" });
    members.setForList(hall, bob, listA);

    expect(members.get(hall, bob)?.forList).toBeUndefined();
  });

  test("survives a stored record", () => {
    const record: MemberRecord = {
      membership: "ban",
      stamp: 7,
      isOurs: true,
      forList: listB,
      since: 29_000_000,
    };
    members.restore(hall, bob, record);

    expect(members.get(hall, bob)).toEqual(record);
  });
});

test("a forgotten room leaves the others alone", () => {
  set(lobby, ann, "join");
  set(hall, ann, "join");
  set(lobby, bob, "ban", { isOurs: true });

  members.forgetRoom(lobby);

  expect([...members.membersOf(lobby, every)]).toEqual([]);
  expect(members.joinedCount(lobby)).toBe(0);
  expect(members.roomsOf(ann, every)).toEqual([hall]);
  expect(members.memberships).toBe(1);
});

test("somebody in thousands of rooms is found in each of them, as they come and go", () => {
  const halls = Array.from({ length: 3_000 }, (_, i) => room(`!hall${i}:example.org`));
  for (const [i, where] of halls.entries()) set(where, ann, "join", { id: `$${i}` });
  for (const where of halls.slice(0, 1_000)) set(where, ann, "leave");
  for (const where of halls.slice(500, 600)) set(where, ann, "ban", { id: "$ban" });

  expect(halls.slice(0, 500).every((where) => members.get(where, ann) === undefined)).toBe(true);
  expect(halls.slice(500, 600).every((where) => members.membershipOf(where, ann) === "ban")).toBe(true);
  expect(
    halls.slice(1_000).every((where, i) => members.get(where, ann)?.stamp === stampOf(`$${1_000 + i}`)),
  ).toBe(true);
  expect(members.roomsOf(ann, ["join"])).toHaveLength(2_000);

  for (const where of halls) set(where, ann, "leave");
  set(hall, bob, "join");
  expect(members.size).toBe(1);
  expect(members.get(hall, bob)?.membership).toBe("join");
});

test("three thousand people in three rooms fit, through every growth", () => {
  const people = Array.from({ length: 3_000 }, (_, i) => user(`@p${i}:s${i % 7}.example`));
  for (const [i, one] of people.entries())
    for (const where of [lobby, hall, listA]) set(where, one, "join", { id: `$${i}` });

  expect(members.memberships).toBe(9_000);
  expect(members.joinedCount(hall)).toBe(3_000);
  expect(people.every((one, i) => members.get(hall, one)?.stamp === stampOf(`$${i}`))).toBe(true);
  expect([...members.usersOfServer(server("s3.example"))]).toHaveLength(429);
});

describe("people who are nowhere any more", () => {
  test("are forgotten, with their server and the way they write themselves", () => {
    const shouting = user("@ANN:example.org");
    set(lobby, shouting, "join");
    set(hall, shouting, "invite");
    set(lobby, shouting, "leave");
    expect(members.has(shouting)).toBe(true);

    set(hall, shouting, "leave");

    expect(members.has(shouting)).toBe(false);
    expect(members.size).toBe(0);
    expect([...members.users()]).toEqual([]);
    expect([...members.servers()]).toEqual([]);
    expect(members.variantsOf(ann)).toEqual([]);
  });

  test("leave the others of their server, and of their spelling, alone", () => {
    const [shouting, mixed] = [user("@ANN:example.org"), user("@Ann:example.org")];
    for (const one of [ann, shouting, mixed]) set(lobby, one, "join");

    set(lobby, shouting, "leave");

    expect(members.variantsOf(ann)).toEqual([mixed]);
    expect(new Set(members.usersOfServer(server("example.org")))).toEqual(new Set([ann, mixed]));
  });

  test("come back as if for the first time", () => {
    set(lobby, bob, "join");
    set(lobby, bob, "leave");
    set(hall, bob, "join");

    expect(members.roomsOf(bob, every)).toEqual([hall]);
    expect([...members.usersOfServer(server("evil.example"))]).toEqual([bob]);
  });

  test("take no memory, however many have come and gone", () => {
    for (let i = 0; i < 100_000; i++) {
      set(lobby, user(`@throwaway${i}:s${i}.example`), "join");
      if (i >= 50) set(lobby, user(`@throwaway${i - 50}:s${i - 50}.example`), "leave");
    }

    expect(members.size).toBe(50);
    expect(members.mostAtOnce).toBe(51);
    expect([...members.servers()]).toHaveLength(50);
  });
});

describe("since when somebody is there", () => {
  const since = () => members.get(lobby, ann)?.since;
  const come = (membership: Membership, minutes?: number) =>
    members.set(lobby, ann, {
      membership,
      eventId: `$${membership}${minutes}`,
      isOurs: false,
      ...(minutes === undefined ? {} : { since: minutes }),
    });

  test("is kept through a change of name", () => {
    come("join", 100);
    come("join", 200);
    come("join");

    expect(since()).toBe(100);
  });

  test("begins anew with another membership, and on return", () => {
    come("invite", 100);
    come("join", 200);
    expect(since()).toBe(200);

    come("leave", 300);
    come("join", 400);
    expect(since()).toBe(400);
  });

  test("is not known where nobody told, and does not become so by a change of name", () => {
    come("join");
    come("join", 200);

    expect(since()).toBe(0);
  });

  test("reaches beyond what a signed number holds", () => {
    come("join", 0xffff_fff0);

    expect(since()).toBe(0xffff_fff0);
  });
});

describe("a naive map of rooms and people", () => {
  const rooms = [lobby, hall, listA];
  const people = ["@a:x", "@A:x", "@b:x", "@b:y:8448", "@c:Y"].map(user);
  const place = { where: fc.constantFrom(...rooms), who: fc.constantFrom(...people) };
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("set" as const),
        ...place,
        membership: fc.constantFrom<Membership>("join", "invite", "knock", "ban", "leave"),
        id: fc.constantFrom("$1", "$2", "$3"),
        isOurs: fc.boolean(),
        since: fc.constantFrom(0, 1, 2),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("for-list" as const),
        ...place,
        list: fc.constantFrom(listA, listB),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("restore" as const),
        ...place,
        record: fc
          .record({
            membership: fc.constantFrom<MemberRecord["membership"]>("join", "invite", "knock", "ban"),
            stamp: fc.constantFrom(stampOf("$1"), 5),
            isOurs: fc.boolean(),
            list: fc.option(fc.constantFrom(listA, listB), { nil: undefined }),
            since: fc.constantFrom(0, 7),
          })
          .map(({ membership, stamp, isOurs, list, since }): MemberRecord => {
            return { membership, stamp, isOurs, forList: isOurs ? list : undefined, since };
          }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), where: place.where }) },
  );
  type Naive = Map<string, MemberRecord & { readonly where: RoomId; readonly who: UserId }>;

  function follow(naive: Naive, one: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
    if (one.do === "forget") {
      for (const [key, entry] of naive) if (entry.where === one.where) naive.delete(key);
      return;
    }
    const { where, who } = one;
    const key = `${where} ${who}`;
    const before = naive.get(key);
    if (one.do === "for-list") {
      if (before?.isOurs) naive.set(key, { ...before, forList: one.list });
      return;
    }
    if (one.do === "set" && one.membership === "leave") {
      naive.delete(key);
      return;
    }
    const record =
      one.do === "restore"
        ? one.record
        : {
            membership: one.membership as MemberRecord["membership"],
            stamp: stampOf(one.id),
            isOurs: one.isOurs,
            forList: undefined,
            since: before?.membership === one.membership ? before.since : one.since,
          };
    const kept = before?.isOurs && before.stamp === record.stamp ? before.forList : undefined;
    const forList = record.isOurs ? (record.forList ?? kept) : undefined;
    naive.set(key, { ...record, forList, where, who });
  }

  test("is always agreed with", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const compact = new Members(0);
        const naive: Naive = new Map();

        for (const one of steps) {
          follow(naive, one);
          if (one.do === "set")
            compact.set(one.where, one.who, {
              membership: one.membership,
              eventId: one.id,
              isOurs: one.isOurs,
              since: one.since,
            });
          else if (one.do === "restore") compact.restore(one.where, one.who, one.record);
          else if (one.do === "for-list") compact.setForList(one.where, one.who, one.list);
          else compact.forgetRoom(one.where);
        }

        expect(compact.memberships).toBe(naive.size);
        const present = new Set([...naive.values()].map((entry) => entry.who));
        expect(new Set(compact.users())).toEqual(present);
        expect(compact.size).toBe(present.size);
        expect(new Set(compact.servers())).toEqual(new Set([...present].map(serverOf)));
        for (const who of people) {
          expect(compact.has(who)).toBe(present.has(who));
          const isHeldOut = [...naive.values()].some((entry) => entry.who === who && entry.isOurs);
          expect(compact.hasBanOfOurs(who)).toBe(isHeldOut);
          const neighbours = [...present].filter((one) => serverOf(one) === serverOf(who));
          expect(new Set(compact.usersOfServer(serverOf(who)))).toEqual(new Set(neighbours));
          const variants = [...present].filter((one) => one !== who && one.toLowerCase() === who);
          expect(new Set(compact.variantsOf(who))).toEqual(new Set(variants));
        }
        for (const where of rooms) {
          const here = [...naive.values()].filter((entry) => entry.where === where);
          const joined = here.filter((entry) => entry.membership === "join");
          expect(compact.joinedCount(where)).toBe(joined.length);
          expect(new Set(compact.membersOf(where, every))).toEqual(new Set(here.map((entry) => entry.who)));
          for (const who of people) {
            const { where: _where, who: _who, ...record } = naive.get(`${where} ${who}`) ?? { where, who };
            expect(compact.get(where, who) ?? {}).toEqual(record);
            expect(compact.roomsOf(who, ["join"]).includes(where)).toBe(
              joined.some((entry) => entry.who === who),
            );
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
