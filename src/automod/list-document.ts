/** Reads the documents of a rule file that are lists: `words: slurs`, with `entries` below. */
import { listKinds, maxEntries, maxEntryLength, type ListKind } from "../model/rule-lists.ts";
import { isMap, isScalar, isSeq, type Document } from "yaml";
import type { FileProblems } from "./file-problems.ts";
import { keyWords } from "./language/syntax.ts";
import { clauses } from "./one-line.ts";
import { placeOf } from "./rule-fields.ts";

export interface NamedList {
  readonly name: string;
  readonly kind: ListKind;
  readonly entries: readonly string[];
}

/** Words of the language, and those that part a rule that is typed in one line: in a condition they would not be read as lists. */
const reserved: ReadonlySet<string> = new Set([...keyWords, ...clauses]);

/** What is wrong with the name of a list; undefined for a good one. */
export function listNameProblem(name: string): string | undefined {
  if (reserved.has(name)) return `"${name}" is a word of the language, and no name of a list`;
  return /^[a-z][a-z0-9-]{0,39}$/.test(name) ? undefined : `"${name.slice(0, 40)}" is no name of a list`;
}

/** Its first field is the kind of the list. */
export function isList({ contents }: Document.Parsed): boolean {
  return kindOf(contents) !== undefined;
}

/** Undefined where its name is wrong. `takenBy`: where there is a list of a name already, as in "in lists.yaml". */
export function readList(
  { contents }: Document.Parsed,
  problems: FileProblems,
  takenBy: (name: string) => string | undefined = () => undefined,
): NamedList | undefined {
  const kind = kindOf(contents);
  if (kind === undefined || !isMap(contents)) return undefined;
  const [first, ...others] = contents.items;
  const name = isScalar(first?.value) ? String(first.value.value) : "";
  const objection = listNameProblem(name);
  if (objection !== undefined) {
    problems.mistake(placeOf(first?.value), objection, "small letters, digits and - as in bad-words");
    return undefined;
  }
  const where = takenBy(name);
  if (where !== undefined)
    problems.mistake(
      placeOf(first?.value),
      `there is a list "${name}" already, ${where}`,
      "choose another name",
    );
  const entries: string[] = [];
  for (const { key, value } of others) {
    const field = isScalar(key) ? String(key.value) : "";
    if (field === "entries" && isSeq(value)) entries.push(...readEntries(value.items, problems));
    else
      problems.mistake(
        placeOf(key),
        `a list has no field "${field.slice(0, 40)}"`,
        "it has entries: [ ..., ... ]",
      );
  }
  if (entries.length > maxEntries)
    problems.mistake(placeOf(first?.value), `a list may have ${maxEntries} entries, not ${entries.length}`);
  return { name, kind, entries: entries.slice(0, maxEntries) };
}

function readEntries(items: readonly unknown[], problems: FileProblems): readonly string[] {
  return items.flatMap((item) => {
    const entry = isScalar(item) ? String(item.value).trim() : "";
    if (entry !== "" && entry.length <= maxEntryLength) return [entry];
    const at = isScalar(item) ? placeOf(item) : ([0, 0] as const);
    problems.mistake(at, `an entry is a text of 1 to ${maxEntryLength} letters`);
    return [];
  });
}

function kindOf(contents: unknown): ListKind | undefined {
  const key = isMap(contents) ? contents.items[0]?.key : undefined;
  const word = isScalar(key) ? key.value : undefined;
  return listKinds.find((kind) => kind === word);
}
