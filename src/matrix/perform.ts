/** How each action is done: one request where one is enough. Only the executor calls this. */
import type { Clock } from "../kit/clock.ts";
import { asObject, asString, type JsonObject } from "../kit/json.ts";
import type { ActionOf, LevelChange } from "../model/action.ts";
import type { Decision, Outcome } from "../model/decision.ts";
import { parseEventId, parseRoomId, type UserId } from "../model/ids.ts";
import { descriptionType } from "../model/room.ts";
import { deactivate, makeRoomAdmin, moderateAccount, shutDown } from "./admin-api.ts";
import { findMedia, quarantine, quarantineAll } from "./admin-media.ts";
import { path } from "./client.ts";
import { addAlias, removeAlias, setListing } from "./directory.ts";
import { MatrixFault } from "./errors.ts";
import { fillGap, readBans, readRoom, searchHistory, type ReadLimits, type ReadOptions } from "./reads.ts";
import { fileContent, messageContent, warningContent } from "./replies.ts";
import { serverCalls } from "./server-calls.ts";
import type { Standing } from "./standing.ts";

type Done = Extract<Outcome["result"], { kind: "done" }>;

/** The same as the executor's `Attempt`; written here so that `matrix` need not know the executor. */
export type Performed =
  | Outcome["result"]
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  | { readonly kind: "unavailable"; readonly everywhere: boolean; readonly message: string };

export interface PerformOptions extends ReadOptions {
  readonly clock: Clock;
  readonly self: UserId;
  readonly limits: ReadLimits & {
    /** Bytes of a message to moderators. */
    readonly maxAnswerLength: number;
    /** A write that is not answered for so long is tried again. */
    readonly writeTimeoutMs: number;
  };
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  readonly standing: Standing;
  /** What is in the file, as it is by now; undefined where there is nothing to send any more. */
  readonly fileOf: (action: ActionOf<"send-file">) => SentFile | undefined;
}

export interface SentFile {
  readonly name: string;
  /** Its media type. */
  readonly type: string;
  readonly text: string;
}

/** A write that fails gives up its place to the others; the executor lets its room rest and tries again. */
const noRetries = 0;

export function performer(
  options: PerformOptions,
): (decision: Decision, signal: AbortSignal) => Promise<Performed> {
  /** Sent at least once, and not known to have been done. */
  const begun = new Set<string>();
  return async (decision, signal) => {
    const isRepeated = begun.has(decision.id);
    begun.add(decision.id);
    let isOpen = false;
    try {
      const done = await perform(decision, options, { signal, isRepeated });
      options.standing.succeeded(decision.action.kind);
      return done;
    } catch (error) {
      if (!(error instanceof MatrixFault)) throw error;
      if (error.isUnknownToken) options.tokenRevoked(error);
      options.standing.refused(error, decision.action.kind);
      // The answer may have got lost on the way back: a second try could make a second list.
      if (decision.action.kind === "create-list" && error.isPassing) {
        const message = `${error.message}; look whether the list was made before you try again`;
        return { kind: "failed", lasting: false, code: error.errcode, message };
      }
      const attempt = attemptFrom(error);
      isOpen = attempt.kind === "unavailable";
      return attempt;
    } finally {
      if (!isOpen) begun.delete(decision.id);
    }
  };
}

/**
 * Everybody who is muted stands in the room's levels, and an event may have 65 kB: with a few hundred long names strangers
 * could fill it, and nobody could be given or lose power there any more.
 */
const mostOfLevels = 40_000;

function levelsOf({ kind, levels }: LevelChange): JsonObject {
  if (!levels) throw new Error("the levels of the room were not filled in");
  if (kind === "mute" && Buffer.byteLength(JSON.stringify(levels)) > mostOfLevels)
    throw new MatrixFault(
      413,
      "M_TOO_LARGE",
      "the power levels of the room name so many people that there would soon be no place left for others; ban them instead",
    );
  return levels;
}

function attemptFrom(fault: MatrixFault): Performed {
  if (fault.isLimited) return { kind: "limited", retryAfterMs: fault.retryAfterMs ?? 1_000 };
  // A revoked token or a locked account is no verdict on the act: it stays open until that is over.
  if (fault.isPassing || fault.isUnknownToken || fault.isAccountTrouble)
    return {
      kind: "unavailable",
      everywhere: fault.isUnreachable || fault.isUnknownToken || fault.isAccountTrouble,
      message: fault.message,
    };
  return {
    kind: "failed",
    lasting: fault.status === 403 || fault.status === 404 || fault.status === 413,
    code: fault.errcode,
    message: fault.message,
  };
}

