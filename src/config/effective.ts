/** The config in force, setting by setting, each with the source of its value, for the command `config`. Secrets are not shown. */
import { stringify } from "yaml";
import type { SettingInForce } from "../model/config-entry.ts";
import { options, type Option } from "./options.ts";
import type { Source } from "./problem.ts";
import type { Config } from "./schema.ts";

/** In UTF-16 code units; a longer value is cut, as it is shown in a message. */
const maxShown = 300;

export function settingsInForce(
  config: Config,
  sources: ReadonlyMap<string, Source>,
): readonly SettingInForce[] {
  return options.map((option): SettingInForce => {
    const source = sources.get(option.path) ?? { kind: "default" };
    const value = shown(option, valueAt(config, option.path));
    const standard = shown(option, option.default);
    return {
      path: option.path,
      value,
      default: standard,
      unit: option.unit,
      meaning: option.meaning,
      expected: option.kind === "number" || option.kind === "choice" ? option.expected : undefined,
      source: source.kind === "default" ? undefined : placeOf(source),
      isChanged: source.kind !== "default" && value !== standard,
      environmentVariable: option.environmentVariable,
    };
  });
}

function valueAt(config: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce((place, name) => (place as Readonly<Record<string, unknown>> | undefined)?.[name], config);
}

function shown({ kind }: Option, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (kind === "secret") return "(set, and not shown)";
  const text = stringify(value, {
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: false,
  }).trim();
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

function placeOf(source: Exclude<Source, { kind: "default" }>): string {
  switch (source.kind) {
    case "file":
      return `${source.file}:${source.line}`;
    case "environment":
    case "flag":
      return source.name;
    case "secret-file":
      return source.file;
  }
}
