// From what rule files say to changes of settings: what is taken, what stays, what is told.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Registry } from "../../src/automod/registry.ts";
import { namesOfShipped, type FoundFile } from "../../src/automod/rule-files.ts";
import { takeRuleFiles } from "../../src/automod/take-rule-files.ts";
import type { UserId } from "../../src/model/ids.ts";
import { RuleFileTroubles } from "../../src/model/rule-file-troubles.ts";
import { changeSettings } from "../../src/model/settings/change.ts";
import { noSettings, type Settings } from "../../src/model/settings/settings.ts";
import { usualLimits } from "../support/limits.ts";

const by = "@tyr:x.test" as UserId;
const rule = (name: string, when = "links", more = "") =>
  `rule: ${name}\nwhen: ${when}\nthen: redact\n${more}`;
const words = (name: string, ...entries: readonly string[]) =>
  `words: ${name}\nentries: [${entries.join(", ")}]\n`;
const docs = (...all: readonly string[]) => all.join("---\n");

type NoText = { readonly isMoving: true } | { readonly trouble: string; readonly isMissing?: boolean };

/** A community's settings and what is remembered of its files, look by look. */
class Community {
  settings: Settings = noSettings;
  readonly troubles = new RuleFileTroubles();
  unnamed: readonly string[] = [];

  /** By name: the text, or why there is none. */
  look(files: Readonly<Record<string, string | NoText>>) {
    const found = Object.entries(files).map(([file, one]): FoundFile =>
      typeof one === "string" ? { file, text: one } : { file, ...one },
    );
    const { changes, troubles, news } = takeRuleFiles(found, {
      settings: this.settings,
      troubles: this.troubles,
      shipped: namesOfShipped(["flood"]),
      isNamed: (file) => !this.unnamed.includes(file),
      by,
      at: 5,
    });
    for (const change of changes) this.settings = changeSettings(this.settings, change, usualLimits);
    this.troubles.set(troubles);
    return { changes, news, wrong: troubles.map(({ file, kind }) => `${file} ${kind}`) };
  }

  /** "a 1/2": by name the version in force and the newest. */
  get rules(): readonly string[] {
    return [...this.settings.rules].map(
      ([name, { versions, inForce }]) => `${name} ${inForce}/${versions.at(-1)!.number}`,
    );
  }

  mistakes(file: string): readonly string[] {
    return (this.troubles.of(file)?.mistakes ?? []).map(({ message }) => message);
  }

  lets(name: string): void {
    this.settings = { ...this.settings, protections: new Map([[name, { mode: "act" }]]) };
  }
}

describe("what is good", () => {
  test("is taken, with its file; looking again changes nothing, and a comment is no change", () => {
    const community = new Community();
    const file = docs(words("slurs", "rude"), rule("a", "text has slurs"));

    expect(community.look({ "a.yaml": file }).news).toMatchObject([{ added: ["a"], lists: ["slurs"] }]);
    expect(community.settings.rules.get("a")).toMatchObject({ file: "a.yaml", inForce: 1 });
    expect(community.settings.ruleLists.get("slurs")).toEqual({
      kind: "words",
      entries: ["rude"],
      file: "a.yaml",
    });
    expect(community.look({ "a.yaml": file })).toEqual({ changes: [], news: [], wrong: [] });
    expect(
      community.look({ "a.yaml": file.replace("then: redact", "then:   redact # gone") }).changes,
    ).toEqual([]);
  });

  test("is a new version where it changed, and what it looks for is tried where moderators let the rule act", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(rule("a"), rule("b")) });
    community.lets("a");
    const { news } = community.look({ "a.yaml": docs(rule("a", "media"), rule("b", "media")) });

    expect(community.rules).toEqual(["a 1/2", "b 2/2"]);
    expect(news).toMatchObject([
      { beside: [{ name: "a", version: 2 }], changed: [{ name: "b", version: 2 }] },
    ]);
  });

  test("counts at once where something else than what it looks for changed, or it is again what is in force", () => {
    const community = new Community();
    community.look({ "a.yaml": rule("a") });
    community.lets("a");
    community.look({ "a.yaml": rule("a", "links", "warning: Please do not.\n") });
    expect(community.rules).toEqual(["a 2/2"]);

    community.look({ "a.yaml": rule("a", "media") });
    expect(community.rules).toEqual(["a 2/3"]);
    community.look({ "a.yaml": rule("a", "links", "warning: Please do not.\n") });
    expect(community.rules).toEqual(["a 4/4"]);
  });

  test("keeps its versions when it moves into another file, as when the file is renamed", () => {
    const community = new Community();
    community.look({ "a.yaml": rule("a") });
    community.look({ "a.yaml": rule("a", "media") });

    expect(community.look({ "b.yaml": rule("a", "media") })).toMatchObject({ news: [], wrong: [] });
    expect(community.rules).toEqual(["a 2/2"]);
    expect(community.settings.rules.get("a")?.file).toBe("b.yaml");
  });
});

