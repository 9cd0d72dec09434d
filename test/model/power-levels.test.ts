import { describe, expect, test } from "@jest/globals";
import { differencesIn, PowerLevels, roomVersionOf, withLevel } from "../../src/model/power-levels.ts";
import { state, user } from "../support/make.ts";

const creator = user("@creator:example.org");
const helper = user("@helper:example.org");
const admin = user("@admin:example.org");
const regular = user("@regular:example.org");

const create = (version: string | undefined, more = {}) =>
  state(
    "m.room.create",
    { ...(version === undefined ? {} : { room_version: version }), ...more },
    { sender: creator },
  );
const levels = (content: object) => state("m.room.power_levels", { ...content });

describe("without a power-level event", () => {
  test.each([undefined, "1", "6", "9", "10", "11"])(
    "the creator of a room of version %s has level 100",
    (version) => {
      const power = new PowerLevels(create(version, { creator }), undefined);

      expect(power.of(creator)).toBe(100);
      expect(power.of(regular)).toBe(0);
      expect(power.isCreator(creator)).toBe(false);
    },
  );

  test("the creator of a room of version 12 stands above all levels", () => {
    const power = new PowerLevels(create("12"), undefined);

    expect(power.of(creator)).toBe(Infinity);
    expect(power.canSendState(creator, "m.room.server_acl")).toBe(true);
    expect(power.canSendState(regular, "m.room.server_acl")).toBe(false);
    expect(power.canBan(creator, regular)).toBe(true);
  });

  test("before version 11 the field `creator` counts, from then on the sender", () => {
    const content = { creator: admin };

    expect(new PowerLevels(create("10", content), undefined).of(admin)).toBe(100);
    expect(new PowerLevels(create("10", content), undefined).of(creator)).toBe(0);
    expect(new PowerLevels(create("11", content), undefined).of(admin)).toBe(0);
    expect(new PowerLevels(create("11", content), undefined).of(creator)).toBe(100);
  });

  test("and without a create event nobody has anything", () => {
    const power = new PowerLevels(undefined, undefined);

    expect(power.of(creator)).toBe(0);
    expect(power.canBan(creator, regular)).toBe(false);
    expect(power.named()).toEqual([]);
  });
});

describe("creators since version 12", () => {
  const power = new PowerLevels(
    create("12", { additional_creators: [helper, 5, "not an id"] }),
    levels({ users: { [admin]: 100 }, ban: 50 }),
  );

  test("are the sender and the additional ones", () => {
    expect(power.isCreator(creator)).toBe(true);
    expect(power.isCreator(helper)).toBe(true);
    expect(power.isCreator(admin)).toBe(false);
    expect(power.named()).toEqual([creator, helper, admin]);
  });

  test("can act against everybody but each other", () => {
    expect(power.canBan(helper, admin)).toBe(true);
    expect(power.canBan(admin, helper)).toBe(false);
    expect(power.canBan(creator, helper)).toBe(false);
    expect(power.canUnban(helper, creator)).toBe(false);
  });

  test("do not become ordinary because the levels name them", () => {
    const odd = new PowerLevels(create("12"), levels({ users: { [creator]: 0 } }));

    expect(odd.of(creator)).toBe(Infinity);
  });

  test("need `additional_creators` to be a list", () => {
    const odd = new PowerLevels(create("12", { additional_creators: helper }), undefined);

    expect(odd.isCreator(creator)).toBe(true);
    expect(odd.isCreator(helper)).toBe(false);
  });

  test("do not exist in earlier versions, whatever the create event claims", () => {
    const old = new PowerLevels(create("11", { additional_creators: [helper] }), levels({}));

    expect(old.isCreator(creator)).toBe(false);
    expect(old.of(helper)).toBe(0);
  });
});

describe("levels as people write them", () => {
  test.each([
    [50, 50],
    [49.9, 49],
    [-1.5, -1],
    ["50", 50],
    [" 50 ", 50],
    ["-1", -1],
    ["+7", 7],
    ["fifty", undefined],
    ["", undefined],
    ["1e3", undefined],
    [null, undefined],
    [[50], undefined],
    [true, undefined],
  ])("%p counts as %p", (written, meant) => {
    const power = new PowerLevels(
      create("9"),
      levels({ users: { [regular]: written }, users_default: 3, ban: written }),
    );

    expect(power.of(regular)).toBe(meant ?? 3);
    expect(power.needed("ban")).toBe(meant ?? 50);
  });

  test("anything that is no object is an empty one", () => {
    const power = new PowerLevels(create("11"), levels({ users: "all", events: [1], users_default: {} }));

    expect(power.of(creator)).toBe(0);
    expect(power.neededForState("m.room.server_acl")).toBe(50);
  });
});

test("an event without any field asks for 50, but 0 for invites and messages", () => {
  const power = new PowerLevels(create("11"), levels({}));

  expect((["ban", "kick", "redact", "invite"] as const).map((act) => power.needed(act))).toEqual([
    50, 50, 50, 0,
  ]);
  expect(power.neededForState("m.room.topic")).toBe(50);
  expect(power.neededForMessage("m.room.message")).toBe(0);
});

