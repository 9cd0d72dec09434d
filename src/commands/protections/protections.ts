/** `protections`: what looks for trouble by itself, where it is on, and what it does about it. */
import { nearest } from "../../kit/did-you-mean.ts";
import { bullets, code, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import type { RoomId } from "../../model/ids.ts";
import { protectionKey, type SettingValue } from "../../model/settings/protections.ts";
import { valuesOf, type Protection } from "../../automod/define.ts";
import { isSameValue, readSetting, type ReadSetting, type SettingSpec } from "../../automod/settings.ts";
import {
  defineCommand,
  needed,
  optional,
  problem,
  type ArgumentValues,
  type CommandContext,
  type Reply,
} from "../define.ts";
import { roomName } from "../shared/room-names.ts";
import { notProtected } from "../shared/people.ts";
import { settingsChange } from "../shared/settings-change.ts";

/** Entries of a list in a reply; the others are counted. */
const entriesShown = 20;

export const protectionsList = defineCommand({
  words: ["protections"],
  also: [["protections", "list"]],
  about: "Show what looks for trouble by itself, and where it is on.",
  takes: {},
  examples: ["protections"],
  reply(_args, _flags, context) {
    const items = context.protections.map(
      (one) => say`${code(one.name)} ${state(one, context)}. ${one.about}`,
    );
    const { prefix } = context;
    return {
      say: lines(
        say`Protections:`,
        bullets(items),
        say`${code(`${prefix} protections enable <name>`)} switches one on, ${code(`${prefix} protections show <name>`)} shows its settings.`,
      ),
    };
  },
});

export const protectionsShow = defineCommand({
  words: ["protections", "show"],
  about: "Show the settings of a protection, everywhere or as they hold in one room.",
  takes: { name: needed("word", "its name"), room: optional("room", "as they hold in this room") },
  examples: ["protections show flood", "protections show flood #lobby:example.org"],
  reply({ name, room }, _flags, context) {
    return withProtection(name, context, (protection) => {
      const objection = notProtected(room, context.world);
      if (objection) return problem(objection);
      const values = valuesOf(protection, context.world.settings, room?.id);
      const items = Object.entries(protection.settings).map(([setting, spec]) =>
        describeSetting(setting, spec, values[setting]!),
      );
      const own = roomsOf(protection, context);
      return {
        say: lines(
          say`${code(protection.name)} ${state(protection, context)}. ${protection.about}`,
          folded(say`Settings${room ? say` in ${roomName(room.id, context.world)}` : ""}:`, bullets(items)),
          own.length > 0 && !room
            ? say`With settings of their own: ${joined(own.map((id) => roomName(id, context.world)))}.`
            : undefined,
        ),
      };
    });
  },
});

export const protectionsEnable = defineCommand({
  words: ["protections", "enable"],
  about: "Switch a protection on, everywhere or in one room.",
  takes: { name: needed("word", "its name"), room: optional("room", "only this room") },
  examples: ["protections enable flood", "protections enable mention-limit #lobby:example.org"],
  reply: ({ name, room }, _flags, context) => switching(name, { room, enabled: true, context }),
});

export const protectionsDisable = defineCommand({
  words: ["protections", "disable"],
  about: "Switch a protection off, everywhere or in one room. Its settings stay.",
  takes: { name: needed("word", "its name"), room: optional("room", "only this room") },
  examples: ["protections disable flood", "protections disable flood #bots:example.org"],
  reply: ({ name, room }, _flags, context) => switching(name, { room, enabled: false, context }),
});

export const protectionsSet = defineCommand({
  words: ["protections", "set"],
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
      const key = names.find((one) => one.toLowerCase() === setting.toLowerCase());
      if (!key) {
        const guess = nearest(setting, names);
        return problem(
          say`${code(protection.name)} has no setting ${code(setting)}${guess ? say`. Did you mean ${code(guess)}?` : say`: it has ${plain(names.join(", "))}`}`,
        );
      }
      const read = readValue(protection.settings[key]!, text);
      if ("problem" in read) return problem(say`${code(`${protection.name} ${key}`)} ${read.problem}`);
      return changing(protection, { room, values: { [key]: read.value }, context });
    });
  },
});

