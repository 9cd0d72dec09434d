// House rules that no type can state: what every command declares, and that help and docs tell all of it.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allHelp, daily, dailyHelp, detailed, usageOf } from "../src/commands/help-text.ts";
import { readSources } from "../scripts/house/syntax.ts";
import { commands } from "../src/commands/index.ts";
import { topics } from "../src/commands/topics.ts";
import { version } from "../src/kit/version.ts";
import { parse } from "../src/commands/parser/parse.ts";
import type { ResolvedAlias } from "../src/model/ids.ts";
import { roleOfAct } from "../src/model/role-of-act.ts";
import { isAtLeast, roles } from "../src/model/roles.ts";
import type { World } from "../src/model/world/world.ts";
import { asking } from "./support/asking.ts";
import { aWorld, listA, live, lobby, see, state } from "./support/make.ts";

const named = commands.map((command) => [usageOf(command), command] as const);
const page = readFileSync(join(import.meta.dirname, "../docs/commands.md"), "utf8");

let world: World;
beforeEach(() => {
  world = aWorld();
  see(world, live(listA, state("org.matrix.mjolnir.shortcode", { shortcode: "coc" })));
});

describe.each(named)("%s", (usage, command) => {
  test("has examples, and each is understood", () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const aliases = Object.fromEntries(
        [...example.matchAll(/#[\w-]+:[\w.]+/g)].map(([name]): [string, ResolvedAlias] => [
          name,
          { room: lobby, via: [] },
        ]),
      );
      const result = parse(example, asking(world, example, aliases));

      if (!result.ok) throw new Error(`${example}: ${result.problem.text}`);
      expect({ example, words: result.command.words }).toEqual({ example, words: command.words });
    }
  });

  test("is explained in sentences", () => {
    expect(command.about).toMatch(/^[A-Z].+\.$/);
    for (const flag of Object.values(command.flags)) expect(flag.about).toMatch(/^[A-Z].+\.$/);
    for (const argument of Object.values(command.takes)) expect(argument.about).not.toBe("");
  });

  test("proposes in its examples nothing that takes more than its role", () => {
    // They show, and change where they are told to: what they change is looked at when it is said.
    const showsToo = [
      "protections words",
      "protections links",
      "protections servers",
      "protections pictures",
    ];
    const proposed = command.examples.map((example) => {
      const context = asking(world, example);
      const read = parse(example, context);
      return read.ok && read.others.length === 0
        ? read.command.reply(read.args, read.flags, context)
        : undefined;
    });
    const more = proposed.flatMap((reply) =>
      (reply?.role === undefined ? (reply?.acts ?? []) : []).filter(
        ({ action }) => !isAtLeast(command.role, roleOfAct(action)),
      ),
    );

    expect(roles).toContain(command.role);
    expect(showsToo.includes(command.words.join(" ")) ? [] : more).toEqual([]);
  });

  test("takes at most one rest, and that last", () => {
    const kinds = Object.values(command.takes).map((argument) => argument.kind);

    expect(kinds.slice(0, -1)).not.toContain("rest");
  });

  test("is in the overview by its words, and in the docs with every argument and flag", () => {
    expect(allHelp(commands, "!tyr").text).toContain(`• !tyr ${command.words.join(" ")}`);
    expect(page.replaceAll("\\", "")).toContain(`## !tyr ${usage}\n`);
    for (const text of [detailed(command, "!tyr").text, page]) {
      for (const name of Object.keys(command.takes)) expect(text).toContain(name);
      for (const name of Object.keys(command.flags)) expect(text).toContain(`--${name}`);
      for (const example of command.examples) expect(text).toContain(example);
    }
  });

  test("uses only lower-case words and flags, as they are compared", () => {
    for (const word of [...command.words, ...command.also.flat(), ...Object.keys(command.flags)])
      expect(word).toMatch(/^[a-z][a-z-]*$/);
  });
});

test("a command that a message suggests is written with the prefix, as it has to be typed", () => {
  const words = commands.map((command) => command.words.join(" "));
  const suggested = readSources(join(import.meta.dirname, "../src")).flatMap(({ file, text }) =>
    [...text.matchAll(/\b(?:code|shown)\(["`]([a-z][a-z -]*[a-z])/g)]
      .filter(([, said]) => words.some((one) => said === one || said!.startsWith(`${one} `)))
      .map(([, said]) => `${file}: ${said!}`),
  );

  expect(suggested).toEqual([]);
});

test("the version that is told is the package's", () => {
  const told = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
    version: string;
  };

  expect(version).toBe(told.version);
});

test("help alone names what is needed every day, as it can be typed, and every topic", () => {
  const { text } = dailyHelp("!tyr");

  expect(daily).toHaveLength(10);
  for (const [typed] of daily) {
    const [word, ...takes] = typed.split(" ");
    const usage = usageOf(commands.find(({ words }) => words.join(" ") === word)!);
    expect(text).toContain(`!tyr ${typed}`);
    // Arguments are called what their command calls them, but for the number of an undo.
    for (const name of takes.map((one) => one.replace(/[<>[\]]/g, "")))
      expect(word === "undo" ? typed : usage).toContain(name);
  }
  for (const { name } of topics) expect(text).toContain(`!tyr help ${name}`);
});

test("no topic is called what is something else for help", () => {
  expect(topics.map(({ name }) => name)).not.toContain("all");
  expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
  expect(commands.every(({ topic }) => topics.some(({ name }) => name === topic))).toBe(true);
});

test("no two commands share their words, but those that tell apart by what they take", () => {
  const wordings = commands.flatMap((command) =>
    [command.words, ...command.also].map((words) => words.join(" ")),
  );
  const shared = wordings.filter((words, i) => wordings.indexOf(words) !== i);

  expect(new Set(shared)).toEqual(
    new Set(["lists unwatch", "redact", "quarantine-media", "protections add"]),
  );
});

test("the docs name no command that does not exist", () => {
  const titles = [...page.replaceAll("\\", "").matchAll(/^## !tyr (.+)$/gm)].map(([, title]) => title);

  expect(titles).toEqual(commands.map(usageOf));
});
