/** Acts that only read: a room's state and members, a gap, bans, one person's history. Results come as observations. */
import { asArray, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { RoomEvent } from "../../model/event.ts";
import type { RoomId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { openedWhere } from "../crypto/sealing.ts";
import { path } from "../http/client.ts";
import { decodeBans, decodeMembers, decodeState } from "../sync/decode-state.ts";
import { decodeRedactable, decodeTimelineEvent } from "../sync/decode-timeline.ts";
import type { ActContext } from "./act-context.ts";
import type { Done } from "./results.ts";

/** Largest page that Synapse serves. */
const pageSize = "1000";

/**
 * State and members as raw answers: the SDK's methods make an object or a promise of each event, of which there may be a
 * million, and reject at an event whose type is `constructor` (docs/adr/0013).
 */
export async function readRoom(action: ActionOf<"read-room">, context: ActContext): Promise<Done> {
  const { room } = action;
  const { reads, deliver } = context;
  deliver([{ kind: "reading", room }]);
  const [state, members] = await Promise.all([
    action.state ? reads.doRequest("GET", path`/_matrix/client/v3/rooms/${room}/state`) : undefined,
    action.members
      ? reads.call("GET", path`/_matrix/client/v3/rooms/${room}/members`, {
          query: { not_membership: "leave" },
        })
      : undefined,
  ]);
  const decoded = state === undefined ? undefined : decodeState(room, state);
  deliver([
    ...(decoded?.malformed ?? []),
    {
      kind: "room-read",
      room,
      ...(decoded ? { state: decoded.events } : {}),
      ...(members === undefined ? {} : { members: decodeMembers(members) }),
    },
  ]);
  return { kind: "done" };
}

/** The state as it is now, then what the sync left out between two tokens, told in the order it happened. */
export async function fillGap(action: ActionOf<"fill-gap">, context: ActContext): Promise<Done> {
  const { room, from, to } = action;
  // First, because rules and bans in the state matter most, and it is read even if the history cannot be had.
  if (action.readState) await readRoom({ kind: "read-room", room, state: true, members: false }, context);
  const skipped: unknown[] = [];
  const pages = { room, query: { dir: "b", from, to }, maxPages: context.limits.maxGapPages };
  let pagesLeft = context.limits.maxGapPages;
  let isMore = pagesLeft === 0;
  for await (const page of pagesOf(pages, context)) {
    skipped.push(...page);
    isMore = --pagesLeft === 0 && page.length > 0;
  }
  const seen: Seen[] = [];
  for (const one of skipped.toReversed()) {
    const { raw, sealed } = await openedWhere(context.sealing, room, one);
    const decoded = decodeTimelineEvent(room, raw, { late: true, sealed });
    if (decoded) seen.push(decoded);
  }
  context.deliver(seen);
  return isMore ? { kind: "done", note: "more was left out than may be read" } : { kind: "done" };
}

interface Pages {
  readonly room: RoomId;
  readonly query: Readonly<Record<string, string>>;
  readonly maxPages: number;
}

/** Walks `/messages`, for which the SDK has no method. An empty page is not the end; a missing `end` is. */
export async function* pagesOf(
  { room, query, maxPages }: Pages,
  { reads }: ActContext,
): AsyncGenerator<readonly unknown[]> {
  let from: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = await reads.call("GET", path`/_matrix/client/v3/rooms/${room}/messages`, {
      query: { limit: pageSize, ...query, ...(from === undefined ? {} : { from }) },
    });
    yield asArray(answer["chunk"]) ?? [];
    const end = asString(answer["end"]);
    if (end === undefined || end === from) return;
    from = end;
  }
}

/** Who is banned in a room, by whom and why. */
export async function readBans(
  { room }: ActionOf<"read-bans">,
  { reads, limits, deliver, decision }: ActContext,
): Promise<Done> {
  const answer = await reads.call("GET", path`/_matrix/client/v3/rooms/${room}/members`, {
    query: { membership: "ban" },
  });
  const bans = decodeBans(answer, limits.maxReason);
  const more = Math.max(0, bans.length - limits.maxBans);
  deliver([{ kind: "bans-read", decision: decision.id, room, bans: bans.slice(0, limits.maxBans), more }]);
  return { kind: "done" };
}

/** What one person wrote in a room, newest first, up to the limit. */
export async function searchHistory(
  { room, user, limit, since = 0 }: ActionOf<"search-history">,
  context: ActContext,
): Promise<Done> {
  const found: RoomEvent[] = [];
  const query = { dir: "b", filter: JSON.stringify({ senders: [user] }) };
  const pages = { room, query, maxPages: context.limits.maxSearchPages };
  for await (const page of pagesOf(pages, context)) {
    const recent = decodeRedactable(page, user, since);
    found.push(...recent);
    // The times are the sender's word: only a page without any that is recent enough ends the search.
    if (found.length >= limit || (since > 0 && page.length > 0 && recent.length === 0)) break;
  }
  const decision = context.decision.id;
  const contents = found.slice(0, limit);
  const events = contents.map(({ eventId }) => eventId);
  context.deliver([{ kind: "history-found", decision, room, user, events, contents }]);
  return { kind: "done" };
}
