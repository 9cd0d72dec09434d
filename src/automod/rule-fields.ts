/** Reads the fields of a rule file, one function each; what is wrong with one is told, and the others are read all the same. */
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { nearest } from "../kit/did-you-mean.ts";
import { kindWords, type KindSet } from "../model/facts/kinds.ts";
import type { Measured } from "../model/facts/fact.ts";
import { listKinds, type ListKind } from "../model/rule-lists.ts";
import { commonSettings, modes, profiles, type Mode, type Profile, type ProfileModes } from "./define.ts";
import type { FileProblems, Offsets } from "./file-problems.ts";
import { ladderProblem } from "./ladder.ts";
import { measuredIn, parseAmount } from "./language/amounts.ts";
import { units } from "./language/syntax.ts";
import type { SettingSpec, SettingSpecs } from "./settings.ts";

export type FieldNode = Node | null | undefined;

export function placeOf(node: FieldNode): Offsets {
  const [from = 0, to = 0] = node?.range ?? [];
  return [from, to];
}

export function readText(node: FieldNode, what: string, most: number, problems: FileProblems): string {
  const text = isScalar(node) && typeof node.value === "string" ? node.value.trim() : undefined;
  if (text === undefined) problems.mistake(placeOf(node), `${what} needs a text`);
  else if (text.length > most)
    problems.mistake(placeOf(node), `${what} may have ${most} letters, not ${text.length}`);
  return (text ?? "").slice(0, most);
}

export function readYesNo(node: FieldNode, what: string, problems: FileProblems): boolean {
  if (isScalar(node) && typeof node.value === "boolean") return node.value;
  const word = isScalar(node) ? String(node.value).toLowerCase() : "";
  if (word !== "yes" && word !== "no") problems.mistake(placeOf(node), `${what} is yes or no`);
  return word === "yes";
}

/** "messages", "join, name", [ message, edit ] */
export function readKinds(node: FieldNode, problems: FileProblems): KindSet {
  const words = isSeq(node)
    ? node.items.map((item) => [String(isScalar(item) ? item.value : ""), item as FieldNode] as const)
    : String(isScalar(node) ? node.value : "")
        .split(",")
        .map((word) => [word, node] as const);
  return words.reduce((set, [word, at]) => {
    const known = kindWords.get(word.trim().toLowerCase());
    if (known === undefined) {
      const near = nearest(word.trim(), kindWords.keys());
      const hint =
        near === undefined ? `it is one of ${[...kindWords.keys()].join(", ")}` : `did you mean ${near}?`;
      problems.mistake(placeOf(at), `nothing that happens is called "${word.trim().slice(0, 40)}"`, hint);
    }
    return set | (known ?? 0);
  }, 0);
}

export function readLadder(node: FieldNode, problems: FileProblems): string {
  const text = readText(node, "then", 200, problems)
    .toLowerCase()
    .replace(/\s*\+\s*/g, "+");
  const objection = ladderProblem(text);
  if (objection !== undefined) problems.mistake(placeOf(node), `then ${objection}`);
  return text;
}

export function readMode(node: FieldNode, problems: FileProblems): Mode | undefined {
  const word = isScalar(node) ? String(node.value).toLowerCase() : "";
  const mode = modes.find((one) => one === word);
  if (!mode) problems.mistake(placeOf(node), `mode is one of ${modes.join(", ")}`);
  return mode;
}

/** "lists: { bad-words: words }" */
export function readLists(node: FieldNode, problems: FileProblems): Readonly<Record<string, ListKind>> {
  return readChoices(node, "lists", { are: listKinds, example: "{ bad-words: words }" }, problems);
}

/** "profiles: { usual: alert, strict: act }" */
export function readProfiles(node: FieldNode, problems: FileProblems): ProfileModes {
  const read = readChoices(node, "profiles", { are: modes, example: "{ usual: alert }" }, problems);
  const isProfile = (name: string): name is Profile => profiles.some((one) => one === name);
  const wrong = Object.keys(read).find((name) => !isProfile(name));
  if (wrong !== undefined)
    problems.mistake(
      placeOf(node),
      `"${wrong.slice(0, 40)}" is no profile`,
      `there are ${profiles.join(", ")}`,
    );
  return read;
}

/** Names, each with one of a few words. */
function readChoices<T extends string>(
  node: FieldNode,
  what: string,
  { are, example }: { readonly are: readonly T[]; readonly example: string },
  problems: FileProblems,
): Readonly<Record<string, T>> {
  if (!isMap(node)) {
    problems.mistake(placeOf(node), `${what} are names with words`, `write ${what}: ${example}`);
    return {};
  }
  return Object.fromEntries(
    node.items.flatMap(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : "";
      const word = are.find((one) => isScalar(value) && value.value === one);
      if (word !== undefined) return [[name, word] as const];
      problems.mistake(placeOf(key as FieldNode), `${name.slice(0, 40)} is one of ${are.join(", ")}`);
      return [];
    }),
  );
}

