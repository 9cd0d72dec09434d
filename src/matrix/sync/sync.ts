/**
 * Our own sync loop: `state` then `timeline`, gaps told, our own removal told, back-off, a long poll that can be aborted. The SDK's loop loses events
 * (docs/adr/0002).
 */
import type { Clock } from "../../kit/clock.ts";
import { asArray, asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import {
  decodeInviter,
  decodeOwnLeave,
  decodeState,
  decodeStateEvent,
  decodeTimelineEvent,
  roomsIn,
} from "./decode.ts";
import { MatrixFault } from "../http/errors.ts";
import type { Transport } from "../http/transport.ts";

export interface SyncLimits {
  readonly longPollMs: number;
  /** Events a room in one answer; more is a gap. Synapse gives at most 100. */
  readonly timelineLimit: number;
}

export interface SyncOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly self: UserId;
  readonly limits: SyncLimits;
  /** State types worth knowing; `m.room.member` among them. */
  readonly stateTypes: readonly string[];
  /** Whether we already know ourselves to be in the room. */
  readonly isJoined: (room: RoomId) => boolean;
  /** How long to let the server breathe before asking again: while we write, every write of ours would wake a sync. */
  readonly breathMs: () => number;
  /** Takes the observations of one answer, in order, ended by `synced`; those of the first answer in slices. */
  readonly deliver: (seen: readonly Observation[]) => void;
  /** The loop has gone round, whatever the answer was. */
  readonly wentRound?: () => void;
  /** Sync fails; told once when it begins, when it becomes our account's trouble, and when it is over (`undefined`). */
  readonly trouble: (fault: MatrixFault | undefined) => void;
}

const backoffMs = [100, 200, 500, 1_000, 2_000, 5_000];
/** A half-open connection never answers: after the long poll and this, ask again on another. */
const graceMs = 15_000;
/** A first start may bring a hundred thousand events: believed and written at once they would hold up everything else. */
const eventsInOneGo = 5_000;

/**
 * Reads the state of every joined room but its members, in one request. Gives the token from which `follow` goes on.
 * Members come one room at a time, for protected rooms only: a full initial sync may be larger than a string can be.
 */
export async function firstSync(options: SyncOptions, signal: AbortSignal): Promise<string> {
  const types = options.stateTypes.filter((type) => type !== "m.room.member");
  const filter = filterOf({ stateTypes: types, timelineLimit: 1 });
  const answer = await options.transport.request("GET", "/_matrix/client/v3/sync", {
    query: { filter, timeout: "0", set_presence: "offline" },
    timeoutMs: 10 * 60_000,
    signal,
  });
  const response = asObject(answer) ?? {};
  const token = asString(response["next_batch"]);
  if (token === undefined)
    throw new MatrixFault(502, "NOT_SYNC", "the homeserver's answer to /sync has no next_batch");
  // Whoever stops in between begins anew, as the token comes last.
  let last: readonly Seen[] = [];
  for (const slice of slicesOf(asObject(response["rooms"]) ?? {}, options.self)) {
    if (last.length > 0) {
      options.deliver(stamped(options, last));
      await options.clock.sleep(0, signal);
    }
    last = slice;
  }
  options.deliver(stamped(options, [...last, { kind: "synced", token }]));
  return token;
}

