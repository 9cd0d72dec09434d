// The house rules as tests: who may import whom, no cycles, where clock, randomness and the SDK may appear.

import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

const root = join(import.meta.dirname, "../src");

/** What each folder may import besides itself. `define` stands for the `define.ts` files. */
const table: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly packages: readonly string[] }>
> = {
  kit: { folders: [], packages: ["node:crypto"] },
  model: { folders: ["kit"], packages: ["lru-cache"] },
  policy: { folders: ["model", "kit"], packages: [] },
  automod: { folders: ["model", "kit"], packages: [] },
  protections: { folders: ["automod", "model", "kit"], packages: [] },
  commands: { folders: ["model", "policy", "kit"], packages: ["yargs-parser"] },
  takeover: { folders: ["model", "kit"], packages: [] },
  decisions: { folders: ["model", "policy", "kit"], packages: [] },
  executor: { folders: ["model", "kit"], packages: [] },
  journal: { folders: ["model", "kit", "store"], packages: [] },
  store: { folders: ["model", "kit"], packages: ["node:fs", "node:path", "node:process", "node:sqlite"] },
  matrix: {
    folders: ["model", "kit"],
    packages: ["matrix-bot-sdk", "undici", "undici/lib/dispatcher/agent.js", "undici/lib/api/api-request.js"],
  },
  web: { folders: ["model", "kit"], packages: ["node:http"] },
  // Ids in the config are parsed where all ids are.
  config: { folders: ["model", "kit"], packages: ["zod", "yaml", "yargs-parser"] },
  "management-room": { folders: ["commands", "decisions", "policy", "model", "kit"], packages: [] },
  bot: {
    folders: [
      "management-room",
      "commands",
      "decisions",
      "executor",
      "journal",
      "store",
      "policy",
      "model",
      "kit",
    ],
    packages: [],
  },
  lifecycle: {
    folders: [
      "bot",
      "config",
      "commands",
      "protections",
      "takeover",
      "matrix",
      "decisions",
      "executor",
      "journal",
      "store",
      "policy",
      "model",
      "kit",
    ],
    packages: ["node:timers/promises"],
  },
  cli: {
    folders: ["lifecycle", "config", "commands", "takeover", "matrix", "store", "model", "kit"],
    packages: [
      "node:crypto",
      "node:fs",
      "node:os",
      "node:path",
      "node:readline/promises",
      "node:stream",
      "yargs-parser",
    ],
  },
};

/**
 * Single files that may be known where their folder may not: what a protection is (which there are is handed in), and
 * what an undo would do.
 */
const declarations = ["automod/define.ts", "automod/ladder.ts", "decisions/undo.ts"];

const mayKnowDeclarations = ["commands", "decisions", "management-room", "bot", "config"];

/** The front door joins the folders and may import everything. */
const joints = ["main.ts"];

/** Files that only their own folder may import: the start of a path, by the folder. */
const ownAlone: Readonly<Record<string, readonly string[]>> = {
  "model/world": ["model/world/beliefs.ts", "model/world/apply-"],
};

interface Source {
  readonly file: string;
  readonly folder: string | undefined;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => {
    const text = readFileSync(join(root, file), "utf8");
    // Of a command that is called "import" no quote follows right after the word at the start of a line.
    const imports = [...text.matchAll(/(?:\bfrom\s+|^import\s+|\bimport\(\s*)"([^"]+)"/gm)].map(
      (match) => match[1]!,
    );
    return { file, folder: file.includes("/") ? file.split("/")[0]! : undefined, text, imports };
  });

const importedFiles = ({ file, imports }: Source) =>
  imports.filter((name) => name.startsWith(".")).map((name) => normalize(join(dirname(file), name)));

describe("the plan of the house", () => {
  test("has every folder, and something in each", () => {
    for (const folder of Object.keys(table)) {
      expect({ folder, files: sources.filter((source) => source.folder === folder).length }).toEqual({
        folder,
        files: expect.any(Number),
      });
      expect(sources.some((source) => source.folder === folder)).toBe(true);
    }
  });

  test("has no folder or loose file that the plan does not name", () => {
    const unplanned = sources.filter(({ file, folder }) =>
      folder ? !(folder in table) : !joints.includes(file),
    );

    expect(unplanned.map((source) => source.file)).toEqual([]);
  });

  test("lets each folder import only what the table allows", () => {
    const offences = sources.flatMap((source) => {
      const rule = source.folder === undefined ? undefined : table[source.folder];
      if (!rule) return [];
      const folders = importedFiles(source)
        .filter((file) => !(mayKnowDeclarations.includes(source.folder!) && declarations.includes(file)))
        .map((file) => file.split("/")[0]!);
      const packages = source.imports.filter((name) => !name.startsWith("."));
      return [
        ...folders.filter((folder) => folder !== source.folder && !rule.folders.includes(folder)),
        ...packages.filter((name) => !rule.packages.includes(name)),
      ].map((what) => `${source.file} imports ${what}`);
    });

    expect(offences).toEqual([]);
  });

  test("lets nobody outside of a folder import what is its own alone", () => {
    const offences = Object.entries(ownAlone).flatMap(([folder, starts]) =>
      sources
        .filter(({ file }) => dirname(file) !== folder)
        .flatMap((source) =>
          importedFiles(source)
            .filter((file) => starts.some((start) => file.startsWith(start)))
            .map((file) => `${source.file} imports ${file}`),
        ),
    );

    expect(offences).toEqual([]);
  });

  test("has no cycles", () => {
    const graph = new Map(sources.map((source) => [source.file, importedFiles(source)]));

    expect(findCycle(graph)).toBeUndefined();
  });

  test("builds clock and randomness in one place each", () => {
    const uses = (pattern: RegExp) =>
      sources.filter((source) => pattern.test(withoutComments(source.text))).map((source) => source.file);

    expect(uses(/\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bperformance\.now\(/)).toEqual([
      "kit/clock.ts",
    ]);
    expect(uses(/\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/)).toEqual(["kit/random.ts"]);
  });

  test("reads the process only at the front door", () => {
    const uses = sources
      .filter((source) => /\bprocess\./.test(withoutComments(source.text)))
      .map((source) => source.file);

    expect(uses).toEqual(["main.ts"]);
  });

  test("says at the top of each file what it is responsible for", () => {
    const silent = sources
      .filter(({ text }) => !/^(#!.*\n)?(\/\*\*|\/\/)/.test(text))
      .map((source) => source.file);

    expect(silent).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:])\/\/.*$/gm, "$1");
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>();
  const walk = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = walk(relative("", next), [...trail, file]);
      if (cycle) return cycle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}
