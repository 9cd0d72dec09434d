/**
 * Reads the YAML file: values by option with their lines, and every mistake of syntax or naming in it. Whether the
 * values make sense is left to the schema.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, Node, Pair, YAMLMap } from "yaml";
import { unknownSetting, noValue } from "./explain.ts";
import type { Problem, Source } from "./problem.ts";
import type { Given, Layer } from "./given-values.ts";
import { childPath, meantBy, optionAt } from "./options.ts";
import type { Option } from "./options.ts";
import { isStructural, yamlMistake } from "./yaml-mistakes.ts";

export interface FileLayer extends Layer {
  /** False where the file could not be read to its end: options that seem missing may be in it. */
  readonly isComplete: boolean;
}

export function readYaml(file: string, text: string): FileLayer {
  const counter = new LineCounter();
  // No pretty errors: they quote the line, and a password may be on it. Duplicate keys are found below, with their path.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const reading = new Reading((offset) => {
    const { line, col } = counter.linePos(offset);
    return { kind: "file", file, line, column: col };
  });
  for (const { code, pos } of document.errors) reading.mistake(pos[0], "", yamlMistake(code));
  const isSound = !document.errors.some(({ code }) => isStructural(code));
  const isComplete = isSound && reading.whole(document);
  return { given: reading.given, problems: reading.problems, isComplete };
}

class Reading {
  readonly given = new Map<string, Given>();
  readonly problems: Problem[] = [];
  readonly #place: (offset: number) => Source;
  /** Offsets of unknown tags. A node's own offset is after its tag. */
  #tagStarts: readonly number[] = [];

  constructor(place: (offset: number) => Source) {
    this.#place = place;
  }

  mistake(offset: number, path: string, words: { readonly cause: string; readonly hint: string }): void {
    this.problems.push({ source: this.#place(offset), path, ...words });
  }

  /** Reads the whole document; false where it holds no settings at all. */
  whole({ contents, warnings }: Document.Parsed): boolean {
    this.#tagStarts = warnings.filter(({ code }) => code === "TAG_RESOLVE_FAILED").map(({ pos }) => pos[0]);
    if (contents === null || isEmpty(contents)) return true;
    if (isMap(contents)) this.#section(contents, "");
    else this.mistake(startOf(contents), "", notSettings);
    return isMap(contents);
  }

  #section(map: YAMLMap, parent: string): void {
    const seen = new Map<string, number>();
    for (const pair of map.items) {
      const key = nameOf(pair);
      const at = startOf(pair.key as Node);
      const path = childPath(parent, key ?? hiddenName);
      const before = key === undefined ? undefined : seen.get(key);
      if (before !== undefined) this.mistake(at, path, givenTwice(this.#place(before)));
      else if (key !== undefined) seen.set(key, at);
      const option = key === undefined ? undefined : optionAt(path);
      if (option === undefined) this.#unknown(at, parent, key);
      else if (before === undefined) this.#entry(option, pair, at);
    }
  }

  #unknown(at: number, parent: string, key: string | undefined): void {
    const meant = key === undefined ? undefined : meantBy(parent, key);
    this.problems.push(unknownSetting(this.#place(at), childPath(parent, key ?? hiddenName), meant));
  }

  #entry(option: Option, { value }: Pair, keyAt: number): void {
    const node = value as Node | null;
    if (option.kind === "section") return this.#sectionValue(option, node, keyAt);
    if (option.kind === "list" && isSeq(node)) return this.#list(option, node.items as Node[], startOf(node));
    const plain = this.#plain(option, node, keyAt);
    if (plain !== undefined) this.given.set(option.path, plain);
  }

  #sectionValue(option: Option, node: Node | null, keyAt: number): void {
    // Empty where every line of the section is commented out, which is no mistake.
    if (node === null || isEmpty(node)) return;
    if (isMap(node)) return this.#section(node, option.path);
    const hint = "Write its settings on the lines below, each indented by two spaces.";
    this.mistake(startOf(node) || keyAt, option.path, { cause: "expected settings below it", hint });
  }

  #list(option: Option, nodes: readonly Node[], at: number): void {
    const items = nodes.map((node) => this.#plain(option, node, at)).filter((item) => item !== undefined);
    this.given.set(option.path, {
      value: items.map((item) => item.value),
      source: this.#place(at),
      items: items.map((item) => item.source),
    });
  }

  /** A single value. A group or list in its place is read as an empty one: the schema refuses it by its type. */
  #plain(option: Option, node: Node | null, keyAt: number): Given | undefined {
    if (node === null || isEmpty(node)) {
      this.problems.push(noValue(this.#place(keyAt), option.path));
      return undefined;
    }
    const at = startOf(node);
    if (isAlias(node)) {
      this.mistake(at, option.path, noAliases);
      return undefined;
    }
    if (hasForeignTag(node)) {
      this.mistake(this.#tagStarts.findLast((start) => start <= at) ?? at, option.path, unquotedMark);
      return undefined;
    }
    const value: unknown = isScalar(node) ? node.value : isSeq(node) ? [] : {};
    return { value, source: this.#place(at) };
  }
}

const notSettings = {
  cause: "expected settings such as homeserver: and managementRoom:",
  hint: "config/default.yaml shows them all.",
};

const noAliases = {
  cause: "a value that starts with * refers to another one, which is not supported here",
  hint: "Put it in quotes if it is meant as it stands, or write the value out.",
};

const unquotedMark = {
  cause: "a value that starts with ! must be in quotes",
  hint: "YAML takes it for a type otherwise.",
};

function givenTwice(first: Source): { cause: string; hint: string } {
  const line = first.kind === "file" ? ` It was given in line ${first.line} first.` : "";
  return { cause: "given twice", hint: `Remove one of the two.${line}` };
}

/** In place of a long or odd key, which may be a password: somebody forgot the colon in front of it. */
const hiddenName = "(a name that is not shown)";

function nameOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  const name = String(key.value);
  return /^[\w.-]{1,30}$/.test(name) ? name : undefined;
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && node.tag === undefined;
}

function hasForeignTag(node: Node): boolean {
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
  return tag !== undefined && !tag.startsWith("tag:yaml.org,2002:");
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