describe("what cannot be taken", () => {
  test("leaves in force what the file held, and is told once", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(rule("a"), rule("b")) });
    const broken = docs(rule("a", "linkz"), rule("b", "mediaa"));

    const first = community.look({ "a.yaml": broken });
    expect(first).toMatchObject({ changes: [], wrong: ["a.yaml wrong"] });
    expect(first.news[0]?.trouble?.mistakes.map(({ line }) => line)).toEqual([2, 6]);
    expect(community.look({ "a.yaml": broken }).news).toEqual([]);
    expect(community.look({ "a.yaml": rule("a") }).news).toMatchObject([
      { isWellAgain: true, removed: ["b"] },
    ]);
    expect([...community.troubles.all()]).toEqual([]);
  });

  test("is the only thing that is not: other files are, but nothing goes meanwhile", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(rule("a"), rule("old")), "b.yaml": rule("b") });
    community.look({ "a.yaml": rule("a", "media"), "b.yaml": rule("b", "linkz") });
    expect(community.rules).toEqual(["a 2/2", "old 1/1", "b 1/1"]);

    community.look({ "a.yaml": rule("a", "media"), "b.yaml": rule("b") });
    expect(community.rules).toEqual(["a 2/2", "b 1/1"]);
  });

  test("nothing of a rule that went is left: one of its name begins as any other", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(rule("a"), rule("b")) });
    community.lets("a");
    community.look({ "a.yaml": rule("b") });

    expect(community.settings.protections.size).toBe(0);
  });

  test("is a rule without the list that another file has no more, so that list stays", () => {
    const community = new Community();
    community.look({
      "a.yaml": docs(words("slurs", "rude"), rule("a")),
      "b.yaml": rule("b", "text has slurs"),
    });
    const { wrong } = community.look({ "a.yaml": rule("a"), "b.yaml": rule("b", "text has slurs") });

    expect(wrong).toEqual(["b.yaml wrong"]);
    expect(new Registry([]).known(community.settings).broken.size).toBe(0);
  });

  test("is a rule that looks into a list of a file with a mistake, unless the list is there from before", () => {
    const community = new Community();
    const files = {
      "a.yaml": docs(words("slurs", "rude"), rule("a", "linkz")),
      "b.yaml": rule("b", "text has slurs"),
    };
    expect(community.look(files).wrong).toEqual(["a.yaml wrong", "b.yaml wrong"]);
    community.look({ "a.yaml": docs(words("slurs", "rude"), rule("a")) });

    expect(community.look(files).wrong).toEqual(["a.yaml wrong"]);
    expect(community.rules).toEqual(["a 1/1", "b 1/1"]);
  });

  test.each([
    ["is the name of one that ships", "flood", "one that comes with Tyr"],
    ["is the name of one of the room", "room-rule", "made in the management room"],
    ["is the name of one of another file", "other", "in a.yaml"],
  ])("%s", (_what, name, where) => {
    const community = new Community();
    const stored = { versions: [{ number: 1, text: rule("room-rule"), by, at: 1 }], inForce: 1 };
    community.settings = { ...noSettings, rules: new Map([["room-rule", stored]]) };
    community.look({ "a.yaml": rule("other"), "b.yaml": rule(name) });

    expect(community.mistakes("b.yaml")).toEqual([`there is a rule "${name}" already, ${where}`]);
    expect(community.settings.rules.get("room-rule")).toBe(stored);
  });

  test("is more than all files may have", () => {
    const community = new Community();
    const many = Array.from({ length: 300 }, (_, i) => i);
    community.look({
      "a.yaml": docs(...many.map((i) => rule(`a${i}`))),
      "b.yaml": docs(...many.map((i) => rule(`b${i}`))),
    });

    expect(community.mistakes("b.yaml")).toEqual(["all files together may have 500 rules"]);
    expect(community.rules).toHaveLength(300);
  });

  test("is a file that cannot be read, that is being written, or that is named and not there", () => {
    const community = new Community();
    community.look({ "a.yaml": rule("a"), "b.yaml": rule("b"), "c.yaml": rule("c") });
    const { wrong, changes } = community.look({
      "a.yaml": { trouble: "EACCES" },
      "b.yaml": { isMoving: true },
      "c.yaml": { trouble: "ENOENT", isMissing: true },
      "d.yaml": { trouble: "ENOENT", isMissing: true },
    });

    expect(wrong.toSorted()).toEqual(["a.yaml unreadable", "c.yaml gone", "d.yaml unreadable"]);
    expect(changes).toEqual([]);
  });
});

