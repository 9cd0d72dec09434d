/** Draupnir's commands in its own words and orders. `--no-confirm` means nothing here: what hits much is asked about anyway. */
import {
  has,
  isRoom,
  line,
  none,
  noSuchRoom,
  protection,
  row,
  same,
  taken,
  without,
  type Row,
  type Translated,
} from "./row.ts";

const noConfirm = "--no-confirm";
const profile = "My name and avatar are set with any client that is logged in as me";
const settings =
  "The settings of protections have other names here: !tyr protections shows them and how they are set";

export const draupnir: readonly Row[] = [
  row("", "status", ""),
  row("help", () => line("help"), "help"),
  row("status", () => line("status"), "status"),
  row("rooms", "rooms", "rooms"),
  row("rooms add", "rooms add", "rooms add #lobby:example.org"),
  row("rooms remove", "rooms remove", "rooms remove #lobby:example.org"),
  row("rules", "rules", "rules"),
  row("rules matching", "rules matching", "rules matching @rude:example.org"),
  none("rules matching members", "Whom a rule hits is told for each of them: !tyr why @name:server"),
  row("ban", same("ban", noConfirm), "ban @rude:example.org coc insults"),
  row("unban", unban, "unban @rude:example.org --no-confirm"),
  row("policy remove", policyRemove, "policy remove @rude:example.org coc ban --no-confirm"),
  none(
    "takedown",
    "I write no takedown rules: !tyr ban @name:server spam bans and removes what they wrote",
    "takedown @rude:example.org coc",
  ),
  row("kick", kick, "kick @rude:example.org calm down --room #lobby:example.org"),
  row("redact", redact, "redact @rude:example.org off topic --limit 20 --room #lobby:example.org"),
  row("watch", same("lists watch", noConfirm), "watch #bans:example.org --no-confirm"),
  row("unwatch", same("lists unwatch", noConfirm), "unwatch coc"),
  row("list create", "lists create", "list create spam spam-bans"),
  row("import", "lists import", "import #lobby:example.org coc"),
  row("alias add", "alias add", "alias add #new:example.org #lobby:example.org"),
  row("alias move", "alias move", "alias move #new:example.org #lobby:example.org"),
  row("alias remove", "alias remove", "alias remove #new:example.org"),
  row("resolve", "resolve", "resolve #lobby:example.org"),
  row("powerlevel", powerLevel, "powerlevel @helper:example.org 50 #lobby:example.org"),
  none("displayname", profile),
  none("avatar", profile),
  row("protections", "protections", "protections"),
  row(
    "protections show",
    ([name]) => line("protections", "show", protection(name)),
    "protections show BasicFloodingProtection",
  ),
  row(
    "protections enable",
    ([name]) => line("protections", "enable", protection(name)),
    "protections enable BasicFloodingProtection",
  ),
  row(
    "protections disable",
    ([name]) => line("protections", "disable", protection(name)),
    "protections disable BasicFloodingProtection",
  ),
  none("protections config", settings, "protections config set BasicFloodingProtection maxPerMinute 5"),
  none("protections capability", settings, "protections capability BasicFloodingProtection userConsequences"),
  none("joinwave status", "Who has joined is told by !tyr since 1h show"),
  none(
    "safe mode",
    "I need no safe mode: one broken room, list or setting never stops the others, and !tyr status names it",
  ),
  row("deactivate", deactivate, "deactivate @rude:example.org --no-confirm"),
  row("suspend", same("suspend", noConfirm), "suspend @rude:example.org --no-confirm"),
  row("unrestrict", "unsuspend", "unrestrict @rude:example.org"),
  row("hijack room", same("make-admin", noConfirm), "hijack room #lobby:example.org @helper:example.org"),
  row("shutdown room", same("shutdown", noConfirm, "--notify"), "shutdown room #lobby:example.org spam"),
];

function unban(rest: readonly string[]): Translated {
  const words = without(rest, [noConfirm, "--true", "--invite"]);
  if (!has(rest, "--invite")) return line("unban", ...words);
  return {
    instead: `An unban invites nobody here: !tyr unban ${words.join(" ")}; to take back what a command did, invitations included, !tyr undo ${words[0] ?? ""}`,
  };
}

/** The recommendation comes last; `unban` takes back bans and takedowns alike. */
function policyRemove(rest: readonly string[]): Translated {
  const [entity, list] = without(rest, [noConfirm]);
  return line("unban", list, entity);
}

function kick(rest: readonly string[]): Translated {
  const room = taken(without(rest, ["--glob", noConfirm]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const [who, ...reason] = without(room.rest, ["--dry-run"]);
  if (has(rest, "--dry-run"))
    return {
      instead:
        `What hits many is asked about before it is done: !tyr kick ${who ?? ""} ${room.value ?? ""}`.trimEnd(),
    };
  return line("kick", who, room.value, ...reason);
}

function redact(rest: readonly string[]): Translated {
  const room = taken(without(rest, [noConfirm]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const limit = taken(room.rest, "--limit");
  const [what, ...reason] = limit.rest;
  return line("redact", what, room.value, limit.value && `--limit ${limit.value}`, ...reason);
}

function powerLevel([who, level, ...rooms]: readonly string[]): Translated {
  if (rooms.length > 1)
    return {
      instead: `One room at a time, or all of them: !tyr powerlevel ${who ?? ""} ${level ?? ""} ${rooms[0]!}`,
    };
  return line("powerlevel", who, level, rooms[0]);
}

function deactivate(rest: readonly string[]): Translated {
  const [who = ""] = without(rest, [noConfirm, "--purge-messages"]);
  if (has(rest, "--purge-messages"))
    return { instead: `Two commands here: !tyr redact ${who}, then !tyr deactivate ${who}` };
  return line("deactivate", who);
}
