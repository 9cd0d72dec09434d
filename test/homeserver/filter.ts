/** Sync and history filters: which events pass, and how many. */
import type { StoredEvent } from "./event.ts";
import { asObject, asStrings, isObject } from "./json.ts";
import { badRequest, notFound } from "./matrix-error.ts";
import type { User } from "./world.ts";

export interface EventFilter {
  readonly limit: number | undefined;
  readonly passesType: (type: string) => boolean;
  readonly passes: (event: Pick<StoredEvent, "type" | "sender">) => boolean;
}

export interface SyncFilter {
  readonly timeline: EventFilter;
  readonly state: EventFilter;
  readonly accountData: EventFilter;
  readonly roomAccountData: EventFilter;
  readonly includeLeave: boolean;
  /** Whether receipts of the room are asked for. */
  includesReceipts(roomId: string): boolean;
  includesRoom(roomId: string): boolean;
}

/** `text` is a filter id, inline JSON or nothing. */
export function syncFilter(user: User, text: string | undefined): SyncFilter {
  const whole = asObject(filterJson(user, text));
  const room = asObject(whole["room"]);
  const rooms = asStrings(room["rooms"]);
  const notRooms = asStrings(room["not_rooms"]) ?? [];
  const ephemeral = asObject(room["ephemeral"]);
  return {
    includesReceipts: (roomId) =>
      eventFilter(ephemeral).passesType("m.receipt") &&
      (asStrings(ephemeral["rooms"])?.includes(roomId) ?? true),
    timeline: eventFilter(room["timeline"]),
    state: eventFilter(room["state"]),
    accountData: eventFilter(whole["account_data"]),
    roomAccountData: eventFilter(room["account_data"]),
    includeLeave: room["include_leave"] === true,
    includesRoom: (roomId) => !notRooms.includes(roomId) && (rooms?.includes(roomId) ?? true),
  };
}

export function eventFilter(value: unknown): EventFilter {
  const filter = asObject(value);
  const types = globs(filter["types"]);
  const notTypes = globs(filter["not_types"]);
  const senders = stringSet(filter["senders"]);
  const notSenders = stringSet(filter["not_senders"]);
  const limit = filter["limit"];
  const passesType = (type: string): boolean => (types?.(type) ?? true) && notTypes?.(type) !== true;
  return {
    limit: typeof limit === "number" ? limit : undefined,
    passesType,
    passes: (event) =>
      passesType(event.type) &&
      (senders?.has(event.sender) ?? true) &&
      notSenders?.has(event.sender) !== true,
  };
}

function filterJson(user: User, text: string | undefined): unknown {
  if (text === undefined) return {};
  if (!text.startsWith("{")) {
    const stored = user.filters[Number(text)];
    if (stored === undefined) throw notFound("No such filter");
    return stored;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Falls through to the same refusal: a filter that is no JSON object.
  }
  throw badRequest("Invalid filter JSON", "M_NOT_JSON");
}

function stringSet(value: unknown): ReadonlySet<string> | undefined {
  const strings = asStrings(value);
  return strings === undefined ? undefined : new Set(strings);
}

/** Types allow `*`; compiled once a filter, because a storm asks ten thousand times. */
function globs(value: unknown): ((type: string) => boolean) | undefined {
  const patterns = asStrings(value);
  if (patterns === undefined) return undefined;
  const literal = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  const wild = patterns
    .filter((pattern) => pattern.includes("*"))
    .map((pattern) => {
      const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
      return new RegExp(`^${escaped}$`);
    });
  return (type) => literal.has(type) || wild.some((pattern) => pattern.test(type));
}
