// Which protections there are under given settings.

import type { RuleList } from "../../src/model/rule-lists.ts";
import { describe, expect, test } from "@jest/globals";
import { valuesOf } from "../../src/automod/define.ts";
import { Registry } from "../../src/automod/registry.ts";
import { readRuleFiles } from "../../src/automod/rule-files.ts";
import { kindWords } from "../../src/model/facts/kinds.ts";
import type { RoomId, UserId } from "../../src/model/ids.ts";
import type { StoredRule } from "../../src/model/settings/rules.ts";
import { noSettings, type Settings } from "../../src/model/settings/settings.ts";
import { shipped } from "../../src/protections/shipped.ts";

const by = "@mod:x.test" as UserId;
const stored = (...texts: readonly string[]): StoredRule => ({
  versions: texts.map((text, i) => ({ number: i + 1, text, by, at: i })),
  inForce: 1,
});
const slurs: RuleList = { kind: "words", entries: ["rude"] };
const withRules = (rules: Readonly<Record<string, StoredRule>>, more: Partial<Settings> = {}): Settings => ({
  ...noSettings,
  rules: new Map(Object.entries(rules)),
  ...more,
});
const ofFile = (text: string) => readRuleFiles(["a.yaml"], () => text, []);

describe("rules of the room", () => {
  test("stand after those that ship, in shadow and on, by their name", () => {
    const settings = withRules({ links: stored("rule: links\nwhen: links\nthen: ban") });
    const { all, origins } = new Registry(shipped).known(settings);

    expect(all.map(({ name }) => name)).toEqual([...shipped.map(({ name }) => name), "links"]);
    expect(origins.get("links")).toBe("room");
    expect(origins.get("flood")).toBe("shipped");
    expect(valuesOf(all.at(-1)!, settings, undefined)).toMatchObject({
      enabled: true,
      mode: "shadow",
      response: "ban",
    });
  });

  test("that cannot be read any more are told with why, and keep nobody else from looking", () => {
    const settings = withRules({
      slur: stored("rule: slur\nwhen: text has slurs\nthen: redact"),
      links: stored("rule: links\nwhen: links\nthen: redact"),
    });
    const { all, broken } = new Registry([]).known(settings);

    expect(all.map(({ name }) => name)).toEqual(["links"]);
    expect([...broken]).toEqual([["slur", 'no list is called "slurs"']]);
  });

  test("come back as soon as the list is there", () => {
    const registry = new Registry([]);
    const rules = { slur: stored("rule: slur\nwhen: text has slurs\nthen: redact") };
    expect(registry.known(withRules(rules)).broken.size).toBe(1);
    const settings = withRules(rules, { ruleLists: new Map([["slurs", slurs]]) });

    expect(registry.known(settings).broken.size).toBe(0);
    expect(registry.known(settings).lists.get("slurs")).toEqual({ ...slurs, origin: "room" });
  });

  test("never take the place of one that ships or comes from a file", () => {
    const own = ofFile("rule: mine\nwhen: links\nthen: redact");
    const settings = withRules({
      flood: stored("rule: flood\nwhen: links\nthen: ban"),
      mine: stored("rule: mine\nwhen: media\nthen: ban"),
    });
    const { all, broken } = new Registry(shipped, { own }).known(settings);

    expect(all.filter(({ name }) => name === "flood" || name === "mine")).toHaveLength(2);
    expect(all.find(({ name }) => name === "mine")?.when).toBe("links");
    expect([...broken.keys()]).toEqual(["flood", "mine"]);
  });

  test("a newer version than the one in force is tried beside it, an older one is not", () => {
    const two = stored("rule: links\nwhen: links\nthen: ban", "rule: links\nwhen: media\nthen: ban");
    const registry = new Registry([]);

    expect(registry.known(withRules({ links: two })).candidates.get("links")?.version).toBe(2);
    expect(registry.known(withRules({ links: { ...two, inForce: 2 } })).candidates.size).toBe(0);
  });

  test("are the same objects while nothing of them changes, so that what is counted for them stays", () => {
    const registry = new Registry([]);
    const settings = withRules({ links: stored("rule: links\nwhen: links\nthen: ban") });
    expect(registry.known({ rules: settings.rules, ruleLists: settings.ruleLists }).all[0]).toBe(
      registry.known(settings).all[0],
    );
  });
});

describe("rules of files", () => {
  test("are in shadow, or in the mode that the file says", () => {
    const own = ofFile(
      "rule: a\nwhen: links\nthen: redact\n---\nrule: b\nwhen: links\nthen: redact\nmode: act",
    );
    const [a, b] = new Registry([], { own }).known(noSettings).all;
    expect([a!, b!].map((one) => valuesOf(one, noSettings, undefined).mode)).toEqual(["shadow", "act"]);
  });
});

