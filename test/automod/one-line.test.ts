// A rule as it is typed in a room becomes a document of a rule file.

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { documentOf } from "../../src/automod/one-line.ts";

const fields = (written: string, before?: string) =>
  Object.entries(parse(documentOf("links", written, before)) as object)
    .map(([field, value]) => `${field}: ${String(value)}`)
    .toSorted();

describe("one line", () => {
  test.each([
    ["when links then redact", ["rule: links", "then: redact", "when: links"]],
    ["links > 2", ["rule: links", "then: alert", "when: links > 2"]],
    [
      'on joins, names when author.imitates then kick about “Names of staff.” warning "No."',
      [
        "about: Names of staff.",
        "on: joins, names",
        "rule: links",
        "then: kick",
        "warning: No.",
        "when: author.imitates",
      ],
    ],
    [
      'WHEN text has "on sale", “then buy” or text matches /when (a|b) then\\/c/ THEN redact+warn ban',
      [
        "rule: links",
        "then: redact+warn ban",
        'when: text has "on sale", “then buy” or text matches /when (a|b) then\\/c/',
      ],
    ],
    ["when links heat 30", ["heat: 30", "rule: links", "when: links"]],
    ["links heat 30 then redact", ["heat: 30", "rule: links", "then: redact", "when: links"]],
    [
      "links then warn warning Please cool the heat in here.",
      ["rule: links", "then: warn", "warning: Please cool the heat in here.", "when: links"],
    ],
    [
      "when author.heat > 30 and links then redact",
      ["rule: links", "then: redact", "when: author.heat > 30 and links"],
    ],
    ["when links\n  and media\nthen redact", ["rule: links", "then: redact", "when: links and media"]],
    ['when text has ": # - {" then redact', ["rule: links", "then: redact", 'when: text has ": # - {"']],
  ])("%s", (written, expected) => {
    expect(fields(written)).toEqual(expected);
  });

  test("changes only the clauses that it has", () => {
    const before = documentOf("links", "on joins when links then redact");
    expect(fields("then ban", before)).toEqual(["on: joins", "rule: links", "then: ban", "when: links"]);
    expect(fields("heat 20", before)).toEqual([
      "heat: 20",
      "on: joins",
      "rule: links",
      "then: redact",
      "when: links",
    ]);
    expect(fields("media", before)).toEqual(["on: joins", "rule: links", "then: redact", "when: media"]);
  });

  test("keeps the settings and comments of a document that it changes", () => {
    const before = "rule: links\nsettings: { limit: 3 } # few\nwhen: links > limit\nthen: redact\n";
    expect(documentOf("links", "then ban", before)).toBe(
      "rule: links\nsettings: { limit: 3 } # few\nwhen: links > limit\nthen: ban\n",
    );
  });
});

describe("a document", () => {
  const document = "when: links\nthen: redact";

  test.each([
    ["as it is", document],
    ["in a code block", `\`\`\`\n${document}\n\`\`\``],
    ["in one with a language", `\n\`\`\`yaml\r\n${document.replace("\n", "\r\n")}\r\n\`\`\`\n`],
  ])("%s gets the name of the command where it has none", (_what, written) => {
    expect(fields(written)).toEqual(["rule: links", "then: redact", "when: links"]);
  });

  test("with a name keeps it, so that another one is a mistake", () => {
    expect(fields("rule: other\nwhen: links\nthen: ban")).toEqual([
      "rule: other",
      "then: ban",
      "when: links",
    ]);
  });
});