function perform(
  decision: Decision,
  options: PerformOptions,
  { signal, isRepeated }: { signal: AbortSignal; isRepeated: boolean },
): Promise<Done> {
  const { action } = decision;
  const calls = () => serverCalls(options, { signal, isRepeated });
  const write = (method: string, where: string, body: JsonObject) =>
    options.client.transport.request(method, where, {
      body,
      signal,
      isWrite: true,
      retries: noRetries,
      timeoutMs: options.limits.writeTimeoutMs,
    });
  switch (action.kind) {
    case "ban":
      return written(
        write("PUT", memberPath(action), {
          membership: "ban",
          ...reasonOf(action),
          ...(action.redacts ? { "org.matrix.msc4293.redact_events": true } : {}),
        }),
      );
    case "unban":
    case "kick":
      return written(write("PUT", memberPath(action), { membership: "leave", ...reasonOf(action) }));
    case "invite":
      return write("POST", path`/_matrix/client/v3/rooms/${action.room}/invite`, {
        user_id: action.user,
        ...reasonOf(action),
      }).then(() => ({ kind: "done" }));
    case "mute":
    case "unmute":
    case "set-power-level":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/state/m.room.power_levels/`,
          levelsOf(action),
        ),
      );
    case "warn":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/send/m.room.message/${decision.id}`,
          warningContent(action),
        ),
      );
    case "redact":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/redact/${action.event}/${decision.id}`,
          reasonOf(action),
        ),
      );
    case "set-server-acl":
      return written(
        write("PUT", path`/_matrix/client/v3/rooms/${action.room}/state/m.room.server_acl/`, {
          ...action.content,
        }),
      );
    case "write-policy":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.list}/state/${action.eventType}/${action.stateKey}`,
          action.content,
        ),
      );
    case "remove-policy":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.list}/state/${action.eventType}/${action.stateKey}`,
          {},
        ),
      );
    case "tell":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/send/m.room.message/${decision.id}`,
          messageContent(action, options.limits.maxAnswerLength),
        ),
      );
    case "ask":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/send/m.room.message/${decision.id}`,
          messageContent({ ...action, edits: undefined }, options.limits.maxAnswerLength),
        ),
      );
    case "describe-command":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/state/${descriptionType}/${action.stateKey}`,
          action.content,
        ),
      );
    case "react":
      return written(
        write(
          "PUT",
          path`/_matrix/client/v3/rooms/${action.room}/send/m.reaction/${decision.id}`,
          reactionContent(action),
        ),
      );
    case "join":
      return join(action, options, signal);
    case "leave":
      return write("POST", path`/_matrix/client/v3/rooms/${action.room}/leave`, {}).then(() => ({
        kind: "done",
      }));
    case "create-list":
      return createList(action, options, signal);
    case "search-history":
      return done(searchHistory(decision, action, options, signal));
    case "redact-by-server":
      return redactByServer(action, options, signal);
    case "read-room":
      return done(readRoom(action, options, signal));
    case "read-bans":
      return done(readBans(decision, action, options, signal));
    case "send-file":
      return sendFile(decision, action, options, signal);
    case "fill-gap":
      return done(fillGap(action, options, signal));
    case "suspend":
    case "unsuspend":
    case "lock":
    case "unlock":
      return moderateAccount(action, calls());
    case "deactivate":
      return deactivate(action, calls());
    case "find-media":
      return findMedia(decision, action, calls());
    case "quarantine-media":
    case "unquarantine-media":
      return quarantine(action, { ...calls(), self: options.self });
    case "quarantine-media-of-user":
    case "quarantine-media-of-room":
      return quarantineAll(action, calls());
    case "shutdown-room":
      return shutDown(decision, action, calls());
    case "make-room-admin":
      return makeRoomAdmin(action, calls());
    case "add-alias":
      return addAlias(action, calls());
    case "remove-alias":
      return removeAlias(action, calls());
    case "list-publicly":
    case "unlist-publicly":
      return setListing(action, calls());
    case "change-settings":
    case "answer-question":
      throw new Error("settings and answers are the bot's own affair, not the homeserver's");
  }
}

async function done(work: Promise<void>): Promise<Done> {
  await work;
  return { kind: "done" };
}

async function written(answer: Promise<unknown>): Promise<Done> {
  const eventId = parseEventId(asObject(await answer)?.["event_id"]);
  return eventId ? { kind: "done", eventId } : { kind: "done" };
}

/** As a state event and not through `/ban`, so that the field of MSC4293 travels wherever the feature is off. */
function memberPath({ room, user }: { room: string; user: string }): string {
  return path`/_matrix/client/v3/rooms/${room}/state/m.room.member/${user}`;
}

function reasonOf({ reason }: { reason: string }): JsonObject {
  return reason === "" ? {} : { reason };
}

function reactionContent(action: ActionOf<"react">): JsonObject {
  return { "m.relates_to": { rel_type: "m.annotation", event_id: action.event, key: action.with } };
}