describe("what may be done", () => {
  const power = new PowerLevels(
    create("11"),
    levels({
      users: { [admin]: 100, [helper]: 50, [creator]: 100 },
      ban: 50,
      kick: 60,
      redact: 40,
      events: { "m.room.server_acl": 100, "m.room.redaction": 70, "m.reaction": 10 },
      events_default: 5,
    }),
  );

  test("nobody acts against an equal", () => {
    expect(power.canBan(admin, creator)).toBe(false);
    expect(power.canBan(admin, helper)).toBe(true);
    expect(power.canBan(helper, regular)).toBe(true);
    expect(power.canBan(helper, helper)).toBe(false);
  });

  test("lifting a ban needs the level for kicks too", () => {
    expect(power.canBan(helper, regular)).toBe(true);
    expect(power.canUnban(helper, regular)).toBe(false);
    expect(power.canUnban(admin, regular)).toBe(true);
  });

  test("redacting others needs the level for redactions and for sending one", () => {
    expect(power.canRedactOthers(helper)).toBe(false);
    expect(power.canRedactOthers(admin)).toBe(true);
  });

  test("a type's own level counts before the default", () => {
    expect(power.canSendState(helper, "m.room.server_acl")).toBe(false);
    expect(power.canSendState(helper, "m.policy.rule.user")).toBe(true);
    expect(power.neededForMessage("m.room.message")).toBe(5);
    expect(power.neededForMessage("m.reaction")).toBe(10);
  });
});

test("a room whose create event names no version is of version 1", () => {
  expect(roomVersionOf(create(undefined))).toBe("1");
  expect(roomVersionOf(state("m.room.create", { room_version: 5 }))).toBe("1");
});

describe("one person's entry", () => {
  const content = { users: { "@a:x": 100, "@b:x": 7 }, events_default: 0 };

  test.each([undefined, 7, -1] as const)("set and put back leaves every byte as it was: %p", (entry) => {
    const c = user("@b:x");
    const before =
      entry === undefined ? { ...content, users: { "@a:x": 100 } } : withLevel(content, c, entry);

    expect(JSON.stringify(withLevel(withLevel(before, c, -1), c, entry))).toBe(JSON.stringify(before));
  });

  test("in levels that name nobody leaves nothing behind", () => {
    const before = { events_default: 0 };
    const levels = new PowerLevels(undefined, state("m.room.power_levels", before));
    const entry = levels.entryOf(user("@b:x"));

    expect(JSON.stringify(withLevel(withLevel(before, user("@b:x"), -1), user("@b:x"), entry))).toBe(
      JSON.stringify(before),
    );
  });
});

describe("levels that are texts or fractions, as in rooms of old versions", () => {
  const old = {
    users: {
      "@a:x": "100",
      "@b:x": " 7 ",
      "@c:x": 2.9,
      "@d:x": "boss",
      "@e:x": null,
      "@f:x": "9".repeat(20),
    },
    events: { "m.room.name": "50" },
    notifications: { room: "50" },
    users_default: "0",
    ban: "50",
    kick: "high",
    "org.example.note": "50",
  };

  test("are numbers in what is written, and what is no level is left out", () => {
    expect(withLevel(old, user("@b:x"), -1)).toEqual({
      users: { "@a:x": 100, "@b:x": -1, "@c:x": 2, "@f:x": 2 ** 53 - 1 },
      events: { "m.room.name": 50 },
      notifications: { room: 50 },
      users_default: 0,
      ban: 50,
      "org.example.note": "50",
    });
  });

  test("are the same levels to everybody as before", () => {
    const before = new PowerLevels(undefined, state("m.room.power_levels", old));
    const after = new PowerLevels(
      undefined,
      state("m.room.power_levels", withLevel(old, user("@g:x"), undefined)),
    );

    for (const name of ["@a:x", "@b:x", "@c:x", "@d:x", "@e:x", "@f:x", "@g:x"].map(user))
      expect([name, after.of(name)]).toEqual([name, before.of(name)]);
    expect([after.needed("ban"), after.needed("kick")]).toEqual([
      before.needed("ban"),
      before.needed("kick"),
    ]);
    expect(after.neededForState("m.room.name")).toBe(50);
  });

  test("are put back as numbers, even out of an earlier version's store", () => {
    const levels = new PowerLevels(undefined, state("m.room.power_levels", old));

    expect(levels.entryOf(user("@b:x"))).toBe(7);
    expect(levels.entryOf(user("@d:x"))).toBeUndefined();
    expect(withLevel({}, user("@b:x"), "7" as never)).toEqual({ users: { "@b:x": 7 } });
  });

  test("do not count as somebody's change", () => {
    expect(differencesIn(old, withLevel(old, user("@b:x"), -1))).toBe(1);
  });
});

test.each([
  [{}, -1],
  [{ events_default: 50 }, -1],
  [{ events_default: -3, events: { "m.reaction": -10, "m.room.topic": 50 } }, -11],
] as const)("silence in %j is %d", (content, level) => {
  expect(new PowerLevels(undefined, state("m.room.power_levels", content)).silence).toBe(level);
});
