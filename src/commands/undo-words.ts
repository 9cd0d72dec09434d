/** How moderators call what an undo does, and what it leaves alone. */
import { count, joined, type Say } from "../kit/say.ts";
import type { ActionKind } from "../model/actions/action.ts";

/** One, and many. */
type Names = Partial<Record<ActionKind, readonly [string, string]>>;

/** "3 bans to lift, 1 rule to take back". */
export function toTakeBack(kinds: readonly ActionKind[]): Say {
  return counted(kinds, takingBack);
}

/** "3 bans, 1 rule". */
export function asDone(kinds: readonly ActionKind[]): Say {
  return counted(kinds, done);
}

function counted(kinds: readonly ActionKind[], names: Names): Say {
  const order = Object.keys(names);
  const counts = [...Map.groupBy(kinds, (kind) => kind)].sort(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  const parts = counts.map(([kind, all]) => count(all.length, ...(names[kind] ?? ["act", "acts"])));
  return joined(parts);
}

/** Acts that take something back, as moderators call them. */
const takingBack: Names = {
  "remove-policy": ["rule to take back", "rules to take back"],
  "write-policy": ["rule to bring back", "rules to bring back"],
  unban: ["ban to lift", "bans to lift"],
  ban: ["ban to make again", "bans to make again"],
  invite: ["invitation to send", "invitations to send"],
  kick: ["invitation to withdraw", "invitations to withdraw"],
  unmute: ["mute to lift", "mutes to lift"],
  mute: ["mute to make again", "mutes to make again"],
  "set-power-level": ["power level to put back", "power levels to put back"],
  "change-settings": ["setting to put back", "settings to put back"],
  "answer-question": ["answer to turn round", "answers to turn round"],
  unsuspend: ["suspension to lift", "suspensions to lift"],
  suspend: ["suspension to make again", "suspensions to make again"],
  unlock: ["account to unlock", "accounts to unlock"],
  lock: ["account to lock again", "accounts to lock again"],
  "unquarantine-media": ["file to release", "files to release"],
  "quarantine-media": ["file to quarantine again", "files to quarantine again"],
  "remove-alias": ["alias to remove", "aliases to remove"],
  "add-alias": ["alias to put back", "aliases to put back"],
  "list-publicly": ["room to put back on the public list", "rooms to put back on the public list"],
  "unlist-publicly": ["room to take off the public list", "rooms to take off the public list"],
};

/** What was done, as it is called when it is left alone. */
const done: Names = {
  "remove-policy": ["rule taken back", "rules taken back"],
  "write-policy": ["rule", "rules"],
  unban: ["lifted ban", "lifted bans"],
  ban: ["ban", "bans"],
  kick: ["kick", "kicks"],
  mute: ["mute", "mutes"],
  unmute: ["lifted mute", "lifted mutes"],
  "set-power-level": ["power level", "power levels"],
  "change-settings": ["setting", "settings"],
  "answer-question": ["answer", "answers"],
  suspend: ["suspension", "suspensions"],
  unsuspend: ["lifted suspension", "lifted suspensions"],
  lock: ["lock of an account", "locks of accounts"],
  unlock: ["unlocked account", "unlocked accounts"],
  "quarantine-media": ["quarantined file", "quarantined files"],
  "unquarantine-media": ["released file", "released files"],
  "add-alias": ["alias", "aliases"],
  "remove-alias": ["removed alias", "removed aliases"],
  "list-publicly": ["entry on the public list", "entries on the public list"],
  "unlist-publicly": ["entry taken off the public list", "entries taken off the public list"],
  redact: ["redaction", "redactions"],
  warn: ["warning", "warnings"],
  deactivate: ["deactivated account", "deactivated accounts"],
  "quarantine-media-of-user": ["quarantine of all files of a person", "quarantines of all files of a person"],
  "quarantine-media-of-room": ["quarantine of the files of a room", "quarantines of the files of a room"],
  "shutdown-room": ["room that was shut down", "rooms that were shut down"],
  "make-room-admin": ["level given through the homeserver", "levels given through the homeserver"],
};
