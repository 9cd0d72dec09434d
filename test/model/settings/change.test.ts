import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { EventId, RoomId } from "../../../src/model/ids.ts";
import { changeSettings, inverseOfChange, type SettingChange } from "../../../src/model/settings/change.ts";
import { holdersOf, type Holder } from "../../../src/model/settings/holders.ts";
import { foreignBots } from "../../../src/model/settings/foreign-bots.ts";
import type { SettingValue } from "../../../src/model/settings/protections.ts";
import {
  noSettings,
  settingsFromJson,
  settingsToJson,
  type Settings,
} from "../../../src/model/settings/settings.ts";
import { event, room, user } from "../../support/make.ts";

const limits = { answersRemembered: 1_000 };
const changed = (settings: Settings, ...changes: readonly SettingChange[]) =>
  changes.reduce((before, change) => changeSettings(before, change, limits), settings);

type Kind = SettingChange["kind"];
type Of<K extends Kind> = Extract<SettingChange, { readonly kind: K }>;

// Few of each, so that changes meet one another.
const rooms = fc.constantFrom(...["!a:x", "!b:x", "!c:x", "!d:x"].map(room));
const spaces = fc.constantFrom(...["!s:x", "!t:x", "!u:x"].map(room));
const holders = fc.oneof(fc.constantFrom<Holder>("hand", "joined"), spaces);
const lists = fc.constantFrom(...["!l:x", "!m:x", "!n:x"].map(room));
const rules = fc.constantFrom<EventId | RoomId>(event("$1"), event("$2"), event("$3"), room("!a:x"));
const via = fc.subarray(["one.example", "two.example"]);
const times = fc.integer({ min: 1, max: 9 });
const moderators = fc.constantFrom(user("@mod:x"), user("@other:x"));
const entities = fc.constantFrom("@bridge_*:x", "x.example", "@a:x");
const value = fc.oneof<fc.Arbitrary<SettingValue>[]>(
  fc.boolean(),
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom("1m", "2m"),
  fc.subarray(["warn", "mute", "ban"]),
);

const ruleNames = fc.constantFrom("new-links", "slurs");
const listEntries = fc.subarray(["airdrop", "free nitro", "*coin"]);
const ruleVersions = fc.record({
  number: times,
  text: fc.constantFrom("when: links", "when: media"),
  by: moderators,
  at: times,
});

const takenNames = fc.constantFrom("friends/a", "friends/b");

const policyWishes = fc.uniqueArray(
  fc.tuple(
    fc.oneof(rooms, fc.constant("all" as const)),
    fc.record({
      server: fc.option(fc.constant({ via: "policy.example", key: "A".repeat(43) })),
      at: times,
      command: fc.record({ event: fc.constant(event("$command")), by: moderators, text: fc.string() }),
    }),
  ),
  { selector: ([of]) => of },
);

