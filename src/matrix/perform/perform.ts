/** How each kind of action is done on the homeserver, as one total table. Only the executor calls this. */
import { fromTable, type ActionTable } from "../../model/actions/action.ts";
import type { Decision } from "../../model/decision.ts";
import type { AccountStatus } from "../account-status.ts";
import { MatrixFault } from "../http/errors.ts";
import { actContext, type ActContext, type ActOptions } from "./act-context.ts";
import { deactivate, moderateAccount } from "./admin-accounts.ts";
import { findMedia, quarantine, quarantineAll } from "./admin-media.ts";
import { makeRoomAdmin, setBlock, shutDown } from "./admin-rooms.ts";
import { attemptFrom, type Performed } from "./attempt.ts";
import { createList } from "./create-list.ts";
import { addAlias, removeAlias, setListing } from "./directory.ts";
import { ban, invite, join, leave, unbanOrKick } from "./membership.ts";
import { describeCommand, removePolicy, setServerAcl, writePolicy } from "./policy-rules.ts";
import { setProfile } from "./own-profile.ts";
import { writePolicyServer } from "./policy-servers.ts";
import { putBack, setLevels, writeContainment } from "./power-levels.ts";
import { fillGap, readBans, readRoom, searchHistory } from "./reads.ts";
import { redact, redactByServer } from "./redaction.ts";
import type { Done } from "./results.ts";
import { sendFile } from "./send-file.ts";
import { ask, post, react, showRemoved, showReported, tell, warn } from "./send-message.ts";
import { tryProtection } from "./try-protection.ts";

const requests: ActionTable<[ActContext], Promise<Done>> = {
  ban,
  unban: unbanOrKick,
  kick: unbanOrKick,
  invite,
  "refuse-knock": unbanOrKick,
  join,
  leave,
  mute: setLevels,
  unmute: setLevels,
  "set-power-level": setLevels,
  contain: writeContainment,
  release: writeContainment,
  "put-back": putBack,
  redact,
  hold: redact,
  "redact-by-server": redactByServer,
  "search-history": searchHistory,
  "set-server-acl": setServerAcl,
  "set-policy-server": writePolicyServer,
  "clear-policy-server": writePolicyServer,
  "write-policy": writePolicy,
  "remove-policy": removePolicy,
  "create-list": createList,
  tell,
  ask,
  warn,
  post,
  react,
  "send-file": sendFile,
  "show-removed": showRemoved,
  "show-reported": showReported,
  "describe-command": describeCommand,
  "read-room": readRoom,
  "read-bans": readBans,
  "fill-gap": fillGap,
  "try-protection": tryProtection,
  suspend: moderateAccount,
  unsuspend: moderateAccount,
  lock: moderateAccount,
  unlock: moderateAccount,
  deactivate,
  "find-media": findMedia,
  "quarantine-media": quarantine,
  "unquarantine-media": quarantine,
  "quarantine-media-of-user": quarantineAll,
  "quarantine-media-of-room": quarantineAll,
  "shutdown-room": shutDown,
  "block-room": setBlock,
  "unblock-room": setBlock,
  "set-profile": setProfile,
  "make-room-admin": makeRoomAdmin,
  "add-alias": addAlias,
  "remove-alias": removeAlias,
  "list-publicly": setListing,
  "unlist-publicly": setListing,
  "change-settings": rejectLocal,
  "answer-question": rejectLocal,
  "forget-removed": rejectLocal,
  "deny-servers": rejectLocal,
  "readmit-servers": rejectLocal,
  "set-room-mode": rejectLocal,
};

/** These change nothing on the homeserver, and the executor never hands them here (`lifecycle/build-executor.ts`). */
function rejectLocal(): Promise<Done> {
  return Promise.reject(new Error("settings and answers are the bot's own affair, not the homeserver's"));
}

export interface PerformOptions extends ActOptions {
  /** The access token is no longer good. */
  readonly tokenRevoked: (fault: MatrixFault) => void;
  readonly accountStatus: AccountStatus;
}

export function performer(
  options: PerformOptions,
): (decision: Decision, signal: AbortSignal) => Promise<Performed> {
  /** Ids of decisions that were sent at least once and are not known to have been done. */
  const begun = new Set<string>();
  return async (decision, signal) => {
    const isRepeated = begun.has(decision.id);
    begun.add(decision.id);
    const performed = await attempt(
      decision,
      actContext(options, { decision, signal, isRepeated }),
      options,
    ).catch((error: unknown) => {
      begun.delete(decision.id);
      throw error;
    });
    if (performed.kind !== "unavailable") begun.delete(decision.id);
    return performed;
  };
}

/** Rejects only where the fault is ours. */
async function attempt(
  { action }: Decision,
  context: ActContext,
  { accountStatus, tokenRevoked }: PerformOptions,
): Promise<Performed> {
  try {
    const done = await fromTable(requests, action, context);
    accountStatus.succeeded(action.kind);
    return done;
  } catch (error) {
    if (!(error instanceof MatrixFault)) throw error;
    if (error.isUnknownToken) tokenRevoked(error);
    accountStatus.refused(error, action.kind);
    // The answer may have got lost on the way back, and a second attempt would make a second list.
    if (action.kind === "create-list" && error.isPassing) {
      const message = `${error.message}; look whether the list was made before you try again`;
      return { kind: "failed", lasting: false, code: error.errcode, message };
    }
    return attemptFrom(error);
  }
}
