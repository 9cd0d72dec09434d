// The grammar, frozen: what must be read, and that what is printed is read as the same.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { maxLength, parse } from "../../../src/automod/language/parse.ts";
import { print } from "../../../src/automod/language/print.ts";
import { Problems } from "../../../src/automod/language/problems.ts";
import type { Condition } from "../../../src/automod/language/syntax.ts";
import { read } from "../../support/conditions.ts";

const conditions = readFileSync(join(import.meta.dirname, "conditions.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "");

/** Without the places, which differ where white space does. */
function bare(condition: Condition): unknown {
  return JSON.parse(
    JSON.stringify(condition, (key, value: unknown) => (key === "place" ? undefined : value)),
  );
}

function parsed(text: string): { readonly condition: Condition; readonly problems: Problems } {
  const problems = new Problems();
  return { condition: parse(text, problems), problems };
}

describe("conditions that must be read", () => {
  test("are three hundred at least, each once", () => {
    expect(new Set(conditions).size).toBe(conditions.length);
    expect(conditions.length).toBeGreaterThanOrEqual(300);
  });

  test.each(conditions)("%s", (text) => {
    expect(read(text, -1).problems.mistakes).toEqual([]);
  });

  test.each(conditions)("printed and read again, it is the same: %s", (text) => {
    const { condition } = parsed(text);

    const again = parsed(print(condition));

    expect(again.problems.mistakes).toEqual([]);
    expect(bare(again.condition)).toEqual(bare(condition));
    expect(print(again.condition)).toBe(print(condition));
  });
});

test("and binds closer than or, and both without brackets are told", () => {
  const { condition, problems } = parsed("links or media and text.masked");

  expect(print(condition)).toBe("links or (media and text.masked)");
  expect(problems.warnings).toMatchObject([
    { kind: "howRead", message: expect.stringContaining("links or (media") as unknown },
  ]);
});

test("brackets around it are no reason to tell", () => {
  expect(parsed("links or (media and text.masked)").problems.warnings).toEqual([]);
});

describe("what nobody would write", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        "and",
        "or",
        "not",
        "(",
        ")",
        "any",
        "no",
        "link",
        "where",
        "is",
        "in",
        "has",
        ",",
        '"',
        "/",
        "<",
        ">=",
      ],
      ...[
        "author",
        "newcomer",
        "text",
        "links",
        "link.domain",
        "count",
        "messages",
        "by",
        "10s",
        "5",
        "60%",
        "unknown",
      ],
      ...[
        "matches",
        "/x/",
        "+",
        "-",
        "&&",
        "=",
        "anywhere",
        "spells",
        "like",
        "“",
        "«",
        "'",
        "\u0000",
        "\u{1f600}",
      ],
    ),
    fc.string({ maxLength: 6 }),
  );

  test("is refused without breaking, in time", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom(" ", ""), (pieces, between) => {
        const text = pieces.join(between);
        const { problems } = read(text);

        for (const { place, message } of [...problems.mistakes, ...problems.warnings]) {
          expect(place.start).toBeGreaterThanOrEqual(0);
          expect(place.end).toBeGreaterThanOrEqual(place.start);
          expect(place.end).toBeLessThanOrEqual(text.length);
          expect(message).not.toBe("");
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("is the same when printed and read again, where it is read at all", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { condition, problems } = parsed(pieces.join(" "));
        fc.pre(problems.mistakes.length === 0);

        expect(bare(parsed(print(condition)).condition)).toEqual(bare(condition));
      }),
      { numRuns: 3_000 },
    );
  });

  test("is refused when it is too long or too deep", () => {
    const kinds = (text: string) => read(text).problems.mistakes.map(({ kind }) => kind);

    expect(kinds(`links${" and links".repeat(maxLength)}`)).toEqual(["tooLong"]);
    expect(kinds(`${"(".repeat(900)}links${")".repeat(900)}`)).toContain("tooDeep");
    expect(kinds(`${"not ".repeat(400)}links`)).toContain("tooDeep");
  });
});