/** Of each kind any change at all: a new kind of change is asked for here. */
const anyOf: { readonly [K in Kind]: fc.Arbitrary<Of<K>> } = {
  "use-policy-servers": fc.record({ kind: fc.constant("use-policy-servers"), wishes: policyWishes }),
  "drop-policy-servers": fc.record({ kind: fc.constant("drop-policy-servers"), wishes: policyWishes }),
  "use-management-room": fc.record({ kind: fc.constant("use-management-room"), room: rooms }),
  protect: fc.record({
    kind: fc.constant("protect"),
    room: fc.record({ room: rooms, via, space: fc.option(spaces, { nil: undefined }) }),
  }),
  unprotect: fc.record({ kind: fc.constant("unprotect"), room: rooms, excludes: fc.boolean() }),
  "follow-space": fc.record(
    { kind: fc.constant("follow-space"), room: spaces, via, through: spaces },
    { requiredKeys: ["kind", "room", "via"] },
  ),
  "unfollow-space": fc.record(
    { kind: fc.constant("unfollow-space"), room: spaces, excludes: fc.boolean() },
    { requiredKeys: ["kind", "room"] },
  ),
  hold: fc.record({ kind: fc.constant("hold"), room: fc.oneof(rooms, spaces), by: holders }),
  "let-go": fc.record({ kind: fc.constant("let-go"), room: fc.oneof(rooms, spaces), by: holders }),
  "protect-joined": fc.record({ kind: fc.constant("protect-joined"), on: fc.boolean() }),
  watch: fc.record(
    {
      kind: fc.constant("watch"),
      list: fc.record({ room: lists, via, liftsBans: fc.boolean() }),
      place: fc.integer({ min: 0, max: 3 }),
      isDefault: fc.boolean(),
    },
    { requiredKeys: ["kind", "list"] },
  ),
  unwatch: fc.record({ kind: fc.constant("unwatch"), list: lists }),
  "trust-list": fc.record({
    kind: fc.constant("trust-list"),
    list: lists,
    trust: fc.record(
      {
        mode: fc.record({ user: fc.constantFrom("ask", "notify", "off"), server: fc.constantFrom("off") }),
        weight: fc.integer({ min: 1, max: 100 }),
        cap: fc.constantFrom("ban", "mute"),
        owner: lists,
      },
      { requiredKeys: [] },
    ),
  }),
  "set-default-list": fc.record({
    kind: fc.constant("set-default-list"),
    list: fc.option(lists, { nil: undefined }),
  }),
  exempt: fc.record({
    kind: fc.constant("exempt"),
    exemption: fc.record(
      { entity: entities, reason: fc.string(), by: moderators, at: times, expiresAt: times },
      { requiredKeys: ["entity", "reason", "by", "at"] },
    ),
  }),
  unexempt: fc.record(
    { kind: fc.constant("unexempt"), entity: entities, expiredAt: times },
    { requiredKeys: ["kind", "entity"] },
  ),
  except: fc.record({
    kind: fc.constant("except"),
    exception: fc.record(
      { list: lists, entity: entities, reason: fc.string(), by: moderators, at: times, expiresAt: times },
      { requiredKeys: ["list", "entity", "reason", "by", "at"] },
    ),
  }),
  unexcept: fc.record(
    { kind: fc.constant("unexcept"), list: lists, entity: entities, expiredAt: times },
    { requiredKeys: ["kind", "list", "entity"] },
  ),
  accept: fc.record({
    kind: fc.constant("accept"),
    what: fc.uniqueArray(rules, { minLength: 1 }),
    at: times,
  }),
  reject: fc.record({
    kind: fc.constant("reject"),
    what: fc.uniqueArray(rules, { minLength: 1 }),
    by: fc.option(moderators, { nil: undefined }),
    at: times,
  }),
  label: fc.record({
    kind: fc.constant("label"),
    incident: fc.constantFrom("one", "two"),
    label: fc.option(
      fc.record({
        protection: fc.constantFrom("flood", "mentions"),
        isRight: fc.boolean(),
        by: moderators,
        at: times,
      }),
      { nil: null },
    ),
  }),
  doubt: fc.record({
    kind: fc.constant("doubt"),
    protection: fc.constantFrom("flood", "mentions"),
    version: times,
  }),
  "choose-profile": fc.record({
    kind: fc.constant("choose-profile"),
    profile: fc.constantFrom("quiet", "usual", null),
  }),
  "set-protection": fc.record(
    {
      kind: fc.constant("set-protection"),
      protection: fc.constantFrom("flood", "mentions"),
      room: rooms,
      values: fc.dictionary(fc.constantFrom("enabled", "limit", "action"), fc.option(value, { nil: null })),
    },
    { requiredKeys: ["kind", "protection", "values"] },
  ),
  "write-rule": fc.record({
    kind: fc.constant("write-rule"),
    rule: ruleNames,
    version: ruleVersions,
    inForce: times,
  }),
  "drop-rule-version": fc.record({
    kind: fc.constant("drop-rule-version"),
    rule: ruleNames,
    number: times,
    inForce: times,
  }),
  "use-rule": fc.record({ kind: fc.constant("use-rule"), rule: ruleNames, inForce: times }),
  "remove-rule": fc.record({ kind: fc.constant("remove-rule"), rule: ruleNames }),
  "follow-rules": fc.record({
    kind: fc.constant("follow-rules"),
    followed: fc.record({
      room: lists,
      via,
      alias: fc.constantFrom("friends", "others"),
      updates: fc.constantFrom("ask", "apply"),
    }),
  }),
  "unfollow-rules": fc.record({ kind: fc.constant("unfollow-rules"), room: lists }),
  "take-rules": fc.record({
    kind: fc.constant("take-rules"),
    room: lists,
    taken: fc.array(fc.record({ rule: takenNames, version: ruleVersions, inForce: times }), { maxLength: 2 }),
    gone: fc.subarray(["friends/a", "friends/b"]),
  }),
  "restore-rule": fc.record({
    kind: fc.constant("restore-rule"),
    rule: ruleNames,
    stored: fc.record({ versions: fc.array(ruleVersions, { minLength: 1, maxLength: 3 }), inForce: times }),
  }),
  "edit-rule-list": fc.record({
    kind: fc.constant("edit-rule-list"),
    list: ruleNames,
    of: fc.constant("words" as const),
    add: listEntries,
    remove: fc.constant([]),
  }),
  "remove-rule-list": fc.record({ kind: fc.constant("remove-rule-list"), list: ruleNames }),
  "restore-rule-list": fc.record({
    kind: fc.constant("restore-rule-list"),
    list: ruleNames,
    stored: fc.record({ kind: fc.constant("words" as const), entries: listEntries }),
  }),
  understand: fc.record({
    kind: fc.constant("understand"),
    bot: fc.constantFrom(...foreignBots),
    on: fc.boolean(),
  }),
  preview: fc.record({
    kind: fc.constant("preview"),
    room: rooms,
    command: fc.constant(event("$c")),
    at: times,
  }),
  "end-preview": fc.record({ kind: fc.constant("end-preview"), room: rooms }),
  stop: fc.record({
    kind: fc.constant("stop"),
    stop: fc.record({ by: moderators, at: times, until: times }, { requiredKeys: ["by", "at"] }),
  }),
  go: fc.record({ kind: fc.constant("go"), endedAt: times }, { requiredKeys: ["kind"] }),
  "drop-commands": fc.record({
    kind: fc.constant("drop-commands"),
    commands: fc.array(
      fc.record({ event: fc.constantFrom(event("$1"), event("$2")), by: moderators, text: fc.string() }),
      { minLength: 1 },
    ),
  }),
  "forget-dropped": fc.record({ kind: fc.constant("forget-dropped") }),
  "judge-wave": fc.record({
    kind: fc.constant("judge-wave"),
    wave: fc.constantFrom("w1", "w2"),
    verdict: fc.option(
      fc.record({ is: fc.constantFrom("fine" as const, "clean" as const), by: moderators, at: times }),
      { nil: null },
    ),
  }),
  excuse: fc.record({
    kind: fc.constant("excuse"),
    user: moderators,
    at: fc.option(times, { nil: null }),
  }),
  "expect-crowd": fc.record({
    kind: fc.constant("expect-crowd"),
    crowd: fc.record({
      from: fc.constantFrom("conf.example", "*"),
      people: times,
      by: moderators,
      at: times,
      until: times,
    }),
  }),
  "set-duty": fc.record({
    kind: fc.constant("set-duty"),
    user: moderators,
    watches: fc.array(
      fc.record({ from: times, to: times, zone: fc.constant("UTC"), days: fc.subarray([0, 1, 2]) }),
      { maxLength: 2 },
    ),
  }),
  "test-duty": fc.record({ kind: fc.constant("test-duty"), at: times }),
  "rehearse-wave": fc.record({
    kind: fc.constant("rehearse-wave"),
    rooms: fc.constant([]),
    accounts: times,
    by: moderators,
    at: times,
  }),
  "end-rehearsal": fc.record({ kind: fc.constant("end-rehearsal"), at: times }),
  "off-duty": fc.record({
    kind: fc.constant("off-duty"),
    user: moderators,
    until: fc.option(times, { nil: null }),
  }),
  "knock-gate": fc.record({
    kind: fc.constant("knock-gate"),
    room: fc.constantFrom(room("!a:x"), room("!b:x")),
    gate: fc.option(fc.record({ by: moderators, at: times }), { nil: null }),
  }),
  "hear-reports": fc.record({
    kind: fc.constant("hear-reports"),
    on: fc.option(fc.record({ by: moderators, at: times }), { nil: null }),
  }),
  "hear-appeals": fc.record({
    kind: fc.constant("hear-appeals"),
    on: fc.option(fc.record({ by: moderators, at: times }), { nil: null }),
  }),
  "judge-case": fc.record({
    kind: fc.constant("judge-case"),
    report: times,
    user: moderators,
    word: fc.option(
      fc.oneof(
        fc.record({ is: fc.constant("taken"), by: moderators, at: times }),
        fc.record({
          is: fc.constant("closed"),
          outcome: fc.constantFrom("acted", "nothing"),
          by: moderators,
          at: times,
        }),
      ),
      { nil: null },
    ),
  }),
  "mute-reporter": fc.record({
    kind: fc.constant("mute-reporter"),
    user: moderators,
    muted: fc.option(fc.record({ by: moderators, at: times, until: times }), { nil: null }),
  }),
  "add-note": fc.record({
    kind: fc.constant("add-note"),
    user: moderators,
    note: fc.record({ text: fc.constantFrom("kind", "loud"), by: moderators, at: times }),
  }),
  "remove-note": fc.record({
    kind: fc.constant("remove-note"),
    user: moderators,
    note: fc.record({ text: fc.constantFrom("kind", "loud"), by: moderators, at: times }),
  }),
  "set-bridge": fc.record({
    kind: fc.constant("set-bridge"),
    ghosts: fc.constantFrom("@_irc_*:x", "@telegram_*:x"),
    bridge: fc.option(fc.record({ ghosts: fc.constant("@_irc_*:x"), by: moderators, at: times }), {
      nil: null,
    }),
  }),
  "set-inviter": fc.record({
    kind: fc.constant("set-inviter"),
    entity: entities,
    inviter: fc.option(fc.record({ by: moderators, at: times }), { nil: null }),
  }),
  "set-roles": fc.record({
    kind: fc.constant("set-roles"),
    levels: fc.option(fc.record({ admin: times, moderator: times }), { nil: null }),
  }),
  "open-session": fc.record({
    kind: fc.constant("open-session"),
    session: fc.record({
      id: times,
      key: fc.constantFrom("digest", "other"),
      user: moderators,
      openedAt: times,
      until: times,
      network: fc.constant("203.0.113"),
      browser: fc.constant("Firefox on Linux"),
    }),
  }),
  "end-session": fc.record({ kind: fc.constant("end-session"), id: times }),
  "judge-staff": fc.record({
    kind: fc.constant("judge-staff"),
    user: moderators,
    verdict: fc.option(
      fc.record({
        is: fc.constantFrom("trusted" as const, "stopped" as const),
        by: moderators,
        at: times,
        until: times,
      }),
      { nil: null },
    ),
  }),
  "expect-no-crowd": fc.record({
    kind: fc.constant("expect-no-crowd"),
    from: fc.constantFrom("conf.example", "*"),
  }),
};

