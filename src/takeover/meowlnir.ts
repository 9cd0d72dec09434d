/** What a Meowlnir left: two state events of its management room, for rooms and protections and for lists. */
import { asArray, asObject, asString, stringsOf, type JsonObject } from "../kit/json.ts";
import { code, plain, say, type Say } from "../kit/say.ts";
import { fromPatterns, joinRate, noMedia } from "./detectors.ts";
import {
  flood,
  mapProtections,
  mentionLimit,
  toCome,
  type Counterpart,
  type Mapping,
} from "./protections.ts";
import type { OldSettings } from "./protections.ts";
import {
  parseAddress,
  shown,
  stateOf,
  type Address,
  type ListAddress,
  type EarlierBot,
} from "./earlier-bot.ts";
import type { TakeoverOptions, Traces } from "./earlier-bot.ts";

const roomsType = "fi.mau.meowlnir.protected_rooms";
const listsType = "fi.mau.meowlnir.watched_lists";
/** Steps of a ladder before the ban. Meowlnir allows more infractions; our ladder has an end. */
const mostSteps = 5;

export function readMeowlnir(
  { state }: Traces,
  { writesAcls, prefix }: TakeoverOptions,
): EarlierBot | undefined {
  const rooms = stateOf(state, roomsType).get("");
  const lists = stateOf(state, listsType).get("");
  if (rooms === undefined && lists === undefined) return undefined;
  const notTakenOver: Say[] = [];
  const protectedRooms = readRooms(rooms, { writesAcls, prefix, notTakenOver });
  const watched = readLists(lists, { writesAcls, prefix, notTakenOver });
  const all = asObject(asObject(rooms)?.["protections"]) ?? {};
  const mapped = mapProtections(Object.keys(all), counterparts, (name) => asObject(all[name]) ?? {});
  const hidBannedNames = asObject(rooms)?.["obfuscate_bans"] === true;
  return {
    bot: "meowlnir",
    rooms: protectedRooms,
    lists: watched,
    defaultList: undefined,
    protections: mapped.protections,
    notTakenOver: [...notTakenOver, ...mapped.notTakenOver],
    changes: [
      ...mapped.changes,
      ...(hidBannedNames
        ? [say`Bans no longer hide the name and picture of who is banned (${code("obfuscate_bans")})`]
        : []),
    ],
  };
}

interface Reading extends TakeoverOptions {
  /** Collects what cannot be taken over. */
  readonly notTakenOver: Say[];
}

function readRooms(content: unknown, { writesAcls, prefix, notTakenOver }: Reading): readonly Address[] {
  if (content === undefined) return [];
  const withoutAcl = new Set(stringsOf(asObject(content)?.["skip_acl"]));
  return entriesOf(content, { type: roomsType, field: "rooms", notTakenOver }).flatMap((entry) => {
    const address = parseAddress(asString(entry) ?? "");
    if (!address) notTakenOver.push(say`${shown(entry)} among the protected rooms is no room's address`);
    else if (writesAcls && withoutAcl.has(address.id))
      notTakenOver.push(
        say`The room ${shown(address.id)} is not protected: Meowlnir wrote no server ACL there, and I would. If that is all right: ${shown(`${prefix} rooms add ${address.id}`)}`,
      );
    else return address;
    return [];
  });
}

function readLists(content: unknown, { writesAcls, prefix, notTakenOver }: Reading): readonly ListAddress[] {
  if (content === undefined) return [];
  return entriesOf(content, { type: listsType, field: "lists", notTakenOver }).flatMap((entry) => {
    const list = asObject(entry);
    const address = parseAddress(asString(list?.["room_id"]) ?? "");
    if (!list || !address) {
      notTakenOver.push(say`${shown(entry)} among the watched lists names no room`);
      return [];
    }
    const objection = objectionTo(list, writesAcls);
    const name = say`${plain(asString(list["shortcode"]) ?? asString(list["name"]) ?? "", 60)} ${shown(address.id)}`;
    if (objection !== undefined) {
      notTakenOver.push(
        say`The list ${name} is not watched: Meowlnir ${plain(objection)}. If that is all right: ${shown(`${prefix} lists watch ${address.id}`)}`,
      );
      return [];
    }
    if (list["auto_suspend"] === true)
      notTakenOver.push(
        say`The list ${name} is watched, and accounts of this homeserver are not suspended for its rules`,
      );
    return { ...address, liftsBans: list["auto_unban"] === true };
  });
}

