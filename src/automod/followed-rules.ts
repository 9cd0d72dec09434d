/**
 * What a followed rules room has that is not taken yet: new rules, new versions, and what has gone. Nothing of it acts by
 * itself: what is new is in shadow, or beside what answers now.
 */
import type { RulesRoomView, SharedRule } from "../model/rules-room.ts";
import { mayTravel } from "../model/rule-lists.ts";
import { roomsSetFor } from "../model/settings/protections.ts";
import { mostRules } from "../model/settings/rules.ts";
import { namesFrom, type FollowedRoom, type TakenVersion } from "../model/settings/rules-rooms.ts";
import type { Settings } from "../model/settings/settings.ts";
import { valuesOf } from "./define.ts";
import type { KnownProtections } from "./registry.ts";
import { digestOf, receive, wholeText } from "./shared-rule.ts";

/** A hostile text takes long to read: the others are read in the next round. */
const mostRead = 10;
/** Of a rule with its lists, and of all rules of a room with theirs, UTF-16 units: they are part of the settings. */
const longestWhole = 96 * 1_024;
const longestOfAll = 512 * 1_024;

/** What was read of a rule: the same as long as neither it nor its lists change. */
type Read = { readonly key: string; readonly lists: readonly string[] } & (
  { readonly text: string; readonly digest: string } | { readonly problem: string }
);

export interface RulesRoomNews {
  readonly taken: readonly TakenVersion[];
  readonly gone: readonly string[];
  /** By what became of them, names of rules as they are called here. */
  readonly fresh: readonly string[];
  readonly changed: readonly string[];
  /** New versions beside those that answer. */
  readonly beside: readonly string[];
  /** New versions that answer at once. */
  readonly applied: readonly string[];
  /** Of those beside: their author counts them as older than what is here. */
  readonly older: readonly string[];
  /** The room has them no more; they do more than look, and go on. */
  readonly kept: readonly string[];
  /** Why a rule is not taken. What was there before stays. */
  readonly broken: ReadonlyMap<string, string>;
  /** More is to be read. */
  readonly isMore: boolean;
}

export interface Here {
  readonly settings: Settings;
  readonly known: KnownProtections;
  readonly at: number;
}

interface Left {
  reads: number;
  letters: number;
  rules: number;
}

/** One for each followed room. */
export class RulesRoomReader {
  readonly #read = new Map<string, Read>();

  news(followed: FollowedRoom, room: RulesRoomView, here: Here): RulesRoomNews {
    const news = noNews();
    const left = { reads: mostRead, letters: longestOfAll, rules: mostRules - here.settings.rules.size };
    for (const [key, shared] of room.rules) {
      const name = `${followed.alias}/${key}`;
      const read = this.#readRule(key, shared, { room, here, left });
      if (!read) news.isMore = true;
      else if ("problem" in read) news.broken.set(name, read.problem);
      else if ((left.letters -= read.text.length) < 0)
        news.broken.set(name, "with its lists the rules of the room are too long");
      else take({ name, shared, read }, { followed, here, left, news });
    }
    for (const key of this.#read.keys()) if (!room.rules.has(key)) this.#read.delete(key);
    for (const name of namesFrom(followed.room, here.settings))
      if (!room.rules.has(name.slice(followed.alias.length + 1)))
        (isAnswering(name, here) ? news.kept : news.gone).push(name);
    return news;
  }

  /** Undefined where it has to wait for the next round. */
  #readRule(
    key: string,
    shared: SharedRule,
    { room, here, left }: { readonly room: RulesRoomView; readonly here: Here; readonly left: Left },
  ): Read | undefined {
    const known = this.#read.get(key);
    const keyOf = (lists: readonly string[]) =>
      [shared.eventId, ...lists.map((list) => room.lists.get(list)?.eventId ?? "")].join(" ");
    if (known && known.key === keyOf(known.lists)) return known;
    if (left.reads-- <= 0) return undefined;
    const found = readShared(key, shared, { room, here });
    const read = { ...found, key: keyOf(found.lists) };
    this.#read.set(key, read);
    return read;
  }
}

