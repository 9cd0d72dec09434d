/**
 * What an earlier bot left, in our words: the vocabulary of its readers, and several such bots together. Everything
 * comes from unknown JSON: what cannot be taken over is named, and nothing throws.
 */
import { asArray, asObject, asString } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { parseRoomAlias, parseRoomId, type RoomAlias, type RoomId } from "../model/ids.ts";
import { parseLink } from "../model/links.ts";
import type { ForeignBot } from "../model/settings/foreign-bots.ts";
import type { SettingValues } from "../model/settings/protections.ts";

/** Where a room or list is said to be, before anybody has looked. */
export interface Address {
  readonly id: RoomId | RoomAlias;
  readonly via: readonly string[];
}

export interface ListAddress extends Address {
  /** Where the earlier bot said so of this list; otherwise the config decides. */
  readonly liftsBans?: boolean;
}

export interface TakenProtection {
  /** What the earlier bot called it. */
  readonly name: string;
  /** What we call it. */
  readonly becomes: string;
  readonly values: SettingValues;
  /** What is not quite the same. */
  readonly differs: string | undefined;
}

/** What one bot left. */
export interface Taken {
  readonly bot: ForeignBot;
  /** It was an earlier run of ours that wrote it, in that bot's way, and its data folder is lost. */
  readonly isOurs?: boolean;
  readonly rooms: readonly Address[];
  readonly lists: readonly ListAddress[];
  /** The shortcode of the list that gets rules of commands that name none. */
  readonly defaultList: string | undefined;
  readonly protections: readonly TakenProtection[];
  /** What could not be taken over, and what to do about it. */
  readonly left: readonly Say[];
  /** What is done from now on and was not, or is done in another way. */
  readonly changes: readonly Say[];
}

/** What all bots left whose traces were found. */
export interface Takeover extends Omit<Taken, "bot"> {
  /** Other bots. */
  readonly bots: readonly ForeignBot[];
}

export const nothingTaken: Takeover = {
  bots: [],
  rooms: [],
  lists: [],
  defaultList: undefined,
  protections: [],
  left: [],
  changes: [],
};

/** What there is to read, as the homeserver gave it: contents of account data by type, and the management room's state. */
export interface Traces {
  readonly accountData: ReadonlyMap<string, unknown>;
  readonly state: unknown;
}

/** Of one room or list the first mention counts; of one detector the first bot's settings. */
export function together(takings: readonly Taken[]): Takeover {
  const protections = new Map<string, TakenProtection>();
  const left: Say[] = [];
  for (const one of takings.flatMap((taken) => taken.protections)) {
    const first = protections.get(one.becomes);
    if (first)
      left.push(
        say`${plain(one.name)}: ${plain(one.becomes)} has its settings from ${plain(first.name)} already`,
      );
    else protections.set(one.becomes, one);
  }
  return {
    bots: takings.flatMap(({ bot, isOurs }) => (isOurs ? [] : bot)),
    isOurs: takings.some(({ isOurs }) => isOurs),
    rooms: once(takings.flatMap((taken) => taken.rooms)),
    lists: once(takings.flatMap((taken) => taken.lists)),
    defaultList: takings.find((taken) => taken.defaultList !== undefined)?.defaultList,
    protections: [...protections.values()],
    left: [...takings.flatMap((taken) => taken.left), ...left],
    changes: takings.flatMap((taken) => taken.changes),
  };
}

function once<T extends Address>(addresses: readonly T[]): readonly T[] {
  const byId = new Map<string, T>();
  for (const address of addresses) if (!byId.has(address.id)) byId.set(address.id, address);
  return [...byId.values()];
}

/** A room id, an alias or a link to either. */
export function parseAddress(text: string): Address | undefined {
  const link = parseLink(text);
  const id = link?.room ?? link?.alias ?? parseRoomId(text) ?? parseRoomAlias(text);
  return id && { id, via: link?.via ?? [] };
}

/** The contents of the state events of one type, by state key. */
export function stateOf(state: unknown, type: string): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const raw of asArray(state) ?? []) {
    const event = asObject(raw);
    const key = asString(event?.["state_key"]);
    if (event?.["type"] === type && key !== undefined) found.set(key, event["content"]);
  }
  return found;
}

/** Something odd as it was found, short enough to be shown. */
export function shown(value: unknown): Say {
  return code(typeof value === "string" ? value : textOf(value), 100);
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return "something too deep to be shown";
  }
}
