#!/usr/bin/env node
/**
 * The front door: arguments, environment, log, signals and exit code. Everything else is built in
 * `lifecycle/assemble.ts`.
 */
import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { pino } from "pino";
import { quote, renderProblem } from "./config/explain.ts";
import { settingsInForce } from "./config/effective.ts";
import { configFileOf, loadConfig, parseArguments, type LoadInput } from "./config/load.ts";
import type { Problem } from "./config/problem.ts";
import type { Config } from "./config/schema.ts";
import type { RuleFileSource } from "./lifecycle/rule-files.ts";
import { nearest } from "./kit/did-you-mean.ts";
import { version } from "./kit/version.ts";

/** 0 stopped as asked, 1 a fault of ours, 2 the config, 3 the access token, 4 something to put right before a start. */
const exitCodes = { stopped: 0, "token-revoked": 3, "cannot-start": 4 } as const;
const configExitCode = 2;
/** The exit code that shells use for SIGINT. */
const interruptedExitCode = 130;

const usage = `Usage: tyr [run] --config FILE [--SETTING VALUE ...]
       tyr setup [--homeserver URL --user ID ... ]
       tyr check --config FILE
       tyr backup FILE [--config FILE | --dataPath DIR]
       tyr protections check FILE ...
       tyr takeover --dry-run [--config FILE]
       tyr import-config FILE

  run             watch and act, until told to stop; what happens without a word, too
  setup           make a config and a management room, step by step; tyr setup --help lists its flags
  check           look at the config, the account, rooms, lists and data, and say what would be done; writes nothing
  backup FILE     copy the data folder's database to FILE, also while Tyr runs
  protections check FILE ...
                  tell the mistakes of rule files, with line and column; exit code 1 where there is one
  takeover        with --dry-run, show what a first start would take over from another bot
  import-config FILE
                  print a config for Tyr made from that of a Mjolnir, Draupnir or Meowlnir

  --config FILE   the YAML file with the settings (also: TYR_CONFIG)
  --help          this text
  --version       the version

Every setting can be given as a flag (--homeserver.url URL) or in the environment (TYR_HOMESERVER_URL).
docs/settings.md explains them all; config/default.yaml shows them with their defaults. docs/backup.md is about copies.
`;
const subCommands = [
  "run",
  "setup",
  "check",
  "backup",
  "protections",
  "takeover",
  "import-config",
  "help",
  "version",
];

const oldestNode = 24;

async function main(): Promise<number> {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    process.stderr.write(`Tyr needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}.\n`);
    return exitCodes["cannot-start"];
  }
  // The SDK calls a deprecated function of Node while it loads: a warning about it would help nobody who runs Tyr.
  process.noDeprecation = true;
  const argv = process.argv.slice(2);
  // Its flags answer the questions of setup; they are no settings.
  if (argv[0] === "setup") return setup(argv);
  if (argv.includes("--help") || argv.includes("-h")) return print(usage);
  if (argv.includes("--version")) return print(`${version}\n`);
  const input = { argv, env: process.env, readFile: (file: string) => readFileSync(file, "utf8") };
  const [word = "run", ...words] = parseArguments(argv).words;
  switch (word) {
    case "run":
      return run(input);
    case "check":
      return check(input);
    case "backup":
      return backup(words, input);
    case "protections":
      return checkRuleFiles(words, input);
    case "takeover":
      return takeover(input);
    case "import-config":
      return importConfig(words, input);
    case "help":
      return print(usage);
    case "version":
      return print(`${version}\n`);
    default: {
      const meant = nearest(word, subCommands);
      const hint = meant === undefined ? "" : ` Did you mean "tyr ${meant}"?`;
      return complain(
        `${quote(word)} is nothing that Tyr can be asked for.${hint} tyr --help shows what there is; a config is named with --config FILE.`,
        configExitCode,
      );
    }
  }
}

