// The words of spam, masked in every way and on every surface that people see, and the same letters in honest texts.

import { describe, expect, test } from "@jest/globals";
import { Rates } from "../../src/automod/rates.ts";
import { readRuleFile } from "../../src/automod/rule-file.ts";
import { ruleProtection } from "../../src/automod/rule-protection.ts";
import type { JsonObject } from "../../src/kit/json.ts";
import type { EventKind, EventSighting } from "../../src/model/signals/sighting.ts";
import type { SettingValue } from "../../src/model/settings/protections.ts";
import { aWorld, event, lobby, user } from "../support/make.ts";

interface Said {
  readonly kind: EventKind;
  readonly type: string;
  readonly content: JsonObject;
}

const text = (content: JsonObject): Said => ({ kind: "message", type: "m.room.message", content });

/** Where words can stand. */
const surfaces: Readonly<Record<string, (words: string) => Said>> = {
  "a message": (words) => text({ msgtype: "m.text", body: words }),
  "a notice": (words) => text({ msgtype: "m.notice", body: words }),
  "formatted text alone": (words) =>
    text({
      msgtype: "m.text",
      body: "hi",
      format: "org.matrix.custom.html",
      formatted_body: `<b>${words}</b>`,
    }),
  "an edit": (words) =>
    text({
      msgtype: "m.text",
      body: "* hi",
      "m.new_content": { msgtype: "m.text", body: words },
      "m.relates_to": { rel_type: "m.replace", event_id: "$edited" },
    }),
  "a caption": (words) => text({ msgtype: "m.image", filename: "a.png", body: words, url: "mxc://x/a" }),
  "a file name": (words) => text({ msgtype: "m.file", filename: words, body: "see", url: "mxc://x/a" }),
  "the question of a poll": (words) => poll(words, "yes"),
  "an answer of a poll": (words) => poll("really?", words),
  "a reaction": (words) => ({
    kind: "message",
    type: "m.reaction",
    content: { "m.relates_to": { rel_type: "m.annotation", event_id: "$a", key: words } },
  }),
  "a display name": (words) => ({
    kind: "profile",
    type: "m.room.member",
    content: { membership: "join", displayname: words },
  }),
  "the topic of a room": (words) => ({ kind: "state", type: "m.room.topic", content: { topic: words } }),
};

function poll(question: string, answer: string): Said {
  const words = (body: string) => ({ "m.text": [{ body }] });
  return {
    kind: "message",
    type: "m.poll.start",
    content: { "m.poll": { question: words(question), answers: [{ "m.id": "1", ...words(answer) }] } },
  };
}

const rule = (when: string) => {
  const { rules, mistakes } = readRuleFile(`rule: r\non: events\nwhen: '${when}'\nthen: alert`, new Map());
  expect(mistakes).toEqual([]);
  const protection = ruleProtection(rules[0]!, { rates: new Rates({ events: 100 }), lists: new Map() });
  const values = Object.entries(protection.settings).map(([name, spec]) => [name, spec.default]);
  return { protection, values: Object.fromEntries(values) as Record<string, SettingValue> };
};

let count = 0;
function finds({ protection, values }: ReturnType<typeof rule>, { kind, type, content }: Said): boolean {
  const ann = user("@ann:x.test");
  const said = { type, sender: ann, eventId: event(`$said-${(count += 1)}`), content, sentAt: 1_000 };
  const world = aWorld();
  const sighting: EventSighting = {
    kind,
    room: lobby,
    user: ann,
    event: said,
    at: 1_000,
    late: false,
    world,
    speech: world.recentSpeech,
  };
  return protection.evaluate(sighting, values) !== undefined;
}

describe("a word that is spelled in another way", () => {
  const spells = rule('text spells "airdrop"');
  const masks: Readonly<Record<string, string>> = {
    "as it is": "airdrop",
    "in capitals": "AIRDROP",
    "with letters of another alphabet": "аirdrоp",
    "in letters of full width": "ａｉｒｄｒｏｐ",
    "in bold letters of mathematics": "𝐚𝐢𝐫𝐝𝐫𝐨𝐩",
    "with invisible signs in it": "air\u200bd\u200crop\u2060",
    "with a soft hyphen in it": "air\u00addrop",
    "with marks above its letters":
      "a\u0335\u0338i\u0334\u0336r\u0337\u0335d\u0336\u0338r\u0334\u0337o\u0338\u0335p\u0336\u0334",
    "with spaces between its letters": "a i r d r o p",
    "with points between its letters": "a.i.r.d.r.o.p",
    "with digits for letters": "a1rdr0p",
    "with letters doubled": "aiirrdropp",
  };
  const cases = Object.entries(masks).flatMap(([how, word]) =>
    Object.keys(surfaces).map((where) => [how, where, word] as const),
  );

  test.each(cases)("%s, as %s, is found", (_how, where, word) => {
    expect(finds(spells, surfaces[where]!(`get the ${word} now`))).toBe(true);
  });
});

describe("words in a row", () => {
  const has = rule('text has "free nitro"');
  const masks: Readonly<Record<string, string>> = {
    "as they are": "Free Nitro",
    "with letters of another alphabet": "frее nitrо",
    "with invisible signs in them": "fr\u200bee ni\u2063tro",
    "with marks above their letters":
      "f\u0335\u0338r\u0334\u0336e\u0337\u0335e\u0336 n\u0334\u0337\u0336i\u0338\u0335t\u0336\u0334r\u0335\u0336o\u0335\u0337",
    "written from right to left": "\u202eortin eerf\u202c",
    "with other white space between them": "free\u00a0\u2003nitro",
  };
  const cases = Object.entries(masks).flatMap(([how, words]) =>
    Object.keys(surfaces).map((where) => [how, where, words] as const),
  );

  test.each(cases)("%s, as %s, are found", (_how, where, words) => {
    expect(finds(has, surfaces[where]!(`get ${words} here`))).toBe(true);
  });
});

test.each([
  ["English", "The air dropped as expected; drop it in the air, nitrogen is free of charge."],
  ["Russian", "Аэропорт закрыт, раздача подарков отменена, воздух свободен."],
  ["Greek", "Ο αέρας πέφτει, το άζωτο είναι δωρεάν."],
  ["Hebrew with points", "שָׁלוֹם לְכֻלָּם, הָאֲוִיר נָקִי"],
  ["Thai", "อากาศดีมาก ไนโตรเจนฟรี"],
  ["Vietnamese", "Không khí hôm nay rất trong lành, ni-tơ miễn phí."],
  ["Chinese", "空气很好，氮气免费。"],
  ["Arabic", "الهواء نقي والنيتروجين مجاني"],
  ["Hindi", "हवा साफ़ है और नाइट्रोजन मुफ़्त है"],
  ["code", "const air = drop(nitro); // free(nitro_ptr); a.i = r.d * o"],
] as const)("an honest text in %s is not found, and not masked", (_language, body) => {
  const said = surfaces["a message"]!(body);

  expect(finds(rule('text spells "airdrop"'), said)).toBe(false);
  expect(finds(rule('text has "free nitro"'), said)).toBe(false);
  expect(finds(rule("text.masked"), said)).toBe(false);
});
