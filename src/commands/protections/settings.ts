/** `protections enable`, `disable`, `set`: how a protection is set, everywhere or in one room. */
import { nearest } from "../../kit/did-you-mean.ts";
import { code, lines, plain, type Say, say } from "../../kit/say.ts";
import { protectionKey, type SettingValue } from "../../model/settings/protections.ts";
import { placeOfProtection } from "../../model/timed-acts.ts";
import { valuesOf, type Protection, type Values } from "../../automod/define.ts";
import { readSetting, type ReadSetting, type SettingSpec } from "../../automod/settings.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Reply,
} from "../define.ts";
import { expiryOf, untilText } from "../shared/expiry-flag.ts";
import { notProtected } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { unreadNote } from "../shared/unread-rooms.ts";
import { settingsChange } from "../shared/settings-change.ts";
import { answerOf, notFed, withProtection } from "./named.ts";
import { shown } from "./show.ts";

const forFlag = {
  type: "duration",
  about:
    "For how long, such as 2h or 7d; then it is as it was before. Without it until it is said otherwise.",
} as const;

export const protectionsEnable = defineCommand({
  words: ["protections", "enable"],
  role: "admin",
  about: "Switch a protection on, everywhere or in one room.",
  takes: { name: needed("word", "its name"), room: optional("room", "only this room") },
  flags: { for: forFlag },
  examples: [
    "protections enable flood",
    "protections enable mention-limit #lobby:example.org",
    "protections enable media #lobby:example.org --for 2h",
  ],
  reply: ({ name, room }, { for: forMs }, context) =>
    switching(name, { room, enabled: true, forMs, context }),
});

export const protectionsDisable = defineCommand({
  words: ["protections", "disable"],
  role: "admin",
  about: "Switch a protection off, everywhere or in one room. Its settings stay.",
  takes: { name: needed("word", "its name"), room: optional("room", "only this room") },
  flags: { for: forFlag },
  examples: [
    "protections disable flood",
    "protections disable flood #bots:example.org",
    "protections disable flood --for 1d",
  ],
  reply: ({ name, room }, { for: forMs }, context) =>
    switching(name, { room, enabled: false, forMs, context }),
});

export const protectionsSet = defineCommand({
  words: ["protections", "set"],
  role: "admin",
  about: "Change a setting of a protection, everywhere or in one room. The value default puts it back.",
  takes: {
    name: needed("word", "its name"),
    setting: needed("word", "as protections show names it"),
    room: optional("room", "only this room"),
    value: needed("rest", "the new value"),
  },
  examples: [
    "protections set flood limit 15",
    "protections set flood response warn redact+mute redact+ban",
    "protections set flood limit #bots:example.org 100",
    "protections set flood limit default",
  ],
  reply({ name, setting, room, value: text }, _flags, context) {
    return withProtection(name, context, (protection) => {
      const objection = notProtected(room, context.world);
      if (objection) return problem(objection);
      // Its own first: what is misspelt is rather one of those.
      const names = [...new Set([...Object.keys(protection.own), ...Object.keys(protection.settings)])];
      if (setting.toLowerCase() === "alertonly" && !names.includes("alertOnly"))
        return alertOnly(protection, text, { room, context });
      const key = names.find((one) => one.toLowerCase() === setting.toLowerCase());
      if (!key) {
        const guess = nearest(setting, names);
        return problem(
          say`${code(protection.name)} has no setting ${code(setting)}${guess ? say`. Did you mean ${code(guess)}?` : say`: it has ${plain(names.join(", "))}`}`,
        );
      }
      const read = readValue(protection.settings[key]!, text);
      if (key === "enabled" && "value" in read && read.value === true) {
        const refused = notFed(protection);
        if (refused) return refused;
      }
      if ("problem" in read) return problem(say`${code(`${protection.name} ${key}`)} ${read.problem}`);
      return changing(protection, { room, values: { [key]: read.value }, context });
    });
  },
});