async function backup(files: readonly string[], input: LoadInput): Promise<number> {
  const [{ backupCommand }, { systemClock }] = await Promise.all([
    import("./cli/backup.ts"),
    import("./kit/clock.ts"),
  ]);
  const ending = backupCommand(files, { input, clock: systemClock });
  if (ending.kind === "done") return print(`${ending.text}\n`);
  return complain(ending.text, ending.asked ? configExitCode : exitCodes["cannot-start"]);
}

async function checkRuleFiles(words: readonly string[], { readFile }: LoadInput): Promise<number> {
  const { checkProtections } = await import("./cli/protections-check.ts");
  const { takenNames } = await import("./lifecycle/taken-names.ts");
  const checked = checkProtections(words, readFile, takenNames);
  if (!checked)
    return complain("It is asked for with the files: tyr protections check FILE ...", configExitCode);
  process.stdout.write(`${checked.text}\n`);
  return checked.isWell ? 0 : 1;
}

async function takeover(input: LoadInput): Promise<number> {
  const [{ takeoverCommand }, { undiciSend }, { systemClock }, { systemRandom }] = await Promise.all([
    import("./cli/takeover.ts"),
    import("./matrix/http/undici-send.ts"),
    import("./kit/clock.ts"),
    import("./kit/random.ts"),
  ]);
  const connect = ({ homeserver, network, limits }: Config) =>
    undiciSend(homeserver.url, { ...network, ...limits });
  const ending = await takeoverCommand({ input, clock: systemClock, random: systemRandom, connect });
  if (ending.kind === "done") return print(`${ending.text}\n`);
  const codes = {
    asked: configExitCode,
    token: exitCodes["token-revoked"],
    other: exitCodes["cannot-start"],
  };
  return complain(ending.text, codes[ending.because]);
}

async function importConfig(files: readonly string[], input: LoadInput): Promise<number> {
  const { importCommand } = await import("./cli/import-config.ts");
  const ending = importCommand(files, input);
  if (ending.kind === "refused") return complain(ending.text, configExitCode);
  if (ending.toDo !== "") process.stderr.write(`${ending.toDo}\n`);
  return print(ending.yaml);
}

async function setup(argv: readonly string[]): Promise<number> {
  const { setupAtTerminal } = await import("./cli/setup/setup.ts");
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort());
  const { stdin: input, stdout: output } = process;
  const ending = await setupAtTerminal(argv, { input, output, isTerminal: input.isTTY, interrupt });
  switch (ending.kind) {
    case "done":
      return 0;
    case "unwell":
      return exitCodes["cannot-start"];
    case "refused":
      return complain(ending.text, ending.asked ? configExitCode : exitCodes["cannot-start"]);
    case "interrupted":
      return complain(ending.text, interruptedExitCode);
  }
}

async function check(input: LoadInput): Promise<number> {
  const loaded = loadConfig(input);
  if (!loaded.ok) return complain(problemsIn(loaded.problems), configExitCode);
  const mistakes = await mistakesIn(await ruleFiles(loaded.config, input));
  if (mistakes.length > 0) return complain(mistakes.join("\n"), configExitCode);
  const [{ checkCommand }, seams] = await Promise.all([import("./cli/check.ts"), outside(loaded.config)]);
  try {
    const { text, isWell } = await checkCommand(loaded.config, seams);
    return print(text) || (isWell ? 0 : exitCodes["cannot-start"]);
  } finally {
    await seams.close();
  }
}

/** Where protections of the community are. */
async function ruleFiles({ protectionFiles, protectionFolder }: Config, input: LoadInput) {
  const { ruleFilesIn } = await import("./lifecycle/rule-file-folder.ts");
  const beside = dirname(configFileOf(input) ?? "");
  const folder = isAbsolute(protectionFolder) ? protectionFolder : join(beside, protectionFolder);
  return ruleFilesIn({ named: protectionFiles, folder: protectionFolder === "none" ? undefined : folder });
}

