/** Reads the fields of a rule file that say where, when and about whom it looks: `rooms`, `during`, `except`; and `replace`. */
import { isMap, isScalar, isSeq } from "yaml";
import { nearest } from "../kit/did-you-mean.ts";
import { parseRoomAlias, parseRoomId } from "../model/ids.ts";
import { roomModes, type RoomMode } from "../model/room-mode.ts";
import type { FileProblems } from "./file-problems.ts";
import { placeOf, type FieldNode } from "./rule-fields.ts";
import type { Except, Scope } from "./scope.ts";

/** Of rooms, people and servers together. */
const mostEntries = 100;
const longestEntry = 255;

/** `["#general:example.org"]`, or `{ not: [...] }`. */
export function readRooms(node: FieldNode, problems: FileProblems): NonNullable<Scope["rooms"]> {
  const areLeftOut = isMap(node);
  if (!isMap(node)) return { places: readPlaces(node, problems), areLeftOut };
  const [first, ...others] = node.items;
  if (!isScalar(first?.key) || first.key.value !== "not" || others.length > 0)
    problems.mistake(
      placeOf(node),
      "rooms are a list of rooms, or those that are left out",
      'write rooms: { not: ["#bots:example.org"] }',
    );
  return { places: readPlaces(first?.value as FieldNode, problems), areLeftOut };
}

function readPlaces(node: FieldNode, problems: FileProblems): readonly string[] {
  return readEntries(node, "rooms", problems).flatMap(({ entry, at }) => {
    if (isPlace(entry)) return [entry];
    problems.mistake(
      placeOf(at),
      `"${entry.slice(0, 60)}" is no room`,
      'a room or space is "#name:server" or "!id", in quotes',
    );
    return [];
  });
}

/** "regulars", people, servers and rooms. */
export function readExcept(node: FieldNode, problems: FileProblems): Except {
  const except = { regulars: false, who: [] as string[], places: [] as string[] };
  for (const { entry, at } of readEntries(node, "except", problems)) {
    const word = entry.toLowerCase();
    if (word === "regulars") except.regulars = true;
    else if (isPlace(entry)) except.places.push(entry);
    else if (!isWho(entry)) {
      const isMisspelt = nearest(word, ["regulars"]) !== undefined;
      problems.mistake(
        placeOf(at),
        `"${entry.slice(0, 60)}" is nobody who can be left alone`,
        isMisspelt
          ? "did you mean regulars?"
          : 'it is regulars, "@person:server", a server, or "#room:server"; staff is left alone anyway',
      );
    } else if (/^[@:*?.]*$/.test(entry))
      problems.mistake(placeOf(at), `"${entry.slice(0, 60)}" is everybody`, "the rule would find nobody");
    else except.who.push(entry);
  }
  return except;
}

/** "guarded raid" */
export function readDuring(node: FieldNode, problems: FileProblems): readonly RoomMode[] {
  const words = readEntries(node, "during", problems).flatMap(({ entry, at }) =>
    entry.split(/[\s,]+/).map((word) => ({ word: word.toLowerCase(), at })),
  );
  const modes = words.flatMap(({ word, at }) => {
    const mode = roomModes.find((one) => one === word);
    if (mode) return [mode];
    const near = nearest(word, roomModes);
    problems.mistake(
      placeOf(at),
      `no room is ever "${word.slice(0, 40)}"`,
      near === undefined ? `it is one of ${roomModes.join(", ")}` : `did you mean ${near}?`,
    );
    return [];
  });
  return roomModes.filter((mode) => modes.includes(mode));
}

/** `replaceable`: the rules that come with Tyr; undefined where nobody has to know. */
export function readReplace(
  node: FieldNode,
  replaceable: ReadonlySet<string> | undefined,
  problems: FileProblems,
): string {
  const name = isScalar(node) ? String(node.value) : "";
  if (name === "" || (replaceable && !replaceable.has(name))) {
    const near = nearest(name, replaceable ?? []);
    problems.mistake(
      placeOf(node),
      `no rule that comes with Tyr is called "${name.slice(0, 40)}"`,
      near === undefined ? "docs/protections.md has all of them" : `did you mean ${near}?`,
    );
  }
  return name;
}

interface Entry {
  readonly entry: string;
  readonly at: FieldNode;
}

/** One text, or a list of texts. */
function readEntries(node: FieldNode, what: string, problems: FileProblems): readonly Entry[] {
  const items = isSeq(node) ? (node.items as readonly FieldNode[]) : [node];
  if (items.length > mostEntries)
    problems.mistake(placeOf(node), `${what} may have ${mostEntries} entries, not ${items.length}`);
  const entries = items.slice(0, mostEntries).flatMap((at): readonly Entry[] => {
    const entry = isScalar(at) && typeof at.value === "string" ? at.value.trim() : "";
    if (entry !== "" && entry.length <= longestEntry) return [{ entry, at }];
    // YAML takes what follows a bare # for a comment, and a bare ! for a tag.
    problems.mistake(placeOf(at), `${what} needs a text`, "what begins with #, ! or @ is put in quotes");
    return [];
  });
  if (items.length === 0) problems.mistake(placeOf(node), `${what} is empty`, `leave ${what} out`);
  return entries;
}

function isPlace(entry: string): boolean {
  return parseRoomId(entry) !== undefined || parseRoomAlias(entry) !== undefined;
}

/** A person or a server, or a glob of either. */
function isWho(entry: string): boolean {
  if (entry.startsWith("@")) return /^@[^\s:]+:[^\s]+$/.test(entry) || /^@[^\s]*\*$/.test(entry);
  return /^(?:[\w*?-]+\.[\w.*?-]+|localhost|\*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(entry);
}
