// What can be counted of the house: sizes of files and functions, keys of options, cycles, comments. Nothing here judges;
// scripts/measure-house.ts prints the figures, test/architecture.test.ts holds some of them to a bound.

import { nameOf, nodesOf, trailOf, type SourceFile, type SyntaxNode, type Visit } from "./syntax.ts";

export interface Sized {
  /** `file` or `file: name`, which stays the same when lines move. */
  readonly what: string;
  readonly size: number;
}

export function fileSizes(sources: readonly SourceFile[]): readonly Sized[] {
  return sources.map(({ file, lines }) => ({ what: file, size: lines.length }));
}

const functionTypes: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassMethod",
  "ClassPrivateMethod",
  "ObjectMethod",
]);

/** Lines of each function, method and arrow function, from its first line to its last. */
export function functionSizes(sources: readonly SourceFile[]): readonly Sized[] {
  return sources.flatMap(({ file, visits }) =>
    visits
      .filter(({ node }) => functionTypes.has(node.type))
      .map((visit) => ({ what: `${file}: ${functionName(visit)}`, size: linesOf(visit.node) })),
  );
}

function linesOf({ loc }: SyntaxNode): number {
  return loc.end.line - loc.start.line + 1;
}

/** `Class.method`, `name`, or the name of what holds an anonymous function. */
function functionName(visit: Visit): string {
  const { node } = visit;
  const trail = trailOf(visit);
  const holder = trail.findLast((one) => one.type !== "ClassBody");
  const own = nameOf(node) ?? (holder && nameOf(holder));
  if (own === undefined) return `${placeName(trail)} (anonymous)`;
  const owner = trail.findLast((one) => one.type === "ClassDeclaration");
  return owner ? `${nameOf(owner)}.${own}` : own;
}

/** The nearest named declaration around a node, as `Class.method` or `name`. */
export function placeName(trail: readonly SyntaxNode[]): string {
  const named = trail.filter(
    ({ type }) =>
      /^(Class|Function|TS\w+Alias|TSInterface).*(Declaration|Method|Property)$/.test(type) ||
      type === "VariableDeclarator",
  );
  const [outer, ...inner] = named.map((one) => nameOf(one)).filter((name) => name !== undefined);
  if (outer === undefined) return "(top)";
  const isClass = named[0]?.type.startsWith("Class") ?? false;
  return isClass && inner[0] !== undefined ? `${outer}.${inner[0]}` : outer;
}

/**
 * Keys of each interface and object type, those of the interfaces it extends included. What a type borrows by Omit or
 * Pick is not counted. Parameters are counted as their type.
 */
export function keyCounts(sources: readonly SourceFile[]): readonly Sized[] {
  const interfaces = new Map<string, SyntaxNode>();
  for (const { visits } of sources)
    for (const { node } of visits)
      if (node.type === "TSInterfaceDeclaration") interfaces.set(nameOf(node)!, node);
  const countOf = (node: SyntaxNode, seen: readonly string[]): number => {
    const own = propertiesOf(node.type === "TSInterfaceDeclaration" ? (node["body"] as SyntaxNode) : node);
    const inherited = nodesOf(node["extends"]).map((one) =>
      String((one["expression"] as SyntaxNode)["name"]),
    );
    return inherited
      .filter((name) => interfaces.has(name) && !seen.includes(name))
      .reduce((sum, name) => sum + countOf(interfaces.get(name)!, [...seen, name]), own);
  };
  return sources.flatMap(({ file, visits }) =>
    visits
      .filter(({ node }) => node.type === "TSInterfaceDeclaration" || node.type === "TSTypeLiteral")
      .map((visit) => ({
        what: `${file}: ${visit.node.type === "TSInterfaceDeclaration" ? nameOf(visit.node) : placeName(trailOf(visit))}`,
        size: countOf(visit.node, []),
      })),
  );
}

function propertiesOf(node: SyntaxNode): number {
  return nodesOf(node["members"] ?? node["body"]).filter(({ type }) =>
    ["TSPropertySignature", "TSMethodSignature"].includes(type),
  ).length;
}

/** Files of `src/` that stand in no folder. */
export function looseFiles(sources: readonly SourceFile[]): readonly string[] {
  return sources.map(({ file }) => file).filter((file) => !file.includes("/"));
}

/** Groups of files that import one another in a circle, types included (strongly connected components). */
export function cycles(sources: readonly SourceFile[]): readonly (readonly string[])[] {
  const graph = new Map(sources.map(({ file, imports }) => [file, imports]));
  const reach = new Map<string, ReadonlySet<string>>();
  for (const file of graph.keys()) reach.set(file, reachableFrom(file, graph));
  const groups: string[][] = [];
  const grouped = new Set<string>();
  for (const file of graph.keys()) {
    if (grouped.has(file) || !reach.get(file)!.has(file)) continue;
    const group = [...reach.get(file)!].filter((other) => reach.get(other)?.has(file));
    for (const other of group) grouped.add(other);
    groups.push(group.toSorted());
  }
  return groups;
}

function reachableFrom(start: string, graph: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    waiting.push(...(graph.get(file) ?? []));
  }
  return found;
}

/** Lines that hold a comment and nothing else, and all lines that are not blank. */
export function commentLines(sources: readonly SourceFile[]): {
  readonly comment: number;
  readonly all: number;
} {
  let comment = 0;
  let all = 0;
  for (const { lines, comments } of sources) {
    all += lines.filter((line) => line.trim() !== "").length;
    for (const { firstLine, lastLine } of comments)
      if (/^\s*(\/\/|\/\*)/.test(lines[firstLine - 1] ?? "")) comment += lastLine - firstLine + 1;
  }
  return { comment, all };
}

export interface PlacedComment {
  readonly where: string;
  readonly text: string;
}

/** All comments; lines of `//` that follow one another are one comment. */
export function allComments(sources: readonly SourceFile[]): readonly PlacedComment[] {
  return sources.flatMap(({ file, lines, comments }) => {
    const joined: { line: number; last: number; text: string }[] = [];
    for (const { text, firstLine, lastLine } of comments) {
      const before = joined.at(-1);
      const isWholeLine = /^\s*\/\//.test(lines[firstLine - 1] ?? "");
      const clean = text
        .replaceAll(/\s*\n\s*\*?\s*/g, " ")
        .replace(/^\*/, "")
        .trim();
      if (before && isWholeLine && before.last === firstLine - 1) {
        before.text += ` ${clean}`;
        before.last = lastLine;
      } else joined.push({ line: firstLine, last: lastLine, text: clean });
    }
    return joined.map(({ line, text }) => ({ where: `${file}:${line}`, text }));
  });
}

/** The value below which a share of the figures lies: 0.5 is the median. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