function withProtection(
  name: string,
  { protections }: CommandContext,
  then: (protection: Protection) => Reply,
): Reply {
  const found = protections.find((one) => one.name === name.toLowerCase());
  if (found) return then(found);
  const names = protections.map((one) => one.name);
  const guess = nearest(name.toLowerCase(), names);
  return problem(
    say`There is no protection ${code(name)}${guess ? say`. Did you mean ${code(guess)}?` : say`: there are ${plain(names.join(", "))}.`}`,
  );
}

function switching(
  name: string,
  {
    room,
    enabled,
    context,
  }: { room: ArgumentValues["room"] | undefined; enabled: boolean; context: CommandContext },
): Reply {
  return withProtection(name, context, (protection) => {
    const objection = notProtected(room, context.world);
    if (objection) return problem(objection);
    if (
      valuesOf(protection, context.world.settings, room?.id).enabled === enabled &&
      isSaid(protection, room, context)
    )
      return { say: say`${code(protection.name)} is ${enabled ? "on" : "off"} already` };
    return changing(protection, { room, values: { enabled }, context });
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

function changing(
  protection: Protection,
  {
    room,
    values,
    context,
  }: {
    room: ArgumentValues["room"] | undefined;
    values: Readonly<Record<string, SettingValue | null>>;
    context: CommandContext;
  },
): Reply {
  const { world, prefix } = context;
  const where = room ? say` in ${roomName(room.id, world)}` : "";
  const [[setting, value]] = Object.entries(values) as [[string, SettingValue | null]];
  const now = valuesOf(protection, world.settings, room?.id);
  const said =
    setting === "enabled"
      ? say`${code(protection.name)} is ${value === true ? "on" : "off"}${where}`
      : say`${code(`${protection.name} ${setting}`)}${where}: ${shown(now[setting]!)} becomes ${value === null ? "the default" : shown(value)}`;
  const hint =
    setting === "enabled" && value === true
      ? say`It answers with ${code(now.response)}${now.alertOnly ? say`, but only tells for now` : ""}. ${code(`${prefix} protections show ${protection.name}`)} shows the rest.`
      : undefined;
  return {
    say: lines(said, hint),
    acts: [
      settingsChange({
        kind: "set-protection",
        protection: protection.name,
        ...(room ? { room: room.id } : {}),
        values,
      }),
    ],
  };
}

/** The word default stands for the value that holds otherwise. */
function readValue(spec: SettingSpec, text: string): ReadSetting | { readonly value: null } {
  return text.trim().toLowerCase() === "default" ? { value: null } : readSetting(spec, text);
}

function state(protection: Protection, context: CommandContext): Say {
  const { settings } = context.world;
  const { enabled, alertOnly } = valuesOf(protection, settings, undefined);
  const others = roomsOf(protection, context).filter(
    (room) => valuesOf(protection, settings, room).enabled !== enabled,
  );
  const word = enabled ? (alertOnly ? "is on, and only tells" : "is on") : "is off";
  if (others.length === 0) return say`${word}`;
  return say`${word}, but ${enabled ? "off" : "on"} in ${joined(others.slice(0, 5).map((room) => roomName(room, context.world)))}`;
}

/** Rooms with settings of their own. */
function roomsOf({ name }: Protection, { world }: CommandContext): readonly RoomId[] {
  const prefix = protectionKey(name, "" as RoomId);
  return [...world.settings.protections.keys()].flatMap((key) =>
    key.startsWith(prefix) ? [key.slice(prefix.length) as RoomId] : [],
  );
}

function describeSetting(setting: string, spec: SettingSpec, value: SettingValue): Say {
  const number = spec.type === "number" ? say`${shown(value)} ${spec.unit}` : shown(value);
  const standard = isSameValue(value, spec.default) ? "" : say` (default ${shown(spec.default)})`;
  return say`${code(setting)} is ${number}${standard}: ${spec.about}`;
}

function shown(value: SettingValue): Say {
  if (typeof value === "boolean") return plain(value ? "yes" : "no");
  if (typeof value === "object") return shownList(value);
  return value === "" ? plain("none") : code(String(value), 120);
}

function shownList(entries: readonly string[]): Say {
  if (entries.length === 0) return plain("none");
  return someOf(
    entries.slice(0, entriesShown).map((entry) => code(entry, 40)),
    entriesShown,
    entries.length,
  );
}
