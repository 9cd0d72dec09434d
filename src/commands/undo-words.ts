/** How moderators call what an undo does, and what it leaves alone. */
import { count, joined, type Say } from "../kit/say.ts";
import type { ActionKind } from "../model/actions/action.ts";
import { words } from "../model/actions/words.ts";

/** "3 bans to lift, 1 rule to take back". */
export function toTakeBack(kinds: readonly ActionKind[]): Say {
  return counted(kinds, "toTakeBack", orderToTakeBack);
}

/** "3 bans, 1 rule". */
export function asDone(kinds: readonly ActionKind[]): Say {
  return counted(kinds, "leftAlone", orderLeftAlone);
}

function counted(
  kinds: readonly ActionKind[],
  names: "toTakeBack" | "leftAlone",
  order: readonly ActionKind[],
): Say {
  const counts = [...Map.groupBy(kinds, (kind) => kind)].sort(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  return joined(counts.map(([kind, all]) => count(all.length, ...words[kind][names])));
}

/** The order in which both are told, what matters most first; a kind that is not named comes before all. */
const orderToTakeBack: readonly ActionKind[] = [
  "clear-policy-server",
  "release",
  "readmit-servers",
  "contain",
  "deny-servers",
  "set-policy-server",
  "remove-policy",
  "write-policy",
  "unban",
  "ban",
  "invite",
  "kick",
  "unmute",
  "mute",
  "post",
  "set-power-level",
  "put-back",
  "set-room-mode",
  "change-settings",
  "answer-question",
  "unsuspend",
  "suspend",
  "unlock",
  "lock",
  "unquarantine-media",
  "quarantine-media",
  "unblock-room",
  "block-room",
  "remove-alias",
  "add-alias",
  "list-publicly",
  "unlist-publicly",
];

const orderLeftAlone: readonly ActionKind[] = [
  "contain",
  "deny-servers",
  "release",
  "set-policy-server",
  "clear-policy-server",
  "remove-policy",
  "write-policy",
  "unban",
  "ban",
  "kick",
  "refuse-knock",
  "mute",
  "unmute",
  "set-power-level",
  "put-back",
  "set-room-mode",
  "change-settings",
  "answer-question",
  "suspend",
  "unsuspend",
  "lock",
  "unlock",
  "quarantine-media",
  "unquarantine-media",
  "block-room",
  "unblock-room",
  "add-alias",
  "remove-alias",
  "list-publicly",
  "unlist-publicly",
  "redact",
  "hold",
  "warn",
  "deactivate",
  "quarantine-media-of-user",
  "quarantine-media-of-room",
  "shutdown-room",
  "make-room-admin",
  "set-profile",
];
