/**
 * What an earlier bot left, in Tyr's terms: the types that its reader fills in, and the traces of several bots merged.
 * All input is unknown JSON: what cannot be taken over is named, and nothing throws.
 */
import { asArray, asObject, asString } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { parseRoomAlias, parseRoomId, type RoomAlias, type RoomId } from "../model/ids.ts";
import { parseLink } from "../model/links.ts";
import type { RuleList } from "../model/rule-lists.ts";
import type { ForeignBot } from "../model/settings/foreign-bots.ts";
import type { SettingValues } from "../model/settings/protections.ts";

/** A room or list as the earlier bot named it: not looked up yet. */
export interface Address {
  readonly id: RoomId | RoomAlias;
  readonly via: readonly string[];
}

export interface ListAddress extends Address {
  /** Only where the earlier bot had set it for this list; otherwise the config decides. */
  readonly liftsBans?: boolean;
}

/** Entries for a list that a protection of ours looks into. */
export interface MappedList extends RuleList {
  readonly name: string;
}

export interface MappedProtection {
  /** What the earlier bot called it. */
  readonly name: string;
  /** What we call it. */
  readonly becomes: string;
  readonly values: SettingValues;
  /** In what ours behaves differently, as a sentence. */
  readonly differs: string | undefined;
  readonly lists?: readonly MappedList[];
}

/** What one bot left. */
export interface EarlierBot {
  readonly bot: ForeignBot;
  /** Tyr wrote it itself, in that bot's format, and its data folder has been lost since. */
  readonly isOurs?: boolean;
  readonly rooms: readonly Address[];
  readonly lists: readonly ListAddress[];
  /** The shortcode of the list into which commands write rules when they name no list. */
  readonly defaultList: string | undefined;
  readonly protections: readonly MappedProtection[];
  /** What could not be taken over, and what to do about it. */
  readonly notTakenOver: readonly Say[];
  /** What we do and that bot did not, or did in another way. */
  readonly changes: readonly Say[];
}

/** The traces of all earlier bots, merged. */
export interface Takeover extends Omit<EarlierBot, "bot"> {
  /** Without our own earlier run. */
  readonly bots: readonly ForeignBot[];
}

export const emptyTakeover: Takeover = {
  bots: [],
  rooms: [],
  lists: [],
  defaultList: undefined,
  protections: [],
  notTakenOver: [],
  changes: [],
};

export interface TakeoverOptions {
  /** Our config lets us write server ACLs. Where the earlier bot was told not to, we do not start silently. */
  readonly writesAcls: boolean;
  /** The command prefix, for commands that a message suggests. */
  readonly prefix: string;
}

/** What earlier bots store, as the homeserver returned it: account data by type, and the management room's state events. */
export interface Traces {
  readonly accountData: ReadonlyMap<string, unknown>;
  readonly state: unknown;
}

/** A room or list that several bots name is taken from the first of them, as are the settings of a protection. */
export function merged(bots: readonly EarlierBot[]): Takeover {
  const protections = new Map<string, MappedProtection>();
  const notTakenOver: Say[] = [];
  for (const one of bots.flatMap((bot) => bot.protections)) {
    const first = protections.get(one.becomes);
    if (first)
      notTakenOver.push(
        say`${plain(one.name)}: ${plain(one.becomes)} has its settings from ${plain(first.name)} already`,
      );
    else protections.set(one.becomes, one);
  }
  return {
    bots: bots.flatMap(({ bot, isOurs }) => (isOurs ? [] : bot)),
    isOurs: bots.some(({ isOurs }) => isOurs),
    rooms: once(bots.flatMap((bot) => bot.rooms)),
    lists: once(bots.flatMap((bot) => bot.lists)),
    defaultList: bots.find((bot) => bot.defaultList !== undefined)?.defaultList,
    protections: [...protections.values()],
    notTakenOver: [...bots.flatMap((bot) => bot.notTakenOver), ...notTakenOver],
    changes: bots.flatMap((bot) => bot.changes),
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

/** An unexpected value as it was found, shortened for a message. */
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
