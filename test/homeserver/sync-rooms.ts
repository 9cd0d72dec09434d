/** One room inside a /sync answer: its timeline, the state beside it, or an invitation. */
import { type StoredEvent, strippedEvent, syncEvent } from "./event.ts";
import type { Receipt, Room, StateKey } from "./room.ts";
import type { SyncRequest } from "./sync.ts";
import { historyToken } from "./tokens.ts";
import { isVisible } from "./visibility.ts";

const defaultTimelineLimit = 10;
const largestTimelineLimit = 100;

/** The stretch of a room's past one answer covers. */
interface Stretch {
  readonly after: number;
  readonly upTo: number;
  /** State is told whole instead of as what changed since `after`. */
  readonly isWhole: boolean;
}

export function joinedRoom(
  request: SyncRequest,
  room: Room,
  { accountData, receipts }: { accountData: readonly unknown[]; receipts: readonly Receipt[] },
): unknown {
  const { since, upTo, isFullState } = request;
  const wasJoined = since !== undefined && room.membership(request.call.user.id, since) === "join";
  const after = wasJoined ? since : -1;
  const isNew = since !== undefined && !wasJoined;
  const stretch = { after, upTo, isWhole: !wasJoined || isFullState };
  const parts = roomParts(request, room, stretch, isNew);
  const isQuiet = parts.events.length === 0 && parts.state.length === 0;
  if (isQuiet && accountData.length + receipts.length === 0 && !stretch.isWhole) return undefined;
  return {
    ...parts.entry,
    account_data: { events: accountData },
    ephemeral: { events: receipts.length > 0 ? [receiptEvent(receipts)] : [] },
    unread_notifications: { notification_count: 0, highlight_count: 0 },
    summary: {},
  };
}

function receiptEvent(receipts: readonly Receipt[]): unknown {
  const content: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const { event, type, user } of receipts) ((content[event] ??= {})[type] ??= {})[user] = { ts: 0 };
  return { type: "m.receipt", content };
}

export function leftRoom(request: SyncRequest, room: Room): unknown {
  const userId = request.call.user.id;
  const own = room.state("m.room.member", userId);
  if (own === undefined || request.call.user.forgotten.has(room.id)) return undefined;
  const { since, filter } = request;
  const isOldNews = since !== undefined && own.position <= since;
  if (isOldNews) return undefined;
  const leftByChoice = own.content["membership"] === "leave" && own.sender === userId;
  if (since === undefined && leftByChoice && !filter.includeLeave) return undefined;
  const lastJoin = lastJoinBefore(own);
  if (lastJoin === undefined) return retractedInvite(request, own);
  const wasJoined = since !== undefined && room.membership(userId, since) === "join";
  const wasOutside = since !== undefined && !wasJoined && lastJoin.position <= since;
  if (wasOutside) return retractedInvite(request, own);
  const stretch = { after: wasJoined ? since : -1, upTo: own.position, isWhole: !wasJoined };
  return { ...roomParts(request, room, stretch, false).entry, account_data: { events: [] } };
}

export function invitedRoom(request: SyncRequest, room: Room): unknown {
  const events = strippedState(request, room);
  return events === undefined ? undefined : { invite_state: { events } };
}

export function knockedRoom(request: SyncRequest, room: Room): unknown {
  const events = strippedState(request, room);
  return events === undefined ? undefined : { knock_state: { events } };
}

function lastJoinBefore(own: StoredEvent): StoredEvent | undefined {
  let event: StoredEvent | undefined = own;
  while (event !== undefined && event.content["membership"] !== "join") event = event.replaces;
  return event;
}

/** Who never was inside is told of their own membership and nothing else. */
function retractedInvite(request: SyncRequest, own: StoredEvent): unknown {
  return {
    timeline: {
      events: [syncEvent(own, readerOf(request))],
      limited: false,
      prev_batch: historyToken(own.position - 1),
    },
    state: { events: [] },
    account_data: { events: [] },
  };
}

const strippedTypes = [
  "m.room.create",
  "m.room.join_rules",
  "m.room.canonical_alias",
  "m.room.avatar",
  "m.room.name",
  "m.room.encryption",
  "m.room.topic",
];

function strippedState(request: SyncRequest, room: Room): readonly unknown[] | undefined {
  const own = room.state("m.room.member", request.call.user.id);
  if (own === undefined || own.position <= (request.since ?? -1)) return undefined;
  const events = strippedTypes.map((type) => room.state(type, ""));
  const inviter = own.sender === own.stateKey ? undefined : room.state("m.room.member", own.sender);
  return [...events, inviter, own].filter((event) => event !== undefined).map(strippedEvent);
}