function switching(
  name: string,
  {
    room,
    enabled,
    forMs,
    context,
  }: {
    room: ArgumentValues["room"] | undefined;
    enabled: boolean;
    forMs: number | undefined;
    context: CommandContext;
  },
): Reply {
  return withProtection(name, context, (protection) => {
    const objection = notProtected(room, context.world);
    if (objection) return problem(objection);
    const refused = enabled ? notFed(protection) : undefined;
    if (refused) return refused;
    const { settings, stored } = context.world;
    const until = expiryOf(forMs, context);
    const end = stored.timedActs.get(placeOfProtection(protection.name, room?.id))?.until;
    const isSo = valuesOf(protection, settings, room?.id).enabled === enabled;
    // Said again without an end it stays so for good.
    if (isSo && (until !== undefined || (end === undefined && isSaid(protection, room, context))))
      return { say: say`${code(protection.name)} is ${enabled ? "on" : "off"} already${untilText(end)}` };
    const reply = changing(protection, { room, values: { enabled }, until, context });
    const unread = enabled ? unreadNote(protection, { ...context, room: room?.id }) : undefined;
    return unread && "say" in reply ? { ...reply, say: lines(reply.say, unread) } : reply;
  });
}

/** Somebody has said so for exactly this room, or for all. */
function isSaid(
  { name }: Protection,
  room: ArgumentValues["room"] | undefined,
  { world }: CommandContext,
): boolean {
  return world.settings.protections.get(protectionKey(name, room?.id))?.["enabled"] !== undefined;
}

/** The setting of earlier versions, which the modes took the place of. */
function alertOnly(
  protection: Protection,
  text: string,
  { room, context }: { room: ArgumentValues["room"] | undefined; context: CommandContext },
): Reply {
  const read = readValue({ type: "yes-no", about: "", default: false }, text);
  if ("problem" in read) return problem(say`${code(`${protection.name} alertOnly`)} ${read.problem}`);
  const mode = read.value === null ? null : read.value === true ? "alert" : "act";
  return changing(protection, { room, values: { mode }, context });
}

export function changing(
  protection: Protection,
  {
    room,
    values,
    until,
    context,
  }: {
    room: ArgumentValues["room"] | undefined;
    values: Readonly<Record<string, SettingValue | null>>;
    /** When it is taken back by itself. */
    until?: number | undefined;
    context: CommandContext;
  },
): Reply {
  const { world, prefix } = context;
  const where = room ? say` in ${roomName(room.id, world)}` : "";
  const [[setting, value]] = Object.entries(values) as [[string, SettingValue | null]];
  const now = valuesOf(protection, world.settings, room?.id);
  const said =
    setting === "enabled"
      ? say`${code(protection.name)} is ${value === true ? "on" : "off"}${where}${untilText(until)}`
      : say`${code(`${protection.name} ${setting}`)}${where}: ${shown(now[setting]!)} becomes ${value === null ? "the default" : shown(value)}`;
  const hint =
    setting === "enabled" && value === true
      ? say`${answers(protection, now)} ${code(`${prefix} protections show ${protection.name}`)} shows the rest.`
      : undefined;
  return {
    say: lines(said, hint),
    acts: [
      settingsChange(
        {
          kind: "set-protection",
          protection: protection.name,
          ...(room ? { room: room.id } : {}),
          values,
        },
        until,
      ),
    ],
  };
}

function answers(protection: Protection, { response, mode }: Values): Say {
  const answer = answerOf(protection, response);
  switch (mode) {
    case "shadow":
      return say`It is in shadow: it looks and does nothing.`;
    case "alert":
      return say`It only tells; its answer would be ${answer}.`;
    case "ask":
      return say`It asks first; its answer is ${answer}.`;
    case "act":
      return say`It answers with ${answer}.`;
  }
}

/** The word default stands for the value that holds otherwise. */
function readValue(spec: SettingSpec, text: string): ReadSetting | { readonly value: null } {
  return text.trim().toLowerCase() === "default" ? { value: null } : readSetting(spec, text);
}
