// The house rules as tests: who may import whom, no cycles, where clock, randomness and the SDK may appear.

import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { bounds } from "../scripts/house/bounds.ts";
import { fileSizes, functionSizes, keyCounts, type Sized } from "../scripts/house/measures.ts";
import { readSources } from "../scripts/house/syntax.ts";

const root = join(import.meta.dirname, "../src");

/** What each folder may import besides itself. `define` stands for the `define.ts` files. */
const table: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly packages: readonly string[] }>
> = {
  kit: {
    folders: [],
    packages: ["node:crypto", "node:module", "linkify-it", "lru-cache", "re2js", "tldts"],
  },
  model: { folders: ["kit"], packages: [] },
  policy: { folders: ["model", "kit"], packages: [] },
  automod: { folders: ["model", "kit"], packages: ["yaml"] },
  waves: { folders: ["model", "kit"], packages: [] },
  // The file that generates reads the rule files; nothing of it runs in a bot.
  protections: { folders: ["automod", "model", "kit"], packages: ["node:fs", "node:path"] },
  commands: { folders: ["automod", "model", "policy", "kit"], packages: ["yargs-parser"] },
  takeover: { folders: ["model", "kit"], packages: [] },
  decisions: { folders: ["model", "policy", "kit"], packages: [] },
  // A world of its own, looked at by the same code as the real one.
  backtest: { folders: ["automod", "decisions", "policy", "model", "kit"], packages: [] },
  executor: { folders: ["model", "kit"], packages: [] },
  journal: { folders: ["model", "kit", "store"], packages: ["node:worker_threads"] },
  store: {
    folders: ["model", "kit"],
    packages: ["node:fs", "node:path", "node:process", "node:sqlite", "node:v8"],
  },
  matrix: {
    folders: ["model", "kit"],
    packages: [
      "matrix-bot-sdk",
      "undici",
      "undici/lib/dispatcher/agent.js",
      "undici/lib/api/api-request.js",
      "@matrix-org/matrix-sdk-crypto-wasm",
      "node:crypto",
      "node:util",
      "node:worker_threads",
    ],
  },
  web: {
    folders: ["model", "kit"],
    packages: [
      "node:http",
      "node:module",
      "node:net",
      "node:perf_hooks",
      "prom-client",
      "hono",
      "hono/html",
      "hono/body-limit",
      "@hono/node-server",
    ],
  },
  // Ids in the config are parsed where all ids are.
  config: { folders: ["model", "kit"], packages: ["zod", "yaml", "yargs-parser"] },
  "management-room": {
    folders: ["commands", "decisions", "policy", "model", "kit"],
    packages: [],
  },
  bot: {
    folders: [
      "management-room",
      "commands",
      "decisions",
      "executor",
      "journal",
      "store",
      "policy",
      "waves",
      "model",
      "kit",
    ],
    packages: [],
  },
  lifecycle: {
    folders: [
      "management-room",
      "bot",
      "config",
      "commands",
      "automod",
      "backtest",
      "protections",
      "takeover",
      "matrix",
      "decisions",
      "executor",
      "journal",
      "store",
      "policy",
      "waves",
      "model",
      "kit",
    ],
    packages: ["node:fs", "node:path", "node:timers/promises"],
  },
  cli: {
    folders: ["lifecycle", "config", "automod", "commands", "takeover", "matrix", "store", "model", "kit"],
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
 * Single files that may be known where their folder may not: what a protection is (which there are is handed in) and
 * costs, what an undo would do, whom no protection finds, and what a part of the bot is.
 */
const declarations = [
  "automod/called.ts",
  "automod/define.ts",
  "automod/followed-rules.ts",
  "automod/heat.ts",
  "automod/ladder.ts",
  "automod/profile.ts",
  "automod/registry.ts",
  "automod/rule-costs.ts",
  "automod/settings.ts",
  "decisions/respond/immunity.ts",
  "decisions/staff/demotion.ts",
  "decisions/staff/taking-back.ts",
  "decisions/undo.ts",
  "decisions/waves/voice.ts",
  "bot/part.ts",
];

const mayKnowDeclarations = ["commands", "decisions", "management-room", "bot", "config"];

/** Single imports beyond the table: keys are kept by the thread that has the engine, and by nobody else. */
const allowed: ReadonlySet<string> = new Set(["matrix/crypto/worker.ts imports store/indexed.ts"]);

/** The front door joins the folders and may import everything. */
const joints = ["main.ts"];

/** Files that only their own folder may import: the start of a path, by the folder. */
const ownAlone: Readonly<Record<string, readonly string[]>> = {
  "model/world": ["beliefs.ts", "apply-", "rows.ts", "forget.ts", "restore.ts", "rule-changes.ts"].map(
    (start) => `model/world/${start}`,
  ),
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

/**
 * What each folder inside a folder may import of its neighbours; "." stands for the files that are in no inner folder. Elsewhere
 * folders inside one know each other as they like.
 */
const innerWalls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  policy: {
    index: [],
    "server-acl": [".", "index"],
    impact: [".", "index", "server-acl"],
    hygiene: [".", "index"],
    ".": ["index", "server-acl"],
  },
  commands: {
    // The files outside of the inner folders say what a command is, and register them all.
    ".": ["*"],
    parser: ["."],
    shared: ["."],
    // A command is a leaf: it imports no other command and nothing of the parser.
    "*": [".", "shared"],
  },
  model: {
    ".": ["actions", "reports", "settings", "signals", "staff"],
    settings: ["."],
    actions: [".", "settings", "staff"],
    signals: [".", "world"],
    staff: [".", "settings", "world"],
    facts: [".", "reports", "signals", "staff"],
    world: [".", "actions", "facts", "reports", "settings", "signals", "staff"],
    reports: ["."],
  },
  "management-room": {
    ".": ["*"],
    hearing: [".", "reports"],
    progress: ["."],
    questions: [".", "hearing"],
    waves: [".", "progress", "questions"],
    staff: [".", "questions"],
    duty: ["."],
    lists: ["."],
    rehearsal: ["hearing"],
    "web-desk": [".", "hearing"],
    knocks: [".", "progress", "questions"],
    reports: [".", "hearing"],
    "policy-servers": [".", "progress"],
  },
};

/** Files over the bound that are better whole. Four at most, each with its reason. */
const mayBeLong: Readonly<Record<string, string>> = {
  "protections/shipped.ts": "generated, one entry for each shipped rule",
};

describe("the plan of the house", () => {
  test("has every folder, and something in each", () => {
    const empty = Object.keys(table).filter((folder) => !sources.some((source) => source.folder === folder));

    expect(empty).toEqual([]);
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
        .filter((file) => !allowed.has(`${source.file} imports ${file}`))
        .map((file) => file.split("/")[0]!);
      const packages = source.imports.filter((name) => !name.startsWith("."));
      return [
        ...folders.filter((folder) => folder !== source.folder && !rule.folders.includes(folder)),
        ...packages.filter((name) => !rule.packages.includes(name)),
      ].map((what) => `${source.file} imports ${what}`);
    });

    expect(offences).toEqual([]);
  });

  test("lets each folder inside a folder import only what the table allows", () => {
    expect(wallOffences()).toEqual([]);
  });

  test("names every folder inside the folders that have walls", () => {
    const unplanned = sources
      .map(({ file }) => ({ file, room: roomOf(file) }))
      .filter(({ room: [folder, inner] }) => {
        const walls = innerWalls[folder];
        return walls !== undefined && walls[inner] === undefined && walls["*"] === undefined;
      })
      .map(({ file }) => file);

    expect(unplanned).toEqual([]);
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

describe("the bounds of the house", () => {
  const parsed = readSources(root);
  const over = (sized: readonly Sized[], bound: number) =>
    sized.filter(({ size }) => size > bound).map(({ what }) => what);

  test(`no file has more than ${bounds.fileLines} lines but those named with a reason`, () => {
    const long = over(fileSizes(parsed), bounds.fileLines);

    expect(long.filter((file) => !(file in mayBeLong))).toEqual([]);
    expect(Object.keys(mayBeLong).filter((file) => !long.includes(file))).toEqual([]);
    expect(Object.keys(mayBeLong).length).toBeLessThanOrEqual(4);
  });

  test(`no function has more than ${bounds.functionLines} lines`, () => {
    expect(over(functionSizes(parsed), bounds.functionLines)).toEqual([]);
  });

  test(`no options object or interface has more than ${bounds.keys} keys`, () => {
    expect(over(keyCounts(parsed), bounds.keys)).toEqual([]);
  });
});

function wallOffences(): readonly string[] {
  return sources.flatMap((source) => {
    const [folder, inner] = roomOf(source.file);
    const rules = innerWalls[folder];
    if (!rules) return [];
    const allowed = rules[inner] ?? rules["*"] ?? [];
    return importedFiles(source)
      .map((file) => ({ file, room: roomOf(file) }))
      .filter(({ room }) => room[0] === folder && room[1] !== inner)
      .filter(({ room }) => !allowed.includes(room[1]) && !allowed.includes("*"))
      .map(({ file }) => `${source.file} imports ${file}`);
  });
}

/** The folder of `src/` and the folder inside it, "." for a file that stands in the folder itself. */
function roomOf(file: string): readonly [string, string] {
  const parts = file.split("/");
  return [parts[0]!, parts.length > 2 ? parts[1]! : "."];
}

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
