/** Draupnir's commands. Its flag `--no-confirm` is dropped: what exceeds the blast radius is asked about in any case. */
import { hasWildcard } from "../../../kit/glob.ts";
import { parseLink } from "../../../model/links.ts";
import {
  hasFlag,
  isRoom,
  ownLine,
  unsupported,
  noSuchRoom,
  protectionName,
  row,
  sameArguments,
  shuttingDown,
  takeFlag,
  withoutFlags,
  type Row,
  type Translation,
} from "./row.ts";

const noConfirm = "--no-confirm";
const shutDownQuietly = shuttingDown(noConfirm);
const settings =
  "The settings of protections have other names here: !tyr protections shows them and how they are set";

export const draupnir: readonly Row[] = [
  row("", "status", ""),
  row("help", () => ownLine("help"), "help"),
  row("status", () => ownLine("status"), "status"),
  row("rooms", "rooms", "rooms"),
  row("rooms add", "rooms add", "rooms add #lobby:example.org"),
  row("rooms remove", "rooms remove", "rooms remove #lobby:example.org"),
  row("rules", "rules", "rules"),
  row("rules matching", "rules matching", "rules matching @rude:example.org"),
  unsupported("rules matching members", "Whom a rule hits is told for each of them: !tyr why @name:server"),
  row("ban", sameArguments("ban", noConfirm), "ban @rude:example.org coc insults"),
  row(
    "unban",
    unban,
    "unban @rude:example.org --no-confirm",
    "unban @rude:example.org --invite --no-confirm",
  ),
  row("policy remove", policyRemove, "policy remove @rude:example.org coc ban --no-confirm"),
  row(
    "takedown",
    takingDown,
    "takedown @rude:example.org coc",
    "takedown @rude:example.org coc --plain-text",
  ),
  row(
    "kick",
    kick,
    "kick @rude:example.org calm down --room #lobby:example.org",
    "kick @*:evil.example --glob",
    "kick @*:evil.example --glob --dry-run",
  ),
  row(
    "redact",
    redact,
    "redact @rude:example.org off topic --limit 20 --room #lobby:example.org",
    "redact https://matrix.to/#/!lobby:example.org/$event off topic",
  ),
  row("watch", sameArguments("lists watch", noConfirm), "watch #bans:example.org --no-confirm"),
  row("unwatch", sameArguments("lists unwatch", noConfirm), "unwatch coc"),
  row("list create", "lists create", "list create spam spam-bans"),
  row("import", "lists import", "import #lobby:example.org coc"),
  row("alias add", "alias add", "alias add #new:example.org #lobby:example.org"),
  row("alias move", "alias move", "alias move #new:example.org #lobby:example.org"),
  row("alias remove", "alias remove", "alias remove #new:example.org"),
  row("resolve", "resolve", "resolve #lobby:example.org"),
  row(
    "powerlevel",
    "powerlevel",
    "powerlevel @helper:example.org 50 #lobby:example.org",
    "powerlevel @helper:example.org 50 #lobby:example.org #new:example.org",
  ),
  row("displayname", "displayname", "displayname Tyr"),
  row("avatar", "avatar", "avatar mxc://example.org/picture"),
  row("protections", "protections", "protections"),
  row(
    "protections show",
    ([name]) => ownLine("protections", "show", protectionName(name)),
    "protections show BasicFloodingProtection",
  ),
  row(
    "protections enable",
    ([name]) => ownLine("protections", "enable", protectionName(name)),
    "protections enable BasicFloodingProtection",
  ),
  row(
    "protections disable",
    ([name]) => ownLine("protections", "disable", protectionName(name)),
    "protections disable BasicFloodingProtection",
  ),
  unsupported(
    "protections config",
    settings,
    "protections config set BasicFloodingProtection maxPerMinute 5",
  ),
  unsupported(
    "protections capability",
    settings,
    "protections capability BasicFloodingProtection userConsequences",
  ),
  unsupported("joinwave status", "Who has joined is told by !tyr since 1h show"),
  unsupported(
    "safe mode",
    "I need no safe mode: one broken room, list or setting never stops the others, and !tyr status names it",
  ),
  row(
    "deactivate",
    deactivate,
    "deactivate @rude:example.org --no-confirm",
    "deactivate @rude:example.org --purge-messages",
  ),
  row("suspend", sameArguments("suspend", noConfirm), "suspend @rude:example.org --no-confirm"),
  row("unrestrict", "unsuspend", "unrestrict @rude:example.org"),
  row(
    "hijack room",
    sameArguments("make-admin", noConfirm),
    "hijack room #lobby:example.org @helper:example.org",
  ),
  row(
    "shutdown room",
    shutDown,
    "shutdown room #lobby:example.org spam",
    "shutdown room #lobby:example.org spam --notify",
  ),
  ...["restart", "recover"].map((word) =>
    unsupported(
      word,
      "I need no safe mode, and am restarted by whatever runs me: what is broken is named by !tyr status",
      word === "recover" ? "recover 1" : word,
    ),
  ),
  unsupported(
    "admin",
    "I serve one community, and nobody is let in to me by command",
    "admin allow @helper:example.org",
  ),
];