const kinds = Object.keys(anyOf) as Kind[];
const anyChange = fc.oneof(...kinds.map((kind): fc.Arbitrary<SettingChange> => anyOf[kind]));
/** Of so many kinds of changes few protect a room, and most of what can be done to rooms needs one. */
const anySettings = fc
  .tuple(fc.array(anyChange, { maxLength: 25 }), fc.array(anyOf.protect, { maxLength: 3 }))
  .map(([changes, rooms]) => changed(noSettings, ...changes, ...(rooms as readonly SettingChange[])));

/**
 * What taking a change back restores. Not among them: who is kept out (`excluded`, `keptBansOf`) and what was answered
 * about a room. These follow from the inverse as from any other change of its kind.
 */
const restored = (settings: Settings): Partial<Settings> => ({
  ...settings,
  excluded: noSettings.excluded,
  keptBansOf: noSettings.keptBansOf,
  accepted: noSettings.accepted,
  rejected: noSettings.rejected,
});

/** Changes that no command proposes, as what they ask for is there in part already: their inverse takes that, too. */
const isThereInPart: { readonly [K in Kind]?: (change: Of<K>, before: Settings) => boolean } = {
  protect: ({ room }, before) => before.rooms.has(room.room),
  hold: ({ room }, before) => before.spaces.has(room),
  "follow-space": ({ room: space }, before) =>
    before.spaces.has(space) ||
    before.rooms.has(space) ||
    [...before.rooms.keys(), ...before.spaces.keys()].some((one) => holdersOf(one, before).includes(space)),
  watch: ({ list, isDefault }, before) =>
    before.lists.some((one) => one.room === list.room)
      ? isDefault === true
      : before.defaultList === list.room,
};

