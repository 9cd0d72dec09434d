/** The schema as a flat list of options, derived once: for reading values, for messages and for documentation. */
import { z } from "zod";
import { nearest } from "../kit/did-you-mean.ts";
import { notes } from "./kinds.ts";
import type { Notes } from "./kinds.ts";
import { configSchema } from "./schema.ts";

export interface Option extends Notes {
  /** "homeserver.url" */
  readonly path: string;
  /** "TYR_HOMESERVER_URL" */
  readonly environmentVariable: string;
}

/** Options and sections in the order of the schema, each section before what is in it. */
const all = collect(configSchema, "");

export const options: readonly Option[] = all.filter((option) => option.kind !== "section");
export const sections: readonly Option[] = all.filter((option) => option.kind === "section");

const byPath = new Map(all.map((option) => [option.path, option]));

/** An option or a section. */
export function optionAt(path: string): Option | undefined {
  return byPath.get(path);
}

export function childPath(parent: string, key: string): string {
  return parent === "" ? key : `${parent}.${key}`;
}

/** The options and sections right below a section; of the whole config for "". */
export function childrenOf(parent: string): readonly Option[] {
  return all.filter((option) => parentOf(option.path) === parent);
}

/** The last part of its path: the key in the file. */
export function nameOf(option: Option): string {
  return option.path.slice(option.path.lastIndexOf(".") + 1);
}

/** The option that was probably meant by an unknown key: one of the same section with a similar name, or one elsewhere. */
export function meantBy(parent: string, key: string): string | undefined {
  const sibling = nearest(key, childrenOf(parent).map(nameOf));
  if (sibling !== undefined) return childPath(parent, sibling);
  const elsewhere = nearest(key, options.map(nameOf));
  return options.find((option) => nameOf(option) === elsewhere)?.path;
}

/** TYR_ACL_MAX_BYTES for acl.maxBytes. */
export function environmentVariableFor(path: string): string {
  const words = path.replaceAll(".", "_").replace(/([a-z])([A-Z])/g, "$1_$2");
  return `TYR_${words.toUpperCase()}`;
}

function collect(schema: { readonly shape: object }, parent: string): Option[] {
  return Object.entries(schema.shape).flatMap(([key, child]: [string, z.ZodType]) => {
    const path = childPath(parent, key);
    const about = notes.get(child);
    if (about === undefined) throw new Error(`option ${path} has no notes`);
    const option = { ...about, path, environmentVariable: environmentVariableFor(path) };
    return child instanceof z.ZodObject ? [option, ...collect(child, path)] : [option];
  });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}
