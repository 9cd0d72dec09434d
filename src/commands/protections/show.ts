/** `protections`, `protections show`: what looks for trouble, where it is on, and how it is set. */
import { bullets, code, count, folded, joined, lines, plain, say, someOf, type Say } from "../../kit/say.ts";
import { dayMs } from "../../kit/duration.ts";
import type { SettingValue } from "../../model/settings/protections.ts";
import { valuesOf, type Protection } from "../../automod/define.ts";
import { isSameValue, type SettingSpec } from "../../automod/settings.ts";
import { defineCommand, needed, optional, problem, type CommandContext } from "../define.ts";
import { notProtected } from "../shared/people.ts";
import { roomName } from "../shared/room-names.ts";
import { knownIn, roomsWithSettings, stateOf, withProtection } from "./named.ts";

/** Entries of a list in a reply; the others are counted. */
const entriesShown = 20;
const weekMs = 7 * dayMs;

export const protectionsList = defineCommand({
  words: ["protections"],
  also: [["protections", "list"]],
  about: "Show what looks for trouble by itself, where it is on, and how many it found in the last week.",
  takes: {},
  examples: ["protections"],
  reply(_args, _flags, context) {
    const { all, candidates, broken } = knownIn(context);
    const items = all.map((one) => {
      const beside = candidates.get(one.name);
      const tried = beside ? say` Version ${beside.version ?? 0} is tried beside it, in shadow.` : "";
      return say`${code(one.name)} ${stateOf(one, context)}.${found(one.name, context)} ${plain(one.about)}${tried}`;
    });
    const unusable = [...broken].map(([name, why]) => say`${code(name)} cannot be used: ${plain(why)}.`);
    const { prefix } = context;
    return {
      say: lines(
        say`Protections:`,
        bullets([...items, ...unusable]),
        say`${code(`${prefix} protections act <name>`)} switches one on, ${code(`${prefix} protections show <name>`)} shows its settings, ${code(`${prefix} protections add <name> when ...`)} makes one of your own.`,
      ),
    };
  },
});

/** " 7 findings of 3 people in a week." */
function found(name: string, { world, at }: CommandContext): Say | string {
  const hits = [...world.stored.ruleHits.of(name)].filter((hit) => at - hit.at < weekMs);
  if (hits.length === 0) return "";
  const people = new Set(hits.map(({ user }) => user)).size;
  return say` ${count(hits.length, "finding")} of ${count(people, "person", "people")} in a week.`;
}

export const protectionsShow = defineCommand({
  words: ["protections", "show"],
  about: "Show what a protection looks for and its settings, everywhere or as they hold in one room.",
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
      const own = roomsWithSettings(protection.name, context);
      const beside = knownIn(context).candidates.get(protection.name);
      return {
        say: lines(
          say`${code(protection.name)} ${stateOf(protection, context)}.${found(protection.name, context)} ${plain(protection.about)}`,
          protection.when === undefined ? undefined : say`It looks for: ${code(protection.when, 2_000)}`,
          origin(protection, context),
          beside?.when === undefined
            ? undefined
            : say`Version ${beside.version ?? 0}, tried in shadow beside it: ${code(beside.when, 2_000)}`,
          folded(say`Settings${room ? say` in ${roomName(room.id, context.world)}` : ""}:`, bullets(items)),
          own.length > 0 && !room
            ? say`With settings of their own: ${joined(own.map((id) => roomName(id, context.world)))}.`
            : undefined,
        ),
      };
    });
  },
});

function origin({ name, version }: Protection, context: CommandContext): Say | undefined {
  switch (knownIn(context).origins.get(name)) {
    case "room":
      return say`Version ${version ?? 1}, written here; ${code(`${context.prefix} protections history ${name}`)} shows the others.`;
    case "file":
      return say`It comes from a file beside the config, and is changed there.`;
    default:
      return undefined;
  }
}

function describeSetting(setting: string, spec: SettingSpec, value: SettingValue): Say {
  const number = spec.type === "number" ? say`${shown(value)} ${spec.unit}` : shown(value);
  const standard = isSameValue(value, spec.default) ? "" : say` (default ${shown(spec.default)})`;
  return say`${code(setting)} is ${number}${standard}: ${spec.about}`;
}

export function shown(value: SettingValue): Say {
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