interface Writable {
  taken: TakenVersion[];
  gone: string[];
  fresh: string[];
  changed: string[];
  beside: string[];
  applied: string[];
  older: string[];
  kept: string[];
  broken: Map<string, string>;
  isMore: boolean;
}

function noNews(): Writable {
  return {
    taken: [],
    gone: [],
    fresh: [],
    changed: [],
    beside: [],
    applied: [],
    older: [],
    kept: [],
    broken: new Map(),
    isMore: false,
  };
}

/** The version that the room has, where it is not the newest here. */
function take(
  {
    name,
    shared: { version, by },
    read: { text, digest },
  }: {
    readonly name: string;
    readonly shared: SharedRule;
    readonly read: { readonly text: string; readonly digest: string };
  },
  {
    followed,
    here,
    left,
    news,
  }: { readonly followed: FollowedRoom; readonly here: Here; readonly left: Left; readonly news: Writable },
): void {
  const stored = here.settings.rules.get(name);
  const newest = stored?.versions.at(-1);
  if (newest?.shared?.digest === digest) return;
  if (!stored && left.rules-- <= 0) {
    news.broken.set(name, `there are ${mostRules} rules already`);
    return;
  }
  const number = (newest?.number ?? 0) + 1;
  const isOlder = version < (newest?.shared?.version ?? 0);
  const answers = stored !== undefined && isAnswering(name, here);
  const isBeside = answers && (followed.updates === "ask" || isOlder);
  (isBeside ? news.beside : answers ? news.applied : stored ? news.changed : news.fresh).push(name);
  if (isBeside && isOlder) news.older.push(name);
  news.taken.push({
    rule: name,
    version: { number, text, by, at: here.at, shared: { version, digest } },
    inForce: isBeside ? stored.inForce : number,
  });
}

type Found = { readonly lists: readonly string[] } & (
  { readonly text: string; readonly digest: string } | { readonly problem: string }
);

function readShared(
  key: string,
  { text, digest }: SharedRule,
  { room, here }: { readonly room: RulesRoomView; readonly here: Here },
): Found {
  const lists = new Map([...room.lists].filter(([, { kind }]) => mayTravel(kind)));
  const ours = [...here.known.lists].map(([name, { kind }]) => [name, kind] as const);
  const theirs = [...lists].map(([name, { kind }]) => [name, kind] as const);
  // A rule that names a list which the room does not have yet is read again when the room has it.
  const all = [...room.lists.keys()];
  if (digest !== undefined && digest !== digestOf(text))
    return { lists: [], problem: "its text does not fit its digest" };
  const read = receive(text, new Map([...ours, ...theirs]));
  if ("mistakes" in read)
    return { lists: all, problem: read.mistakes[0]?.message ?? "there is no rule in it" };
  const [one] = read.rules;
  if (!one || read.rules.length > 1 || one.lists.length > 0)
    return { lists: [], problem: "it is not one rule" };
  const looked = one.looksInto;
  const within = looked.flatMap((name) => {
    const list = lists.get(name);
    return list ? [{ name, kind: list.kind, entries: list.entries }] : [];
  });
  const whole = wholeText({ ...one.rule, name: key }, within);
  if (whole.length > longestWhole) return { lists: looked, problem: "with its lists it is too long" };
  return { lists: looked, text: whole, digest: digestOf(whole) };
}

/** In some room it does more than look. */
function isAnswering(name: string, { settings, known }: Here): boolean {
  const protection = known.all.find((one) => one.name === name);
  // One that cannot be used may be again by its next version, and then does what somebody set.
  if (!protection) return settings.protections.has(name) || roomsSetFor(name, settings).length > 0;
  return [undefined, ...roomsSetFor(name, settings)].some((room) => {
    const { enabled, mode } = valuesOf(protection, settings, room);
    return enabled && mode !== "shadow";
  });
}
