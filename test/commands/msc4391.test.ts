// Descriptions of commands as clients read them (MSC4391): every one is valid by the proposal and by what is in use.

import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { descriptionsOf } from "../../src/commands/msc4391.ts";
import { commands } from "../../src/commands/index.ts";
import { asString, type JsonObject } from "../../src/kit/json.ts";
import { user } from "../support/make.ts";

const self = user("@tyr:example.org");
const described = [...descriptionsOf(commands, self)];
const primitives = [
  "string",
  "integer",
  "boolean",
  "server_name",
  "user_id",
  "room_id",
  "room_alias",
  "event_id",
];

interface Schema {
  readonly schema_type: string;
  readonly type?: string;
  readonly value?: unknown;
  readonly variants?: readonly Schema[];
}
interface Parameter {
  readonly key: string;
  readonly schema: Schema;
  readonly optional?: boolean;
}

const isValid = ({ schema_type: kind, type, value, variants }: Schema, isNested = false): boolean =>
  kind === "primitive"
    ? primitives.includes(type ?? "")
    : kind === "literal"
      ? typeof value === "string"
      : kind === "union" && !isNested && variants!.length > 0 && variants!.every((one) => isValid(one, true));

describe.each(described.map(([key, content]) => [String(content["command"]), key, content] as const))(
  "%s",
  (name, key, content) => {
    const parameters = content["parameters"] as readonly Parameter[];

    test("stands under the digest of its words and whose it is", () => {
      expect(key).toBe(createHash("sha256").update(`${name}${self}`).digest("base64"));
    });

    test("has parameters with valid schemas, each once, and what takes the rest last of what is needed", () => {
      const keys = parameters.map((one) => one.key);
      const tail = asString(content["fi.mau.tail_parameter"]);

      expect(parameters.filter(({ schema }) => !isValid(schema))).toEqual([]);
      expect(new Set(keys).size).toBe(keys.length);
      expect(tail === undefined || keys.includes(tail)).toBe(true);
      const after = tail === undefined ? [] : parameters.slice(keys.indexOf(tail) + 1);
      expect(after.filter(({ optional }) => optional !== true)).toEqual([]);
    });

    test("fits into an event many times over", () => {
      expect(JSON.stringify(content).length).toBeLessThan(8_000);
    });
  },
);

test("each wording of a command is described once, with its other words", () => {
  const contents: readonly JsonObject[] = described.map(([, content]) => content);

  expect(contents.map((one) => one["command"])).toEqual([
    ...new Set(commands.map(({ words }) => words.join(" "))),
  ]);
  expect(contents.find((one) => one["command"] === "rules show")).toMatchObject({ aliases: ["rules"] });
});

test("of two commands that share their words, nothing is needed that only one takes", () => {
  const redact = described.find(([, content]) => content["command"] === "redact")![1];
  const parameters = redact["parameters"] as readonly Parameter[];

  expect(parameters.filter(({ optional }) => optional !== true)).toEqual([]);
  expect(parameters.map(({ key }) => key)).toEqual(expect.arrayContaining(["who", "event", "limit"]));
});
