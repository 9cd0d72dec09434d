// What rules count: of which events, by what, and what is left out.

import { describe, expect, test } from "@jest/globals";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import { Rates } from "../../src/automod/rates.ts";
import { ruleProtection } from "../../src/automod/rule-protection.ts";
import type { RuleList } from "../../src/model/rule-lists.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { SettingValue } from "../../src/model/settings/protections.ts";
import { recent } from "../../src/model/signals/recent.ts";
import type { EventSighting } from "../../src/model/signals/sighting.ts";
import { aWorld, event, lobby, user } from "../support/make.ts";

const ann = user("@ann:x.test");
const minute = 60_000;

/** Rules that share what they count, and what people say to them. */
function aCommunity(
  rules: readonly { when: string; on?: string; settings?: string }[],
  lists: ReadonlyMap<string, RuleList> = new Map(),
) {
  const kinds = new Map([...lists].map(([name, { kind }]) => [name, kind]));
  const rates = new Rates({ events: 10_000 });
  const world = aWorld();
  const made = rules.map(({ when, on = "messages", settings = "{}" }, i) => {
    const text = `rule: r${i}\non: ${on}\nsettings: ${settings}\nwhen: '${when}'\nthen: alert`;
    const { rules: read, mistakes } = readRuleFile(text, kinds);
    expect(mistakes).toEqual([]);
    const protection = ruleProtection(read[0]!, { rates, lists });
    const defaults = Object.entries(protection.settings).map(([name, spec]) => [name, spec.default]);
    return { protection, values: Object.fromEntries(defaults) as Record<string, SettingValue> };
  });
  let [count, now] = [0, 1_700_000_000_000];
  const enabled = {
    kind: "set-protection",
    protection: "flood",
    values: { enabled: true },
  } as const;
  world.apply({ kind: "settings-changed", change: enabled, at: now, dueBy: now });
  world.apply({ kind: "synced", token: "s0", at: now, dueBy: now });
  world.apply({ kind: "synced", token: "s1", at: now, dueBy: now });
  let told = "";
  return {
    /** What was said of the last finding. */
    told: () => told,
    wait: (ms: number) => {
      now += ms;
    },
    /** Which of the rules find it, by their number. */
    says: (content: JsonObject | string, { by = ann, type = "m.room.message" } = {}): readonly number[] => {
      const said = {
        type,
        sender: by,
        eventId: event(`$said-${(count += 1)}`),
        content: typeof content === "string" ? { msgtype: "m.text", body: content } : content,
        sentAt: now,
      };
      const seen = { room: lobby, event: said, at: now, late: false };
      world.apply({ kind: "message", ...seen, dueBy: now });
      const sighting: EventSighting = {
        kind: "message",
        ...seen,
        user: by,
        world,
        speech: world.recentSpeech,
      };
      expect(recent.of(sighting).length).toBeGreaterThan(0);
      return made.flatMap(({ protection, values }, i) => {
        const verdict = protection.evaluate(sighting, values);
        told = verdict?.sentence ?? told;
        return verdict ? i : [];
      });
    },
    forgive: (who = ann) => {
      const offence = {
        protection: "r0",
        user: who,
        step: 0,
        at: now,
        incident: "i",
        rooms: [lobby],
      };
      world.apply({ kind: "offence", offence, at: now, dueBy: now });
      world.apply({ kind: "forgiven", incidents: ["i"], at: now, dueBy: now });
    },
  };
}

