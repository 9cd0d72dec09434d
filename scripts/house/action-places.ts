// Where the properties of a kind of action stand outside model/actions/: each place has to be found, and thought of, by
// a person who adds a kind. A total table typed by the kinds is a place, too, but the compiler asks for its row.

import { placeName } from "./measures.ts";
import { isNode, nameOf, nodesOf, stringOf, trailOf, type SourceFile, type SyntaxNode } from "./syntax.ts";

export interface ActionPlace {
  /** `file: declaration` */
  readonly where: string;
  /** It names every kind, or is a table with a row for each kind of a type: a kind that is missing does not compile. */
  readonly isAskedFor: boolean;
  readonly kinds: readonly string[];
}

const fewestKinds = 3;
/** Words of Matrix itself: memberships and powers are told apart by them where no action is meant. */
const matrixWords: ReadonlySet<string> = new Set(["ban", "invite", "join", "kick", "leave", "redact"]);

/** The kinds that the union of actions has. */
export function actionKinds(sources: readonly SourceFile[]): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const { file, visits } of sources) {
    if (!isVocabulary(file)) continue;
    for (const { node } of visits) for (const kind of declaredKinds(node)) kinds.add(kind);
  }
  return kinds;
}

/** `kind: "ban"` in a member of the union, or `readonly ban: {...}` in an interface of fields by kind. */
function declaredKinds(node: SyntaxNode): readonly string[] {
  if (node.type === "TSPropertySignature" && nameOf(node) === "kind") {
    const annotation = node["typeAnnotation"];
    const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
    if (!isNode(type)) return [];
    return [type, ...nodesOf(type["types"])].flatMap((one) => stringOf(one["literal"]));
  }
  // The old union had this helper for kinds of the same fields.
  if (node.type === "TSTypeReference" && nameOfType(node) === "Each") {
    const [first] = isNode(node["typeParameters"]) ? nodesOf(node["typeParameters"]["params"]) : [];
    return first ? nodesOf(first["types"]).flatMap((one) => stringOf(one["literal"])) : [];
  }
  if (node.type === "TSInterfaceDeclaration" && nameOf(node)?.endsWith("Fields"))
    return nodesOf((node["body"] as SyntaxNode)["body"]).map((member) => nameOf(member)!);
  return [];
}

function nameOfType({ typeName }: SyntaxNode): string | undefined {
  const name = isNode(typeName) ? typeName["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** The union's own file, or the folder that took its place. */
function isVocabulary(file: string): boolean {
  return file === "model/action.ts" || file.startsWith("model/actions/");
}

/** Declarations outside the vocabulary that tell at least three kinds of action apart, or list them. */
export function actionPlaces(sources: readonly SourceFile[]): readonly ActionPlace[] {
  const kinds = actionKinds(sources);
  return sources
    .filter(({ file }) => !isVocabulary(file))
    .flatMap(({ file, visits }) => {
      const byPlace = new Map<string, Set<string>>();
      const tables = new Set<string>();
      for (const visit of visits) {
        const named = namedKinds(visit.node).filter((kind) => kinds.has(kind));
        if (named.length === 0) continue;
        const place = `${file}: ${placeName(trailOf(visit))}`;
        const found = byPlace.get(place) ?? new Set();
        for (const kind of named) found.add(kind);
        byPlace.set(place, found);
        if (isTypedByKind(trailOf(visit))) tables.add(place);
      }
      return [...byPlace]
        .filter(([, found]) => found.size >= fewestKinds && [...found].some((kind) => !matrixWords.has(kind)))
        .map(([where, found]) => ({
          where,
          isAskedFor: found.size === kinds.size || tables.has(where),
          kinds: [...found].toSorted(),
        }));
    });
}

/** The nearest variable has a type like `{ [K in ActionKind]: ... }` or `ActionTable<...>`. */
function isTypedByKind(trail: readonly SyntaxNode[]): boolean {
  const variable = trail.findLast(({ type }) => type === "VariableDeclarator");
  const annotation = (variable?.["id"] as SyntaxNode | undefined)?.["typeAnnotation"];
  const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
  if (!isNode(type)) return false;
  return type.type === "TSMappedType" || nameOfType(type) === "ActionTable";
}

/** Strings by which a node tells kinds apart: cases, comparisons, elements of a list, keys of a table, SQL. */
function namedKinds(node: SyntaxNode): readonly string[] {
  switch (node.type) {
    case "SwitchCase":
      return stringOf(node["test"]);
    case "BinaryExpression":
      return [...stringOf(node["left"]), ...stringOf(node["right"])];
    case "ArrayExpression":
      return nodesOf(node["elements"]).flatMap(stringOf);
    case "ObjectExpression":
      return nodesOf(node["properties"]).flatMap((property) => nameOf(property) ?? []);
    case "TSUnionType":
      return nodesOf(node["types"]).flatMap((type) => stringOf(type["literal"]));
    case "StringLiteral":
      return quotedIn(String(node["value"]));
    case "TemplateElement":
      return quotedIn((node["value"] as { readonly raw: string }).raw);
    default:
      return [];
  }
}

function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]!);
}
