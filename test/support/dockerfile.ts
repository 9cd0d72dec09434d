/**
 * Carries out the steps of a Dockerfile in an empty folder, without Docker: one folder a stage stands for its root file
 * system. It knows the instructions and the few programs that ours uses and refuses all others; nothing goes through a
 * shell, so no step can reach anything outside of its folder.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";

export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly env: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
  /** Paths in the image, by owner where that is not root. */
  readonly owners: ReadonlyMap<string, string>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly healthCheck: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

interface Stage extends Omit<Image, "env" | "labels" | "owners"> {
  name: string | undefined;
  workFolder: string;
  user: string;
  volumes: readonly string[];
  healthCheck: readonly string[];
  entrypoint: readonly string[];
  command: readonly string[];
  readonly env: Map<string, string>;
  readonly labels: Map<string, string>;
  readonly owners: Map<string, string>;
  readonly args: Map<string, string>;
}

interface Build {
  readonly context: string;
  readonly stages: Stage[];
}

/** `context`: the folder with the Dockerfile; what its .dockerignore hides is not there. `folder`: empty. */
export function buildImage({
  context,
  folder,
}: {
  readonly context: string;
  readonly folder: string;
}): Image {
  const build: Build = { context, stages: [] };
  for (const { instruction, rest } of instructionsOf(readFileSync(join(context, "Dockerfile"), "utf8"))) {
    if (instruction === "FROM") build.stages.push(stageFrom(rest, join(folder, String(build.stages.length))));
    else (instructions[instruction] ?? refuse(instruction))(build.stages.at(-1)!, rest, build);
  }
  return build.stages.at(-1)!;
}

/** Runs a command of the image as its entry point or health check would be run. */
export function run(
  image: Image,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran {
  const [program, ...args] = command.map((word) => inImage(image, word));
  if (program !== "node" || !existsSync(join(image.root, "usr/local/bin/node")))
    throw new Error(`the image has no ${program}`);
  const ownEnv = Object.fromEntries([...image.env].map(([name, value]) => [name, inImage(image, value)]));
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: image.root,
    encoding: "utf8",
    env: { ...ownEnv, ...env },
  });
  return { status, output: stdout + stderr };
}

/** An absolute path as it is outside; all other words stay. */
function inImage({ root }: Image, word: string): string {
  return word.startsWith("/") ? join(root, word) : word;
}

function instructionsOf(text: string): readonly { readonly instruction: string; readonly rest: string }[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, instruction, rest] = /^(\S+)\s+(.*)$/.exec(line.trim())!;
      return { instruction: instruction!, rest: rest! };
    });
}

/** As far as ours uses it, the base image is Node with its package managers. */
function stageFrom(rest: string, root: string): Stage {
  const [, major, name] = /^node:(\d+)[\w.-]*(?: AS (\w+))?$/.exec(rest) ?? refuse(`FROM ${rest}`);
  if (Number(major) !== Number(process.versions.node.split(".")[0])) refuse(`Node ${major} on this Node`);
  for (const file of [
    "bin/node",
    "bin/npm",
    "bin/npx",
    "bin/corepack",
    "lib/node_modules/npm/package.json",
  ]) {
    mkdirSync(join(root, "usr/local", dirname(file)), { recursive: true });
    writeFileSync(join(root, "usr/local", file), "");
  }
  return {
    name,
    root,
    workFolder: "/",
    user: "root",
    volumes: [],
    healthCheck: [],
    entrypoint: [],
    command: [],
    env: new Map(),
    labels: new Map(),
    owners: new Map(),
    args: new Map(),
  };
}

