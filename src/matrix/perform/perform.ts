/** How each action is done: one request where one is enough. Only the executor calls this. */
import type { Clock } from "../../kit/clock.ts";
import { asObject, type JsonObject } from "../../kit/json.ts";
import type { ActionOf, LevelChange } from "../../model/actions/action.ts";
import type { Decision, Outcome } from "../../model/decision.ts";
import { parseRoomId, type UserId } from "../../model/ids.ts";
import { descriptionType } from "../../model/room.ts";
import { deactivate, makeRoomAdmin, moderateAccount, shutDown } from "./admin-accounts-and-rooms.ts";
import { findMedia, quarantine, quarantineAll } from "./admin-media.ts";
import { redactByServer } from "./admin-redaction.ts";
import { path } from "../http/client.ts";
import { addAlias, removeAlias, setListing } from "./directory.ts";
import { done, noRetries, written, type Done } from "./results.ts";
import { MatrixFault } from "../http/errors.ts";
import { createList, sendFile, type SentFile } from "./lists.ts";
import { fillGap, readBans, readRoom, searchHistory, type ReadLimits, type ReadOptions } from "./reads.ts";
import { messageContent, warningContent } from "./message-content.ts";
import { serverCalls } from "./admin-calls.ts";
import type { AccountStatus } from "../account-status.ts";

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
  readonly standing: AccountStatus;
  /** What is in the file, as it is by now; undefined where there is nothing to send any more. */
  readonly fileOf: (action: ActionOf<"send-file">) => SentFile | undefined;
}

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
