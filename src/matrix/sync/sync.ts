/**
 * The sync loop: one long poll after the other, back-off where they fail, and the answers delivered as observations. The
 * SDK's own loop loses events (docs/adr/0002).
 */
import type { Clock } from "../../kit/clock.ts";
import { asObject, asString, type JsonObject } from "../../kit/json.ts";
import type { RoomId, UserId } from "../../model/ids.ts";
import type { Observation, Seen } from "../../model/observation.ts";
import { MatrixFault } from "../http/errors.ts";
import type { Transport } from "../http/transport.ts";
import { decodeFirstSync } from "./decode-sync.ts";
import { nudgeIfHeldBack } from "./nudge.ts";
import { stamped, TellOpened, type TellOptions } from "./tell-opened.ts";

export interface SyncLimits {
  readonly longPollMs: number;
  /** Timeline events of one room in one answer; where there are more, the rest is a gap. Synapse gives at most 100. */
  readonly timelineLimit: number;
}

export interface SyncOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly self: UserId;
  readonly limits: SyncLimits;
  /** State types that are asked for, `m.room.member` among them. */
  readonly stateTypes: readonly string[];
  /** Whether we are in the room as far as we know. */
  readonly isJoined: (room: RoomId) => boolean;
  /** The room of which it is told how far people have read; undefined where none is. */
  readonly receiptsOf?: () => RoomId | undefined;
  /** How long to pause before the next request: while we write much, each write would end a long poll at once. */
  readonly breathMs: () => number;
  /** Takes the observations of one answer, in order, ended by `synced`; those of a first sync in several calls. */
  readonly deliver: (seen: readonly Observation[]) => void;
  readonly encryption?: NonNullable<TellOptions["encryption"]>;
  /** A request of the loop was answered or failed. */
  readonly wentRound?: () => void;
  /** Called when sync begins to fail, when a locked account becomes the reason or ceases to be, and when it works again (`undefined`). */
  readonly trouble: (fault: MatrixFault | undefined) => void;
}

const backoffMs = [100, 200, 500, 1_000, 2_000, 5_000];
/** Where the homeserver limits us and does not say for how long. */
const limitedMs = 5_000;
/** Added to a long poll's time-out: on a half-open connection no answer ever comes. */
const graceMs = 15_000;
/** All rooms in one answer: large accounts take minutes. */
const firstSyncTimeoutMs = 10 * 60_000;

/**
 * Reads the state of every joined room, without members, in one request. Resolves with the token to `follow` from.
 * Members are read later, one protected room at a time: an initial sync with all of them may be larger than a string
 * can be.
 */
export async function firstSync(options: SyncOptions, signal: AbortSignal): Promise<string> {
  const types = options.stateTypes.filter((type) => type !== "m.room.member");
  const filter = filterOf({ stateTypes: types, timelineLimit: 1 });
  const answer = await options.transport.request("GET", "/_matrix/client/v3/sync", {
    query: { filter, timeout: "0", set_presence: "offline" },
    timeoutMs: firstSyncTimeoutMs,
    signal,
  });
  const response = asObject(answer) ?? {};
  const token = asString(response["next_batch"]);
  if (token === undefined)
    throw new MatrixFault(502, "NOT_SYNC", "the homeserver's answer to /sync has no next_batch");
  // The token is delivered last: a start that is interrupted before it begins anew.
  let last: readonly Seen[] = [];
  for (const slice of decodeFirstSync(response, options.self)) {
    if (last.length > 0) {
      options.deliver(stamped(options, last));
      await options.clock.sleep(0, signal);
    }
    last = slice;
  }
  options.deliver(stamped(options, [...last, { kind: "synced", token }]));
  return token;
}

/** Follows the server from `since` until `signal` aborts. Rejects only where the access token is no longer good. */
export async function follow(options: SyncOptions, since: string, signal: AbortSignal): Promise<void> {
  let failures = 0;
  let isAccountTrouble = false;
  const telling = new TellOpened(options, since, signal);
  let asked = ask(options, since, { timeoutMs: 0, signal });
  void nudgeIfHeldBack(asked, options, signal);
  while (!signal.aborted) {
    const answer = await asked;
    if (signal.aborted) return;
    options.wentRound?.();
    if (answer instanceof MatrixFault) {
      if (answer.isUnknownToken) throw answer;
      if (answer.isLimited) {
        await options.clock.sleep(answer.retryAfterMs ?? limitedMs, signal);
        asked = ask(options, since, { timeoutMs: 0, signal });
        continue;
      }
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
    await telling.take(answer, since);
    if (signal.aborted) return;
    since = token;
    const breathMs = options.breathMs();
    if (breathMs > 0) await options.clock.sleep(breathMs, signal);
    asked = ask(options, token, { timeoutMs: options.limits.longPollMs, signal });
  }
}

/** One request. Resolves with a fault instead of rejecting. */
async function ask(
  options: SyncOptions,
  since: string,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<JsonObject | MatrixFault> {
  try {
    const answer = await options.transport.request("GET", "/_matrix/client/v3/sync", {
      query: {
        filter: filterOf({
          stateTypes: options.stateTypes,
          timelineLimit: options.limits.timelineLimit,
          receiptsOf: options.receiptsOf?.(),
        }),
        since,
        timeout: String(timeoutMs),
        set_presence: "offline",
        // MSC4222: state resets show only in the state after the timeline. Servers that do not know it ignore it.
        use_state_after: "true",
        "org.matrix.msc4222.use_state_after": "true",
      },
      timeoutMs: timeoutMs + graceMs,
      signal,
      retries: 0,
      on429: "fail",
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

function filterOf({
  stateTypes,
  timelineLimit,
  receiptsOf,
}: {
  stateTypes: readonly string[];
  timelineLimit: number;
  receiptsOf?: RoomId | undefined;
}): string {
  const nothing = { types: [] };
  return JSON.stringify({
    presence: nothing,
    account_data: nothing,
    room: {
      // In a large room there are more receipts than messages.
      ephemeral: receiptsOf === undefined ? nothing : { types: ["m.receipt"], rooms: [receiptsOf] },
      account_data: nothing,
      state: { types: stateTypes, lazy_load_members: false },
      timeline: { limit: timelineLimit },
    },
  });
}