describe("a file that is not there any more", () => {
  test("leaves what it held, until somebody removes it or another file has it", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(rule("a"), rule("b")) });

    expect(community.look({}).wrong).toEqual(["a.yaml gone"]);
    expect(community.look({ "b.yaml": rule("a") }).wrong).toEqual(["a.yaml gone"]);
    expect(community.rules).toEqual(["a 1/1", "b 1/1"]);
    expect(community.look({ "b.yaml": docs(rule("a"), rule("b")) }).wrong).toEqual([]);
  });

  test("takes along what it held where the config names it no longer", () => {
    const community = new Community();
    community.look({ "a.yaml": docs(words("slurs", "rude"), rule("a")) });
    community.unnamed = ["a.yaml"];

    expect(community.look({}).news).toMatchObject([{ removed: ["a"], lists: ["slurs"] }]);
    expect([community.settings.rules.size, community.settings.ruleLists.size]).toEqual([0, 0]);
  });
});

test("whatever files say and in whatever order: what is in force can be used, a second look changes nothing, and what moderators let act looks for nothing new", () => {
  const text = fc.oneof(
    fc
      .array(
        fc.oneof(
          fc
            .tuple(
              fc.constantFrom("a", "b", "c"),
              fc.constantFrom("links", "media", "linkz", "text has slurs"),
            )
            .map(([name, when]) => rule(name, when)),
          fc.constantFrom(words("slurs", "rude"), words("slurs", "rude", "mean"), "rule: [\n"),
        ),
        { maxLength: 4 },
      )
      .map((all) => docs(...all)),
    fc.constant({ isMoving: true as const }),
    fc.constant({ trouble: "EACCES" }),
  );
  const looks = fc.array(fc.dictionary(fc.constantFrom("x.yaml", "y.yaml", "z.yaml"), text), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(looks, (all) => {
      const community = new Community();
      community.lets("a");
      let lookedFor: string | undefined;
      for (const files of all) {
        community.look(files);
        expect(community.look(files)).toMatchObject({ changes: [], news: [] });
        const { broken, all: known } = new Registry([]).known(community.settings);
        expect([...broken]).toEqual([]);
        const now = known.find(({ name }) => name === "a")?.when;
        expect(now ?? lookedFor).toBe(lookedFor ?? now);
        lookedFor = now;
      }
    }),
  );
});