describe("those that look", () => {
  const settingsOf = (values: Readonly<Record<string, boolean>>, key = "flood") => ({
    ...noSettings,
    protections: new Map([[key, values]]),
  });

  test("are those that are on somewhere", () => {
    const registry = new Registry(shipped);
    const names = (settings: Settings) =>
      registry.watching(settings).map(({ protection }) => protection.name);

    expect(names(noSettings)).toEqual([]);
    expect(names(settingsOf({ enabled: true }))).toEqual(["flood"]);
    expect(names(settingsOf({ enabled: true }, "flood !room:x.test"))).toEqual(["flood"]);
    expect(names(settingsOf({ enabled: false }, "flood !room:x.test"))).toEqual([]);
  });
});

describe("lists of shipped rules", () => {
  const rule = {
    name: "lobby-words",
    about: "",
    on: kindWords.get("messages")!,
    settings: {},
    when: "text has bad-words",
    ladder: "redact",
    warning: "",
    reply: "",
    takesInWhatFollows: false,
    lists: { "bad-words": "words" },
  } as const;

  test("are there before anybody makes them, and empty; rules of the room may look into them as well", () => {
    const rules = { mine: stored("rule: mine\nwhen: text has bad-words\nthen: redact") };
    const { lists, broken } = new Registry([rule]).known(withRules(rules));

    expect(lists.get("bad-words")).toEqual({ kind: "words", entries: [], origin: "shipped" });
    expect(broken.size).toBe(0);
  });

  test("are made in the room or in files; one of the name and another kind is not looked into", () => {
    const known = (list: RuleList) =>
      new Registry([rule]).known(withRules({}, { ruleLists: new Map([["bad-words", list]]) })).lists;

    expect(known(slurs).get("bad-words")).toEqual({ ...slurs, origin: "room" });
    expect(known({ kind: "links", entries: ["x.test"] }).get("bad-words")?.kind).toBe("links");
  });

  test("a rule that waits for what is not told yet says so, and one that may do without does not", () => {
    const waitsFor = (when: string, on = "messages") =>
      new Registry([{ ...rule, on: kindWords.get(on)!, when }]).known(noSettings).all[0]!.waitsFor;

    expect(waitsFor("server.registration is open and links")).toBe("a look at servers");
    expect(waitsFor("server.registration is open or links")).toBeUndefined();
    expect(waitsFor("not (server.registration is open or links)")).toBe("a look at servers");
    expect(waitsFor("not (server.registration is open and links)")).toBeUndefined();
    expect(waitsFor("wave.state is unknown")).toBeUndefined();
    expect(waitsFor("event.size > 1KB", "scan")).toBe("scanners");
    expect(waitsFor("event.size > 1KB", "reports")).toBeUndefined();
    expect(waitsFor("count acts by author in 5m > 2")).toBeUndefined();
    expect(waitsFor("count messages where (server.registration is open) by room in 5m + 1 > 2")).toBe(
      "a look at servers",
    );
  });
});

test("what earlier versions stored as alertOnly is read as a mode, in its place", () => {
  const flood = new Registry(shipped).known(noSettings).all.find(({ name }) => name === "flood");
  const mode = (protections: Settings["protections"], room?: string) =>
    valuesOf(flood!, { ...noSettings, protections }, room as never).mode;

  expect(mode(new Map([["flood", { alertOnly: true }]]))).toBe("alert");
  expect(mode(new Map([["flood", { alertOnly: false }]]))).toBe("act");
  expect(mode(new Map([["flood", { alertOnly: true, mode: "ask" }]]))).toBe("ask");
  const both = new Map<string, Readonly<Record<string, boolean | string>>>([
    ["flood", { mode: "alert" }],
    ["flood !r:x", { alertOnly: false }],
  ]);
  expect(mode(both, "!r:x")).toBe("act");
  expect(mode(both)).toBe("alert");
});

test("rooms without settings of their own share the values of all rooms", () => {
  const settings = withRules(
    {},
    {
      protections: new Map([
        ["flood !own:x.test", { limit: 3 }],
        ["flood", { limit: 5 }],
      ]),
    },
  );
  const flood = new Registry(shipped).known(settings).all.find(({ name }) => name === "flood");
  const everywhere = valuesOf(flood!, settings, undefined);

  expect(valuesOf(flood!, settings, "!other:x.test" as RoomId)).toBe(everywhere);
  expect(valuesOf(flood!, settings, "!own:x.test" as RoomId)).toMatchObject({ limit: 3 });
  expect(everywhere).toMatchObject({ limit: 5 });
});

test("a version that has other settings than the one before is asked with its own", () => {
  const text = (settings: string) => `rule: links\nsettings: ${settings}\nwhen: links\nthen: alert`;
  const settings = withRules({ links: stored(text("{ limit: 5 }"), text("{ limit: 7, people: 2 }")) });
  const registry = new Registry([]);
  const { all, candidates } = registry.known(settings);
  const edited = registry.known(withRules({ links: stored(text("{ limit: 9 }")) })).all[0]!;

  expect(valuesOf(all[0]!, settings, undefined)["limit"]).toBe(5);
  expect(valuesOf(candidates.get("links")!, settings, undefined)).toMatchObject({ limit: 7, people: 2 });
  expect(valuesOf(edited, settings, undefined)["limit"]).toBe(9);
});