describe("links that are told apart", () => {
  test("are all those of a message", () => {
    const { says } = aCommunity([{ when: "distinct link.domain by author in 10m >= 3" }]);

    expect(says("https://a.example https://b.example")).toEqual([]);
    expect(says("https://b.example and https://c.example")).toEqual([0]);
  });

  test("are those of the link by which it is counted", () => {
    const { says } = aCommunity([{ when: "distinct link.host by link.domain in 10m >= 2" }]);

    expect(says("https://a.one.example https://b.two.example")).toEqual([]);
    expect(says("https://c.one.example")).toEqual([0]);
  });

  test("by both the domain and the host each link is one", () => {
    const { says } = aCommunity([{ when: "count messages by link.domain + link.host in 10m >= 2" }]);

    expect(says("https://a.one.example https://b.two.example")).toEqual([]);
    expect(says("https://b.two.example")).toEqual([0]);
  });

  test("mail addresses lead to no host, and are not one with another", () => {
    const { says } = aCommunity([{ when: "count messages by link.domain in 10m >= 2" }]);

    expect(says("mailto:a@one.example")).toEqual([]);
    expect(says("mailto:b@two.example")).toEqual([]);
  });
});

describe("what is counted under a condition", () => {
  test("is not mixed up with that of a rule whose settings of the same name say another", () => {
    const when = "count messages where (text.length > letters) by author in 10m >= 2";
    const { says } = aCommunity([
      { when, settings: "{ letters: 2 }" },
      { when, settings: "{ letters: 10 }" },
    ]);

    expect(says("short")).toEqual([]);
    expect(says("short")).toEqual([0]);
  });
});

describe("a long time", () => {
  test("of speech is counted whole", () => {
    const { says, wait } = aCommunity([{ when: "count speech by author in 2h >= 3", on: "speech" }]);

    expect(says("one")).toEqual([]);
    wait(50 * minute);
    expect(says("two")).toEqual([]);
    wait(50 * minute);
    expect(says("three")).toEqual([0]);
    wait(80 * minute);
    expect(says("four")).toEqual([]);
  });
});

test("mentions in what a rule does not count are left out", () => {
  const { says } = aCommunity([{ when: "sum text.mentions messages by author in 10m >= 3" }]);
  const calling = { "m.mentions": { user_ids: ["@a:x.test", "@b:x.test"] } };
  says({ ...calling, "m.relates_to": { key: "x" } }, { type: "m.reaction" });

  expect(says({ body: "x", "m.mentions": { user_ids: ["@c:x.test"] } })).toEqual([]);
});

test("what somebody sent before they were forgiven counts no more, what others sent does", () => {
  const { says, forgive, wait } = aCommunity([
    { when: "count messages by author in 10m >= 3" },
    { when: "count messages by room in 10m >= 4" },
  ]);
  says("one");
  says("two");
  says("other", { by: user("@bob:x.test") });
  wait(1_000);
  forgive();
  wait(1_000);

  expect(says("three")).toEqual([]);
  expect(says("four")).toEqual([]);
  expect(says("five")).toEqual([0, 1]);
});

test("a list of thousands is made ready once, not for each finding", () => {
  const entries = Array.from({ length: 5_000 }, (_, i) => `word${i} and more`);
  const { says } = aCommunity(
    [{ when: "text has scam or links" }],
    new Map([["scam", { kind: "words", entries }]]),
  );

  for (let i = 0; i < 1_000; i++) expect(says("https://a.example")).toEqual([0]);
});

test.each([
  ["author.server in watched", "author.server is one of the list watched"],
  ['author.server not in "y.test"', "author.server is none of those that are looked for"],
  ["text has scam", "text has words of the list scam"],
  ['text has scam, "hello"', "text has words of those that are looked for"],
])("of %s it is said: %s", (when, sentence) => {
  const { says, told } = aCommunity(
    [{ when }],
    new Map<string, RuleList>([
      ["watched", { kind: "servers", entries: ["x.test"] }],
      ["scam", { kind: "words", entries: ["airdrop"] }],
    ]),
  );

  expect(says("airdrop")).toEqual([0]);
  expect(told()).toBe(sentence);
});

test("a unit that is no time makes a setting a plain number, whatever it is called", () => {
  const { says } = aCommunity([
    { when: "links > limit", settings: "{ limit: { default: 0, unit: constructor } }" },
  ]);

  expect(says("https://a.example")).toEqual([0]);
});