/** Kinds of which the inverse gives back exactly what there was. */
const reversible = [
  "protect",
  "unprotect",
  "follow-space",
  "hold",
  "watch",
  "unwatch",
  "trust-list",
  "set-default-list",
  "exempt",
  "unexempt",
  "except",
  "unexcept",
  "set-protection",
  "choose-profile",
  "understand",
  "stop",
  "go",
  "judge-wave",
  "excuse",
  "expect-crowd",
  "expect-no-crowd",
  "set-duty",
  "off-duty",
  "knock-gate",
  "hear-reports",
  "hear-appeals",
  "judge-case",
  "mute-reporter",
  "set-bridge",
  "set-inviter",
  "set-roles",
] as const satisfies readonly Kind[];

describe.each(reversible)("%s", (kind) => {
  test("then its inverse gives the former settings", () => {
    fc.assert(
      fc.property(anySettings, anyOf[kind] as fc.Arbitrary<SettingChange>, (before, change) => {
        const isInPart = isThereInPart[kind] as
          ((change: SettingChange, before: Settings) => boolean) | undefined;
        fc.pre(isInPart?.(change, before) !== true);
        const inverse = inverseOfChange(change, before);
        fc.pre(inverse !== undefined);

        const after = changed(before, change, inverse);

        expect(restored(after)).toEqual(restored(before));
      }),
      // Some kinds seldom meet settings that they change.
      { numRuns: 300, maxSkipsPerRun: 400 },
    );
  });
});