async function join(
  action: ActionOf<"join">,
  { client }: PerformOptions,
  signal: AbortSignal,
): Promise<Done> {
  const query = action.via.length > 0 ? { via: action.via, server_name: action.via } : {};
  const answer = await client.transport.request("POST", path`/_matrix/client/v3/join/${action.room}`, {
    query,
    body: {},
    signal,
    isWrite: true,
    retries: noRetries,
  });
  const room = parseRoomId(asObject(answer)?.["room_id"]);
  return room ? { kind: "done", room } : { kind: "done" };
}

/** Uploaded, then shown as an attachment. Cut short in between, it is uploaded again, and the first is never seen. */
async function sendFile(
  decision: Decision,
  action: ActionOf<"send-file">,
  { client, fileOf }: PerformOptions,
  signal: AbortSignal,
): Promise<Done> {
  const file = fileOf(action);
  if (!file) throw new MatrixFault(404, "NO_LIST", "the list is gone");
  const upload = await client.transport.request("POST", "/_matrix/media/v3/upload", {
    query: { filename: file.name },
    body: file.text,
    contentType: file.type,
    signal,
    isWrite: true,
    retries: noRetries,
  });
  const url = asString(asObject(upload)?.["content_uri"]);
  if (url === undefined) throw new MatrixFault(502, "NO_URI", "the homeserver did not say where the file is");
  const where = path`/_matrix/client/v3/rooms/${action.room}/send/m.room.message/${decision.id}`;
  const body = fileContent(file, url);
  return written(client.transport.request("PUT", where, { body, signal, isWrite: true, retries: noRetries }));
}

/** A public room of type `m.policy` in which moderators (level 50) write and nobody chats (MSC3784). */
async function createList(
  action: ActionOf<"create-list">,
  { client, self }: PerformOptions,
  signal: AbortSignal,
): Promise<Done> {
  const capabilities = asObject(
    asObject(await client.transport.request("GET", "/_matrix/client/v3/capabilities", { signal }))?.[
      "capabilities"
    ],
  );
  const version = asString(asObject(capabilities?.["m.room_versions"])?.["default"]) ?? "";
  // Creators of version 12 and later stand above all levels and must not be listed.
  const hasSovereignCreators = /^\d+$/.test(version) ? Number(version) >= 12 : false;
  const users = { ...(hasSovereignCreators ? {} : { [self]: 100 }), [action.inviter]: 50 };
  const answer = await client.transport.request("POST", "/_matrix/client/v3/createRoom", {
    isWrite: true,
    // A second attempt after a lost answer would make a second list.
    retries: 0,
    signal,
    body: {
      preset: "public_chat",
      ...(version === "" ? {} : { room_version: version }),
      name: `${action.shortcode} (policy list)`,
      ...(action.alias === "" ? {} : { room_alias_name: action.alias }),
      invite: [action.inviter],
      creation_content: { type: "m.policy" },
      initial_state: [
        { type: "org.matrix.mjolnir.shortcode", state_key: "", content: { shortcode: action.shortcode } },
      ],
      power_level_content_override: {
        ban: 50,
        kick: 50,
        redact: 50,
        invite: 0,
        state_default: 50,
        events_default: 50,
        users_default: 0,
        users,
        events: { "m.room.power_levels": 100, "m.room.name": 100 },
      },
    },
  });
  const room = parseRoomId(asObject(answer)?.["room_id"]);
  if (!room) throw new MatrixFault(502, "NO_ROOM", "the homeserver made a room but did not say which");
  return { kind: "done", room };
}

/** Returns when Synapse has finished, so that "done" means done; its own status is kept for a day. */
async function redactByServer(
  action: ActionOf<"redact-by-server">,
  { client, clock }: PerformOptions,
  signal: AbortSignal,
): Promise<Done> {
  const { rooms, limit, reason } = action;
  const answer = await client.transport.request("POST", path`/_synapse/admin/v1/user/${action.user}/redact`, {
    body: { rooms, limit, ...(reason === "" ? {} : { reason }) },
    signal,
    isWrite: true,
  });
  const id = asString(asObject(answer)?.["redact_id"]);
  if (id === undefined) return { kind: "done" };
  for (let waitMs = 50; !signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
    const status = asObject(
      await client.transport.request("GET", path`/_synapse/admin/v1/user/redact_status/${id}`, { signal }),
    )?.["status"];
    // Not a passing fault: Synapse has given up, and asking again would begin from the start.
    if (status === "failed")
      throw new MatrixFault(400, "REDACT_FAILED", "the homeserver could not redact everything");
    if (status !== "active" && status !== "scheduled") break;
    await clock.sleep(waitMs, signal);
  }
  return { kind: "done" };
}
