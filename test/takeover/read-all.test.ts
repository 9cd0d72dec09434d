// What other bots left, exactly as they write it, and broken in every way.

import { describe, expect, test } from "@jest/globals";
import { say } from "../../src/kit/say.ts";
import { readTakeover } from "../../src/takeover/read-all.ts";
import { takeoverSummary } from "../../src/takeover/summary.ts";
import { emptyTakeover, type Takeover } from "../../src/takeover/earlier-bot.ts";

const version = "ge.applied-langua.ge.draupnir.schema_version";
const event = (type: string, key: string, content: unknown) => ({ type, state_key: key, content });
const read = (
  accountData: Readonly<Record<string, unknown>>,
  state: unknown = [],
  { writesAcls = true } = {},
) =>
  readTakeover({ accountData: new Map(Object.entries(accountData)), state }, { writesAcls, prefix: "!tyr" });
const left = (taken: Takeover) => taken.notTakenOver.map((one) => one.text);
const rooms = (entries: unknown) => ({ "org.matrix.mjolnir.protected_rooms": entries });
const lists = (entries: unknown) => ({ "org.matrix.mjolnir.watched_lists": entries });
const enabled = (names: readonly unknown[], more = {}) => ({
  "org.matrix.mjolnir.enabled_protections": { enabled: names, ...more },
});

test("nothing is nothing", () => {
  expect(read({}).bots).toEqual([]);
  expect(
    takeoverSummary(read({}), { rooms: [], lists: [], defaultList: undefined, notTakenOver: [] }),
  ).toBeUndefined();
});

describe("addresses", () => {
  test("rooms are ids, lists are links with servers to join through, old ones by alias", () => {
    const taken = read({
      ...rooms({ rooms: ["!a:example.org", "!v12hashwithoutserver"] }),
      ...lists({
        references: [
          "https://matrix.to/#/!l:example.org?via=example.org&via=b.example",
          "https://matrix.to/#/%23bans%3Aexample.org",
          "https://matrix.to/#/!l:example.org",
        ],
      }),
    });

    expect(taken.rooms).toEqual([
      { id: "!a:example.org", via: [] },
      { id: "!v12hashwithoutserver", via: [] },
    ]);
    expect(taken.lists).toEqual([
      { id: "!l:example.org", via: ["example.org", "b.example"] },
      { id: "#bans:example.org", via: [] },
    ]);
    expect(taken.notTakenOver).toEqual([]);
  });

  test.each([
    [rooms(null), "has no list rooms, but null"],
    [rooms([]), "has no list rooms, but []"],
    [rooms({}), "has no list rooms, but {}"],
    [rooms({ rooms: "!a:b" }), 'has no list rooms, but {"rooms":"!a:b"}'],
    [rooms({ rooms: [null] }), "null among the protected rooms is no room's address"],
    [rooms({ rooms: ["@user:example.org"] }), "@user:example.org among the protected rooms"],
    [lists({ references: [{}] }), "{} among the watched lists"],
    [enabled([3]), "3 among the protections is no name"],
  ])("%j is named", (accountData, problem) => {
    expect(left(read(accountData)).join("\n")).toContain(problem);
  });

  test("what is nested without end is named, too", () => {
    let deep: unknown = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];

    expect(left(read(rooms({ rooms: [deep] })))).toEqual([
      "something too deep to be shown among the protected rooms is no room's address",
    ]);
  });
});

describe("whose keys they are", () => {
  test.each([
    ["mjolnir", enabled(["WordList"]), []],
    ["mjolnir", { "org.matrix.mjolnir.default_list": { shortcode: "coc" } }, []],
    ["draupnir", enabled([], { [version]: 0 }), []],
    ["draupnir", { "space.draupnir.zero_touch_deploy_room": { room: "https://matrix.to/#/!m:x" } }, []],
    ["draupnir", rooms({ rooms: [] }), [event("me.marewolf.draupnir.set_capability_provider", "P", {})]],
    ["meowlnir", {}, [event("fi.mau.meowlnir.watched_lists", "", {})]],
    ["meowlnir", {}, [event("fi.mau.meowlnir.protected_rooms", "", {})]],
  ])("a %s's", (bot, accountData, state) => {
    expect(read(accountData, state).bots).toEqual([bot]);
  });

  test("state under another key, or of a user, is nobody's", () => {
    const state = [event("fi.mau.meowlnir.watched_lists", "@x:y", {}), null, 7, { type: 3 }, {}];

    expect(read({}, state).bots).toEqual([]);
  });
});