/** All rooms, so many events at a time. What a slice has no room for follows as single events. */
function* slicesOf(rooms: JsonObject, self: UserId): Iterable<readonly Seen[]> {
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

/** Follows the server from `since` until `signal` aborts. Rejects only where the token is no longer good. */
export async function follow(options: SyncOptions, since: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let isAccountTrouble = false;
  let asked = ask(options, since, { timeoutMs: 0, signal });
  while (!signal.aborted) {
    const answer = await asked;
    if (signal.aborted) return;
    options.wentRound?.();
    if (answer instanceof MatrixFault) {
      if (answer.isUnknownToken) throw answer;
      if (failures === 0 || answer.isAccountTrouble !== isAccountTrouble) options.trouble(answer);
      isAccountTrouble = answer.isAccountTrouble;
      const waitMs = answer.retryAfterMs ?? backoffMs[Math.min(failures, backoffMs.length - 1)]!;
      failures++;
      await options.clock.sleep(waitMs, signal);
      asked = ask(options, since, { timeoutMs: 0, signal });
      continue;
    }
    if (failures > 0) options.trouble(undefined);
    failures = 0;
    isAccountTrouble = false;
    const token = asString(answer["next_batch"])!;
    options.deliver(stamped(options, [...decodeSync(answer, options, since), { kind: "synced", token }]));
    since = token;
    const breathMs = options.breathMs();
    if (breathMs > 0) await options.clock.sleep(breathMs, signal);
    asked = ask(options, token, { timeoutMs: options.limits.longPollMs, signal });
  }
}

/** Never rejects: a fault is an answer too. */
async function ask(
  options: SyncOptions,
  since: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<JsonObject | MatrixFault> {
  try {
    const answer = await options.transport.request("GET", "/_matrix/client/v3/sync", {
      query: {
        filter: filterOf({ stateTypes: options.stateTypes, timelineLimit: options.limits.timelineLimit }),
        since,
        timeout: String(timeoutMs),
        set_presence: "offline",
        // State resets show only in the state after the timeline (MSC4222); servers that do not know it ignore it.
        use_state_after: "true",
        "org.matrix.msc4222.use_state_after": "true",
      },
      timeoutMs: timeoutMs + graceMs,
      signal,
      retries: 0,
    });
    const response = asObject(answer);
    if (typeof response?.["next_batch"] === "string") return response;
    return new MatrixFault(502, "NOT_SYNC", "the homeserver's answer to /sync has no next_batch");
  } catch (error) {
    return error instanceof MatrixFault
      ? error
      : new MatrixFault(0, "UNREACHABLE", error instanceof Error ? error.message : String(error));
  }
}

function decodeSync(response: JsonObject, options: SyncOptions, since: string): readonly Seen[] {
  const rooms = asObject(response["rooms"]) ?? {};
  const seen: Seen[] = [];
  for (const [room, content] of roomsIn(rooms["join"])) {
    const wasJoined = options.isJoined(room);
    if (!wasJoined)
      seen.push({ kind: "own-membership", room, membership: "join", by: undefined, reason: undefined });
    const timeline = asObject(content["timeline"]);
    const from = asString(timeline?.["prev_batch"]);
    if (wasJoined && timeline?.["limited"] === true && from !== undefined)
      seen.push({ kind: "gap", room, from, to: since });
    decodeRoom(room, content, seen);
  }
  for (const [room, content] of roomsIn(rooms["leave"])) {
    const events = [...eventsIn(content, "state"), ...eventsIn(content, "timeline")];
    seen.push({ kind: "own-membership", room, ...decodeOwnLeave(events, options.self) });
  }
  seen.push(...invites(rooms, options.self));
  return seen;
}

function decodeRoom(room: RoomId, content: JsonObject, seen: Seen[]): void {
  const after = asObject(content["state_after"]) ?? asObject(content["org.matrix.msc4222.state_after"]);
  for (const raw of after ? [] : eventsIn(content, "state")) seen.push(decodeStateEvent(room, raw));
  for (const raw of eventsIn(content, "timeline")) {
    const one = decodeTimelineEvent(room, raw, { late: false });
    if (one) seen.push(one);
  }
  // Where the server offers it, the state after the timeline has the last word (state resets show only there).
  for (const raw of asArray(after?.["events"]) ?? []) seen.push(decodeStateEvent(room, raw));
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

function eventsIn(content: JsonObject, section: "state" | "timeline"): readonly unknown[] {
  return asArray(asObject(content[section])?.["events"]) ?? [];
}

function stamped(options: SyncOptions, seen: readonly Seen[]): readonly Observation[] {
  const at = options.clock.now();
  const dueBy = options.transport.serverTime.dueBy(at);
  return seen.map((one) => ({ ...one, at, dueBy }));
}

function filterOf({
  stateTypes,
  timelineLimit,
}: {
  stateTypes: readonly string[];
  timelineLimit: number;
}): string {
  const nothing = { types: [] };
  return JSON.stringify({
    presence: nothing,
    account_data: nothing,
    room: {
      ephemeral: nothing,
      account_data: nothing,
      state: { types: stateTypes, lazy_load_members: false },
      timeline: { limit: timelineLimit },
    },
  });
}
