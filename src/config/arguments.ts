/** Reads the command line: --config FILE, --help, --version, and a flag for each option by its path. */
import parse from "yargs-parser";
import { nearest } from "../kit/did-you-mean.ts";
import { unknownSetting } from "./explain.ts";
import type { Problem, Source } from "./problem.ts";
import { valueOfText } from "./given-values.ts";
import type { Given, Layer } from "./given-values.ts";
import { optionAt, options } from "./options.ts";
import type { Option } from "./options.ts";

export interface Arguments extends Layer {
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  readonly configFile: string | undefined;
  /** Arguments that belong to no flag: a subcommand and its arguments. */
  readonly words: readonly string[];
}

const switches = ["help", "version"];
const flagNames = ["config", ...switches, ...options.map((option) => option.path)];

/** `argv`: the arguments after the program's name. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { _: words, ...flags } = parse([...argv], {
    string: ["config", ...options.map((option) => option.path)],
    boolean: switches,
    alias: { help: ["h"], config: ["c"] },
    configuration: {
      "boolean-negation": false,
      "camel-case-expansion": false,
      "dot-notation": false,
      "parse-numbers": false,
      "short-option-groups": false,
      "strip-aliased": true,
    },
  });
  const given = new Map<string, Given>();
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(flags)) {
    if (switches.includes(name)) continue;
    const read = readFlag(name, (Array.isArray(value) ? value : [value]).map(String));
    if ("cause" in read) problems.push(read);
    else if (name !== "config") given.set(name, read);
  }
  const configFile: unknown = flags["config"];
  return {
    wantsHelp: flags["help"] === true,
    wantsVersion: flags["version"] === true,
    configFile: typeof configFile === "string" && configFile !== "" ? configFile : undefined,
    words: words.map(String),
    given,
    problems,
  };
}

/** A problem for arguments that belong to no flag, where none are expected. */
export function strayWords({ length: count }: readonly string[]): readonly Problem[] {
  if (count === 0) return [];
  const cause =
    count === 1
      ? "a word on the command line that belongs to no flag"
      : `${count} words on the command line that belong to no flag`;
  return [
    { path: "", cause, hint: "Settings are given as --homeserver.url VALUE, a file as --config FILE." },
  ];
}

function readFlag(name: string, texts: readonly string[]): Given | Problem {
  const source: Source = { kind: "flag", name: `--${name}` };
  const option = optionAt(name);
  const isKnown = name === "config" || (option !== undefined && option.kind !== "section");
  if (!isKnown) return unknownFlag(name);
  if (option?.kind === "secret") return visibleSecret(source, option);
  if (option?.kind === "list") return { value: texts.flatMap((text) => valueOfText(option, text)), source };
  if (texts.length > 1) return { source, path: name, cause: "given twice", hint: "Remove one of the two." };
  const text = texts.join();
  // A bare --acl.enabled is a switch turned on.
  if (text === "" && option?.kind === "yes-no") return { value: true, source };
  if (text === "") return { source, path: name, cause: "no value given", hint: `Write --${name} VALUE.` };
  return { value: option === undefined ? text : valueOfText(option, text), source };
}

function unknownFlag(name: string): Problem {
  // Only the name is shown, as its value may be a secret; and a very long name may be one itself.
  const source: Source = { kind: "flag", name: name.length > 40 ? "a flag that is not shown" : `--${name}` };
  const positive = name.replace(/^no-/, "");
  if (positive !== name && optionAt(positive)?.kind === "yes-no") {
    return {
      source,
      path: "",
      cause: "unknown setting",
      hint: `Write --${positive} false.`,
      meant: positive,
    };
  }
  const closest = nearest(name, flagNames);
  return {
    ...unknownSetting(source, "", closest),
    ...(closest === undefined ? {} : { hint: `Did you mean "--${closest}"?` }),
  };
}

function visibleSecret(source: Source, option: Option): Problem {
  return {
    source,
    path: option.path,
    cause: "a secret on the command line is visible to everybody on this machine",
    hint: `Set --${option.path}File to a file that holds it, or set ${option.environmentVariable}.`,
  };
}
