/** Meowlnir's commands in its own words and orders. */
import {
  has,
  isRoom,
  line,
  none,
  noSuchRoom,
  row,
  same,
  taken,
  without,
  type Row,
  type Translated,
} from "./row.ts";

const exempting =
  "I write no rules that allow: !tyr exempt add @name:server spares somebody whatever lists say";
const subscribing = [
  ["subscribe", "subscribe #bans:example.org"],
  ["watch", "watch #bans:example.org"],
  ["lists subscribe", "lists subscribe #bans:example.org bans"],
  ["lists watch", "lists watch #bans:example.org"],
] as const;
const leaving = ["unsubscribe", "unwatch", "lists unsubscribe", "lists unwatch"] as const;

export const meowlnir: readonly Row[] = [
  row("", "status", ""),
  ...["join", "knock"].map((word) =>
    none(word, "Protecting a room joins it: !tyr rooms add #room:server", `${word} #lobby:example.org`),
  ),
  none(
    "leave",
    "I stay in rooms until somebody removes me; !tyr rooms remove ends the protection",
    "leave #lobby:example.org",
  ),
  row("powerlevel", powerLevel, "powerlevel #lobby:example.org @helper:example.org 50"),
  row("pl", powerLevel, "pl all @helper:example.org 50"),
  row("redact", "redact", "redact @rude:example.org spam"),
  none(
    "redact-recent",
    "I redact by person: !tyr redact @name:server #room:server, and !tyr since 1h show tells who is new",
    "redact-recent #lobby:example.org 1h",
  ),
  row("kick", kick, "kick --room #lobby:example.org @rude:example.org calm down"),
  row("ban", ban, "ban coc @rude:example.org insults"),
  none(
    "takedown",
    "I write no takedown rules: !tyr ban @name:server spam bans and removes what they wrote",
    "takedown coc @rude:example.org",
  ),
  row("remove-ban", "unban", "remove-ban coc @rude:example.org"),
  row("remove-policy", "unban", "remove-policy coc @rude:example.org"),
  none("remove-unban", exempting, "remove-unban coc @rude:example.org"),
  none("add-unban", exempting, "add-unban coc @rude:example.org"),
  none("allow-invite", "I do not look at invitations between others", "allow-invite @helper:example.org"),
  row("match", match, "match @rude:example.org"),
  row("search", "rules search", "search *rude*"),
  none(
    "send-as-bot",
    "I speak for nobody; !tyr warn @name:server is my only word to people",
    "send-as-bot #lobby:example.org hello",
  ),
  row("suspend", "suspend", "suspend @rude:example.org"),
  row("unsuspend", "unsuspend", "unsuspend @rude:example.org"),
  row("deactivate", same("deactivate", "--erase"), "deactivate @rude:example.org"),
  ...["bot-profile", "profile"].map((word) =>
    none(
      word,
      "My name and avatar are set with any client that is logged in as me",
      `${word} displayname Tyr`,
    ),
  ),
  row("rooms", "rooms", "rooms"),
  row("room", "rooms", "room"),
  row("rooms list", () => line("rooms"), "rooms list"),
  ...["protect", "rooms protect"].map((words) =>
    row(words, protecting("rooms add"), `${words} #lobby:example.org`),
  ),
  ...["unprotect", "rooms unprotect"].map((words) =>
    row(words, protecting("rooms remove"), `${words} #lobby:example.org`),
  ),
  row("rooms info", "why", "rooms info #lobby:example.org"),
  ...["delete", "purge", "block"].map((verb) =>
    row(
      `rooms ${verb}`,
      same("shutdown", "--async", "--force", "--confirm"),
      `rooms ${verb} #lobby:example.org`,
    ),
  ),
  none(
    "rooms delete-status",
    "I tell when it is done; !tyr status shows what is under way",
    "rooms delete-status abc",
  ),
  row("lists", "lists", "lists"),
  row("list", "lists", "list"),
  ...subscribing.map(([words, example]) => row(words, subscribe, example)),
  ...leaving.map((words) => row(words, "lists unwatch", `${words} coc`)),
  row("lists create", ([shortcode]) => line("lists", "create", shortcode), "lists create spam"),
  ...["policyserver", "ps"].map((word) => none(word, "I set no policy servers yet")),
  none(
    "toggleprotection",
    "!tyr protections enable or disable, with its name",
    "toggleprotection anti_flood",
  ),
  none("provision", "I serve one community", "provision @helper:example.org"),
  row("version", () => line("status"), "version"),
  row("help", () => line("help"), "help"),
];

function powerLevel([room, key, level]: readonly string[]): Translated {
  if (!key?.startsWith("@") && !key?.includes("matrix.to"))
    return { instead: "I set the levels of people: !tyr powerlevel @name:server 50 #room:server" };
  return line("powerlevel", key, level, room?.toLowerCase() === "all" ? undefined : room);
}

function kick(rest: readonly string[]): Translated {
  const room = taken(without(rest, ["--force"]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const [who, ...reason] = room.rest;
  return line("kick", who, room.value, ...reason);
}

function ban(rest: readonly string[]): Translated {
  const words = without(rest, ["--hash"]);
  if (!has(rest, "--hash")) return line("ban", ...words);
  return { instead: `I write rules that can be read: !tyr ban ${words.join(" ")}` };
}

function match(rest: readonly string[]): Translated {
  if (rest.length > 1) return { instead: `One at a time: !tyr rules matching ${rest[0]!}` };
  return line("rules", "matching", rest[0]);
}

function protecting(ours: string): Row["ours"] {
  return (rest) =>
    rest.length > 1 ? { instead: `One room at a time: !tyr ${ours} ${rest[0]!}` } : line(ours, rest[0]);
}

/** The shortcode is the list's own here; of the flags one has a counterpart. */
function subscribe(rest: readonly string[]): Translated {
  const flags = rest.filter((word) => word.startsWith("--") && word.toLowerCase() !== "--dont-auto-unban");
  const [room] = rest.filter((word) => !word.startsWith("--"));
  if (flags.length > 0)
    return {
      instead: `There is no ${flags.join(" ")} here: !tyr lists watch ${room ?? ""} applies all its rules`,
    };
  return line("lists", "watch", room, has(rest, "--dont-auto-unban") ? "--keep-bans" : undefined);
}
