/** Reads rule files: YAML, one rule or one list a document. All that is wrong with a file is told at once, each with its place. */
import type { ListKind } from "../model/rule-lists.ts";
import { isMap, isScalar, LineCounter, parseAllDocuments, type Document, type Scalar } from "yaml";
import { nearest } from "../kit/did-you-mean.ts";
import { kindSet, kindWords } from "../model/facts/kinds.ts";
import { FileProblems, type FileProblem } from "./file-problems.ts";
import { readHeat } from "./heat-field.ts";
import {
  placeOf,
  readKinds,
  readLadder,
  readLists,
  readMode,
  readNames,
  readProfiles,
  readSettings,
  readText,
  readYesNo,
  type FieldNode,
} from "./rule-fields.ts";
import { yamlObjection } from "./yaml-objection.ts";
import { isList, readList, type NamedList } from "./list-document.ts";
import { checkRule, type Rule, type RuleText } from "./rule.ts";
import { readDuring, readExcept, readReplace, readRooms } from "./scope-fields.ts";
import type { Scope } from "./scope.ts";
import { offsetsIn } from "./scalar-place.ts";

export type Lists = ReadonlyMap<string, ListKind>;

/** What a file may not define, as it is there already: by name where it is, as in "in lists.yaml". */
export interface TakenNames {
  readonly rules?: ReadonlyMap<string, string>;
  readonly lists?: ReadonlyMap<string, string>;
  /** Rules that come with Tyr, whose place another may take; undefined where nobody has to know. */
  readonly replaceable?: ReadonlySet<string>;
}

export interface ReadRules {
  /** Those without a mistake, in the order of the file. */
  readonly rules: readonly Rule[];
  /** By name: the documents that they were read from. */
  readonly texts: ReadonlyMap<string, string>;
  /** By name: the lists that the file holds. */
  readonly lists: ReadonlyMap<string, NamedList>;
  /** How many documents the file has, with mistakes or without. */
  readonly documents: number;
  readonly mistakes: readonly FileProblem[];
  readonly warnings: readonly FileProblem[];
}

/** Further mistakes of YAML, and further fields that there are not, would tell nothing more. */
const mostTold = 20;

/** What its author can send once more. */
const sendable = kindWords.get("messages")! | kindSet("reaction", "other");
/** UTF-16 units. */
export const maxFileLength = 256 * 1_024;
const maxCondition = 2_000;

/** `lists`: those that are known besides the ones in the file, by name. */
export function readRuleFile(text: string, lists: Lists, taken: TakenNames = {}): ReadRules {
  const lineCounter = new LineCounter();
  const problems = new FileProblems(text, lineCounter);
  if (text.length > maxFileLength) {
    problems.mistake(
      [0, 0],
      `a file of rules may have ${maxFileLength / 1_024} KB`,
      "make several files of it",
    );
    return nothingReadIn(problems);
  }
  const objection = yamlObjection(text);
  if (objection !== undefined) {
    problems.mistake([0, 0], objection, "a rule is a few fields with values");
    return nothingReadIn(problems);
  }
  // What the library says of each mistake itself, and its search for keys that stand twice, take the square of their number.
  const options = { lineCounter, uniqueKeys: false, prettyErrors: false, strict: true };
  const parsed = parseAllDocuments(text, options);
  const documents = Array.isArray(parsed) ? parsed : [];
  const own = new Map<string, NamedList>();
  for (const document of documents.filter(isList)) {
    const list = readList(document, problems, (name) =>
      own.has(name) ? "in this file" : taken.lists?.get(name),
    );
    if (list) own.set(list.name, list);
  }
  const kinds = new Map([...lists, ...[...own].map(([name, { kind }]) => [name, kind] as const)]);
  const reader = new RuleFileReader(text, { lists: kinds, taken }, problems);
  const texts = new Map<string, string>();
  const rules = documents.flatMap((document) => {
    const rule = isList(document) ? undefined : reader.rule(document);
    if (!rule) return [];
    texts.set(rule.name, text.slice(document.range[0], document.range[1]).trim());
    return [rule];
  });
  if (rules.length === 0 && own.size === 0 && problems.mistakes.length === 0)
    problems.mistake([0, 0], "there is no rule in it", "a rule begins with rule: and its name");
  const byLine = (one: FileProblem, other: FileProblem) => one.line - other.line || one.column - other.column;
  const { mistakes, warnings } = problems;
  return {
    rules,
    texts,
    lists: own,
    documents: documents.length,
    mistakes: mistakes.toSorted(byLine),
    warnings: warnings.toSorted(byLine),
  };
}

