// What rules were read to be is the same after it was kept, and counts only for what it was read from.

import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  languageVersion,
  readingKey,
  readReading,
  writeReading,
  type Readings,
} from "../../src/automod/readings.ts";
import { Registry } from "../../src/automod/registry.ts";
import { checkRule, type Rule } from "../../src/automod/rule.ts";
import { kindWords } from "../../src/model/facts/kinds.ts";
import { stableId } from "../../src/kit/hash.ts";
import { noSettings, type Settings } from "../../src/model/settings/settings.ts";
import { shipped } from "../../src/protections/shipped.ts";
import { lists, read } from "../support/conditions.ts";
import { user } from "../support/make.ts";

const conditions = readFileSync(join(import.meta.dirname, "language/conditions.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "");
const ruleOf = (when: string): Rule => ({
  name: "some",
  about: "",
  on: kindWords.get("messages")!,
  settings: {},
  ladder: "alert",
  warning: "",
  reply: "",
  takesInWhatFollows: false,
  when,
  checked: read(when).checked,
});

describe("a rule that is read from what was kept", () => {
  test("is the one that was written, for all shipped rules and three hundred conditions", () => {
    const ours = shipped.flatMap((text) => checkRule(text, new Map()).rule ?? []);
    const rules = [...ours, ...conditions.map(ruleOf)];

    expect(rules.length).toBeGreaterThan(350);
    for (const rule of rules) expect(readReading(writeReading(rule))).toEqual(rule);
  });

  test("is none where it is damaged, or of a fact that is no more", () => {
    const reading = writeReading(ruleOf("text.length > 5"));

    expect(readReading(reading.slice(0, -1))).toBeUndefined();
    expect(readReading(reading.replace("text.length", "text.lenght"))).toBeDefined();
    expect(readReading(reading.replaceAll('"$fact":"text.length"', '"$fact":"text.gone"'))).toBeUndefined();
  });

  test("is known by its text and by the lists among which it was read", () => {
    const keys = [
      readingKey("a", lists),
      readingKey("b", lists),
      readingKey("a", new Map([...lists, ["more", "words"]])),
      readingKey("a", new Map([...lists, ["scam", "links"]])),
    ];

    expect(new Set(keys).size).toBe(4);
    expect(readingKey("a", new Map(lists))).toBe(keys[0]);
  });
});

test("what conditions mean has a version: whoever changes it raises languageVersion, and renews the digest", () => {
  const meanings = conditions.slice(0, 300).map((when) => writeReading(ruleOf(when)));

  expect([languageVersion, stableId(...meanings)]).toEqual([1, "jB3IvcSJ_k8iKZD4UwEGnOCj"]);
});

describe("a registry", () => {
  const text = "rule: shouting\nabout: Shouts.\nwhen: text.capitals > 80%\nthen: redact\nwarning: Please.";
  const settingsOf = (written: string): Settings => ({
    ...noSettings,
    rules: new Map([
      ["shouting", { versions: [{ number: 1, text: written, at: 0, by: user("@mod:x.test") }], inForce: 1 }],
    ]),
  });
  class Kept implements Readings {
    readonly rows = new Map<string, string>();
    readonly get = (key: string): string | undefined => this.rows.get(key);
    readonly put = (key: string, reading: string): void => void this.rows.set(key, reading);
  }
  const known = (readings: Readings, written = text) =>
    new Registry([], { readings }).known(settingsOf(written));

  test("keeps what it has read, and does not read it again", () => {
    const kept = new Kept();
    known(kept);
    const [[key, reading] = ["", ""]] = kept.rows;
    kept.rows.set(key, reading.replace("Shouts.", "Was not read again."));

    expect(known(kept).all.map(({ about }) => about)).toEqual(["Was not read again."]);
    expect(known(kept, text.replace("80", "90")).all.map(({ about }) => about)).toEqual(["Shouts."]);
    expect(kept.rows.size).toBe(2);
  });

  test("reads again what is damaged, and keeps nothing of what has a mistake", () => {
    const kept = new Kept();
    known(kept);
    const [key] = kept.rows.keys();
    kept.rows.set(key!, "{");

    expect(known(kept).all.map(({ name }) => name)).toEqual(["shouting"]);
    expect(kept.rows.get(key!)).not.toBe("{");

    const { broken } = known(kept, text.replace("capitals", "capitels"));
    expect([...broken.keys()]).toEqual(["shouting"]);
    expect(kept.rows.size).toBe(1);
  });
});