const instructions: Readonly<Record<string, (stage: Stage, rest: string, build: Build) => void>> = {
  WORKDIR(stage, rest) {
    stage.workFolder = resolve(stage.workFolder, rest);
    mkdirSync(join(stage.root, stage.workFolder), { recursive: true });
  },
  ARG: (stage, rest) => setAll(stage, stage.args, rest),
  ENV: (stage, rest) => setAll(stage, stage.env, rest),
  LABEL: (stage, rest) => setAll(stage, stage.labels, rest),
  COPY: copy,
  RUN(stage, rest) {
    for (const command of rest.split("&&")) {
      const [program, ...args] = command.trim().split(/\s+/);
      (programs[program!] ?? refuse(`RUN ${program}`))(stage, args);
    }
  },
  USER: (stage, rest) => (stage.user = rest),
  VOLUME: (stage, rest) => (stage.volumes = [...stage.volumes, rest]),
  HEALTHCHECK: (stage, rest) => (stage.healthCheck = listOf(rest.slice(rest.indexOf("CMD") + 3))),
  ENTRYPOINT: (stage, rest) => (stage.entrypoint = listOf(rest)),
  CMD: (stage, rest) => (stage.command = listOf(rest)),
};

/** `NAME=value NAME="some value"`, with `$NAME` for what an ARG or ENV before it said. */
function setAll({ args, env }: Stage, into: Map<string, string>, rest: string): void {
  for (const [, name, quoted, bare] of rest.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)) {
    const value = (quoted ?? bare ?? "").replaceAll(
      /\$(\w+)/g,
      (_, one: string) => args.get(one) ?? env.get(one) ?? "",
    );
    into.set(name!, value);
  }
}

function listOf(rest: string): readonly string[] {
  return JSON.parse(rest) as string[];
}

function copy(stage: Stage, rest: string, { context, stages }: Build): void {
  const words = rest.split(/\s+/);
  const from = words[0]!.startsWith("--from=") ? words.shift()!.slice("--from=".length) : undefined;
  const target = words.pop()!;
  const other = stages.find(({ name }) => name === from);
  if (from !== undefined && !other) refuse(`COPY --from=${from}`);
  for (const source of words) {
    if (!other) requireInContext(context, source);
    const found = other ? join(other.root, source) : join(context, source);
    const into = join(stage.root, resolve(stage.workFolder, target));
    // Of a folder its contents are copied, a file goes into a folder under its own name.
    const isIntoFolder = statSync(found).isFile() && target.endsWith("/");
    // Links stay as they are: those of npm lead to vendor/, which has to come along.
    cpSync(found, isIntoFolder ? join(into, basename(source)) : into, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

/** Ours hides everything and lets through by name. */
function requireInContext(context: string, source: string): void {
  const lines = readFileSync(join(context, ".dockerignore"), "utf8").trim().split("\n");
  if (lines[0] !== "*" || !lines.includes(`!${source}`)) throw new Error(`.dockerignore hides ${source}`);
}

const programs: Readonly<Record<string, (stage: Stage, args: readonly string[]) => void>> = {
  npm(stage, args) {
    if (!existsSync(join(stage.root, "usr/local/bin/npm"))) throw new Error("the image has no npm any more");
    const cwd = join(stage.root, stage.workFolder);
    const { status, stderr } = spawnSync("npm", [...args], {
      cwd,
      encoding: "utf8",
      env: {
        ...Object.fromEntries(stage.env),
        HOME: process.env["HOME"],
        PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}`,
        npm_config_prefer_offline: "true",
        npm_config_audit: "false",
        npm_config_fund: "false",
        npm_config_loglevel: "error",
      },
    });
    if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with ${status}:\n${stderr}`);
  },
  rm(stage, args) {
    const patterns = args.filter((arg) => arg !== "-rf");
    for (const pattern of patterns)
      for (const found of globSync(join(stage.root, resolve(stage.workFolder, pattern))))
        rmSync(found, { recursive: true });
  },
  mkdir(stage, args) {
    for (const path of args) mkdirSync(join(stage.root, resolve(stage.workFolder, path)));
  },
  chown(stage, [owner, ...paths]) {
    for (const path of paths) {
      if (!existsSync(join(stage.root, path))) throw new Error(`chown: there is no ${path}`);
      stage.owners.set(path, owner!);
    }
  },
};

function refuse(what: string): never {
  throw new Error(`test/support/dockerfile.ts does not know ${what}: teach it, or do without`);
}