/** "needs: allowed-links", or several with commas between them. */
export function readNames(node: FieldNode, what: string, problems: FileProblems): readonly string[] {
  return readText(node, what, 200, problems)
    .split(",")
    .map((name) => name.trim());
}

const maxSettings = 20;
const settingName = /^[a-z][A-Za-z0-9]{0,29}$/;

/** "settings: { limit: 10, within: 10s }", or each with its bounds and sentence. */
export function readSettings(node: FieldNode, problems: FileProblems): SettingSpecs {
  if (!isMap(node)) {
    problems.mistake(placeOf(node), "settings are names with values", "write settings: { limit: 10 }");
    return {};
  }
  const rows: (readonly [string, SettingSpec])[] = [];
  const names = new Set<string>();
  for (const { key, value } of node.items.slice(0, maxSettings)) {
    const name = isScalar(key) ? String(key.value) : "";
    if (!settingName.test(name))
      problems.mistake(
        placeOf(key as FieldNode),
        `"${name.slice(0, 40)}" is no name of a setting`,
        "a setting is called by letters and digits: limit, repeatHours",
      );
    else if (names.has(name)) problems.mistake(placeOf(key as FieldNode), `"${name}" stands twice`);
    else if (commonSettings.has(name))
      problems.mistake(
        placeOf(key as FieldNode),
        `every protection has a setting "${name}"`,
        name === "warning" || name === "mode"
          ? `write ${name}: as a field of the rule`
          : "choose another name; protections set changes it",
      );
    names.add(name);
    const spec = readSetting(name, value as FieldNode, problems);
    if (spec) rows.push([name, spec]);
  }
  if (node.items.length > maxSettings)
    problems.mistake(placeOf(node), `a rule may have ${maxSettings} settings`);
  return Object.fromEntries(rows);
}

const fields = ["default", "min", "max", "unit", "about"];

function readSetting(name: string, node: FieldNode, problems: FileProblems): SettingSpec | undefined {
  if (!isMap(node)) return specOf(name, { default: node }, problems);
  const parts: Record<string, FieldNode> = {};
  for (const { key, value } of node.items) {
    const field = isScalar(key) ? String(key.value) : "";
    if (fields.includes(field)) parts[field] = value as FieldNode;
    else {
      const near = nearest(field, fields);
      problems.mistake(
        placeOf(key as FieldNode),
        `a setting has no field "${field.slice(0, 40)}"`,
        near && `did you mean ${near}?`,
      );
    }
  }
  return specOf(name, parts, problems);
}

function specOf(
  name: string,
  parts: Readonly<Record<string, FieldNode>>,
  problems: FileProblems,
): SettingSpec | undefined {
  const about = parts["about"] ? readText(parts["about"], "about", 200, problems) : `${name}.`;
  const preset = parts["default"];
  const value = isScalar(preset) ? preset.value : undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) {
    const unit = parts["unit"] ? readText(parts["unit"], "unit", 20, problems) : "";
    const [min, max] = [numberIn(parts["min"]) ?? 0, numberIn(parts["max"]) ?? Math.max(1_000, value * 100)];
    if (value < min || value > max)
      problems.mistake(placeOf(preset), `the default of ${name} is not from ${min} to ${max}`);
    return { type: "number", about, unit, default: value, min, max };
  }
  const measured = typeof value === "string" ? measuredBy(value) : undefined;
  if (typeof value !== "string" || measured === undefined) {
    problems.mistake(
      placeOf(preset),
      `${name} needs a number`,
      "a plain one, or one with a unit: 10, 10s, 20KB, 95%, 32px",
    );
    return undefined;
  }
  return amountSpec(name, { about, measured, value }, parts, problems);
}

function amountSpec(
  name: string,
  { about, measured, value }: { readonly about: string; readonly measured: Measured; readonly value: string },
  parts: Readonly<Record<string, FieldNode>>,
  problems: FileProblems,
): SettingSpec {
  const bound = (field: string, otherwise: string): string => {
    const node = parts[field];
    if (!node) return otherwise;
    const text = isScalar(node) ? String(node.value) : "";
    if (parseAmount(text, measured) === undefined)
      problems.mistake(
        placeOf(node),
        `${field} of ${name} is not measured as its default is`,
        `write it like ${value}`,
      );
    return text;
  };
  const [min, max] = [bound("min", widest[measured][0]), bound("max", widest[measured][1])];
  return { type: "amount", about, measured, default: value, min, max };
}

/** The bounds of a setting that names none. */
const widest: Readonly<Record<Measured, readonly [string, string]>> = {
  count: ["0", "1000000"],
  time: ["0s", "1d"],
  size: ["0B", "1GB"],
  share: ["0%", "100%"],
  pixels: ["0px", "10000px"],
};

function measuredBy(text: string): Measured | undefined {
  const all = new Set(units.map(measuredIn));
  return [...all].find((measured) => parseAmount(text, measured) !== undefined);
}

function numberIn(node: FieldNode): number | undefined {
  return isScalar(node) && typeof node.value === "number" ? node.value : undefined;
}
