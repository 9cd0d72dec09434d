/**
 * A rules room: a room whose state holds protections of another community, and the lists of words that they look into.
 * Keeps what stands there now, within bounds; what a text means, `automod/` reads.
 */
import { asArray, asNumber, asString, type JsonObject } from "../kit/json.ts";
import type { StateEvent } from "./event.ts";
import type { EventId, UserId } from "./ids.ts";
import { listKinds, maxEntries, maxEntryLength, type RuleList } from "./rule-lists.ts";

/** The state key is the name of the rule, or of the list. */
export const sharedRuleType = "io.tyr.protection";
export const sharedListType = "io.tyr.words";
export const sharedTypes: readonly string[] = [sharedRuleType, sharedListType];

/** UTF-16 units of one rule, which is typed by people. */
export const longestRule = 8_000;
/** Rules rooms that are followed: every rule of each is asked about what happens, in shadow too. */
export const mostRulesRooms = 10;
/** Rules and lists of one room. */
const mostItems = 600;
/** Of all of them, UTF-16 units. Each rule is kept with its lists, and written anew with every change of a setting. */
const mostLetters = 256 * 1_024;
const name = /^[a-z][a-z0-9-]{0,39}$/;

interface Item {
  readonly eventId: EventId;
  readonly by: UserId;
}

export interface SharedRule extends Item {
  /** A document of a rule file. */
  readonly text: string;
  /** As its author counts. */
  readonly version: number;
  /** Of the text, as its author says. */
  readonly digest: string | undefined;
}

export type SharedList = RuleList & Item;

export type RulesRoomView = Readonly<Pick<RulesRoom, "leftOut" | "revision" | "wasRead">> & {
  readonly rules: ReadonlyMap<string, SharedRule>;
  readonly lists: ReadonlyMap<string, SharedList>;
};

export class RulesRoom {
  readonly rules = new Map<string, SharedRule>();
  readonly lists = new Map<string, SharedList>();
  /** Its state was read since we run. */
  wasRead = false;
  /** Counts what changed. */
  revision = 0;
  /** State keys of what was left out, as it is too much, or is neither a rule nor a list. */
  readonly #leftOut = new Set<string>();
  #length = 0;

  get leftOut(): number {
    return this.#leftOut.size;
  }

  apply({ type, stateKey, content, eventId, sender: by }: StateEvent): void {
    const place = `${type} ${stateKey.slice(0, 50)}`;
    this.#leftOut.delete(place);
    const isRule = type === sharedRuleType;
    const before = (isRule ? this.rules : this.lists).get(stateKey);
    const isGone = Object.keys(content).length === 0;
    if (before?.eventId === eventId && !isGone) return;
    if (before) this.#forget(type, stateKey, before);
    if (isGone || !name.test(stateKey)) return;
    const item = isRule ? readRule(content) : readList(content);
    const isRoom = this.rules.size + this.lists.size < mostItems;
    if (!item || !isRoom || this.#length + lengthOf(item) > mostLetters) {
      // A hostile room may have any number of them.
      if (this.#leftOut.size < mostItems) this.#leftOut.add(place);
      return;
    }
    const kept = { ...item, eventId, by };
    if ("text" in kept) this.rules.set(stateKey, kept);
    else this.lists.set(stateKey, kept);
    this.#length += lengthOf(item);
    this.revision++;
  }

  /** What was read whole: whatever is neither in it nor among the `newer` places (type and state key) is gone. */
  keepOnly(events: readonly StateEvent[], newer: ReadonlySet<string>): void {
    const there = new Set([...newer, ...events.map((event) => `${event.type}\n${event.stateKey}`)]);
    for (const [type, items] of this.#all())
      for (const [key, item] of items) if (!there.has(`${type}\n${key}`)) this.#forget(type, key, item);
  }

  /** A redacted one is gone. Gives its type and state key. */
  redact(event: EventId): { readonly type: string; readonly key: string } | undefined {
    for (const [type, items] of this.#all())
      for (const [key, item] of items)
        if (item.eventId === event) {
          this.#forget(type, key, item);
          return { type, key };
        }
    return undefined;
  }

  #all(): readonly (readonly [string, ReadonlyMap<string, SharedRule | SharedList>])[] {
    return [
      [sharedRuleType, this.rules],
      [sharedListType, this.lists],
    ];
  }

  #forget(type: string, key: string, item: SharedRule | SharedList): void {
    if (type === sharedRuleType) this.rules.delete(key);
    else this.lists.delete(key);
    this.#length -= lengthOf(item);
    this.revision++;
  }
}

type Content = Omit<SharedRule, keyof Item> | RuleList;

function readRule(content: JsonObject): Omit<SharedRule, keyof Item> | undefined {
  const text = asString(content["rule"]);
  if (text === undefined || text.length > longestRule) return undefined;
  const version = asNumber(content["version"]) ?? 1;
  const digest = asString(content["digest"])?.slice(0, 64);
  return {
    text: text.toWellFormed(),
    version: Number.isSafeInteger(version) && version > 0 ? version : 1,
    digest,
  };
}

function readList(content: JsonObject): RuleList | undefined {
  const kind = listKinds.find((one) => one === content["kind"]) ?? "words";
  const entries = (asArray(content["entries"]) ?? []).flatMap((entry) => asString(entry)?.trim() ?? []);
  const isFit = (entry: string) => entry !== "" && entry.length <= maxEntryLength && entry.isWellFormed();
  if (entries.length === 0 || entries.length > maxEntries || !entries.every(isFit)) return undefined;
  return { kind, entries: [...new Set(entries)] };
}

function lengthOf(item: Content): number {
  return "text" in item ? item.text.length : item.entries.reduce((sum, { length }) => sum + length + 4, 0);
}