function objectionTo(list: JsonObject, writesAcls: boolean): string | undefined {
  if (list["dont_apply"] === true) return "only told what changed on it, and I would apply its rules";
  if (list["dont_apply_acl"] === true && writesAcls)
    return "wrote no server ACLs for it, and I would (acl.enabled: false in the config writes none at all)";
  return undefined;
}

function entriesOf(
  content: unknown,
  { type, field, notTakenOver }: { type: string; field: string; notTakenOver: Say[] },
): readonly unknown[] {
  const object = asObject(content);
  const entries = object?.[field];
  // Empty content is left where somebody removed everything, and `null` is how Go writes an empty list.
  if (object && (entries === undefined || entries === null)) return [];
  const list = asArray(entries);
  if (!list) notTakenOver.push(say`${code(type)} has no list ${code(field)}, but ${shown(content)}`);
  return list ?? [];
}

const counterparts: ReadonlyMap<string, Counterpart> = new Map<string, Counterpart>([
  ["anti_flood", { kind: "becomes", read: readFlood }],
  ["max_mentions", { kind: "becomes", read: readMentions }],
  ["no_media", { kind: "becomes", read: ({ content }) => noMedia(content) }],
  ["bad_words", { kind: "becomes", read: ({ content }) => fromPatterns(content, badWords) }],
  ["bad_displaynames", { kind: "becomes", read: ({ content }) => fromPatterns(content, badNames) }],
  ["join_rate", { kind: "becomes", read: readJoinRate }],
  [
    "insecure_registration",
    toCome("open-registration", "kicked people of servers where anybody can register without a check"),
  ],
]);

function readFlood(settings: OldSettings) {
  const limit = settings.countOrNone("limit");
  const seconds = settings.countOrNone("per");
  if (limit === undefined || seconds === undefined) return { impossible: noLimit };
  return flood(limit, { seconds, response: ladder(settings) });
}

const badWords = { becomes: "words", list: "bad-words", response: "redact", fact: "text.raw" };
const badNames = { becomes: "names", list: "bad-names", response: "kick", fact: "author.display" };

function readJoinRate(settings: OldSettings) {
  const limit = settings.countOrNone("limit");
  const seconds = settings.countOrNone("per");
  if (limit === undefined || seconds === undefined) return { impossible: noLimit };
  // The limit was the last that is let pass.
  return joinRate(
    limit + 1,
    Math.ceil(seconds / 60),
    "It kicked whoever came above the limit. Tyr calls whoever moderates, where it is also ten times what is usual there, and kicks nobody",
  );
}

function readMentions(settings: OldSettings): readonly Mapping[] {
  const undeclared = {
    becomes: "mention-undeclared",
    values: { enabled: true, response: "redact" },
    differs: undefined,
  };
  return [readLimit(settings), ...(settings.content["must_have_mentions"] === true ? [undeclared] : [])];
}

function readLimit(settings: OldSettings): Mapping {
  const rate = settings.countOrNone("limit");
  const seconds = settings.countOrNone("per");
  if (rate === undefined || seconds === undefined) return { impossible: noLimit };
  // Meowlnir counts mentions over a time only: one message may hold no more than all together.
  return mentionLimit(Math.min(rate, 100), { rate, seconds, response: ladder(settings), repeatHours: 1 });
}

const noLimit = "it had no limit and time above zero set";

/**
 * Meowlnir redacts what is above the limit, and bans from the room after `max_infractions` of them; at the first where that
 * is not set.
 */
function ladder(settings: OldSettings): string {
  const infractions = settings.countOrNone("max_infractions") ?? 1;
  const redactions = Math.min(infractions - 1, mostSteps);
  return [...Array.from({ length: redactions }, () => "redact"), "redact+ban"].join(" ");
}