function nothingReadIn({ mistakes, warnings }: FileProblems): ReadRules {
  return { rules: [], texts: new Map(), lists: new Map(), documents: 0, mistakes, warnings };
}

const scopeFields = ["rooms", "during", "except", "replace"] as const;
const required = ["rule", "when"] as const;
const optional = [
  "then",
  "heat",
  "about",
  "on",
  "settings",
  "warning",
  "reply",
  "with-what-follows",
  "mode",
  "lists",
  "needs",
  "profiles",
  ...scopeFields,
] as const;
type Field = (typeof required)[number] | (typeof optional)[number];
const fields: readonly string[] = [...required, ...optional];

class RuleFileReader {
  readonly #text: string;
  readonly #lists: Lists;
  readonly #taken: TakenNames;
  readonly #problems: FileProblems;
  readonly #names = new Set<string>();

  constructor(
    text: string,
    { lists, taken }: { readonly lists: Lists; readonly taken: TakenNames },
    problems: FileProblems,
  ) {
    this.#text = text;
    this.#lists = lists;
    this.#taken = taken;
    this.#problems = problems;
  }

  /** Undefined where it has a mistake. */
  rule(document: Document.Parsed): Rule | undefined {
    const before = this.#problems.mistakes.length;
    for (const { pos, message } of document.errors.slice(0, mostTold))
      this.#problems.mistake(
        [pos[0], pos[1]],
        yamlProblem(message),
        "texts with : or # in them are put in quotes",
      );
    const nodes = document.errors.length === 0 ? this.#fields(document) : undefined;
    const read = nodes && this.#read(nodes);
    return this.#problems.mistakes.length === before ? read : undefined;
  }

  #fields({ contents, range }: Document.Parsed): ReadonlyMap<Field, FieldNode> | undefined {
    if (contents === null) return undefined;
    if (!isMap(contents)) {
      this.#problems.mistake(
        [range[0], range[1]],
        "a rule is fields with values",
        "it begins with rule: and its name",
      );
      return undefined;
    }
    const nodes = new Map<Field, FieldNode>();
    for (const { key, value } of contents.items.slice(0, fields.length + mostTold)) {
      const field = isScalar(key) ? String(key.value) : "";
      if (nodes.has(field as Field)) this.#problems.mistake(placeOf(key), `${field} stands twice`);
      if (fields.includes(field)) nodes.set(field as Field, value);
      else {
        const near = nearest(field, fields);
        const hint = near === undefined ? `it has ${fields.join(", ")}` : `did you mean ${near}?`;
        this.#problems.mistake(placeOf(key), `a rule has no field "${field.slice(0, 40)}"`, hint);
      }
    }
    const at = placeOf(contents);
    for (const field of required)
      if (!nodes.has(field))
        this.#problems.mistake([at[0], at[0]], `${field} is missing`, `add ${field}: ...`);
    if (!nodes.has("then") && !nodes.has("heat"))
      this.#problems.mistake([at[0], at[0]], "then is missing", "add then: ..., or heat: 30");
    return nodes;
  }

  #read(nodes: ReadonlyMap<Field, FieldNode>): Rule | undefined {
    const problems = this.#problems;
    const text = (field: Field, most: number) =>
      nodes.has(field) ? readText(nodes.get(field), field, most, problems) : "";
    const when = nodes.get("when");
    const mode = nodes.has("mode") ? readMode(nodes.get("mode"), problems) : undefined;
    const rule: RuleText = {
      ...(mode ? { mode } : {}),
      ...(scopeFields.some((field) => nodes.has(field)) ? { scope: this.#scope(nodes) } : {}),
      ...(nodes.has("lists") ? { lists: readLists(nodes.get("lists"), problems) } : {}),
      ...(nodes.has("needs") ? { needs: readNames(nodes.get("needs"), "needs", problems) } : {}),
      ...(nodes.has("profiles") ? { profiles: readProfiles(nodes.get("profiles"), problems) } : {}),
      ...(nodes.has("heat") ? { heat: readHeat(nodes.get("heat"), problems) } : {}),
      name: this.#name(nodes.get("rule")),
      about: text("about", 300),
      on: nodes.has("on") ? readKinds(nodes.get("on"), problems) : kindWords.get("messages")!,
      settings: nodes.has("settings") ? readSettings(nodes.get("settings"), problems) : {},
      when: isScalar(when) && typeof when.value === "string" ? when.value : text("when", maxCondition),
      ladder: nodes.has("then") ? readLadder(nodes.get("then"), problems) : "",
      warning: text("warning", 500),
      reply: text("reply", 500),
      takesInWhatFollows:
        nodes.has("with-what-follows") &&
        readYesNo(nodes.get("with-what-follows"), "with-what-follows", problems),
    };
    this.#ladderOf(rule, nodes.get("then"));
    return isScalar(when) && typeof when.value === "string" ? this.#checked(rule, when) : undefined;
  }

  #scope(nodes: ReadonlyMap<Field, FieldNode>): Scope {
    const problems = this.#problems;
    const scope = {
      ...(nodes.has("rooms") ? { rooms: readRooms(nodes.get("rooms"), problems) } : {}),
      ...(nodes.has("during") ? { during: readDuring(nodes.get("during"), problems) } : {}),
      ...(nodes.has("except") ? { except: readExcept(nodes.get("except"), problems) } : {}),
    };
    if (!nodes.has("replace")) return scope;
    const at = nodes.get("replace");
    const replace = readReplace(at, this.#taken.replaceable, problems);
    const narrow = scope.rooms ? "rooms" : scope.during ? "during" : undefined;
    if (narrow !== undefined)
      problems.mistake(
        placeOf(at),
        `a rule with ${narrow} cannot take the place of another, which looks everywhere and at all times`,
        `leave ${narrow} or replace out; protections disable ${replace} #room:server switches that one off in a room`,
      );
    return { ...scope, replace };
  }

  /** What the answers need of the rule. */
  #ladderOf({ ladder, reply, on }: RuleText, then: FieldNode): void {
    if (/\breply\b/.test(ladder) && reply === "")
      this.#problems.mistake(
        placeOf(then),
        "then says reply, and nothing says what",
        "add reply: the text for the room",
      );
    if (/\bhold\b/.test(ladder) && (on & sendable) === 0)
      this.#problems.warning(
        placeOf(then),
        "hold is for what can be sent again, and this rule looks at nothing of that sort",
        "mute or alert may be meant",
      );
  }

  #checked(rule: RuleText, when: Scalar): Rule | undefined {
    const { rule: checked, mistakes, warnings } = checkRule(rule, this.#lists);
    for (const { place, message, hint } of mistakes)
      this.#problems.mistake(offsetsIn(this.#text, when, place), message, hint);
    for (const { place, message, hint } of warnings)
      this.#problems.warning(offsetsIn(this.#text, when, place), message, hint);
    return checked;
  }

  #name(node: FieldNode): string {
    const name = isScalar(node) ? String(node.value) : "";
    if (node && !/^[a-z][a-z0-9-]{0,39}$/.test(name))
      this.#problems.mistake(
        placeOf(node),
        `"${name.slice(0, 40)}" is no name of a rule`,
        "small letters, digits and - as in new-links",
      );
    const where = this.#taken.rules?.get(name);
    if (this.#names.has(name)) this.#problems.mistake(placeOf(node), `two rules are called "${name}"`);
    else if (where !== undefined)
      this.#problems.mistake(
        placeOf(node),
        `there is a rule "${name}" already, ${where}`,
        "choose another name",
      );
    this.#names.add(name);
    return name;
  }
}

/** The library's own words, without the excerpt that it adds. */
function yamlProblem(message: string): string {
  return `this is no YAML: ${message
    .split("\n")[0]!
    .replace(/ at line .*$/, "")
    .toLowerCase()}`;
}