function roomParts(request: SyncRequest, room: Room, stretch: Stretch, isNew: boolean) {
  const reader = readerOf(request);
  const timeline = loadTimeline(request, room, stretch);
  const first = timeline.events[0];
  const start = first?.position ?? stretch.upTo;
  const isLimited = timeline.isCut || isNew;
  const { passesType } = request.filter.state;
  const state =
    request.stateAfterKey !== undefined
      ? stateAfter(room, stretch, passesType)
      : stateBefore(room, stretch, passesType, {
          ...timeline,
          start,
          isGappy: isLimited || timeline.isHoley,
        });
  const shown = state.filter((event) => request.filter.state.passes(event));
  return {
    events: timeline.events,
    state: shown,
    entry: {
      timeline: {
        events: timeline.events.map((event) => syncEvent(event, reader)),
        limited: isLimited,
        prev_batch: historyToken(first === undefined ? start : start - 1),
      },
      [request.stateAfterKey ?? "state"]: {
        events: shown.map((event) => syncEvent(event, reader)),
      },
    },
  };
}

interface Timeline {
  readonly events: readonly StoredEvent[];
  /** More events than the limit lets through. */
  readonly isCut: boolean;
  /** The filter dropped events between those shown, so that they alone do not tell the state. */
  readonly isHoley: boolean;
}

function loadTimeline(request: SyncRequest, room: Room, stretch: Stretch): Timeline {
  const { timeline } = request.filter;
  const wished = request.skips(room.id) ? 1 : (timeline.limit ?? defaultTimelineLimit);
  const limit = Math.max(1, Math.min(wished, largestTimelineLimit));
  const visible = isVisible(room, request.call.user.id);
  const events: StoredEvent[] = [];
  let isHoley = false;
  for (const event of room.newestFirst(stretch.after, stretch.upTo)) {
    if (!timeline.passes(event) || !visible(event)) {
      // Synapse notices a hole only before an event it shows.
      isHoley ||= events.length > 0;
    } else if (events.length === limit) {
      return { events: events.reverse(), isCut: true, isHoley };
    } else {
      events.push(event);
    }
  }
  return { events: events.reverse(), isCut: false, isHoley };
}

type TypeFilter = (type: string) => boolean;

/** MSC4222: the state at the end, state resets included. */
function stateAfter(room: Room, stretch: Stretch, passesType: TypeFilter): readonly StoredEvent[] {
  if (stretch.isWhole) return [...room.allState(stretch.upTo, passesType)];
  return room
    .changedKeys(stretch.after, stretch.upTo)
    .map((key) => room.stateAt(key.type, key.stateKey, stretch.upTo))
    .filter((event) => event !== undefined);
}

/**
 * Synapse's calculation: what holds after the first event of the timeline or at its end, less what
 * the client knew and what the timeline shows. Without a gap it tells nothing, which is why a state
 * reset stays unseen there, and so does state that the filter keeps out of the timeline's tail.
 */
function stateBefore(
  room: Room,
  stretch: Stretch,
  passesType: TypeFilter,
  timeline: { events: readonly StoredEvent[]; start: number; isGappy: boolean },
): readonly StoredEvent[] {
  if (!stretch.isWhole && !timeline.isGappy) return [];
  const inTimeline = new Set(lastOfEachKey(timeline.events));
  const result: StoredEvent[] = [];
  const consider = ({ type, stateKey }: StateKey, atEnd: StoredEvent | undefined): void => {
    const isShown = atEnd !== undefined && inTimeline.has(atEnd);
    const event = isShown ? room.stateAt(type, stateKey, timeline.start) : atEnd;
    if (event === undefined || inTimeline.has(event)) return;
    const known = stretch.isWhole ? undefined : room.stateAt(type, stateKey, stretch.after);
    if (event !== known) result.push(event);
  };
  if (!stretch.isWhole) {
    for (const key of room.changedKeys(stretch.after, stretch.upTo)) {
      consider(key, room.stateAt(key.type, key.stateKey, stretch.upTo));
    }
    return result;
  }
  for (const event of room.allState(stretch.upTo, passesType)) {
    if (event.stateKey !== undefined) consider({ type: event.type, stateKey: event.stateKey }, event);
  }
  return result;
}

/** Only the last of a key counts as shown; an earlier one is told again as state, as Synapse does. */
function lastOfEachKey(events: readonly StoredEvent[]): Iterable<StoredEvent> {
  const last = new Map<string, StoredEvent>();
  for (const event of events) {
    if (event.stateKey !== undefined) last.set(`${event.type}\0${event.stateKey}`, event);
  }
  return last.values();
}

function readerOf(request: SyncRequest): { now: number; token: string } {
  return { now: request.call.world.clock.now(), token: request.call.token };
}
