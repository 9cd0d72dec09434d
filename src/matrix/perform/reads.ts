/** Acts that only look: a room read again, a gap filled, a person's events searched for. What is found comes back as observations. */
import { asArray, asObject, asString } from "../../kit/json.ts";
import type { ActionOf } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { EventId } from "../../model/ids.ts";
import type { Seen } from "../../model/observation.ts";
import { path, type RestClient } from "../http/client.ts";
import {
  decodeBans,
  decodeMembers,
  decodeRedactable,
  decodeState,
  decodeTimelineEvent,
} from "../sync/decode.ts";

export interface ReadLimits {
  /** Pages of `/messages` read to search one person's events in a room. */
  readonly maxSearchPages: number;
  /** Pages of `/messages` read to fill one gap. */
  readonly maxGapPages: number;
  /** Bans of one room that are read. */
  readonly maxBans: number;
  /** Characters of a ban's reason that are kept. */
  readonly maxReason: number;
}

export interface ReadOptions {
  readonly client: RestClient;
  readonly limits: ReadLimits;
  /** What an act found out comes back this way. */
  readonly deliver: (seen: readonly Seen[]) => void;
}

/** Largest page that Synapse serves. */
const pageSize = 1_000;

export async function readRoom(
  action: ActionOf<"read-room">,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<void> {
  const { room } = action;
  options.deliver([{ kind: "reading", room }]);
  const [state, members] = await Promise.all([
    action.state
      ? options.client.transport.request("GET", path`/_matrix/client/v3/rooms/${room}/state`, { signal })
      : undefined,
    action.members
      ? options.client.transport.request("GET", path`/_matrix/client/v3/rooms/${room}/members`, {
          query: { not_membership: "leave" },
          signal,
        })
      : undefined,
  ]);
  const decoded = state === undefined ? undefined : decodeState(room, state);
  options.deliver([
    ...(decoded?.malformed ?? []),
    {
      kind: "room-read",
      room,
      ...(decoded ? { state: decoded.events } : {}),
      ...(members === undefined ? {} : { members: decodeMembers(members) }),
    },
  ]);
}

/** The state as it is now; then what was skipped, from the newer token back to the older, told in the order it happened. */
export async function fillGap(
  action: ActionOf<"fill-gap">,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<void> {
  // First what matters most: it stands even if the history cannot be had.
  const { room } = action;
  if (action.readState)
    await readRoom({ kind: "read-room", room, state: true, members: false }, options, signal);
  const skipped: unknown[] = [];
  await eachPage(
    options,
    {
      room,
      query: { dir: "b", from: action.from, to: action.to },
      maxPages: options.limits.maxGapPages,
      signal,
    },
    (page) => {
      skipped.push(...page);
      return true;
    },
  );
  options.deliver(
    skipped.toReversed().flatMap((raw) => decodeTimelineEvent(room, raw, { late: true }) ?? []),
  );
}

/** Walks `/messages`. An empty page is not the end; a missing `end` is. `more` answers whether to go on. */
async function eachPage(
  { client }: ReadOptions,
  {
    room,
    query,
    maxPages,
    signal,
  }: { room: string; query: Record<string, string>; maxPages: number; signal: AbortSignal },
  more: (page: readonly unknown[]) => boolean,
): Promise<void> {
  let from: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const answer = asObject(
      await client.transport.request("GET", path`/_matrix/client/v3/rooms/${room}/messages`, {
        query: { limit: String(pageSize), ...query, ...(from === undefined ? {} : { from }) },
        signal,
      }),
    );
    const goOn = more(asArray(answer?.["chunk"]) ?? []);
    const end = asString(answer?.["end"]);
    if (!goOn || end === undefined || end === from) return;
    from = end;
  }
}

/** Who is banned in a room, by whom and why. */
export async function readBans(
  decision: Decision,
  { room }: ActionOf<"read-bans">,
  { client, limits, deliver }: ReadOptions,
  signal: AbortSignal,
): Promise<void> {
  const answer = await client.transport.request("GET", path`/_matrix/client/v3/rooms/${room}/members`, {
    query: { membership: "ban" },
    signal,
  });
  const bans = decodeBans(answer, limits.maxReason);
  const more = Math.max(0, bans.length - limits.maxBans);
  deliver([{ kind: "bans-read", decision: decision.id, room, bans: bans.slice(0, limits.maxBans), more }]);
}

/** What one person wrote in a room, newest first, up to the limit. */
export async function searchHistory(
  decision: Decision,
  action: ActionOf<"search-history">,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<void> {
  const found: EventId[] = [];
  const filter = JSON.stringify({ senders: [action.user] });
  await eachPage(
    options,
    { room: action.room, query: { dir: "b", filter }, maxPages: options.limits.maxSearchPages, signal },
    (page) => {
      found.push(...decodeRedactable(page, action.user));
      return found.length < action.limit;
    },
  );
  options.deliver([
    {
      kind: "history-found",
      decision: decision.id,
      room: action.room,
      user: action.user,
      events: found.slice(0, action.limit),
    },
  ]);
}