describe("a Draupnir's switches", () => {
  const members = "MemberBanSynchronisationProtection";
  const servers = "ServerBanSynchronisationProtection";
  const list = lists({ references: ["https://matrix.to/#/!l:example.org"] });
  const simulated = (protection: string, capability: string, provider: string) => [
    event("me.marewolf.draupnir.set_capability_provider", protection, {
      [capability]: { capability_provider_name: provider },
      [version]: 1,
    }),
  ];

  test.each([
    ["both on", enabled([members, servers], { [version]: 8 }), [], 1],
    ["before they could be switched off", enabled([], { [version]: 1 }), [], 1],
    ["member bans off", enabled([servers], { [version]: 2 }), [], 0],
    ["ACLs off", enabled([members], { [version]: 8 }), [], 0],
    [
      "member bans simulated",
      enabled([members, servers], { [version]: 8 }),
      simulated(members, "userConsequences", "SimulatedUserConsequences"),
      0,
    ],
    [
      "ACLs simulated, by the name of an old version",
      enabled([members, servers], { [version]: 8 }),
      simulated(servers, "serverConsequences", "SimulatedServerConsequences"),
      0,
    ],
    [
      "ACLs written, said in so many words",
      enabled([members, servers], { [version]: 8 }),
      simulated(servers, "serverConsequences", "ServerACLSynchronisationCapability"),
      1,
    ],
  ])("%s", (_what, accountData, state, watched) => {
    expect(read({ ...accountData, ...list }, state).lists).toHaveLength(watched);
  });

  test("ACLs off are no reason against lists where Tyr writes none either", () => {
    const accountData = { ...enabled([members], { [version]: 8 }), ...list };

    expect(read(accountData, [], { writesAcls: false }).lists).toHaveLength(1);
  });

  test.each([
    ["SimulatedUserConsequences", "StandardEventConsequences", "redact", "redact+warn"],
    ["StandardUserConsequences", "SimulatedEventConsequences", "ban", "warn ban"],
    ["SimulatedUserConsequences", "SimulatedEventConsequences", "alert", "warn"],
    ["StandardUserConsequences", "StandardEventConsequences", "redact+ban", "redact+warn redact+ban"],
  ])("%s and %s answer floods with %s and mentions with %s", (user, eventActs, flood, mentions) => {
    const names = ["BasicFloodingProtection", "MentionLimitProtection"];
    const state = names.map((name) =>
      event("me.marewolf.draupnir.set_capability_provider", name, {
        userConsequences: { capability_provider_name: user },
        eventConsequences: { capability_provider_name: eventActs },
      }),
    );

    const { protections } = read(enabled(names, { [version]: 8 }), state);

    expect(protections.map((one) => one.values["response"])).toEqual([flood, mentions]);
  });
});

describe("a Meowlnir's protections", () => {
  const protecting = (protections: unknown) =>
    read({}, [event("fi.mau.meowlnir.protected_rooms", "", { rooms: [], protections })]);

  test.each([
    [{ limit: 5, per: 10 }, "redact+ban"],
    [{ limit: 5, per: 10, max_infractions: 1 }, "redact+ban"],
    [{ limit: 5, per: 10, max_infractions: 2 }, "redact redact+ban"],
    [{ limit: 5, per: 10, max_infractions: 900 }, "redact redact redact redact redact redact+ban"],
    [{ limit: 5, per: 10, max_infractions: -1 }, "redact+ban"],
  ])("anti_flood %j answers with %s", (content, response) => {
    expect(protecting({ anti_flood: content }).protections).toEqual([
      {
        name: "anti_flood",
        becomes: "flood",
        values: { enabled: true, limit: 5, seconds: 10, response },
        differs: undefined,
      },
    ]);
  });

  test.each([
    {},
    null,
    [],
    { limit: 0, per: 5 },
    { limit: 5 },
    { limit: "5", per: 5 },
    { limit: Infinity, per: 1 },
  ])("anti_flood %j is named", (content) => {
    expect(protecting({ anti_flood: content }).protections).toEqual([]);
    expect(left(protecting({ anti_flood: content }))).toEqual([
      "anti_flood: it had no limit and time above zero set",
    ]);
  });

  test.each([
    ["anti_flood", { limit: 101, per: 10 }],
    ["anti_flood", { limit: 10, per: 601 }],
    ["max_mentions", { limit: 1_001, per: 10 }],
    ["max_mentions", { limit: 10, per: 3_600 }],
  ])("%s %j lets pass more than ours can, and is named instead of made stricter", (name, content) => {
    const taken = protecting({ [name]: content });

    expect(taken.protections).toEqual([]);
    expect(left(taken)[0]).toContain("it let pass more than Tyr's detector can");
  });

  test("names of Object itself are no settings", () => {
    expect(left(protecting(JSON.parse('{"__proto__": {}, "constructor": {}}')))).toEqual([
      "__proto__: I do not know this protection",
      "constructor: I do not know this protection",
    ]);
  });

  test("an empty list is null, as Go writes it", () => {
    const taken = read({}, [event("fi.mau.meowlnir.watched_lists", "", { lists: null })]);

    expect(taken).toMatchObject({ lists: [], notTakenOver: [] });
  });
});

test("two bots with the same detector: the first one's settings count, and the second's are named", () => {
  const taken = read(enabled(["BasicFloodingProtection"]), [
    event("fi.mau.meowlnir.protected_rooms", "", { protections: { anti_flood: { limit: 1, per: 1 } } }),
  ]);

  expect(taken.protections.map((one) => one.name)).toEqual(["BasicFloodingProtection"]);
  expect(left(taken)).toEqual(["anti_flood: flood has its settings from BasicFloodingProtection already"]);
});

describe("the report", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => i);
  const taken = read(rooms({ rooms: many }));
  const nothing = { rooms: [], lists: [], defaultList: undefined, notTakenOver: [] };

  test("shows some of many and counts the rest, folded", () => {
    const report = takeoverSummary(taken, nothing)!;

    expect(report.text).toContain("Not taken over (1,000)");
    expect(report.text).toContain("• and 975 more");
    expect(report.html).toContain("<details><summary>Not taken over (1,000)</summary>");
  });

  test("says what kept us from looking, also where nothing was found", () => {
    const problem = say`I may not read the room`;

    expect(takeoverSummary({ ...emptyTakeover, notTakenOver: [problem] }, nothing)!.text).toContain(
      "Not taken over (1):\n• I may not read the room",
    );
  });

  test("has what a stranger wrote escaped", () => {
    const odd = read(rooms({ rooms: ["<b>@room</b>"] }));

    expect(takeoverSummary(odd, nothing)!.html).toContain("&#60;b&#62;");
    expect(takeoverSummary(odd, nothing)!.text).not.toContain("@room");
  });
});