/** What keeps rule files from being taken, as an editor shows it. */
async function mistakesIn({ look }: RuleFileSource): Promise<readonly string[]> {
  const found = look();
  if (found.length === 0) return [];
  const [{ describeFound }, { takenNames }] = await Promise.all([
    import("./automod/rule-files.ts"),
    import("./lifecycle/taken-names.ts"),
  ]);
  return describeFound(found, takenNames);
}

/** Nobody relies on it yet: what is wrong is told before it runs, like a mistake in the config. Later the room is told. */
async function isFirstRun({ dataPath }: Config): Promise<boolean> {
  const { databaseFile } = await import("./store/database.ts");
  return !existsSync(join(dataPath, databaseFile));
}

/** The real clock, chance and network. */
async function outside({ homeserver, network, limits }: Config) {
  const [{ undiciSend }, { systemClock, systemStopwatch }, { systemRandom }] = await Promise.all([
    import("./matrix/http/undici-send.ts"),
    import("./kit/clock.ts"),
    import("./kit/random.ts"),
  ]);
  return {
    ...undiciSend(homeserver.url, { ...network, ...limits }),
    clock: systemClock,
    random: systemRandom,
    stopwatch: systemStopwatch,
  };
}

function problemsIn(problems: readonly Problem[]): string {
  return problems.map((problem) => renderProblem(problem)).join("\n");
}

async function run(input: LoadInput): Promise<number> {
  const loaded = loadConfig(input);
  if (!loaded.ok) return complain(problemsIn(loaded.problems), configExitCode);
  const { config } = loaded;
  const files = await ruleFiles(config, input);
  const mistakes = (await isFirstRun(config)) ? await mistakesIn(files) : [];
  if (mistakes.length > 0) return complain(mistakes.join("\n"), configExitCode);
  const log = pino({ level: config.log.level, redact: ["*.access_token", "*.accessToken", "*.password"] });
  process.on("unhandledRejection", (error) => log.error({ err: error }, "something was left unhandled"));

  // By default V8 grows the space for new objects to 130 MB at a start with many people, and keeps it.
  setFlagsFromString("--semi-space-growth-factor=1");
  // By default V8 collects garbage only when the heap has grown to three times of what is in use.
  setFlagsFromString("--heap-growing-percent=25");
  // Loaded last, so that a mistake in the config is told before the heavy parts are.
  nodeModule.enableCompileCache();
  const [{ assemble }, web, figures, pages, { close, ...seams }] = await Promise.all([
    import("./lifecycle/assemble.ts"),
    config.web.enabled ? import("./web/server.ts") : undefined,
    config.web.enabled && config.web.metrics ? import("./web/metrics.ts") : undefined,
    config.web.publicUrl === undefined ? undefined : import("./web/desk/listener.ts"),
    outside(config),
  ]);
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  const meter = figures && new figures.Metrics(process, seams.clock);
  const all = { ...seams, log, ruleFiles: files, meter };
  const tyr = assemble(config, all, settingsInForce(config, loaded.sources));
  const { pulse, callbacks } = tyr;
  const scrape = meter?.scrapeOf(tyr.readings);
  const { publicUrl = "" } = config.web;
  const desk = pages?.deskListener({ publicUrl, desk: tyr.desk, clock: seams.clock, log });
  const probes = await web?.startWeb({ ...config.web, pulse, scrape, callbacks, desk, log });
  try {
    const ending = await tyr.run(stop.signal);
    if (ending.kind === "token-revoked")
      process.stderr.write(
        `The homeserver no longer accepts the access token (${ending.message}). Put a new one into the config and start again.\n`,
      );
    if (ending.kind === "cannot-start") process.stderr.write(`${ending.message}\n`);
    return exitCodes[ending.kind];
  } finally {
    await Promise.all([probes?.close(), close()]);
  }
}

/** A reader that closes the pipe early (`tyr check | head`) is no error. */
function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`);
  return exitCode;
}

tolerateClosedPipes();
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
