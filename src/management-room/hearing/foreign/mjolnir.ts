/** Mjolnir's commands in its own words and orders. Wildcards need no `--force` here: what hits many waits for a yes anyway. */
import {
  has,
  isRoom,
  line,
  none,
  protection,
  row,
  same,
  withLimit,
  without,
  type Row,
  type Translated,
} from "./row.ts";

export const mjolnir: readonly Row[] = [
  row("", "status", ""),
  row("status", () => line("status"), "status mjolnir"),
  row(
    "status joins",
    ([room, age = "1d"]) => line("since", age, "show", room),
    "status joins #lobby:example.org 1day",
  ),
  row(
    "status protection",
    ([name]) => line("protections", "show", protection(name)),
    "status protection BasicFloodingProtection",
  ),
  row("help", () => line("help"), "help"),
  row("ban", same("ban", "--force"), "ban coc user @rude:example.org insults --force"),
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
  row("redact", redact, "redact @rude:example.org #lobby:example.org 20"),
  row("kick", same("kick", "--force"), "kick @rude:example.org #lobby:example.org calm down"),
  row("deactivate", "deactivate", "deactivate @rude:example.org"),
  row("suspend", suspend, "suspend @rude:example.org"),
  row("unsuspend", "unsuspend", "unsuspend @rude:example.org"),
  row("lock", "lock", "lock @rude:example.org"),
  row("unlock", "unlock", "unlock @rude:example.org"),
  row("quarantine-media", quarantine, "quarantine-media @rude:example.org"),
  row("since", since, "since 2h kick 100 #lobby:example.org spam wave"),
  row("powerlevel", same("powerlevel", "--force"), "powerlevel @helper:example.org 50 #lobby:example.org"),
  row("make admin", "make-admin", "make admin #lobby:example.org @helper:example.org"),
  row("shutdown room", "shutdown", "shutdown room #lobby:example.org spam"),
  row("rooms", "rooms", "rooms"),
  row("rooms add", "rooms add", "rooms add #lobby:example.org"),
  row("rooms remove", "rooms remove", "rooms remove #lobby:example.org"),
  none("rooms setup", "Reports are not set up room by room here", "rooms setup #lobby:example.org reporting"),
  row("directory add", "directory add", "directory add #lobby:example.org"),
  row("directory remove", "directory remove", "directory remove #lobby:example.org"),
  row("alias add", "alias add", "alias add #new:example.org #lobby:example.org"),
  row("alias remove", "alias remove", "alias remove #new:example.org"),
  row("move", "alias move", "move #new:example.org #lobby:example.org"),
  row("resolve", "resolve", "resolve #lobby:example.org"),
  row("protections", "protections", "protections"),
  row(
    "enable",
    ([name]) => line("protections", "enable", protection(name)),
    "enable BasicFloodingProtection",
  ),
  row(
    "disable",
    ([name]) => line("protections", "disable", protection(name)),
    "disable BasicFloodingProtection",
  ),
  row("config get", () => line("protections"), "config get"),
  ...["set", "add", "remove"].map((verb) =>
    none(
      `config ${verb}`,
      "The settings of protections have other names here: !tyr protections shows them and how they are set",
      `config ${verb} BasicFloodingProtection.maxPerMinute 5`,
    ),
  ),
  row("ignore", "exempt add", "ignore @bridge:example.org"),
  row("ignored", () => line("exempt", "list"), "ignored"),
];

/** The last `true` asks for what we do anyway: the bans in the rooms are lifted too. */
function unban(rest: readonly string[]): Translated {
  const words = without(rest, ["--force"]);
  return line("unban", ...(words.at(-1)?.toLowerCase() === "true" ? words.slice(0, -1) : words));
}

function redact(rest: readonly string[]): Translated {
  const words = without(rest, ["--quarantine"]);
  const [what = "", second] = words;
  if (has(rest, "--quarantine"))
    return {
      instead: `Redacting and quarantining are two commands here: !tyr redact ${words.join(" ")}, then !tyr quarantine-media ${what}`,
    };
  return line("redact", ...withLimit(words, isRoom(second) ? 2 : 1));
}

function suspend(rest: readonly string[]): Translated {
  const words = without(rest, ["--quarantine"]);
  if (!has(rest, "--quarantine")) return line("suspend", ...words);
  const [who = ""] = words;
  return {
    instead: `Suspending and quarantining are two commands here: !tyr suspend ${who}, then !tyr quarantine-media ${who}`,
  };
}

function quarantine(rest: readonly string[]): Translated {
  return line("quarantine-media", ...withLimit(rest, isRoom(rest[1]) ? 2 : 1));
}

function since([time, act, limit, ...rest]: readonly string[]): Translated {
  const rooms = rest.filter((_word, i) => rest.slice(0, i + 1).every((one) => isRoom(one) || one === "*"));
  const reason = rest.slice(rooms.length);
  if (rooms.length > 1)
    return {
      instead: `One room at a time, or all of them: !tyr since ${time ?? ""} ${act ?? ""} ${rooms[0] ?? ""}`,
    };
  const where = rooms[0] === "*" ? undefined : rooms[0];
  return line("since", time, act, where, limit === undefined ? undefined : `--limit ${limit}`, ...reason);
}