describe.each(kinds)("%s", (kind) => {
  const change = anyOf[kind] as fc.Arbitrary<SettingChange>;

  test("leaves the settings before it as they are", () => {
    fc.assert(
      fc.property(anySettings, change, (before, one) => {
        const copy = settingsToJson(before);

        changed(before, one);

        expect(settingsToJson(before)).toBe(copy);
      }),
    );
  });

  test("survives being stored, as the settings do after it", () => {
    fc.assert(
      fc.property(anySettings, change, (before, one) => {
        const after = changed(before, one);

        expect(settingsFromJson(settingsToJson(after))).toEqual(after);
        expect(changed(settingsFromJson(settingsToJson(before)), JSON.parse(JSON.stringify(one)))).toEqual(
          after,
        );
      }),
    );
  });
});

test("a space that is no longer followed comes back without its rooms, which it names itself", () => {
  const [space, inner] = [room("!s:x"), room("!t:x")];
  const before = changed(
    noSettings,
    { kind: "follow-space", room: space, via: ["x"] },
    { kind: "follow-space", room: inner, via: [], through: space },
    { kind: "protect", room: { room: room("!a:x"), via: [], space: inner } },
    { kind: "protect", room: { room: room("!b:x"), via: [], space: undefined } },
  );
  const change = { kind: "unfollow-space", room: space } as const;

  const after = changed(before, change);
  const back = changed(after, inverseOfChange(change, before)!);

  expect([...after.rooms.keys(), ...after.spaces.keys()]).toEqual(["!b:x"]);
  expect([...back.spaces]).toEqual([[space, ["x"]]]);
  expect([...back.rooms.keys()]).toEqual(["!b:x"]);
});

