/** Another bot's config in Tyr's settings, before it is rendered as YAML, and what became of each option that was not converted. */
import type { OldConfig } from "./old-config.ts";

export interface NewSetting {
  /** Path of our option. */
  readonly path: string;
  readonly value: string | number | boolean | readonly string[];
  /** The option that it comes from: "homeserverUrl, line 3". */
  readonly from: string;
}

export interface Converted {
  /** With its article, for sentences: "a Mjolnir". */
  readonly bot: string;
  readonly settings: readonly NewSetting[];
  /** What a person has to do before the first start. */
  readonly toDo: readonly string[];
  /** Values that are not understood. */
  readonly notUnderstood: readonly string[];
}

/**
 * An option of another bot that Tyr has no setting for, the options below it included. `did`: what it did; `usual`: the
 * value with which nothing is missing. `why`: the reason nobody needs it.
 */
export type Unmapped =
  | { readonly kind: "missing"; readonly did: string; readonly usual?: unknown }
  | { readonly kind: "not-needed"; readonly why: string };

export function missing(did: string, usual?: unknown): Unmapped {
  return { kind: "missing", did, usual };
}

export function notNeeded(why: string): Unmapped {
  return { kind: "not-needed", why };
}

/** Left out where it holds a password: the check of the new config then asks for it. */
export function homeserverAddress(old: OldConfig, path: string): readonly NewSetting[] {
  const value = old.text(path);
  const isOpen = value !== undefined && !value.includes("@");
  return isOpen ? [{ path: "homeserver.url", value, from: old.where(path) }] : [];
}

export interface UnmappedLines {
  /** Set, and Tyr cannot do it. */
  readonly missing: readonly string[];
  readonly notNeeded: readonly string[];
  /** Off, or at its default: nothing is lost. */
  readonly off: readonly string[];
  readonly unknown: readonly string[];
}

/** A line for each option that was not converted; options under one known name share its line. */
export function explainUnmapped(old: OldConfig, unmapped: ReadonlyMap<string, Unmapped>): UnmappedLines {
  const lines = { missing: [], notNeeded: [], off: [], unknown: [] } as Record<keyof UnmappedLines, string[]>;
  const listed = new Set<string>();
  for (const { path, value } of old.unread) {
    const about = covering(path, unmapped);
    const known = about === undefined ? undefined : unmapped.get(about);
    if (about === undefined || !known) lines.unknown.push(old.where(path));
    else if (known.kind === "not-needed") {
      if (!listed.has(about)) lines.notNeeded.push(`${old.where(about)}: ${known.why}`);
      listed.add(about);
    } else if (isUsual(value, known.usual) || isSectionOff(path, old)) lines.off.push(path);
    else {
      if (!listed.has(about)) lines.missing.push(`${old.where(about)}: ${known.did}`);
      listed.add(about);
    }
  }
  return lines;
}

function covering(path: string, unmapped: ReadonlyMap<string, Unmapped>): string | undefined {
  for (let name = path; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    if (unmapped.has(name)) return name;
  }
  return undefined;
}

function isUsual(value: unknown, usual: unknown): boolean {
  if (value === usual) return true;
  return (
    value === false || value === undefined || value === null || (Array.isArray(value) && value.length === 0)
  );
}

/** Options of a section that is switched off have no effect. */
function isSectionOff(path: string, old: OldConfig): boolean {
  for (let name = parentOf(path); name !== ""; name = parentOf(name)) {
    if (old.isOff(`${name}.enabled`) || old.isOff(`${name}.use`)) return true;
  }
  return false;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}