function unban(rest: readonly string[]): Translation {
  const words = withoutFlags(rest, [noConfirm, "--true", "--invite"]);
  return ownLine("unban", ...words, hasFlag(rest, "--invite") ? "--invite" : undefined);
}

/** Draupnir writes a hash unless it is asked not to, and we write the name unless we are asked for a hash. */
function takingDown(rest: readonly string[]): Translation {
  const words = withoutFlags(rest, [noConfirm, "--plain-text"]);
  // The reason may hold a question mark, and a link one before its servers. It is the entity that may be a glob.
  const [entity = ""] = words;
  const isGlob = parseLink(entity) === undefined && hasWildcard(entity);
  const isHashed = !hasFlag(rest, "--plain-text") && !isGlob;
  return ownLine("ban", ...words, "--takedown", isHashed ? "--hash" : undefined);
}

/** Draupnir's order is entity, list, recommendation. Our `unban` removes bans and takedowns alike, so the recommendation is dropped. */
function policyRemove(rest: readonly string[]): Translation {
  const [entity, list] = withoutFlags(rest, [noConfirm]);
  return ownLine("unban", list, entity);
}

function kick(rest: readonly string[]): Translation {
  const room = takeFlag(withoutFlags(rest, ["--glob", noConfirm]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const [who, ...reason] = withoutFlags(room.rest, ["--dry-run"]);
  if (hasFlag(rest, "--dry-run"))
    return {
      instead:
        `What hits many is asked about before it is done: !tyr kick ${who ?? ""} ${room.value ?? ""}`.trimEnd(),
    };
  return ownLine("kick", who, room.value, ...reason);
}

function redact(rest: readonly string[]): Translation {
  const room = takeFlag(withoutFlags(rest, [noConfirm]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const limit = takeFlag(room.rest, "--limit");
  const [what, ...reason] = limit.rest;
  return ownLine("redact", what, room.value, limit.value && `--limit ${limit.value}`, ...reason);
}

/** Draupnir always erases. */
function deactivate(rest: readonly string[]): Translation {
  const [who = ""] = withoutFlags(rest, [noConfirm, "--purge-messages"]);
  if (hasFlag(rest, "--purge-messages"))
    return { instead: `Two commands here: !tyr redact ${who}, then !tyr deactivate ${who} --erase` };
  return ownLine("deactivate", who, "--erase");
}

function shutDown(rest: readonly string[]): Translation {
  if (!hasFlag(rest, "--notify")) return shutDownQuietly(rest);
  const [room, ...reason] = withoutFlags(rest, [noConfirm, "--notify"]);
  // Without a reason there is nothing to tell.
  return ownLine("shutdown", room, "--purge", reason.length > 0 ? "--notify" : undefined, ...reason);
}