describe("a room", () => {
  const [a, b, c, d] = ["!a:x", "!b:x", "!c:x", "!d:x"].map(room);
  const follow = (space: RoomId, through?: RoomId) =>
    ({ kind: "follow-space", room: space, via: ["x"], ...(through ? { through } : {}) }) as const;
  const inSpace = (id: RoomId, space: RoomId | undefined) =>
    ({ kind: "protect", room: { room: id, via: ["x"], space } }) as const;

  test("stays protected as long as anything holds it", () => {
    const held = changed(
      noSettings,
      follow(a!),
      follow(b!),
      inSpace(c!, a),
      inSpace(c!, b),
      inSpace(c!, undefined),
    );

    const lessOne = changed(held, { kind: "let-go", room: c!, by: a! });
    const lessTwo = changed(lessOne, { kind: "unfollow-space", room: b! });
    const free = changed(lessTwo, { kind: "let-go", room: c!, by: "hand" });

    expect([held, lessOne, lessTwo, free].map((settings) => holdersOf(c!, settings))).toEqual([
      ["hand", a, b],
      ["hand", b],
      ["hand"],
      [],
    ]);
    expect(free.rooms.has(c!)).toBe(false);
  });

  test("that one change took out comes back with all that held it", () => {
    const held = changed(noSettings, follow(a!), inSpace(c!, a), inSpace(c!, undefined));
    const out = { kind: "unprotect", room: c!, excludes: true } as const;

    const back = changed(held, out, inverseOfChange(out, held)!);

    expect(holdersOf(c!, back)).toEqual(["hand", a]);
  });

  test("that was added twice is let go of by the undo of one of them", () => {
    const held = changed(noSettings, follow(a!), inSpace(c!, a));
    const byHand = inSpace(c!, undefined);

    const back = changed(held, byHand, inverseOfChange(byHand, held)!);

    expect(holdersOf(c!, back)).toEqual([a]);
  });

  test("of a space within two others stays until both have let go", () => {
    const held = changed(noSettings, follow(a!), follow(b!), follow(c!, a), follow(c!, b), inSpace(d!, c));

    const lessOne = changed(held, { kind: "unfollow-space", room: a! });
    const free = changed(lessOne, { kind: "let-go", room: c!, by: b! });

    expect([holdersOf(c!, lessOne), holdersOf(d!, lessOne)]).toEqual([[b], [c]]);
    expect([free.spaces.has(c!), free.rooms.has(d!)]).toEqual([false, false]);
  });

  test("goes with spaces that hold nothing but each other", () => {
    const held = changed(
      noSettings,
      follow(a!),
      follow(b!, a),
      { kind: "hold", room: a!, by: b! },
      inSpace(c!, b),
    );

    const free = changed(held, { kind: "let-go", room: a!, by: "hand" });

    expect([free.spaces.size, free.spacesWithin.size, free.rooms.size]).toEqual([0, 0, 0]);
  });

  test("that is protected as we are in it goes when that is switched off, unless more holds it", () => {
    const joined = (id: RoomId) =>
      ({ kind: "protect", room: { room: id, via: [], space: undefined, heldBy: ["joined"] } }) as const;
    const held = changed(
      noSettings,
      { kind: "protect-joined", on: true },
      joined(a!),
      joined(b!),
      inSpace(b!, undefined),
    );

    const off = changed(held, { kind: "protect-joined", on: false });

    expect([...off.rooms.keys()]).toEqual([b]);
    expect(off.protectsJoined).toBeUndefined();
  });
});

test("of answers only the newest are remembered, each way", () => {
  const say = (kind: "accept" | "reject", rule: string, at: number) =>
    kind === "accept"
      ? ({ kind, what: [event(rule)], at } as const)
      : ({ kind, what: [event(rule)], by: user("@mod:x"), at } as const);
  const all = [
    say("accept", "$1", 1),
    say("reject", "$2", 2),
    say("accept", "$3", 3),
    say("accept", "$4", 4),
  ];

  const settings = all.reduce<Settings>(
    (before, change) => changeSettings(before, change, { answersRemembered: 2 }),
    noSettings,
  );

  expect([...settings.accepted.keys()]).toEqual(["$3", "$4"]);
  expect([...settings.rejected.keys()]).toEqual(["$2"]);
});

test("a change that changes nothing gives the very same settings", () => {
  expect(changed(noSettings, { kind: "end-preview", room: room("!a:x") })).toBe(noSettings);
  expect(changed(noSettings, { kind: "unexempt", entity: "@a:x", expiredAt: 1 })).toBe(noSettings);
});

describe("a version of a rule", () => {
  const by = user("@mod:x");
  const version = (number: number) => ({ number, text: `when: links > ${number}`, by, at: number });
  const write = (number: number): SettingChange => ({
    kind: "write-rule",
    rule: "links",
    version: version(number),
    inForce: number,
  });

  test("that was forgotten, as there were too many, cannot be used any more", () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    const settings = numbers.reduce((all, number) => changeSettings(all, write(number), limits), noSettings);
    const used = changeSettings(settings, { kind: "use-rule", rule: "links", inForce: 1 }, limits);

    expect(used.rules.get("links")?.inForce).toBe(30);
    expect(used.rules.get("links")?.versions).toHaveLength(20);
  });

  test("that is dropped leaves another one in force, whatever was before it", () => {
    const settings = [1, 2, 3].reduce(
      (all, number) => changeSettings(all, write(number), limits),
      noSettings,
    );
    const drop: SettingChange = { kind: "drop-rule-version", rule: "links", number: 3, inForce: 9 };

    expect(changeSettings(settings, drop, limits).rules.get("links")?.inForce).toBe(2);
  });
});
