/** Another bot's config as values by path, each with its line. Notes which were read: the others are explained as unmapped. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";
import type { Problem } from "../problem.ts";
import { yamlMistake } from "../yaml-mistakes.ts";

interface Entry {
  readonly value: unknown;
  readonly line: number;
}

export class OldConfig {
  /** By paths such as "commands.additionalPrefixes". */
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #read = new Set<string>();

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries;
  }

  has(path: string): boolean {
    return this.#entries.has(path) || this.keys.some((key) => key.startsWith(`${path}.`));
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  read(path: string): unknown {
    this.#read.add(path);
    return this.#entries.get(path)?.value;
  }

  text(path: string): string | undefined {
    const value = this.read(path);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  }

  wholeNumber(path: string): number | undefined {
    const value = this.read(path);
    return Number.isInteger(value) ? (value as number) : undefined;
  }

  isOn(path: string): boolean {
    return this.read(path) === true;
  }

  /** Present, and false. Does not count as read. */
  isOff(path: string): boolean {
    return this.#entries.get(path)?.value === false;
  }

  /** Whether anything is set there or below. Does not count as read. */
  under(path: string): boolean {
    return [...this.#entries.keys()].some((one) => one === path || one.startsWith(`${path}.`));
  }

  texts(path: string): readonly string[] {
    const value = this.read(path);
    return Array.isArray(value)
      ? value.filter((one): one is string => typeof one === "string" && one.trim() !== "")
      : [];
  }

  /** "homeserverUrl, line 3" */
  where(path: string): string {
    const line = this.#entries.get(path)?.line;
    // An odd name may be a password: somebody forgot the colon in front of it.
    const shown = /^[\w.-]{1,80}$/.test(path) ? path : "a name that is not shown";
    return line === undefined ? shown : `${shown}, line ${line}`;
  }

  /** Values that no conversion has read. */
  get unread(): readonly { readonly path: string; readonly value: unknown }[] {
    return [...this.#entries].flatMap(([path, { value }]) => (this.#read.has(path) ? [] : [{ path, value }]));
  }
}

export type ReadOld =
  | { readonly ok: true; readonly old: OldConfig }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Problems never quote the text: a password may be on the same line. */
export function readOldConfig(file: string, text: string): ReadOld {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const sourceAt = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { kind: "file" as const, file, line, column: col };
  };
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map(({ code, pos }) => ({
        source: sourceAt(pos[0]),
        path: "",
        ...yamlMistake(code),
      })),
    };
  }
  const entries = new Map<string, Entry>();
  const walk = (node: Node | null | undefined, path: string, depth: number): void => {
    const target = isAlias(node) ? node.resolve(document) : node;
    if (isMap(target) && depth < deepest) {
      for (const { key, value } of target.items) {
        if (!isScalar(key)) continue;
        const below = path === "" ? String(key.value) : `${path}.${String(key.value)}`;
        const child = value as Node | null;
        if ((isMap(child) && child.items.length > 0) || isAlias(child)) walk(child, below, depth + 1);
        else entries.set(below, { value: valueOf(child), line: sourceAt(key.range?.[0] ?? 0).line });
      }
    }
  };
  walk(document.contents, "", 0);
  return { ok: true, old: new OldConfig(entries) };
}

/** No bot's config is nested deeper. Needed, as a YAML alias may refer to a map that contains it. */
const deepest = 6;

function valueOf(node: Node | null): unknown {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => (isScalar(item) ? item.value : undefined));
  return undefined;
}
