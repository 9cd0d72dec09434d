/** Reading the past: /messages, /context, /event and /relations. */
import { type Call, parameter } from "./call.ts";
import { clientEvent, type ClientEvent, type StoredEvent } from "./event.ts";
import { eventFilter } from "./filter.ts";
import { asObject } from "./json.ts";
import { badRequest, notFound } from "./matrix-error.ts";
import { historyToken, positionOf } from "./tokens.ts";
import { isVisible, type View, viewFor } from "./visibility.ts";

const largestPage = 1000;

export async function messages(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  const view = viewFor(call.world, parameter(call, "room"), call.user.id);
  const { query } = call;
  const isBackwards = query["dir"] === "b";
  if (!isBackwards && query["dir"] !== "f") {
    throw badRequest("Query parameter 'dir' must be one of ['b', 'f']", "M_INVALID_PARAM");
  }
  const newest = Math.min(view.upTo, call.world.position);
  const from = query["from"] === undefined ? (isBackwards ? newest : 0) : positionOf(query["from"]);
  const to = query["to"] === undefined ? undefined : positionOf(query["to"]);
  const limit = Math.min(Number(query["limit"] ?? 10), largestPage);
  const events = isBackwards
    ? view.room.newestFirst(to ?? -1, Math.min(from, newest))
    : view.room.oldestFirst(from, Math.min(to ?? newest, newest));
  const chunk = page(events, limit, messagesFilter(call, view));
  const last = chunk.at(-1);
  // Like Synapse: only an empty page, not a short one, is the end.
  const end = last === undefined ? undefined : last.position - Number(isBackwards);
  return {
    chunk: show(call, chunk),
    start: query["from"] ?? historyToken(from),
    ...(end === undefined ? {} : { end: historyToken(end) }),
  };
}

export async function context(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  const { view, event } = findEvent(call);
  const half = Math.floor(Math.min(Number(call.query["limit"] ?? 10), 100) / 2);
  const all = (): boolean => true;
  const before = page(view.room.newestFirst(-1, event.position - 1), half, all);
  const after = page(view.room.oldestFirst(event.position, view.upTo), half, all);
  return {
    event: show(call, [event])[0],
    events_before: show(call, before),
    events_after: show(call, after),
    start: historyToken((before.at(-1) ?? event).position - 1),
    end: historyToken((after.at(-1) ?? event).position),
    state: show(call, [...view.room.allState((after.at(-1) ?? event).position)]),
  };
}

export async function oneEvent(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  return show(call, [findEvent(call).event])[0];
}

export async function relations(call: Call): Promise<unknown> {
  await call.load.read(parameter(call, "room"));
  const { view, event } = findEvent(call);
  const { relation, type } = call.params;
  const limit = Math.min(Number(call.query["limit"] ?? 5), 100);
  const isBackwards = call.query["dir"] !== "f";
  const from = call.query["from"] === undefined ? undefined : positionOf(call.query["from"]);
  const events = isBackwards
    ? view.room.newestFirst(-1, Math.min(from ?? view.upTo, view.upTo))
    : view.room.oldestFirst(from ?? -1, view.upTo);
  const chunk = page(events, limit, (candidate) => {
    const relatesTo = asObject(candidate.content["m.relates_to"]);
    if (relatesTo["event_id"] !== event.eventId) return false;
    if (relation !== undefined && relatesTo["rel_type"] !== relation) return false;
    return type === undefined || candidate.type === type;
  });
  const last = chunk.at(-1);
  const isFull = last !== undefined && chunk.length === limit;
  return {
    chunk: show(call, chunk),
    ...(isFull ? { next_batch: historyToken(last.position - Number(isBackwards)) } : {}),
  };
}

function messagesFilter(call: Call, view: View): (event: StoredEvent) => boolean {
  const given = call.query["filter"];
  const json = given === undefined ? {} : asObject(JSON.parse(given));
  if (call.settings.ignoresSenderFilter) delete json["senders"];
  const filter = eventFilter(json);
  const visible = isVisible(view.room, call.user.id);
  return (event) => filter.passes(event) && visible(event);
}

function findEvent(call: Call): { view: View; event: StoredEvent } {
  const view = viewFor(call.world, parameter(call, "room"), call.user.id);
  const event = view.room.event(parameter(call, "event"));
  if (event === undefined || event.position > view.upTo) throw notFound("Event not found.");
  return { view, event };
}

function page(
  events: Iterable<StoredEvent>,
  limit: number,
  passes: (event: StoredEvent) => boolean,
): readonly StoredEvent[] {
  const result: StoredEvent[] = [];
  for (const event of events) {
    if (result.length >= limit) break;
    if (passes(event)) result.push(event);
  }
  return result;
}

function show(call: Call, events: readonly StoredEvent[]): readonly ClientEvent[] {
  const reader = { now: call.world.clock.now(), token: call.token };
  return events.map((event) => clientEvent(event, reader));
}
