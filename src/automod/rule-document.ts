/** Writes rules and lists as documents of a rule file, in one form whatever they were written in. */
import { Document, stringify } from "yaml";
import { kindsIn, kindWords } from "../model/facts/kinds.ts";
import type { GivenHeat } from "./define.ts";
import type { NamedList } from "./list-document.ts";
import type { RuleText } from "./rule.ts";
import type { SettingSpec, SettingSpecs } from "./settings.ts";

/** Nothing is folded into several lines: a condition stays as it was typed. */
const asTyped = { lineWidth: 0 } as const;

/** What a rule is; neither in which mode, profiles and rooms it is on, nor whom it leaves alone. Comments are left out. */
export function documentOfRule(rule: RuleText): string {
  const { name, about, on, settings, lists = {}, needs = [], when, ladder, heat, warning, reply } = rule;
  const during = rule.scope?.during ?? [];
  const fields: readonly (readonly [string, unknown])[] = [
    ["rule", name],
    ["about", about],
    ["on", on === kindWords.get("messages") ? "" : kindsIn(on).join(", ")],
    ["during", during.join(" ")],
    ["settings", unlessEmpty(settingsIn(settings))],
    ["lists", unlessEmpty(lists)],
    ["needs", needs.join(", ")],
    ["when", when],
    ["then", ladder],
    ["heat", heat ? heatOf(heat) : ""],
    ["warning", warning],
    ["reply", reply],
    ["with-what-follows", rule.takesInWhatFollows ? "yes" : ""],
  ];
  return stringify(new Map(fields.filter(([, value]) => value !== "")), asTyped);
}

export function documentOfList({ name, kind, entries }: NamedList): string {
  const document = new Document(new Map<string, unknown>([[kind, name]]));
  document.set("entries", document.createNode(entries, { flow: true }));
  return document.toString(asTyped);
}

/** One file of them, the rule first. */
export function fileOf(documents: readonly string[]): string {
  return documents.join("---\n");
}

function settingsIn(specs: SettingSpecs): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, settingOf(name, spec)]));
}

/** With its bounds, as those that hold where none are named may be others elsewhere. */
function settingOf(name: string, spec: SettingSpec): unknown {
  const about = spec.about === `${name}.` ? {} : { about: spec.about };
  if (spec.type === "amount") return { default: spec.default, min: spec.min, max: spec.max, ...about };
  if (spec.type !== "number") return { default: spec.default };
  const { default: preset, min, max, unit } = spec;
  return { default: preset, min, max, ...(unit === "" ? {} : { unit }), ...about };
}

function heatOf({ author, server }: GivenHeat): unknown {
  if (server === 0) return author;
  return author === 0 ? { server } : { author, server };
}

function unlessEmpty(fields: Readonly<Record<string, unknown>>): unknown {
  return Object.keys(fields).length === 0 ? "" : fields;
}
