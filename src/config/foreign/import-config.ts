/**
 * Converts another bot's config to one for Tyr: options that Tyr has, under their names here, all others as comments. No
 * secret of the old config is repeated. The result is checked like any config.
 */
import { stringify } from "yaml";
import { renderProblem } from "../explain.ts";
import { loadConfig } from "../load.ts";
import type { Problem } from "../problem.ts";
import {
  explainUnmapped,
  type Converted,
  type UnmappedLines,
  type Unmapped,
  type NewSetting,
} from "./converted.ts";
import { convertMeowlnir, isMeowlnirConfig, meowlnirUnmapped } from "./meowlnir-config.ts";
import { convertMjolnir, isMjolnirConfig, mjolnirUnmapped } from "./mjolnir-config.ts";
import { readOldConfig, type OldConfig } from "./old-config.ts";

export type Imported =
  /** `toDo`: what a person has to do before Tyr can start with it. */
  | { readonly ok: true; readonly yaml: string; readonly toDo: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function importConfig(file: string, text: string): Imported {
  const read = readOldConfig(file, text);
  if (!read.ok) return read;
  const { old } = read;
  const recognised = recognise(old);
  if (!recognised) return { ok: false, problems: [notRecognised(file, old)] };
  const { converted, unmapped } = recognised;
  const yaml = rendered(file, converted, explainUnmapped(old, unmapped));
  return { ok: true, yaml, toDo: [...converted.toDo, ...mistakesIn(yaml)] };
}

function recognise(
  old: OldConfig,
): { readonly converted: Converted; readonly unmapped: ReadonlyMap<string, Unmapped> } | undefined {
  if (isMjolnirConfig(old)) return { converted: convertMjolnir(old), unmapped: mjolnirUnmapped };
  if (isMeowlnirConfig(old)) return { converted: convertMeowlnir(old), unmapped: meowlnirUnmapped };
  return undefined;
}

function notRecognised(file: string, old: OldConfig): Problem {
  const source = { kind: "file" as const, file, line: 1, column: 1 };
  if (old.has("homeserver.domain") && old.has("db"))
    return {
      source,
      path: "",
      cause: "the config of a Draupnir for many communities, which has no single counterpart",
      hint: "Set Tyr up for one community at a time; docs/moving-from-draupnir.md says how.",
    };
  if (old.has("homeserver.url"))
    return {
      source,
      path: "",
      cause: "this is a config of Tyr already",
      hint: "There is nothing to import.",
    };
  return {
    source,
    path: "",
    cause: "not the config of a Mjolnir, Draupnir or Meowlnir",
    hint: "The first two have homeserverUrl and managementRoom, the last one homeserver.address and meowlnir.",
  };
}

/** Checks it as a start would. Files with secrets need not exist yet: they are among the things to do. */
function mistakesIn(yaml: string): readonly string[] {
  const name = "the new config";
  const loaded = loadConfig({
    argv: ["--config", name],
    env: {},
    readFile: (file) => (file === name ? yaml : "to be written"),
  });
  return loaded.ok ? [] : loaded.problems.map((problem) => renderProblem(problem));
}

function rendered(
  file: string,
  { bot, settings, toDo, notUnderstood }: Converted,
  rest: UnmappedLines,
): string {
  return [
    comment(
      `Made by "tyr import-config" from ${file}, the config of ${bot}. Rooms, lists and protections that were set by command are not in it: Tyr takes them over at its first start.`,
    ),
    block("To do before the first start", toDo),
    ...bySection(settings),
    block("Not understood, and left out", notUnderstood),
    block("Without a counterpart in Tyr so far", rest.missing),
    block("Not needed any more", rest.notNeeded),
    rest.off.length === 0
      ? ""
      : comment(`Off or as it came, so that nothing is missed: ${rest.off.join(", ")}.`),
    rest.unknown.length === 0 ? "" : comment(`Not known as options of ${bot}: ${rest.unknown.join("; ")}.`),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function block(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return [`# ${title}:`, ...items.map((item) => comment(item, "# - ", "#   "))].join("\n");
}

function bySection(settings: readonly NewSetting[]): readonly string[] {
  const sections = Map.groupBy(settings, ({ path }) => (path.includes(".") ? path.split(".")[0]! : ""));
  return [...sections].flatMap(([section, inside]) => {
    if (section === "") return inside.map((setting) => oneSetting(setting, ""));
    return [[`${section}:`, ...inside.map((setting) => oneSetting(setting, "  "))].join("\n")];
  });
}

function oneSetting({ path, value, from }: NewSetting, indent: string): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return `${comment(`from ${from}`, `${indent}# `)}\n${indent}${name}: ${yamlOf(value)}`;
}

function yamlOf(value: NewSetting["value"]): string {
  return stringify(value, {
    defaultStringType: "QUOTE_DOUBLE",
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: false,
  }).trim();
}

const width = 110;

/** Wraps at white space. Names from the old file may hold line breaks: none may end the comment. */
function comment(text: string, first = "# ", further = "# "): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== first.trim() && line.length + word.length > width) {
      lines.push(line.trimEnd());
      line = further;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join("\n");
}
