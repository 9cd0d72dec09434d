/** Meowlnir's commands. */
import {
  hasFlag,
  isRoom,
  ownLine,
  unsupported,
  noSuchRoom,
  row,
  sameArguments,
  shuttingDown,
  takeFlag,
  withoutFlags,
  type Row,
  type Translation,
} from "./row.ts";

const subscribing = [
  ["subscribe", "subscribe #bans:example.org"],
  ["watch", "watch #bans:example.org"],
  ["lists subscribe", "lists subscribe #bans:example.org bans"],
  ["lists watch", "lists watch #bans:example.org"],
] as const;
/** I always ask first, and tell when it is done. */
const roomFlags = ["--async", "--force", "--confirm"];
const leaving = ["unsubscribe", "unwatch", "lists unsubscribe", "lists unwatch"] as const;

export const meowlnir: readonly Row[] = [
  row("", "status", ""),
  ...["join", "knock"].map((word) =>
    unsupported(
      word,
      "Protecting a room joins it: !tyr rooms add #room:server",
      `${word} #lobby:example.org`,
    ),
  ),
  row("leave", oneRoom("rooms leave"), "leave #lobby:example.org"),
  row(
    "powerlevel",
    powerLevel,
    "powerlevel #lobby:example.org @helper:example.org 50",
    "powerlevel all invite 50",
  ),
  row("pl", powerLevel, "pl all @helper:example.org 50"),
  row("redact", "redact", "redact @rude:example.org spam"),
  unsupported(
    "redact-recent",
    "I redact by person: !tyr redact @name:server #room:server, and !tyr since 1h show tells who is new",
    "redact-recent #lobby:example.org 1h",
  ),
  row("kick", kick, "kick --room #lobby:example.org @rude:example.org calm down"),
  row("ban", "ban", "ban coc @rude:example.org insults", "ban --hash coc @rude:example.org insults"),
  row("takedown", takingDown, "takedown coc @rude:example.org"),
  row("remove-ban", "unban", "remove-ban coc @rude:example.org"),
  row("remove-policy", "unban", "remove-policy coc @rude:example.org"),
  row("remove-unban", "unallow", "remove-unban coc @rude:example.org"),
  row("add-unban", "allow", "add-unban coc @rude:example.org"),
  unsupported(
    "allow-invite",
    "Invitations are refused by the rules of lists alone: !tyr exempt add spares somebody from those",
    "allow-invite @helper:example.org",
  ),
  row("match", match, "match @rude:example.org", "match @rude:example.org @other:example.org"),
  row("search", "rules search", "search *rude*"),
  row("send-as-bot", "say", "send-as-bot #lobby:example.org hello"),
  row("suspend", "suspend", "suspend @rude:example.org"),
  row("unsuspend", "unsuspend", "unsuspend @rude:example.org"),
  row("deactivate", "deactivate", "deactivate @rude:example.org --erase"),
  ...["bot-profile", "profile"].map((word) =>
    row(word, ownProfile, `${word} displayname Tyr`, `${word} avatar mxc://example.org/picture`),
  ),
  row("rooms", "rooms", "rooms"),
  row("room", "rooms", "room"),
  row("rooms list", () => ownLine("rooms"), "rooms list"),
  ...["protect", "rooms protect"].map((words) =>
    row(words, oneRoom("rooms add"), `${words} #lobby:example.org`),
  ),
  ...["unprotect", "rooms unprotect"].map((words) =>
    row(words, oneRoom("rooms remove"), `${words} #lobby:example.org`),
  ),
  row("rooms info", "rooms info", "rooms info #lobby:example.org"),
  row("rooms block", shuttingDown(...roomFlags), "rooms block #lobby:example.org --async"),
  ...["delete", "purge"].map((verb) =>
    row(
      `rooms ${verb}`,
      sameArguments("rooms purge", ...roomFlags),
      `rooms ${verb} #lobby:example.org --async`,
    ),
  ),
  unsupported(
    "rooms delete-status",
    "I tell when it is done; !tyr status shows what is under way",
    "rooms delete-status abc",
  ),
  row("lists", "lists", "lists"),
  row("list", "lists", "list"),
  ...subscribing.map(([words, example]) =>
    words === "lists subscribe"
      ? row(words, subscribe, example, `${example} --dont-auto-unban`, `${example} --dont-apply`)
      : row(words, subscribe, example),
  ),
  ...leaving.map((words) => row(words, "lists unwatch", `${words} coc`)),
  row(
    "lists create",
    createList,
    "lists create spam --alias spam-bans",
    "lists create spam --name Spam --public",
  ),
  ...["policyserver", "ps"].map((word) => unsupported(word, "!tyr policy set SERVER or policy clear")),
  unsupported(
    "toggleprotection",
    "!tyr protections enable or disable, with its name",
    "toggleprotection anti_flood",
  ),
  unsupported("provision", "I serve one community", "provision @helper:example.org"),
  row("version", () => ownLine("status"), "version"),
  row("help", () => ownLine("help"), "help"),
];

function ownProfile([what = "", ...value]: readonly string[]): Translation {
  return ownLine(/^(?:display)?name$/i.test(what) ? "displayname" : "avatar", ...value);
}

/** Anybody may read a list of ours; theirs is for who is invited, unless it is said to be public. */
function createList(rest: readonly string[]): Translation {
  const alias = takeFlag(rest, "--alias");
  const [shortcode, ...flags] = alias.rest;
  return ownLine("lists", "create", shortcode, alias.value, ...flags);
}

function powerLevel([room, key, level]: readonly string[]): Translation {
  if (!key?.startsWith("@") && !key?.includes("matrix.to"))
    return { instead: "I set the levels of people: !tyr powerlevel @name:server 50 #room:server" };
  return ownLine("powerlevel", key, level, room?.toLowerCase() === "all" ? undefined : room);
}

function kick(rest: readonly string[]): Translation {
  const room = takeFlag(withoutFlags(rest, ["--force"]), "--room");
  if (room.isGiven && !isRoom(room.value)) return noSuchRoom(room.value);
  const [who, ...reason] = room.rest;
  return ownLine("kick", who, room.value, ...reason);
}

function takingDown(rest: readonly string[]): Translation {
  return ownLine("ban", ...rest, "--takedown");
}

function match(rest: readonly string[]): Translation {
  if (rest.length > 1) return { instead: `One at a time: !tyr rules matching ${rest[0]!}` };
  return ownLine("rules", "matching", rest[0]);
}

function oneRoom(ours: string): Row["ours"] {
  return (rest) =>
    rest.length > 1 ? { instead: `One room at a time: !tyr ${ours} ${rest[0]!}` } : ownLine(ours, rest[0]);
}

/** The shortcode that Meowlnir takes is dropped: here a list has the shortcode that its room states. One flag has a counterpart. */
function subscribe(rest: readonly string[]): Translation {
  const flags = rest.filter((word) => word.startsWith("--") && word.toLowerCase() !== "--dont-auto-unban");
  const [room] = rest.filter((word) => !word.startsWith("--"));
  if (flags.length > 0)
    return {
      instead: `There is no ${flags.join(" ")} here: !tyr lists watch ${room ?? ""}, then !tyr lists mode and what of it is applied, asked about or only told`,
    };
  return ownLine("lists", "watch", room, hasFlag(rest, "--dont-auto-unban") ? "--keep-bans" : undefined);
}
