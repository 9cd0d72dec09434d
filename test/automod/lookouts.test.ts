// Many rules that look together find what each finds alone.

import { expect, test } from "@jest/globals";
import { Registry } from "../../src/automod/registry.ts";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { SettingValues } from "../../src/model/settings/protections.ts";
import type { EventSighting } from "../../src/model/signals/sighting.ts";
import { aWorld, event, hall, lobby, user, usualSettings } from "../support/make.ts";

const now = 1_700_000_000_000;

function registryOf(...texts: readonly string[]): Registry {
  const { rules, mistakes } = readRuleFile(texts.join("\n---\n"), new Map());
  expect(mistakes).toEqual([]);
  return new Registry([], { own: { rules, lists: new Map() } });
}

const rule = (name: string, when: string, more = "") =>
  `rule: ${name}\nwhen: '${when}'\nthen: alert\nwarning: Please do not.\n${more}`;

let sent = 0;

function said(content: JsonObject, { room = lobby, who = "@a:x.example" } = {}): EventSighting {
  const sender = user(who);
  return {
    kind: "message",
    room,
    user: sender,
    event: { type: "m.room.message", sender, eventId: event(`$${++sent}`), content, sentAt: now },
    at: now,
    late: false,
    speech: { of: () => [] },
    world: aWorld(),
  };
}

const text = (body: string) => ({ msgtype: "m.text", body });

function settingsWith(protections: Readonly<Record<string, SettingValues>>) {
  return { ...usualSettings, protections: new Map(Object.entries(protections)) };
}

function found(registry: Registry, sighting: EventSighting, settings = usualSettings): readonly string[] {
  const looked = registry.lookouts(settings)!.look(sighting);
  return looked.flatMap(({ protection, verdict }) => (verdict ? [protection.name] : []));
}

test("each finds what it needs, in the order in which they stand", () => {
  const registry = registryOf(
    rule("long", "text.length > 20"),
    rule("greeting", 'text has "hello"'),
    rule("capitals", "text.capitals > 80% and text.length > 5"),
    rule("linked", 'any link.domain in "evil.example"'),
    rule("parting", 'text has "bye" or text has "so long"'),
  );

  expect(found(registry, said(text("hello and so long, dear people")))).toEqual([
    "long",
    "greeting",
    "parting",
  ]);
  expect(found(registry, said(text("HELLO YOU")))).toEqual(["greeting", "capitals"]);
  expect(found(registry, said(text("see https://www.evil.example/x")))).toEqual(["long", "linked"]);
  expect(found(registry, said(text("what?")))).toEqual([]);
});

test("what was set for a room counts there alone", () => {
  const registry = registryOf(rule("long", "text.length > limit", "settings: { limit: 10 }"));
  const settings = settingsWith({ [`long ${hall}`]: { limit: 3 }, long: { limit: 5 } });
  const of = (room: typeof lobby, body: string) => found(registry, said(text(body), { room }), settings);

  expect(of(hall, "four")).toEqual(["long"]);
  expect(of(lobby, "four")).toEqual([]);
  expect(of(lobby, "longer")).toEqual(["long"]);
});

test("nobody looks where it is off, and one that was switched on looks from then on", () => {
  const registry = registryOf(rule("long", "text.length > 5"));

  expect(registry.lookouts(settingsWith({ long: { enabled: false } }))).toBeUndefined();
  expect(found(registry, said(text("longer")), settingsWith({ long: { enabled: true } }))).toEqual(["long"]);
});

test("rules that are passed over count all the same", () => {
  const registry = registryOf(
    rule("third-link", "links and count messages by author in 1m > 2"),
    rule("links", "links"),
  );
  found(registry, said(text("one")));
  found(registry, said(text("two")));

  expect(found(registry, said(text("https://example.org")))).toEqual(["third-link", "links"]);
});

test("speech of a short time is remembered anyway, that of a long one is noted for the rule", () => {
  const registry = registryOf(
    rule("long", "count speech by author in 2h >= 2"),
    rule("short", "count speech by author in 10m >= 2"),
  );
  found(registry, said(text("one")));

  expect(found(registry, said(text("two")))).toEqual(["long"]);
});

test("two rules that count by the same words, with other settings, count apart", () => {
  const when = "count messages where (text.length > limit) by author in 1m >= 2";
  const registry = registryOf(
    rule("short", when, "settings: { limit: 2 }"),
    rule("long", when, "settings: { limit: 20 }"),
  );
  found(registry, said(text("hello")));

  expect(found(registry, said(text("hello")))).toEqual(["short"]);
});

test("one that takes in what follows a finding is heard where it finds nothing, too", () => {
  const registry = registryOf(
    rule("flooding", "links and text.length > 5", "with-what-follows: yes"),
    rule("links", "links"),
  );
  const looked = registry.lookouts(usualSettings)!.look(said(text("plain")));

  expect(looked.map(({ protection, verdict }) => [protection.name, verdict])).toEqual([
    ["flooding", undefined],
  ]);
});
