// Reads TypeScript files as syntax trees, for the measures of the house. What is measured in them is decided elsewhere.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parse } from "@babel/parser";

/** A node of Babel's tree. Its other properties differ by `type`; a measure asks for those that it knows. */
export interface SyntaxNode {
  readonly type: string;
  readonly loc: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly [property: string]: unknown;
}

export interface Comment {
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface SourceFile {
  /** Relative to `src/`, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Every node of the file. */
  readonly visits: readonly Visit[];
  readonly comments: readonly Comment[];
  /** Files of `src/` that this one imports, types included. */
  readonly imports: readonly string[];
  /** Packages that this file imports, `node:` modules included. */
  readonly packages: readonly string[];
}

/** All TypeScript files of `src/`, sorted by name. */
export function readSources(src: string): readonly SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted()
    .map((file) => readSource(file, readFileSync(join(src, file), "utf8")));
}

export function readSource(file: string, text: string): SourceFile {
  const { program, comments } = parse(text, { sourceType: "module", plugins: ["typescript"] });
  const visits = visitsOf(program as unknown as SyntaxNode);
  const imported = visits.flatMap(({ node }) => moduleOf(node));
  return {
    file,
    text,
    // The line feed at the end of the last line begins no other line.
    lines: text.replace(/\n$/, "").split("\n"),
    visits,
    comments: (comments ?? []).map(({ value, loc }) => ({
      text: value,
      firstLine: loc!.start.line,
      lastLine: loc!.end.line,
    })),
    imports: imported
      .filter((name) => name.startsWith("."))
      .map((name) => normalize(join(dirname(file), name))),
    packages: imported.filter((name) => !name.startsWith(".")),
  };
}

/** What a node imports or exports from: one name or none. */
function moduleOf(node: SyntaxNode): readonly string[] {
  if (
    node.type === "ImportDeclaration" ||
    node.type === "ExportNamedDeclaration" ||
    node.type === "ExportAllDeclaration"
  )
    return stringOf(node["source"]);
  if (node.type === "CallExpression" && isNode(node["callee"]) && node["callee"].type === "Import")
    return stringOf((node["arguments"] as readonly unknown[])[0]);
  return [];
}

/** A node and what it stands in, up to the root. */
export interface Visit {
  readonly node: SyntaxNode;
  readonly parent: Visit | undefined;
}

/** `root` and every node below it, in the order of the text. */
function visitsOf(root: SyntaxNode): readonly Visit[] {
  const visits: Visit[] = [];
  const walk = (node: SyntaxNode, parent: Visit | undefined): void => {
    const visit = { node, parent };
    visits.push(visit);
    for (const child of childrenOf(node)) walk(child, visit);
  };
  walk(root, undefined);
  return visits;
}

/** What a node stands in, outermost first. */
export function trailOf({ parent }: Visit): readonly SyntaxNode[] {
  const trail: SyntaxNode[] = [];
  for (let visit = parent; visit; visit = visit.parent) trail.unshift(visit.node);
  return trail;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const property in node) {
    const value = node[property];
    if (property.endsWith("Comments")) continue;
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "loc" in value;
}

export function nodesOf(value: unknown): readonly SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name that a declaration, a property, a method or a variable bears. */
export function nameOf(node: SyntaxNode): string | undefined {
  const named = [node["id"], node["key"]].find(isNode);
  if (!named) return undefined;
  if (named.type === "PrivateName") return `#${nameOf(named)}`;
  const name = named["name"] ?? named["value"];
  return typeof name === "string" ? name : undefined;
}

/** The text of a string literal, or nothing. */
export function stringOf(node: unknown): readonly string[] {
  return isNode(node) && node.type === "StringLiteral" ? [String(node["value"])] : [];
}
