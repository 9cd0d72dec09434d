/** What becomes of another bot's config, before it is written down. */
import type { OldConfig } from "./old-config.ts";

export interface NewSetting {
  /** Path of our option. */
  readonly path: string;
  readonly value: string | boolean | readonly string[];
  /** Where it was: "homeserverUrl, line 3". */
  readonly from: string;
}

export interface Converted {
  /** "a Mjolnir", as it is called in sentences. */
  readonly bot: string;
  readonly settings: readonly NewSetting[];
  /** What a person has to do before the first start. */
  readonly toDo: readonly string[];
  /** Values that are not understood. */
  readonly odd: readonly string[];
}

/** An option without a counterpart: what it did, or why nobody needs it. Covers what is below it, too. */
export type Fate =
  | { readonly kind: "missing"; readonly did: string; readonly usual?: unknown }
  | { readonly kind: "not-needed"; readonly why: string };

export function missing(did: string, usual?: unknown): Fate {
  return { kind: "missing", did, usual };
}

export function notNeeded(why: string): Fate {
  return { kind: "not-needed", why };
}

/** The homeserver's address; without it where it holds a password, which is then missed by the check. */
export function addressAt(old: OldConfig, path: string): readonly NewSetting[] {
  const value = old.text(path);
  const isOpen = value !== undefined && !value.includes("@");
  return isOpen ? [{ path: "homeserver.url", value, from: old.where(path) }] : [];
}

export interface Explained {
  /** On, and without a counterpart. */
  readonly missing: readonly string[];
  readonly notNeeded: readonly string[];
  /** Off or as it came: nothing is missed. */
  readonly off: readonly string[];
  readonly unknown: readonly string[];
}

/** One line for each option that was not taken over; those of one section that is off in one. */
export function explained(old: OldConfig, fates: ReadonlyMap<string, Fate>): Explained {
  const lines = { missing: [], notNeeded: [], off: [], unknown: [] } as Record<keyof Explained, string[]>;
  const told = new Set<string>();
  for (const { path, value } of old.unread) {
    const about = covering(path, fates);
    const fate = about === undefined ? undefined : fates.get(about);
    if (about === undefined || !fate) lines.unknown.push(old.where(path));
    else if (fate.kind === "not-needed") {
      if (!told.has(about)) lines.notNeeded.push(`${old.where(about)}: ${fate.why}`);
      told.add(about);
    } else if (isUsual(value, fate.usual) || isSectionOff(path, old)) lines.off.push(path);
    else {
      if (!told.has(about)) lines.missing.push(`${old.where(about)}: ${fate.did}`);
      told.add(about);
    }
  }
  return lines;
}

function covering(path: string, fates: ReadonlyMap<string, Fate>): string | undefined {
  for (let name = path; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
    if (fates.has(name)) return name;
  }
  return undefined;
}

function isUsual(value: unknown, usual: unknown): boolean {
  if (value === usual) return true;
  return (
    value === false || value === undefined || value === null || (Array.isArray(value) && value.length === 0)
  );
}

/** What stands beside a switch that is off does nothing. */
function isSectionOff(path: string, old: OldConfig): boolean {
  for (let name = parentOf(path); name !== ""; name = parentOf(name)) {
    if (old.isOff(`${name}.enabled`) || old.isOff(`${name}.use`)) return true;
  }
  return false;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}
