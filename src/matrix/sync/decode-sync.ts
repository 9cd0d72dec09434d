/**
 * Answers of `/sync` as observations: in each room `state` before `timeline`, gaps told, and every change of our own
 * membership.
 */
import { asArray, asObject, asString, isObject, type JsonObject } from "../../kit/json.ts";
import { parseEventId, parseRoomId, parseUserId, type RoomId, type UserId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { isSealed, type Opened } from "../crypto/decrypt.ts";
import { decodeInviter, decodeOwnLeave } from "./decode-own-membership.ts";
import { decodeState, decodeStateEvent } from "./decode-state.ts";
import { decodeTimelineEvent } from "./decode-timeline.ts";
import { policyCommandsIn } from "./decode-to-device.ts";

/** A first sync may bring a hundred thousand events: believed and written at once, they would hold up everything else. */
const eventsInOneGo = 5_000;

export interface DecodeSyncOptions {
  readonly self: UserId;
  /** Whether we are in the room as far as we know. */
  readonly isJoined: (room: RoomId) => boolean;
  /** The room whose read receipts count; undefined where none do. */
  readonly receiptsOf?: () => RoomId | undefined;
  /** The token that the answer goes on from. */
  readonly since: string;
  /** Joined rooms that are left out, for another time. */
  readonly later?: ReadonlySet<RoomId>;
}

/** All but the joined rooms that wait for something. */
export function decodeSync(response: JsonObject, options: DecodeSyncOptions): readonly Seen[] {
  const rooms = asObject(response["rooms"]) ?? {};
  const joined = roomsIn(rooms["join"]).filter(([room]) => options.later?.has(room) !== true);
  const seen = decodeJoined(joined, options);
  for (const [room, content] of roomsIn(rooms["leave"])) {
    const events = [...eventsIn(content, "state"), ...eventsIn(content, "timeline")];
    seen.push({ kind: "own-membership", room, ...decodeOwnLeave(events, options.self) });
  }
  seen.push(...invites(rooms, options.self), ...policyCommandsIn(response));
  return seen;
}

/** Joined rooms with encrypted messages, of which some were opened: what is known of each, by the event as it came. */
export function decodeOpened(
  response: JsonObject,
  options: Omit<DecodeSyncOptions, "later"> & { readonly opened: OpenedEvents },
): readonly Seen[] {
  const rooms = roomsIn(asObject(response["rooms"])?.["join"]);
  return decodeJoined(
    rooms.filter(([room]) => options.opened.has(room)),
    options,
  );
}

export type OpenedEvents = ReadonlyMap<RoomId, ReadonlyMap<unknown, Opened | undefined>>;

function decodeJoined(
  rooms: readonly (readonly [RoomId, JsonObject])[],
  options: Pick<DecodeSyncOptions, "isJoined" | "receiptsOf" | "since"> & { readonly opened?: OpenedEvents },
): Seen[] {
  const seen: Seen[] = [];
  for (const [room, content] of rooms) {
    const wasJoined = options.isJoined(room);
    if (!wasJoined)
      seen.push({ kind: "own-membership", room, membership: "join", by: undefined, reason: undefined });
    const timeline = asObject(content["timeline"]);
    const from = asString(timeline?.["prev_batch"]);
    if (wasJoined && timeline?.["limited"] === true && from !== undefined)
      seen.push({ kind: "gap", room, from, to: options.since });
    decodeRoom(room, content, { seen, opened: options.opened?.get(room) });
    // Servers may ignore the filter.
    if (room === options.receiptsOf?.()) seen.push(...receiptsIn(room, content));
  }
  return seen;
}

function decodeRoom(
  room: RoomId,
  content: JsonObject,
  { seen, opened }: { seen: Seen[]; opened: ReadonlyMap<unknown, Opened | undefined> | undefined },
): void {
  const after = asObject(content["state_after"]) ?? asObject(content["org.matrix.msc4222.state_after"]);
  for (const raw of after ? [] : eventsIn(content, "state")) seen.push(decodeStateEvent(room, raw));
  for (const raw of eventsIn(content, "timeline")) {
    const known = opened?.get(raw);
    const one = decodeTimelineEvent(room, known?.raw ?? raw, { late: false, sealed: known?.sealed });
    if (one) seen.push(one);
  }
  // Where the server offers it (MSC4222), the state after the timeline counts last: state resets show only there.
  for (const raw of asArray(after?.["events"]) ?? []) seen.push(decodeStateEvent(room, raw));
}

/** More in one answer are not looked at: so many people are in no management room. */
const mostReceipts = 500;

/** Public and private receipts, of the room and of its threads (specification: "Receipts"). */
function receiptsIn(room: RoomId, content: JsonObject): readonly Seen[] {
  const seen: Seen[] = [];
  for (const raw of asArray(asObject(content["ephemeral"])?.["events"]) ?? []) {
    const receipts = asObject(raw);
    if (receipts?.["type"] !== "m.receipt") continue;
    for (const [id, kinds] of Object.entries(asObject(receipts["content"]) ?? {})) {
      const event = parseEventId(id);
      const readers = Object.entries(asObject(kinds) ?? {})
        .filter(([kind]) => kind === "m.read" || kind === "m.read.private")
        .flatMap(([, users]) => Object.keys(asObject(users) ?? {}));
      for (const reader of readers) {
        const user = parseUserId(reader);
        if (event && user && seen.length < mostReceipts) seen.push({ kind: "receipt", room, user, event });
      }
    }
  }
  return seen;
}

function invites(rooms: JsonObject, self: UserId): readonly Seen[] {
  const invited = roomsIn(rooms["invite"]).map(([room, content]): Seen => {
    return {
      kind: "own-membership",
      room,
      membership: "invite",
      ...decodeInviter(asObject(content["invite_state"])?.["events"], self),
    };
  });
  const knocked = roomsIn(rooms["knock"]).map(([room]): Seen => ({
    kind: "own-membership",
    room,
    membership: "knock",
    by: undefined,
    reason: undefined,
  }));
  return [...invited, ...knocked];
}

/** Joined rooms in which something is encrypted that we open, with those events. */
export function sealedIn(
  response: JsonObject,
  opens: (room: RoomId) => boolean,
): ReadonlyMap<RoomId, readonly JsonObject[]> {
  const found = roomsIn(asObject(response["rooms"])?.["join"]).flatMap(([room, content]) => {
    const sealed = opens(room) ? eventsIn(content, "timeline").filter(isSealed) : [];
    return sealed.length > 0 ? [[room, sealed] as const] : [];
  });
  return new Map(found);
}

function eventsIn(content: JsonObject, section: "state" | "timeline"): readonly unknown[] {
  return asArray(asObject(content[section])?.["events"]) ?? [];
}

/** The state of all rooms, in slices. Of a room with more events than a slice holds, the rest follows as single events. */
export function* decodeFirstSync(response: JsonObject, self: UserId): Iterable<readonly Seen[]> {
  const rooms = asObject(response["rooms"]) ?? {};
  let slice: Seen[] = [];
  let size = 0;
  for (const [room, content] of roomsIn(rooms["join"])) {
    const { events } = decodeState(room, [...eventsIn(content, "state"), ...eventsIn(content, "timeline")]);
    slice.push({ kind: "own-membership", room, membership: "join", by: undefined, reason: undefined });
    slice.push({ kind: "room-read", room, state: events.slice(0, eventsInOneGo) });
    size += events.length;
    for (let from = eventsInOneGo; from < events.length; from += eventsInOneGo) {
      yield slice;
      const rest = events.slice(from, from + eventsInOneGo);
      slice = rest.map((event) => ({ kind: "state", room, event, fromTimeline: false }));
      size = rest.length;
    }
    if (size < eventsInOneGo) continue;
    yield slice;
    slice = [];
    size = 0;
  }
  yield [...slice, ...invites(rooms, self)];
}

/** What of a section (`join`, `invite` ...) is about rooms. */
export function roomsIn(section: unknown): readonly (readonly [RoomId, JsonObject])[] {
  return Object.entries(asObject(section) ?? {}).flatMap(([id, value]) => {
    const room = parseRoomId(id);
    return room && isObject(value) ? [[room, value] as const] : [];
  });
}
