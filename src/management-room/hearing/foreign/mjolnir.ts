/** Mjolnir's commands. Its flag `--force` for wildcards is dropped: what exceeds the blast radius is asked about in any case. */
import {
  hasFlag,
  isRoom,
  ownLine,
  unsupported,
  protectionName,
  row,
  sameArguments,
  withLimit,
  withoutFlags,
  type Row,
  type Translation,
} from "./row.ts";

export const mjolnir: readonly Row[] = [
  row("", "status", ""),
  row("status", () => ownLine("status"), "status mjolnir"),
  row(
    "status joins",
    ([room, age = "1d"]) => ownLine("since", age, "show", room),
    "status joins #lobby:example.org 1day",
  ),
  row(
    "status protection",
    ([name]) => ownLine("protections", "show", protectionName(name)),
    "status protection BasicFloodingProtection",
  ),
  row("help", () => ownLine("help"), "help"),
  row(
    "ban",
    sameArguments("ban", "--force"),
    "ban coc user @rude:example.org insults --force",
    "ban coc server *.evil.example scam network --force",
    "ban coc room !spam:evil.example",
  ),
  row("unban", unban, "unban coc user @rude:example.org true"),
  row("rules", "rules", "rules"),
  row("rules matching", "rules matching", "rules matching @rude:example.org"),
  row("sync", "sync", "sync"),
  row("verify", "verify", "verify"),
  row("list create", "lists create", "list create spam spam-bans"),
  row("watch", "lists watch", "watch #bans:example.org"),
  row("unwatch", "lists unwatch", "unwatch coc"),
  row("import", "lists import", "import #lobby:example.org coc"),
  row("default", "lists default", "default coc"),
  row(
    "redact",
    redact,
    "redact @rude:example.org #lobby:example.org 20",
    "redact https://matrix.to/#/!lobby:example.org/$event",
    "redact @rude:example.org --quarantine",
  ),
  row("kick", sameArguments("kick", "--force"), "kick @rude:example.org #lobby:example.org calm down"),
  row("deactivate", "deactivate", "deactivate @rude:example.org"),
  row("suspend", suspend, "suspend @rude:example.org", "suspend @rude:example.org --quarantine"),
  row("unsuspend", "unsuspend", "unsuspend @rude:example.org"),
  row("lock", "lock", "lock @rude:example.org"),
  row("unlock", "unlock", "unlock @rude:example.org"),
  row(
    "quarantine-media",
    quarantine,
    "quarantine-media @rude:example.org",
    "quarantine-media #lobby:example.org",
    "quarantine-media mxc://example.org/file",
  ),
  row(
    "since",
    since,
    "since 2h kick 100 #lobby:example.org spam wave",
    "since 2h ban 100 * spam wave",
    "since 2h show 100 #lobby:example.org #new:example.org",
  ),
  row(
    "powerlevel",
    sameArguments("powerlevel", "--force"),
    "powerlevel @helper:example.org 50 #lobby:example.org",
  ),
  row("make admin", "make-admin", "make admin #lobby:example.org @helper:example.org"),
  row(
    "shutdown room",
    shutDown,
    "shutdown room #lobby:example.org",
    "shutdown room #lobby:example.org this room was full of spam",
  ),
  row("rooms", "rooms", "rooms"),
  row("rooms add", "rooms add", "rooms add #lobby:example.org"),
  row("rooms remove", "rooms remove", "rooms remove #lobby:example.org"),
  unsupported(
    "rooms setup",
    "Reports are not set up room by room here: !tyr reports on hears them, !tyr reports shows them",
    "rooms setup #lobby:example.org reporting",
  ),
  row("directory add", "directory add", "directory add #lobby:example.org"),
  row("directory remove", "directory remove", "directory remove #lobby:example.org"),
  row("alias add", "alias add", "alias add #new:example.org #lobby:example.org"),
  row("alias remove", "alias remove", "alias remove #new:example.org"),
  row("move", "alias move", "move #new:example.org #lobby:example.org"),
  row("resolve", "resolve", "resolve #lobby:example.org"),
  row("protections", "protections", "protections"),
  row(
    "enable",
    ([name]) => ownLine("protections", "enable", protectionName(name)),
    "enable BasicFloodingProtection",
  ),
  row(
    "disable",
    ([name]) => ownLine("protections", "disable", protectionName(name)),
    "disable BasicFloodingProtection",
  ),
  row("config get", () => ownLine("protections"), "config get"),
  ...["set", "add", "remove"].map((verb) =>
    unsupported(
      `config ${verb}`,
      "The settings of protections have other names here: !tyr protections shows them and how they are set",
      `config ${verb} BasicFloodingProtection.maxPerMinute 5`,
    ),
  ),
  row("ignore", "exempt add", "ignore @bridge:example.org", "ignore friends.example"),
  row("ignored", () => ownLine("exempt", "list"), "ignored"),
];

/** What follows the room is a message to those who are removed. */
function shutDown([room = "", ...message]: readonly string[]): Translation {
  return ownLine("shutdown", room, "--purge", message.length > 0 ? "--notify" : undefined, ...message);
}

/** A `true` at the end asks Mjolnir to lift the bans in the rooms, too; our `unban` always does. */
function unban(rest: readonly string[]): Translation {
  const words = withoutFlags(rest, ["--force"]);
  return ownLine("unban", ...(words.at(-1)?.toLowerCase() === "true" ? words.slice(0, -1) : words));
}

function redact(rest: readonly string[]): Translation {
  const words = withoutFlags(rest, ["--quarantine"]);
  const [what = "", second] = words;
  if (hasFlag(rest, "--quarantine"))
    return {
      instead: `Redacting and quarantining are two commands here: !tyr redact ${words.join(" ")}, then !tyr quarantine-media ${what}`,
    };
  return ownLine("redact", ...withLimit(words, isRoom(second) ? 2 : 1));
}

function suspend(rest: readonly string[]): Translation {
  const words = withoutFlags(rest, ["--quarantine"]);
  if (!hasFlag(rest, "--quarantine")) return ownLine("suspend", ...words);
  const [who = ""] = words;
  return {
    instead: `Suspending and quarantining are two commands here: !tyr suspend ${who}, then !tyr quarantine-media ${who}`,
  };
}

function quarantine(rest: readonly string[]): Translation {
  return ownLine("quarantine-media", ...withLimit(rest, isRoom(rest[1]) ? 2 : 1));
}

function since([time, act, limit, ...rest]: readonly string[]): Translation {
  const rooms = rest.filter((_word, i) => rest.slice(0, i + 1).every((one) => isRoom(one) || one === "*"));
  const reason = rest.slice(rooms.length);
  const where = rooms.includes("*") ? [] : rooms;
  return ownLine(
    "since",
    time,
    act,
    limit === undefined ? undefined : `--limit ${limit}`,
    ...where,
    ...reason,
  );
}
