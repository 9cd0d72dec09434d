/** The files that are derived from the schema: config/default.yaml and docs/settings.md. */
import { stringify } from "yaml";
import { childrenOf, nameOf, options } from "./options.ts";
import type { Option } from "./options.ts";

/** File contents by path, for scripts/generate.ts. */
export function settingsFiles(): ReadonlyMap<string, string> {
  return new Map([
    ["config/default.yaml", defaultYaml()],
    ["docs/settings.md", settingsPage()],
  ]);
}

/** Every option with its sentence, default and unit; those without a default commented out, with an example. */
export function defaultYaml(): string {
  return `${[fileHead, ...childrenOf("").map(yamlBlock)].join("\n\n")}\n`;
}

/** One table: option, meaning, default, unit, environment variable. */
export function settingsPage(): string {
  const rows = options.map(tableRow);
  return `${[pageHead, ...rows].join("\n")}\n`;
}

const fileHead = `# Every setting of Tyr, with its default. Generated from src/config/schema.ts by "npm run generate".
#
# To start: copy this file, fill in homeserver.url, one way to log in, and managementRoom or initialManager.
# Put values that start with ! # @ or * in quotes: these characters mean something in YAML.`;

const pageHead = `# Settings

Generated from \`src/config/schema.ts\` by \`npm run generate\`.

Each setting can be given in the YAML file that \`--config FILE\` or \`TYR_CONFIG\` names
([config/default.yaml](../config/default.yaml) is one to start from), as an environment variable, or as a flag by its
name (\`--homeserver.url URL\`). Flags are stronger than the environment, the environment is stronger than the file.
Lists are written with commas in the environment and in flags. Empty environment variables count as not set. Secrets
are not taken from flags, since everybody on the machine can read those.

| setting | meaning | default | unit | environment variable |
| --- | --- | --- | --- | --- |`;

function yamlBlock(option: Option): string {
  return option.kind === "section" ? yamlSection(option) : yamlSetting(option);
}

function yamlSection(section: Option): string {
  const blocks = childrenOf(section.path).map((option) => indented(yamlBlock(option)));
  return [...comment(section.meaning), `${section.path}:`, blocks.join("\n\n")].join("\n");
}

function yamlSetting(option: Option): string {
  const isGiven = option.default !== undefined;
  const setting = `${nameOf(option)}: ${yamlValue(isGiven ? option.default : option.example)}`;
  return [...comment(option.meaning), `# ${facts(option)}`, isGiven ? setting : `# ${setting}`].join("\n");
}

/** "Default: 250. A whole number from 0 to 60000. Unit: ms." */
function facts(option: Option): string {
  const unit = option.unit === undefined ? "" : `Unit: ${option.unit}.`;
  const example =
    option.kind === "list" && option.example !== undefined ? `Example: ${yamlValue([option.example])}` : "";
  return [`${defaultWords(option)}.`, limitsOf(option), unit, example]
    .filter((part) => part !== "")
    .join(" ");
}

function limitsOf(option: Option): string {
  const hasLimits = option.kind === "number" || option.kind === "choice";
  return hasLimits ? `${option.expected.charAt(0).toUpperCase()}${option.expected.slice(1)}.` : "";
}

function defaultWords(option: Option): string {
  if (option.default !== undefined) return `Default: ${yamlValue(option.default)}`;
  return option.isRequired === true ? "Required" : "No default";
}

function tableRow(option: Option): string {
  const cells = [
    code(option.path),
    escaped(`${option.meaning} ${limitsOf(option)}`.trim()),
    option.default === undefined ? defaultWords(option).toLowerCase() : code(yamlValue(option.default)),
    option.unit ?? "",
    code(option.environmentVariable),
  ];
  return `| ${cells.join(" | ")} |`;
}

function escaped(text: string): string {
  return text.replace(/[|*_<>[\]\\`]/g, (char) => `\\${char}`);
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function yamlValue(value: unknown): string {
  const options = {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    collectionStyle: "flow",
  } as const;
  return stringify(value, { ...options, lineWidth: 0, flowCollectionPadding: false }).trim();
}

const width = 100;

/** Comment lines, wrapped at words. */
function comment(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `# ${one}`);
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
